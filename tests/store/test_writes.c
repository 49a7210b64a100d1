/*
 * The four writes and the void against a model (model.h): people do at random whatever
 * they can, many at once, while the clock leaps from hour to hour and the store is
 * closed and opened again.  What every write answers is what the model expects;
 * afterwards what the database computes, the sums of unions, the boards in memory and
 * verify agree with it.
 */
#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "store/attempts.h"
#include "store/board.h"
#include "store/campaigns.h"
#include "store/import_campaign.h"
#include "store/import_questions.h"
#include "store/import_unions.h"
#include "store/store.h"
#include "store/verify.h"
#include "util/memory.h"
#include "util/text.h"
#include "../support/pick.h"

enum { SECOND = 1000, HOUR = 3600000, N_QUESTIONS = 12 };

/* Every way of counting, with orders, boards, quotas and zones that differ. */
static const char *const campaigns[] = {
    "'campaign':'best','counts':'best','boards':{'periods':['day','week','month']}",
    "'campaign':'sum','counts':'sum','boards':{'periods':['day']},"
    "'order':{'keys':['score','duration'],'ties':'shared'},'quota':{'total':12}",
    "'campaign':'first','counts':'first','boards':{'periods':['week']},"
    "'time_zone':'UTC','unions':{'changes':0}",
    "'campaign':'last','counts':'last','boards':{'periods':['month','week']},"
    "'time_zone':'Asia/Urumqi','quota':{'per_day':9}",
    "'campaign':'daily','counts':'sum_of_daily_best','unions':{'changes':100}",
    "'campaign':'daily-days','counts':'sum_of_daily_best',"
    "'order':{'keys':['score'],'ties':'shared'},"
    "'boards':{'periods':['day','week','month']},'time_zone':'-05:00'",
    "'campaign':'reached','counts':'best','order':{'keys':['score','reached'],"
    "'ties':'shared'},'boards':{'periods':['day']},'unions':{'changes':100}",
};
enum { N_CAMPAIGNS = sizeof(campaigns) / sizeof(campaigns[0]) };

/* ---- the ground ---- */

static void tell(const struct error *err, void *context)
{
    (void)context;
    fprintf(stderr, "%s: %s\n", err->where, err->detail[ENGLISH]);
}

static void bring(struct session *session,
                  bool (*bring_in)(struct import *, const json_t *), json_t *json)
{
    struct import import = { .session = session, .report = tell };
    bool ok = bring_in(&import, json);

    json_decref(json);
    if (!ok)
        fail_msg("%s", import.db_error.text);
}

static void bring_questions(struct session *session)
{
    json_t *questions = json_array();

    for (int i = 0; i < N_QUESTIONS; i++)
        json_array_append_new(
            questions,
            json_pack("{s:o, s:s, s:s, s:i, s:o, s:b, s:s, s:{s:s, s:s}}", "id",
                      json_sprintf("t-%03d", i), "type", "judge", "topic", "t",
                      "difficulty", 1, "stem", json_sprintf("第%d道题。", i), "key",
                      i % 2, "explanation", "书上有说明。", "source", "document",
                      "工会法", "locator", "第二条"));
    bring(session, import_questions, questions);
}

static const char *const union_codes[] = { "a", "a1", "a11", "a12", "a2", "b", NULL };

static void bring_unions(struct session *session)
{
    json_t *unions = json_array();

    for (int i = 0; union_codes[i]; i++) {
        size_t n = strlen(union_codes[i]);

        json_array_append_new(
            unions,
            json_pack("{s:i, s:s, s:s, s:s, s:s, s:o}", "line", i + 2, "code",
                      union_codes[i], "name", union_codes[i], "level", "l", "kind", "k",
                      "parent_code",
                      n > 1 ? json_stringn(union_codes[i], n - 1) : json_null()));
    }
    bring(session, import_unions, unions);
}

