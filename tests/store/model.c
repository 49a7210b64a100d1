#include "model.h"

#include <assert.h>

enum { DAY_MS = 86400000 };

int64_t model_day(const struct model *model, int64_t ms)
{
    return (ms + model->rules->utc_offset_ms) / DAY_MS;
}

static bool is_in(const struct model *model, const struct model_attempt *attempt,
                  period_key period)
{
    return attempt->is_counted && period_of(period_kind(period), attempt->started_at,
                                            model->rules->utc_offset_ms) == period;
}

/* Of two attempts that count, the first of which came first. */
static bool is_better(const struct model *model, const struct model_attempt *a,
                      const struct model_attempt *b)
{
    const struct order *order = &model->rules->order;
    bool duration_decides = order->n_keys > 1 && order->keys[1] == ORDER_DURATION;

    if (b->score != a->score)
        return b->score > a->score;
    return duration_decides && b->duration_ms < a->duration_ms;
}

static bool is_best_of_its_day(const struct model *model,
                               const struct model_person *person, int index)
{
    const struct model_attempt *mine = &person->attempts[index];

    for (int i = 0; i < person->n; i++) {
        const struct model_attempt *other = &person->attempts[i];

        if (i == index || !other->is_counted ||
            model_day(model, other->started_at) != model_day(model, mine->started_at))
            continue;
        if (i < index ? !is_better(model, other, mine) : is_better(model, mine, other))
            return false;
    }
    return true;
}

static void take(struct figure *figure, const struct model_attempt *attempt)
{
    figure->score += attempt->score;
    figure->duration_ms += attempt->duration_ms;
    if (attempt->finished_at > figure->reached_at)
        figure->reached_at = attempt->finished_at;
}

bool model_figure(const struct model *model, const struct model_person *person,
                  period_key period, struct figure *out, int *n_counted)
{
    const struct model_attempt *one = NULL; /* where a single attempt decides */

    *out = (struct figure){ 0 };
    *n_counted = 0;
    for (int i = 0; i < person->n; i++) {
        const struct model_attempt *attempt = &person->attempts[i];

        if (!is_in(model, attempt, period))
            continue;
        ++*n_counted;
        switch (model->rules->counts) {
        case COUNTS_BEST:
            if (!one || is_better(model, one, attempt))
                one = attempt;
            break;
        case COUNTS_SUM:
            take(out, attempt);
            break;
        case COUNTS_FIRST:
            one = one ? one : attempt;
            break;
        case COUNTS_LAST:
            one = attempt;
            break;
        case COUNTS_DAILY_BEST:
            if (is_best_of_its_day(model, person, i))
                take(out, attempt);
            break;
        }
    }
    if (one)
        take(out, one);
    return *n_counted > 0;
}

/* Does a stand above b, by the keys of the order? */
static bool is_above(const struct order *order, const struct figure *a,
                     const struct figure *b)
{
    for (int i = 0; i < order->n_keys; i++) {
        int64_t more = 0; /* positive: a is better */

        switch (order->keys[i]) {
        case ORDER_SCORE:
            more = a->score - b->score;
            break;
        case ORDER_DURATION:
            more = b->duration_ms - a->duration_ms;
            break;
        case ORDER_REACHED:
            more = b->reached_at - a->reached_at;
            break;
        }
        if (more)
            return more > 0;
    }
    return false;
}

static bool is_on(const struct unions *unions, const struct model_person *person,
                  int board)
{
    if (board == BOARD_ALL)
        return true;
    for (int i = person->union_index; i >= 0; i = unions_at(unions, i)->parent)
        if (i == board)
            return true;
    return false;
}

int64_t model_rank(const struct model *model, const struct unions *unions,
                   const struct model_person *person, period_key period, int board)
{
    const struct order *order = &model->rules->order;
    struct figure mine, theirs;
    int64_t rank = 1;
    int n;

    if (!is_on(unions, person, board) ||
        !model_figure(model, person, period, &mine, &n))
        return 0;
    for (int i = 0; i < MODEL_PEOPLE; i++) {
        const struct model_person *other = &model->people[i];

        if (other == person || !is_on(unions, other, board) ||
            !model_figure(model, other, period, &theirs, &n))
            continue;
        rank += is_above(order, &theirs, &mine) ||
                (!order->is_shared && !is_above(order, &mine, &theirs) &&
                 other->id < person->id);
    }
    return rank;
}

int64_t model_count(const struct model *model, const struct unions *unions,
                    period_key period, int board)
{
    struct figure figure;
    int64_t count = 0;
    int n;

    for (int i = 0; i < MODEL_PEOPLE; i++)
        count += is_on(unions, &model->people[i], board) &&
                 model_figure(model, &model->people[i], period, &figure, &n);
    return count;
}

struct union_sums model_sums(const struct model *model, const struct unions *unions,
                             period_key period, int board, bool subtree)
{
    struct union_sums sums = { 0 };

    for (int i = 0; i < MODEL_PEOPLE; i++) {
        const struct model_person *person = &model->people[i];
        struct figure figure;
        int n;

        if (!(subtree ? is_on(unions, person, board) : person->union_index == board) ||
            !model_figure(model, person, period, &figure, &n))
            continue;
        sums.heads++;
        sums.attempts += n;
        sums.score += figure.score;
        sums.duration_ms += figure.duration_ms;
    }
    return sums;
}

bool model_is_over(const struct model *model, const struct model_person *person,
                   int64_t now)
{
    return now > person->open.deadline_at + model->rules->grace_ms;
}

enum start_outcome model_start(const struct model *model,
                               const struct model_person *person, int64_t now)
{
    const struct rules *rules = model->rules;
    int n_today = person->today == model_day(model, now) ? person->n_today : 0;

    if (person->union_index < 0)
        return NO_UNION_CHOSEN;
    if (person->is_open)
        return model_is_over(model, person, now) ? RAN_OUT : RESUMED;
    if (now < rules->opens_at)
        return NOT_OPEN_YET;
    if (now >= rules->closes_at)
        return CLOSED;
    if (rules->quota_total && person->n_started >= rules->quota_total)
        return TOTAL_SPENT;
    if (rules->quota_day && n_today >= rules->quota_day)
        return DAY_SPENT;
    return STARTED;
}

struct model_attempt *model_attempt(struct model_person *person, int ordinal)
{
    for (int i = 0; i < person->n; i++)
        if (person->attempts[i].ordinal == ordinal)
            return &person->attempts[i];
    return NULL;
}

void model_close(struct model_person *person, int state, bool is_counted,
                 int64_t finished_at, int64_t score, int n_right)
{
    struct model_attempt *attempt = &person->attempts[person->n++];

    assert(person->n <= MODEL_ATTEMPTS && person->is_open);
    *attempt = person->open;
    attempt->state = state;
    attempt->is_counted = is_counted;
    attempt->finished_at = finished_at;
    attempt->score = score;
    attempt->n_right = n_right;
    attempt->duration_ms =
        (finished_at < attempt->deadline_at ? finished_at : attempt->deadline_at) -
        attempt->started_at;
    person->is_open = false;
    person->draft_version = 0;
    person->draft_saved_at = 0;
}
