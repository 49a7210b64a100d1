#include "store/campaigns.h"

#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "util/fields.h"
#include "util/memory.h"

struct campaigns {
    struct bank *bank;
    int n;
    struct campaign **all;
};

struct campaigns *campaigns_new(void)
{
    struct campaigns *campaigns = memory_new(sizeof(*campaigns));

    campaigns->bank = bank_new();
    return campaigns;
}

static void revision_free(struct revision *revision)
{
    arena_done(&revision->arena);
    free(revision);
}

void campaigns_free(struct campaigns *campaigns)
{
    if (!campaigns)
        return;
    for (int i = 0; i < campaigns->n; i++) {
        struct campaign *campaign = campaigns->all[i];

        for (int r = 0; r < campaign->n_revisions; r++)
            revision_free(campaign->revisions[r]);
        free(campaign->revisions);
        free(campaign->corrected);
        free((char *)campaign->slug);
        free(campaign);
    }
    free(campaigns->all);
    bank_free(campaigns->bank);
    free(campaigns);
}

int campaigns_count(const struct campaigns *campaigns)
{
    return campaigns->n;
}

const struct campaign *campaigns_at(const struct campaigns *campaigns, int index)
{
    return campaigns->all[index];
}

const struct campaign *campaigns_find(const struct campaigns *campaigns, const char *slug)
{
    for (int i = 0; i < campaigns->n; i++)
        if (!strcmp(campaigns->all[i]->slug, slug))
            return campaigns->all[i];
    return NULL;
}

const struct campaign *campaigns_find_id(const struct campaigns *campaigns, int32_t id)
{
    for (int i = 0; i < campaigns->n; i++)
        if (campaigns->all[i]->id == id)
            return campaigns->all[i];
    return NULL;
}

const struct revision *campaign_revision(const struct campaign *campaign, int32_t number)
{
    for (int i = campaign->n_revisions - 1; i >= 0; i--)
        if (campaign->revisions[i]->number == number)
            return campaign->revisions[i];
    return NULL;
}

const struct question *campaigns_question(const struct campaigns *campaigns, const char *id,
                                          int32_t revision)
{
    return bank_find(campaigns->bank, id, revision);
}

static int compare_corrected(const void *a, const void *b)
{
    const struct corrected *one = a, *other = b;
    int by_id = strcmp(one->question->id, other->question->id);

    return by_id ? by_id : (one->number > other->number) - (one->number < other->number);
}