static void bring_campaigns(struct session *session, int64_t now)
{
    char opens[MOMENT_TEXT], closes[MOMENT_TEXT];

    moment_format(now + 30LL * SECOND, 0, opens);
    moment_format(now + 24LL * 20 * HOUR, 0, closes);
    for (int i = 0; i < N_CAMPAIGNS; i++) {
        TEXT(rules);

        text_printf(&rules,
                    "{%s,'title':'t','window':{'opens':'%s','closes':'%s'},"
                    "'paper':{'sections':[{'count':10,'points':10}]},"
                    "'clock':{'limit_seconds':600,'grace_seconds':5}}",
                    campaigns[i], opens, closes);
        bring(session, import_campaign, ground_json(rules.data));
    }
}

/* ---- the world: a store, a model of each campaign, and things under way ---- */

static const char *conninfo;
static struct session *session;
static struct store *store;
static struct model models[N_CAMPAIGNS];
static int64_t offset_ms;
static int n_outcomes[5][10]; /* that all of them were met */

enum deed { CHOOSE, START, SAVE, HAND_IN, VOID, N_DEEDS };

struct act { /* one person's, in a wave of many */
    enum deed deed;
    int campaign;
    struct model_person *person;
    struct arena arena;
    struct task task;
    int64_t before, after; /* between these it was decided */
    int32_t saved_score;
    union {
        struct choose_union choose;
        struct start_attempt start;
        struct save_draft save;
        struct hand_in hand_in;
        struct void_attempt voided;
    } row;
    int ordinal;
};

static int32_t id_of(int campaign)
{
    char slug[20];

    sscanf(campaigns[campaign], "'campaign':'%19[^']", slug);
    const struct campaign *found = campaigns_find(store_campaigns(store), slug);
    assert_non_null(found);
    return found->id;
}

static void open_store(void)
{
    struct store_options options = { .conninfo = conninfo,
                                     .connections = 3,
                                     .clock_offset_ms = offset_ms };
    struct db_error err = { 0 };

    store = store_open(live_base, &options, &err);
    if (!store)
        fail_msg("%s", err.text);
    for (int i = 0; i < N_CAMPAIGNS; i++)
        models[i].rules =
            &campaigns_find_id(store_campaigns(store), id_of(i))->current->rules;
}

static bool store_is_ready(void *arg)
{
    return store_is_up(arg);
}

static void open_world(const char *name, int n_buckets)
{
    TEXT(sql);

    conninfo = ground_migrated(name);
    session = ground_session(conninfo);
    text_printf(&sql,
                "update setting set buckets = %d; insert into feed_head"
                " select b, 0 from generate_series(1, %d) b",
                n_buckets, n_buckets - 1);
    ground_run(session, sql.data);
    bring_questions(session);
    bring_unions(session);
    bring_campaigns(session,
                    strtoll(ground_text(session, "select now_ms()::text"), NULL, 10));
    offset_ms = 0;
    memset(models, 0, sizeof(models));
    memset(n_outcomes, 0, sizeof(n_outcomes));
    for (int c = 0; c < N_CAMPAIGNS; c++)
        for (int p = 0; p < MODEL_PEOPLE; p++) {
            models[c].people[p].id = p + 1;
            models[c].people[p].union_index = -1;
        }
    open_store();
}

static void close_world(void)
{
    store_close(store);
    session_close(session);
}

/* ---- a wave: what each does, begun ---- */

static struct batch_row row_of(const struct act *act)
{
    return (struct batch_row){ .person = act->person->id,
                               .campaign = id_of(act->campaign) };
}

static void choose(struct act *act)
{
    int union_index = unions_find_code(store_unions(store), union_codes[pick(6)]);

    act->row.choose =
        (struct choose_union){ .row = row_of(act),
                               .arena = &act->arena,
                               .union_id =
                                   unions_at(store_unions(store), union_index)->id };
    store_choose_union(store, &act->task, &act->row.choose);
}

static void start(struct act *act)
{
    act->row.start = (struct start_attempt){ .row = row_of(act), .arena = &act->arena };
    store_start(store, &act->task, &act->row.start);
}

static int some_ordinal(const struct act *act)
{
    int last = act->person->n_started;

    return pick(8) ? last : pick(last + 2);
}

