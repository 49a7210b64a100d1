/*
 * What a league costs: rank_bench [most people, 10000000].  For 10^4 people up to so
 * many, spread over four levels of unions under one top with heavy ties: the time to
 * load and to build all boards, to put somebody new, to better a figure, to find a
 * rank, to read a page of 50; the slowest single change; and bytes for each person on
 * each board.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "rank/board.h"
#include "rank/unions.h"

enum { COMPANY = 100, COUNTY = 100, PREFECTURE = 70, PAGE = 50, TIMES = 200000 };

static uint64_t seed = 88172645463325252ULL;

static int64_t draw(int64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int64_t)((seed >> 16) % (uint64_t)n);
}

static double read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void add(struct unions *unions, int id, int parent)
{
    char code[16];

    snprintf(code, sizeof(code), "%08d", id);
    unions_add(unions, id, parent, code, code, NULL, NULL, COMPANY);
}

/* Companies are added first, so that a company's index is below their number. */
static struct unions *make_unions(int companies)
{
    struct unions *unions = unions_new();
    int counties = companies / COUNTY + 1, prefectures = counties / PREFECTURE + 1;
    int county = companies + 1, prefecture = county + counties;
    const char *culprit;

    for (int i = 0; i < companies; i++)
        add(unions, i + 1, county + i / COUNTY);
    for (int i = 0; i < counties; i++)
        add(unions, county + i, prefecture + i / PREFECTURE);
    for (int i = 0; i < prefectures; i++)
        add(unions, prefecture + i, prefecture + prefectures);
    add(unions, prefecture + prefectures, 0);
    if (!unions_link(unions, &culprit))
        exit(1);
    return unions;
}

static struct figure draw_figure(void)
{
    return (struct figure){
        .score = 100 * draw(101),
        .duration_ms = 1000 * (30 + draw(600)),
        .reached_at = 1770000000000 + draw(28LL * 86400000),
    };
}

static struct league *load(const struct unions *unions, int companies, int64_t n)
{
    const struct order order = { { ORDER_SCORE, ORDER_DURATION, ORDER_REACHED },
                                 3,
                                 true };
    struct league *league = league_new(&order, unions);

    for (int64_t i = 0; i < n; i++) {
        struct figure figure = draw_figure();

        league_load(league, i * 7919 % n, (int32_t)draw(companies), &figure, 1);
    }
    return league;
}

struct stopwatch {
    double began, sum;
    double laps[TIMES];
    int n;
};

static void start(struct stopwatch *watch)
{
    watch->began = read_clock(CLOCK_MONOTONIC);
}

static void stop(struct stopwatch *watch)
{
    double took = read_clock(CLOCK_MONOTONIC) - watch->began;

    watch->laps[watch->n++] = took;
    watch->sum += took;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void report(const char *what, struct stopwatch *watch)
{
    qsort(watch->laps, (size_t)watch->n, sizeof(*watch->laps), compare);
    printf("  %-28s %8.0f ns, within %6.1f us, slowest %7.0f us\n", what,
           watch->sum / watch->n * 1e9, watch->laps[watch->n * 999LL / 1000] * 1e6,
           watch->laps[watch->n - 1] * 1e6);
    watch->sum = watch->n = 0;
}

static void time_changes(struct league *league, int companies, int64_t n)
{
    static struct stopwatch new, better;

    for (int64_t i = 0; i < TIMES && i < n; i++) {
        struct figure figure = draw_figure();
        int32_t company = (int32_t)draw(companies);

        start(&new);
        league_put(league, n + i, company, &figure, 1);
        stop(&new);
        figure.score += 100;
        start(&better);
        league_put(league, n + i, company, &figure, 1);
        stop(&better);
    }
    report("put somebody new", &new);
    report("better a figure", &better);
}

static void time_reading(const struct league *league, int64_t n)
{
    static struct stopwatch rank, page, first;
    struct row rows[PAGE];

    for (int64_t i = 0; i < TIMES; i++) {
        start(&rank);
        league_find(league, BOARD_ALL, draw(n), rows);
        stop(&rank);
        start(&page);
        league_page(league, BOARD_ALL, draw(n), PAGE, rows);
        stop(&page);
        start(&first);
        league_page(league, BOARD_ALL, 0, PAGE, rows);
        stop(&first);
    }
    report("rank of anybody", &rank);
    report("page of 50 anywhere", &page);
    report("first page of 50", &first);
}

static size_t allocated(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static void measure(int64_t n)
{
    int companies = (int)(n / COMPANY) + 1;
    struct unions *unions = make_unions(companies);
    size_t before = allocated();
    double began = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    struct league *league = load(unions, companies, n);
    double loaded = read_clock(CLOCK_PROCESS_CPUTIME_ID);

    league_ready(league);
    double ready = read_clock(CLOCK_PROCESS_CPUTIME_ID);
    printf("%lld people in %d unions\n  load %.2f s, ready %.2f s\n", (long long)n,
           unions_count(unions), loaded - began, ready - loaded);
    /* five boards: company, county, prefecture, province, everybody */
    printf("  bytes per person and board   %8.1f as allocated, %.1f as told\n",
           (double)(allocated() - before) / (double)n / 5,
           (double)league_memory(league) / (double)n / 5);
    time_changes(league, companies, n);
    time_reading(league, n);
    league_free(league);
    unions_free(unions);
}

int main(int argc, char **argv)
{
    int64_t most = argc > 1 ? atoll(argv[1]) : 10000000;

    for (int64_t n = 10000; n <= most; n *= 10)
        measure(n);
    return 0;
}
