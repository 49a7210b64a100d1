/*
 * fill_bench CONNINFO [check]: fills all boards from a database as the server does at its
 * start, and tells how long it took and what they weigh.  With `check`, SQL ranks everybody
 * on every board (everyone, and each union's subtree, in each period) and every rank and
 * every count is compared.  Campaigns must order by score, duration, reached, person.
 * Prints one line of JSON.
 */
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"
#include "rank/unions.h"
#include "store/board.h"
#include "store/store.h"
#include "util/memory.h"

struct check {
    const struct store *store;
    struct boards *boards;
    struct row row;
    int32_t campaign, period, union_id; /* of the line before */
    int64_t last_rank, n_lines, n_wrong, n_boards;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void wrong(struct check *check, int64_t person, int64_t expected, int64_t found)
{
    if (check->n_wrong++ < 5)
        fprintf(stderr,
                "campaign %d period %d union %d person %" PRId64 ": SQL says %" PRId64
                ", the board %" PRId64 "\n",
                check->campaign, check->period, check->union_id, person, expected, found);
}

static const struct league *league(const struct check *check)
{
    return boards_league(check->boards, check->campaign, check->period);
}

static int board(const struct check *check)
{
    return check->union_id ? unions_find(store_unions(check->store), check->union_id)
                           : BOARD_ALL;
}

/* Ranks are strict, so the last one of a board counts its people. */
static void end_board(struct check *check)
{
    int64_t n = league(check) ? league_count(league(check), board(check)) : 0;

    if (check->n_lines && n != check->last_rank)
        wrong(check, 0, check->last_rank, n);
}

static void compare(struct rows *rows, void *context)
{
    struct check *check = context;
    int32_t campaign = rows_int32(rows), period = rows_int32(rows);
    int32_t union_id = rows_int32(rows);
    int64_t person = rows_int64(rows), rank = rows_int64(rows);

    if (campaign != check->campaign || period != check->period ||
        union_id != check->union_id) {
        end_board(check);
        check->campaign = campaign;
        check->period = period;
        check->union_id = union_id;
        check->n_boards++;
    }
    check->n_lines++;
    check->last_rank = rank;
    if (!league(check) || !league_find(league(check), board(check), person, &check->row))
        wrong(check, person, rank, 0);
    else if (check->row.rank != rank)
        wrong(check, person, rank, check->row.rank);
}

static const char ranked_by_sql[] =
    "copy (with recursive within as ("
    " select id as union_id, id as board from org_union union all"
    " select w.union_id, u.parent_id from within w join org_union u on u.id = w.board"
    " where u.parent_id is not null), figure as ("
    " select campaign, 0 as period, person, union_id, score, duration_ms, reached_at"
    " from participation where score is not null union all"
    " select s.campaign, s.period, s.person, p.union_id, s.score, s.duration_ms,"
    " s.reached_at from standing s join participation p using (bucket, campaign, person))"
    " select campaign, period, board, person, row_number() over (partition by campaign,"
    " period, board order by score desc, duration_ms, reached_at, person)"
    " from (select f.*, 0 as board from figure f union all"
    " select f.*, w.board from figure f join within w on w.union_id = f.union_id) line"
    " order by 1, 2, 3, 5) to stdout (format binary)";

static bool check_all(const char *conninfo, struct check *check, struct db_error *err)
{
    struct session *session = session_open(conninfo, err);
    bool ok = session && session_run(session, "set work_mem = '1GB'", err) &&
              session_copy(session, ranked_by_sql, compare, check, err);

    if (ok)
        end_board(check);
    session_close(session);
    return ok;
}

int main(int argc, char **argv)
{
    struct db_error err = { 0 };
    struct event_base *base;
    double began = seconds(), filled;

    memory_adopt();
    if (argc < 2 || !log_open("-", LOG_WARN) || !(base = event_base_new()))
        return 2;
    struct store_options options = { .conninfo = argv[1], .connections = 1 };
    struct store *store = store_open(base, &options, &err);
    if (!store) {
        fprintf(stderr, "fill_bench: %s\n", err.text);
        return 1;
    }
    filled = seconds();
    struct check check = { .store = store, .boards = store_boards(store) };
    struct boards_counts counts = boards_counts(check.boards);
    printf("{\"seconds\":%.3f,\"people\":%" PRId64 ",\"bytes\":%" PRId64, filled - began,
           counts.people, counts.bytes);
    if (argc > 2 && !check_all(argv[1], &check, &err)) {
        fprintf(stderr, "fill_bench: %s\n", err.text);
        return 1;
    }
    printf(",\"boards\":%" PRId64 ",\"ranks\":%" PRId64 ",\"wrong\":%" PRId64
           ",\"check_seconds\":%.1f}\n",
           check.n_boards, check.n_lines, check.n_wrong, seconds() - filled);
    store_close(store);
    event_base_free(base);
    return check.n_wrong > 0;
}