static void save(struct act *act)
{
    act->saved_score = pick(12) * 100;
    act->row.save = (struct save_draft){
        .row = row_of(act),
        .ordinal = some_ordinal(act),
        .version = pick(2) ? 0 : 1 + pick(6),
        .answers = { arena_copy(&act->arena, &act->saved_score, 4), 4 },
    };
    store_save(store, &act->task, &act->row.save);
}

static void hand_in(struct act *act)
{
    const struct model_person *person = act->person;
    bool is_closing = person->is_open &&
                      model_is_over(&models[act->campaign], person, store_now(store));

    act->row.hand_in = (struct hand_in){
        .row = row_of(act),
        .arena = &act->arena,
        .ordinal = some_ordinal(act),
        .score = pick(12) * 100,
        .n_right = (int16_t)pick(11),
        .claimed_ms = pick(3) - 1,
        .answers = { "answers", 7 },
        .is_closing = pick(6) ? is_closing : !is_closing,
        .draft_saved_at = pick(6) ? person->draft_saved_at : 77,
    };
    if (act->row.hand_in.is_closing)
        act->row.hand_in.score = (int32_t)person->draft_score;
    store_hand_in(store, &act->task, &act->row.hand_in);
}

static void void_one(struct act *act)
{
    act->ordinal = 1 + pick(act->person->n_started + 1);
    act->row.voided = (struct void_attempt){ 0 };
    store_attempt_void(store, &act->task, id_of(act->campaign), act->person->id,
                       act->ordinal, "test", "at random", &act->row.voided);
}

static void begin(struct act *act)
{
    static const enum deed deeds[] = { CHOOSE,  START,   START,   START,   SAVE, SAVE,
                                       HAND_IN, HAND_IN, HAND_IN, HAND_IN, VOID };
    static void (*const do_it[])(struct act *) = { choose, start, save, hand_in,
                                                   void_one };

    arena_init(&act->arena);
    act->deed = deeds[pick(sizeof(deeds) / sizeof(deeds[0]))];
    if (act->person->union_index < 0 && pick(4))
        act->deed = CHOOSE;
    if (act->deed == VOID && pick(3))
        act->deed = HAND_IN;
    act->before = store_now(store);
    do_it[act->deed](act);
}

/* ---- and what came of it ---- */

static void check_choice(struct act *act)
{
    struct model_person *person = act->person;
    const struct choose_union *row = &act->row.choose;
    int wanted = unions_find(store_unions(store), row->union_id);
    int expected = person->union_index < 0         ? CHOSEN
                   : person->union_index == wanted ? CHOSEN_BEFORE
                   : person->changes < models[act->campaign].rules->union_changes
                       ? UNION_CHANGED
                       : NO_CHANGE_LEFT;

    assert_int_equal(row->outcome, expected);
    person->changes += expected == UNION_CHANGED;
    if (expected != NO_CHANGE_LEFT)
        person->union_index = wanted;
    assert_int_equal(row->changes, person->changes);
    assert_int_equal(unions_find(store_unions(store), row->union_now),
                     person->union_index);
}

static void check_start(struct act *act)
{
    struct model_person *person = act->person;
    const struct model *model = &models[act->campaign];
    const struct rules *rules = model->rules;
    const struct start_attempt *row = &act->row.start;
    enum start_outcome expected = model_start(model, person, row->now);
    int64_t day = model_day(model, row->now);

    assert_int_equal(row->outcome, expected);
    if (expected == STARTED) {
        assert_int_equal(row->started_at, row->now);
        assert_int_equal(row->deadline_at, row->now + rules->limit_ms < rules->closes_at
                                               ? row->now + rules->limit_ms
                                               : rules->closes_at);
        person->n_today = person->today == day ? person->n_today + 1 : 1;
        person->today = day;
        person->is_open = true;
        person->draft_version = 0;
        person->draft_saved_at = person->draft_score = 0;
        person->open = (struct model_attempt){ .ordinal = ++person->n_started,
                                               .started_at = row->started_at,
                                               .deadline_at = row->deadline_at };
    }
    if (expected == STARTED || expected == RESUMED || expected == RAN_OUT) {
        assert_int_equal(row->ordinal, person->open.ordinal);
        assert_int_equal(row->started_at, person->open.started_at);
        assert_int_equal(row->deadline_at, person->open.deadline_at);
        assert_int_equal(row->draft_version, person->draft_version);
        assert_int_equal(row->draft_saved_at, person->draft_saved_at);
    }
}