/* How many stand before the place of this id and number. */
static int place_of(const struct campaign *campaign, const struct question *question,
                    int32_t number)
{
    struct corrected sought = { question, number };
    int low = 0, high = campaign->n_corrected;

    while (low < high) {
        int middle = (low + high) / 2;

        if (compare_corrected(&campaign->corrected[middle], &sought) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct question *campaign_corrected(const struct campaign *campaign,
                                          const struct question *pinned, int32_t upto)
{
    int i = place_of(campaign, pinned, upto) - 1;

    if (i < 0 || strcmp(campaign->corrected[i].question->id, pinned->id) ||
        campaign->corrected[i].question->revision < pinned->revision)
        return pinned;
    return campaign->corrected[i].question;
}

const char campaigns_questions_sql[] =
    "select q.id, q.revision, q.body::text from question q"
    " where (q.id, q.revision) in"
    " (select unnest(question_ids), unnest(question_revisions) from campaign_revision)";

/* Columns id, revision, body; NULL: it cannot be used. */
static const struct question *read_question(struct rows *rows, struct bank *bank,
                                            struct error *err)
{
    const char *id = rows_text(rows);
    int32_t number = rows_int32(rows);
    const char *text = rows_text(rows);

    if (!bank_find(bank, id, number)) {
        AUTO(json_decrefp) json_t *body = fields_parse(text, strlen(text), 32, err);

        if (!body || !bank_add(bank, id, number, body, err))
            return NULL;
    }
    return bank_find(bank, id, number);
}

bool campaigns_read_questions(struct rows *rows, void *out, struct error *err)
{
    struct campaigns *campaigns = out;

    while (rows_next(rows))
        if (!read_question(rows, campaigns->bank, err))
            return false;
    return true;
}

const char campaigns_revisions_sql[] =
    "select c.id, c.slug, r.revision, r.rules::text,"
    " array_to_string(question_ids, ' '), array_to_string(question_revisions, ' ')"
    " from campaign c join campaign_revision r on r.campaign = c.id"
    " order by c.id, r.revision";

static struct campaign *obtain(struct campaigns *campaigns, int32_t id, const char *slug)
{
    struct campaign *campaign = (struct campaign *)campaigns_find_id(campaigns, id);

    if (campaign)
        return campaign;
    campaign = memory_new(sizeof(*campaign));
    campaign->id = id;
    campaign->slug = memory_copy(slug, strlen(slug));
    campaigns->all = memory_resize(campaigns->all,
                                   (size_t)(campaigns->n + 1) * sizeof(*campaigns->all));
    campaigns->all[campaigns->n++] = campaign;
    return campaign;
}

/* The questions pinned, from two lists of words in step; NULL: one is not here, because the
 * campaign was saved after the questions were read. */
static const struct question **pinned(const struct bank *bank, char *ids, char *numbers,
                                      struct arena *arena, int *n_out)
{
    size_t most = strlen(ids) / 2 + 1;
    const struct question **out = arena_alloc(arena, most * sizeof(*out));
    char *id_rest, *number_rest;
    int n = 0;

    for (char *id = strtok_r(ids, " ", &id_rest),
              *number = strtok_r(numbers, " ", &number_rest);
         id && number; id = strtok_r(NULL, " ", &id_rest),
              number = strtok_r(NULL, " ", &number_rest)) {
        const struct question *question = bank_find(bank, id, atoi(number));

        if (!question)
            return NULL;
        out[n++] = question;
    }
    *n_out = n;
    return out;
}

static bool read_revision(struct campaigns *campaigns, struct revision *revision,
                          struct rows *rows, struct error *err)
{
    const char *text = rows_text(rows);
    AUTO(json_decrefp) json_t *json = fields_parse(text, strlen(text), 32, err);
    char *ids = arena_string(&revision->arena, rows_text(rows));
    char *numbers = arena_string(&revision->arena, rows_text(rows));
    int n;

    if (!json || !rules_read(json, &revision->arena, &revision->rules, err))
        return false;
    const struct question **questions =
        pinned(campaigns->bank, ids, numbers, &revision->arena, &n);
    if (!questions)
        return error_set(err, PROBLEM_STARTING);
    return plan_make(&revision->rules, questions, n, &revision->arena, &revision->plan, err);
}

static void append(struct campaign *campaign, struct revision *revision)
{
    size_t size = (size_t)(campaign->n_revisions + 1) * sizeof(revision);

    campaign->revisions = memory_resize(campaign->revisions, size);
    campaign->revisions[campaign->n_revisions++] = revision;
    campaign->current = revision;
}

bool campaigns_read_revisions(struct rows *rows, void *out, struct error *err)
{
    struct campaigns *campaigns = out;

    while (rows_next(rows)) {
        int32_t id = rows_int32(rows);
        const char *slug = rows_text(rows);
        int32_t number = rows_int32(rows);
        const struct campaign *known = campaigns_find_id(campaigns, id);

        if (known && campaign_revision(known, number))
            continue;
        struct revision *revision = memory_new(sizeof(*revision));
        arena_init(&revision->arena);
        revision->number = number;
        if (!read_revision(campaigns, revision, rows, err)) {
            log_error("campaign", "slug=%s revision=%d cannot be used: %s", slug, number,
                      err->detail[ENGLISH]);
            revision_free(revision);
            return false;
        }
        append(obtain(campaigns, id, slug), revision);
    }
    return true;
}

/* They are read in one call of the loop: nobody sees a half of a correction. */
const char campaigns_corrections_sql[] =
    "select k.campaign, k.number, q.id, q.revision, q.body::text from correction k"
    " cross join lateral unnest(k.question_ids, k.to_revisions) u(id, revision)"
    " join question q on q.id = u.id and q.revision = u.revision"
    " order by k.campaign, k.number, q.id";

static void insert_corrected(struct campaign *campaign, const struct question *question,
                             int32_t number)
{
    int place = place_of(campaign, question, number);
    size_t size = (size_t)(campaign->n_corrected + 1) * sizeof(*campaign->corrected);

    campaign->corrected = memory_resize(campaign->corrected, size);
    memmove(&campaign->corrected[place + 1], &campaign->corrected[place],
            (size_t)(campaign->n_corrected - place) * sizeof(*campaign->corrected));
    campaign->corrected[place] = (struct corrected){ question, number };
    campaign->n_corrected++;
}

static bool is_known(const struct campaign *campaign, const struct question *question,
                     int32_t number)
{
    int place = place_of(campaign, question, number);

    return place && campaign->corrected[place - 1].question == question &&
           campaign->corrected[place - 1].number == number;
}

bool campaigns_read_corrections(struct rows *rows, void *out, struct error *err)
{
    struct campaigns *campaigns = out;

    while (rows_next(rows)) {
        struct campaign *campaign =
            (struct campaign *)campaigns_find_id(campaigns, rows_int32(rows));
        int32_t number = rows_int32(rows);
        const struct question *question = read_question(rows, campaigns->bank, err);

        if (!question)
            return false;
        if (!campaign)
            return error_set(err, PROBLEM_STARTING); /* saved since the revisions were read */
        if (!is_known(campaign, question, number))
            insert_corrected(campaign, question, number);
        if (campaign->n_corrections < number)
            campaign->n_corrections = number;
    }
    return true;
}