static void check_save(struct act *act)
{
    struct model_person *person = act->person;
    const struct save_draft *row = &act->row.save;
    bool is_it = person->is_open && row->ordinal == person->open.ordinal;
    int expected = !is_it ? SAVE_NOT_OPEN
                   : model_is_over(&models[act->campaign], person, act->before)
                       ? SAVE_TOO_LATE
                   : row->version && row->version <= person->draft_version ? NEWER_THERE
                                                                           : SAVED;

    assert_int_equal(row->outcome, expected);
    if (expected == SAVED) {
        person->draft_version = row->version ? row->version : person->draft_version + 1;
        person->draft_saved_at = row->saved_at;
        person->draft_score = act->saved_score;
        assert_in_range(row->saved_at, act->before - 50, act->after + 50);
    }
    if (is_it && expected != SAVE_NOT_OPEN) {
        assert_int_equal(row->version_now, person->draft_version);
        assert_int_equal(row->saved_at, person->draft_saved_at);
    }
}

static void check_kept(const struct hand_in *row, const struct model_attempt *attempt)
{
    assert_int_equal(row->state, attempt->state);
    assert_int_equal(row->is_counted, attempt->is_counted);
    assert_int_equal(row->started_at, attempt->started_at);
    assert_int_equal(row->deadline_at, attempt->deadline_at);
    assert_int_equal(row->finished_at, attempt->finished_at);
    assert_int_equal(row->duration_ms, attempt->duration_ms);
    assert_int_equal(row->score_kept, attempt->score);
    assert_int_equal(row->n_right_kept, attempt->n_right);
}

static int expected_of(struct act *act)
{
    struct model_person *person = act->person;
    const struct hand_in *row = &act->row.hand_in;
    bool is_over;

    if (model_attempt(person, row->ordinal))
        return HANDED_IN_BEFORE;
    if (!person->is_open || row->ordinal != person->open.ordinal)
        return NO_SUCH_ATTEMPT;
    is_over = model_is_over(&models[act->campaign], person, act->before);
    if (!row->is_closing)
        return is_over ? TIME_IS_OVER : HANDED_IN;
    return !is_over                                        ? NOT_OVER_YET
           : row->draft_saved_at != person->draft_saved_at ? DRAFT_IS_NEWER
                                                           : HANDED_IN;
}

static void check_hand_in(struct act *act)
{
    struct model_person *person = act->person;
    const struct hand_in *row = &act->row.hand_in;
    int expected = expected_of(act);

    assert_int_equal(row->outcome, expected);
    if (expected == HANDED_IN) {
        if (!row->is_closing)
            assert_in_range(row->finished_at, act->before - 50, act->after + 50);
        else
            assert_int_equal(row->finished_at, person->open.deadline_at);
        model_close(person, row->is_closing ? ATTEMPT_EXPIRED : ATTEMPT_HANDED_IN,
                    !row->is_closing || row->draft_saved_at > 0, row->finished_at,
                    row->score, row->n_right);
    }
    if (expected == HANDED_IN || expected == HANDED_IN_BEFORE)
        check_kept(row, model_attempt(person, row->ordinal));
    if (expected == TIME_IS_OVER || expected == DRAFT_IS_NEWER) {
        assert_int_equal(row->draft_saved_at_now, person->draft_saved_at);
        assert_int_equal(row->draft.size, person->draft_saved_at ? 4 : 0);
        if (row->draft.size)
            assert_memory_equal(row->draft.data, &(int32_t){ (int)person->draft_score },
                                4);
    }
}

static void check_void(struct act *act)
{
    struct model_attempt *attempt = model_attempt(act->person, act->ordinal);
    int expected = !attempt                           ? NOTHING_TO_VOID
                   : attempt->state == ATTEMPT_VOIDED ? VOIDED_BEFORE
                                                      : VOIDED;

    assert_int_equal(act->row.voided.outcome, expected);
    if (attempt) {
        attempt->state = ATTEMPT_VOIDED;
        attempt->is_counted = false;
    }
}

static int outcome_of(const struct act *act)
{
    switch (act->deed) {
    case CHOOSE:
        return act->row.choose.outcome;
    case START:
        return act->row.start.outcome;
    case SAVE:
        return act->row.save.outcome;
    case HAND_IN:
        return act->row.hand_in.outcome;
    default:
        return act->row.voided.outcome;
    }
}

static void check(struct act *act)
{
    static void (*const check_it[])(struct act *) = { check_choice, check_start,
                                                      check_save, check_hand_in,
                                                      check_void };

    if (act->task.error.problem)
        fail_msg("%s", act->task.error.detail[ENGLISH]);
    n_outcomes[act->deed][outcome_of(act)]++;
    check_it[act->deed](act);
    arena_done(&act->arena);
}

static bool wave_is_over(void *acts)
{
    const struct act *all = acts;

    for (int i = 0; i < N_CAMPAIGNS * MODEL_PEOPLE; i++)
        if (all[i].task.pending)
            return false;
    return true;
}

static void wave(void)
{
    static struct act acts[N_CAMPAIGNS * MODEL_PEOPLE];
    int n = 0;

    memset(acts, 0, sizeof(acts));
    for (int c = 0; c < N_CAMPAIGNS; c++)
        for (int p = 0; p < MODEL_PEOPLE; p++) {
            if (!pick(3))
                continue;
            acts[n].campaign = c;
            acts[n].person = &models[c].people[p];
            begin(&acts[n++]);
        }
    assert_true(live_until(wave_is_over, acts, PATIENCE_MS));
    for (int i = 0; i < n; i++) {
        acts[i].after = store_now(store);
        check(&acts[i]);
    }
}

/* ---- what it all comes to ---- */

static void check_board(const struct model *model, const struct league *league,
                        period_key period, int board)
{
    const struct unions *unions = store_unions(store);
    int64_t count = model_count(model, unions, period, board);
    struct union_sums sums = model_sums(model, unions, period, board, true), found;

    if (!league) {
        assert_int_equal(count, 0);
        return;
    }
    assert_int_equal(league_count(league, board), count);
    found = league_sums(league, board, true);
    assert_memory_equal(&found, &sums, sizeof(sums));
    for (int p = 0; p < MODEL_PEOPLE; p++) {
        const struct model_person *person = &model->people[p];
        int64_t rank = model_rank(model, unions, person, period, board);
        struct figure figure;
        struct row row;
        int n;

        assert_int_equal(league_find(league, board, person->id, &row), rank > 0);
        if (!rank)
            continue;
        model_figure(model, person, period, &figure, &n);
        assert_int_equal(row.rank, rank);
        assert_int_equal(row.union_index, person->union_index);
        assert_memory_equal(&row.figure, &figure, sizeof(figure));
    }
}

/* What the database has of one person in one period, as text. */
static void check_stored(const struct model *model, int32_t campaign, period_key period)
{
    const struct unions *unions = store_unions(store);
    TEXT(expected);
    TEXT(sql);

    text_string(&expected, "");
    for (int p = 0; p < MODEL_PEOPLE; p++) {
        struct figure f;
        int n;

        if (model_figure(model, &model->people[p], period, &f, &n))
            text_printf(&expected, "%d:%lld,%lld,%lld,%d ", p + 1, (long long)f.score,
                        (long long)f.duration_ms, (long long)f.reached_at, n);
    }
    text_printf(
        &sql,
        "select coalesce(string_agg(format('%%s:%%s,%%s,%%s,%%s ', person, score,"
        " duration_ms, reached_at, n_counted), '' order by person), '')"
        " from computed_standing(%d) where period = %d",
        campaign, period);
    assert_string_equal(ground_text(session, sql.data), expected.data);

    text_clear(&expected);
    text_clear(&sql);
    for (int i = 0; i < unions_count(unions); i++) {
        struct union_sums s = model_sums(model, unions, period, i, false);

        if (s.heads)
            text_printf(&expected, "%s:%lld,%lld,%lld,%lld ",
                        unions_at(unions, i)->code, (long long)s.heads,
                        (long long)s.attempts, (long long)s.score,
                        (long long)s.duration_ms);
    }
    text_printf(
        &sql,
        "select coalesce(string_agg(format('%%s:%%s,%%s,%%s,%%s ', u.code, s.h,"
        " s.a, s.s, s.d), '' order by u.id), '') from (select union_id,"
        " sum(heads) h, sum(attempts) a, sum(score) s, sum(duration_ms) d"
        " from union_standing where campaign = %d and period = %d group by 1) s"
        " join org_union u on u.id = s.union_id where (h, a, s, d) <> (0, 0, 0, 0)",
        campaign, period);
    if (expected.data)
        assert_string_equal(ground_text(session, sql.data), expected.data);
    else
        assert_string_equal(ground_text(session, sql.data), "");
}

static void check_period(int c, period_key period, bool with_database)
{
    struct league *league = boards_league(store_boards(store), id_of(c), period);

    check_board(&models[c], league, period, BOARD_ALL);
    for (int i = 0; i < unions_count(store_unions(store)); i++)
        check_board(&models[c], league, period, i);
    if (with_database)
        check_stored(&models[c], id_of(c), period);
}

/* Every period in which anybody ever started, also when nothing counts there any more.
 */
static int periods_of(const struct model *model, period_key *out, int most)
{
    bool on[] = { true, model->rules->board_day, model->rules->board_week,
                  model->rules->board_month };
    int n = 0;

    for (int p = 0; p < MODEL_PEOPLE; p++)
        for (int i = 0; i < model->people[p].n; i++)
            for (int kind = 0; kind < 4; kind++) {
                period_key period = period_of((enum period_kind)kind,
                                              model->people[p].attempts[i].started_at,
                                              model->rules->utc_offset_ms);
                bool is_new = on[kind];

                for (int old = 0; is_new && old < n; old++)
                    is_new = out[old] != period;
                if (is_new && n < most)
                    out[n++] = period;
            }
    return n;
}

static void complain(const char *what, void *context)
{
    (void)context;
    fprintf(stderr, "%s\n", what);
}

static void check_all(bool with_database)
{
    struct task task = { 0 };
    struct db_error err = { 0 };
    int n_differ;

    /* a void does not wait for the boards; whoever shows them does */
    boards_follow_then(store_boards(store), &task);
    assert_int_equal(live_wait(&task), PROBLEM_NONE);
    for (int c = 0; c < N_CAMPAIGNS; c++) {
        period_key periods[200];
        int n = periods_of(&models[c], periods, 200);

        for (int i = 0; i < n; i++)
            check_period(c, periods[i], with_database);
    }
    if (!with_database)
        return;
    if (!verify(session, NULL, complain, NULL, &n_differ, &err))
        fail_msg("%s", err.text);
    assert_int_equal(n_differ, 0);
}

static void assert_all_outcomes_were_met(void)
{
    static const int n[] = { NO_CHANGE_LEFT, TOTAL_SPENT, SAVE_TOO_LATE, DRAFT_IS_NEWER,
                             NOTHING_TO_VOID };

    for (int deed = 0; deed < N_DEEDS; deed++)
        for (int outcome = 1; outcome <= n[deed]; outcome++)
            if (!n_outcomes[deed][outcome])
                fail_msg("deed %d never came to %d", deed, outcome);
}

static void live_through(const char *name, int n_buckets, uint64_t seed)
{
    /* far from the limit of 600 s with its grace of 5, in any number of them */
    static const int64_t leaps[] = { 0,           130LL * SECOND, 130LL * SECOND,
                                     20LL * HOUR, 5LL * HOUR,     73LL * HOUR };

    random_state = seed;
    open_world(name, n_buckets);
    for (int phase = 0; phase < 24; phase++) {
        for (int i = 0; i < 12; i++)
            wave();
        check_all(phase % 4 == 3);
        store_close(store);
        offset_ms += phase ? leaps[pick(6)] : 200LL * SECOND;
        open_store();
        check_all(false); /* filled from the database, as they were kept */
        assert_true(live_until(store_is_ready, store, PATIENCE_MS));
    }
    check_all(true);
    offset_ms += 24LL * 21 * HOUR;
    store_close(store);
    open_store();
    for (int i = 0; i < 4; i++)
        wave();
    check_all(true);
    assert_all_outcomes_were_met();
    close_world();
}

static void all_that_people_do_comes_to_what_the_model_says(void **state)
{
    (void)state;
    live_through("writes_one", 1, 20260501);
}

static void the_same_with_people_spread_over_buckets(void **state)
{
    (void)state;
    live_through("writes_three", 3, 20210730);
}

static void handing_in_twice_at_once_stores_one_and_tells_it_twice(void **state)
{
    struct hand_in rows[2];
    struct task tasks[2] = { 0 };
    struct arena arena;

    (void)state;
    random_state = 7;
    arena_init(&arena);
    open_world("writes_twice", 1);
    store_close(store);
    offset_ms = 60LL * SECOND;
    open_store();
    struct act act = { .campaign = 0, .person = &models[0].people[0] };
    arena_init(&act.arena);
    choose(&act);
    assert_int_equal(live_wait(&act.task), PROBLEM_NONE);
    start(&act);
    assert_int_equal(live_wait(&act.task), PROBLEM_NONE);
    assert_int_equal(act.row.start.outcome, STARTED);
    for (int i = 0; i < 2; i++) {
        rows[i] = (struct hand_in){ .row = row_of(&act),
                                    .arena = &arena,
                                    .ordinal = 1,
                                    .score = 100 + i,
                                    .claimed_ms = -1,
                                    .answers = { i ? "two" : "one", 3 } };
        store_hand_in(store, &tasks[i], &rows[i]);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(live_wait(&tasks[i]), PROBLEM_NONE);
    assert_int_equal(rows[0].outcome, HANDED_IN);
    assert_int_equal(rows[1].outcome, HANDED_IN_BEFORE);
    assert_int_equal(rows[1].score_kept, 100);
    assert_memory_equal(rows[1].answers_kept.data, "one", 3);
    assert_int_equal(ground_number(session, "select count(*) from feed"), 1);
    arena_done(&act.arena);
    arena_done(&arena);
    close_world();
}

static void what_was_scored_by_older_keys_is_not_stored(void **state)
{
    struct hand_in row;
    struct task task = { 0 };

    (void)state;
    random_state = 7;
    open_world("writes_keys", 1);
    store_close(store);
    offset_ms = 60LL * SECOND;
    open_store();
    struct act act = { .campaign = 0, .person = &models[0].people[0] };
    arena_init(&act.arena);
    choose(&act);
    assert_int_equal(live_wait(&act.task), PROBLEM_NONE);
    start(&act);
    assert_int_equal(live_wait(&act.task), PROBLEM_NONE);
    ground_run(session, "update campaign set n_corrections = 2");
    for (int known = 1; known <= 2; known++) {
        row = (struct hand_in){ .row = row_of(&act),
                                .arena = &act.arena,
                                .ordinal = 1,
                                .score = 100,
                                .claimed_ms = -1,
                                .corrections = known,
                                .spent = { "\0\x0b", 2 },
                                .device = -5,
                                .answers = { "one", 3 } };
        store_hand_in(store, &task, &row);
        assert_int_equal(live_wait(&task), PROBLEM_NONE);
        assert_int_equal(row.outcome, known == 2 ? HANDED_IN : KEYS_CORRECTED);
        assert_int_equal(ground_number(session, "select count(*) from attempt"), known - 1);
    }
    assert_int_equal(ground_number(session, "select corrections from feed"), 2);
    assert_int_equal(ground_number(session, "select count(*) from attempt where device = -5"
                                            " and spent = '\\x000b'"),
                     1);
    arena_done(&act.arena);
    close_world();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(what_was_scored_by_older_keys_is_not_stored),
        LIVE_TEST(handing_in_twice_at_once_stores_one_and_tells_it_twice),
        LIVE_TEST(all_that_people_do_comes_to_what_the_model_says),
        LIVE_TEST(the_same_with_people_spread_over_buckets),
    };

    return live_main("writes", tests, sizeof(tests) / sizeof(tests[0]));
}
