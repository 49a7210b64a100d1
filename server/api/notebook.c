#include "api/notebook.h"

#include <stdlib.h>
#include <string.h>

#include "api/sheet.h"
#include "api/show.h"
#include "paper/dealer.h"
#include "score/score.h"
#include "store/store.h"
#include "util/hash.h"

const struct campaign *notebook_campaign(struct request *req)
{
    const char *slug = request_query(req, "campaign");
    const struct campaign *campaign =
        slug ? campaigns_find(store_campaigns(req->app->store), slug) : NULL;

    if (slug && !campaign)
        error_set(&req->task.error, PROBLEM_NO_CAMPAIGN, slug);
    return campaign;
}

static void choose_campaigns(struct request *req, const struct campaign *campaign,
                             struct notebook *notebook)
{
    const struct campaigns *campaigns = store_campaigns(req->app->store);
    int n = campaign ? 1 : campaigns_count(campaigns);
    int32_t *ids = arena_alloc(&req->arena, (size_t)n * sizeof(*ids));

    notebook->n_campaigns = n;
    notebook->campaigns =
        arena_alloc(&req->arena, (size_t)n * sizeof(*notebook->campaigns));
    for (int i = 0; i < n; i++) {
        notebook->campaigns[i] = campaign ? campaign : campaigns_at(campaigns, i);
        ids[i] = notebook->campaigns[i]->id;
    }
    notebook->cards.campaigns = notebook->past.campaigns = ids;
    notebook->cards.n_campaigns = notebook->past.n_campaigns = (size_t)n;
}

void notebook_read(struct request *req, const struct campaign *campaign, int parts,
                   struct notebook *notebook)
{
    struct store *store = req->app->store;
    int64_t person = req->session->person;

    notebook->practice = practice_now(req);
    choose_campaigns(req, campaign, notebook);
    notebook->cards.arena = notebook->favourites.arena = &req->arena;
    notebook->past.arena = &req->arena;
    notebook->past.limit = PAST_ATTEMPTS;
    if (parts & NOTEBOOK_CARDS)
        store_cards_list(store, &req->task, person, &notebook->cards);
    if (parts & NOTEBOOK_FAVOURITES)
        store_favourites_list(store, &req->task, person, &notebook->favourites);
    if (parts & NOTEBOOK_PAST)
        store_past_list(store, &req->task, person, &notebook->past);
}

static int by_question(const void *a, const void *b)
{
    const struct card *one = a, *other = b;

    if (one->campaign != other->campaign)
        return one->campaign < other->campaign ? -1 : 1;
    return strcmp(one->question, other->question);
}

const struct card *notebook_card(const struct notebook *notebook,
                                 const struct campaign *campaign, const char *question)
{
    struct card wanted = { .campaign = campaign->id, .question = question };

    if (!notebook->cards.n)
        return NULL;
    return bsearch(&wanted, notebook->cards.out, notebook->cards.n, sizeof(wanted),
                   by_question);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct favourite *)a)->question,
                  ((const struct favourite *)b)->question);
}

bool notebook_is_favourite(const struct notebook *notebook, const char *question)
{
    struct favourite wanted = { .question = question };

    return notebook->favourites.n &&
           bsearch(&wanted, notebook->favourites.out, notebook->favourites.n,
                   sizeof(wanted), by_name);
}

/* The slot where the note is, or where it would go. */
static struct note **slot_of(const struct notebook *notebook,
                             const struct campaign *campaign, const char *question)
{
    uint64_t hash =
        hash_string(question) + (uint64_t)campaign->id * 0x9e3779b97f4a7c15u;
    uint32_t i = (uint32_t)(hash ^ hash >> 29) & notebook->mask;

    while (notebook->slots[i] &&
           (notebook->slots[i]->campaign != campaign ||
            strcmp(notebook->slots[i]->item.question->id, question)))
        i = (i + 1) & notebook->mask;
    return &notebook->slots[i];
}

/* One more answer to a question; the latest decides. */
static void add(struct notebook *notebook, const struct note *answered,
                struct arena *arena)
{
    struct note **slot =
        slot_of(notebook, answered->campaign, answered->item.question->id);
    int n_wrong = answered->n_wrong + (*slot ? (*slot)->n_wrong : 0);

    if (!*slot) {
        *slot = arena_alloc(arena, sizeof(**slot));
        notebook->n_notes++;
    } else if ((*slot)->at >= answered->at) {
        (*slot)->n_wrong = n_wrong;
        return;
    }
    **slot = *answered;
    (*slot)->n_wrong = n_wrong;
}

static const struct campaign *campaign_at(const struct notebook *notebook, int32_t id)
{
    for (int i = 0; i < notebook->n_campaigns; i++)
        if (notebook->campaigns[i]->id == id)
            return notebook->campaigns[i];
    return NULL;
}

static void add_sheet(struct notebook *notebook, const struct sheet *sheet,
                      const struct past_attempt *past, struct arena *arena)
{
    const struct answer *answers = sheet_unpack(sheet, past->attempt.answers, arena);

    for (int i = 0; i < sheet->paper.n_items; i++) {
        const struct item *item = &sheet->paper.items[i];
        struct note answered = { .campaign = sheet->campaign,
                                 .item = *item,
                                 .answer = answers[i],
                                 .at = past->attempt.finished_at };

        answered.is_right = score_item(item, &answers[i], PARTIAL_NONE).is_right;
        answered.n_wrong = !answered.is_right;
        add(notebook, &answered, arena);
    }
}

/* What the rules do not reveal yet counts for nothing: not even whether it was right.
 */
static bool is_revealed(const struct notebook *notebook,
                        const struct past_attempt *past)
{
    const struct campaign *campaign = campaign_at(notebook, past->campaign);
    const struct revision *revision =
        campaign_revision(campaign, past->attempt.revision);

    return revision && show_reveals(campaign, revision, notebook->practice.now);
}

/* The attempts of one campaign, oldest first, so that each is dealt on from the one
 * before: dealing every one anew would take as long as their number squared. */
static bool add_past(struct request *req, struct notebook *notebook,
                     const struct campaign *campaign)
{
    struct dealing dealing = { 0 };
    struct sheet sheet;

    for (size_t i = notebook->past.n; i-- > 0;) {
        const struct past_attempt *past = &notebook->past.out[i];

        if (past->campaign != campaign->id || !is_revealed(notebook, past))
            continue;
        if (!sheet_draw_on(&dealing, req->app, &req->arena, campaign,
                           past->attempt.revision, req->session->person,
                           past->attempt.ordinal, &sheet, &req->task.error))
            return false;
        add_sheet(notebook, &sheet, past, &req->arena);
    }
    return true;
}

/* An answer to another revision means nothing in terms of this one's choices; but what
 * a correction made of it is judged anew. */
static void add_card(struct request *req, struct notebook *notebook,
                     const struct card *card)
{
    const struct campaign *campaign = campaign_at(notebook, card->campaign);
    const struct question *question =
        campaign ? practice_find(campaign, card->question) : NULL;

    if (!question || !practice_allows(&notebook->practice, campaign, question))
        return;
    struct note answered = {
        .campaign = campaign,
        .item = practice_draw(&notebook->practice, req->session->person, question,
                              card->last_turn),
        .is_right = card->is_right,
        .is_practice = true,
        .at = card->last_at,
        .n_wrong = card->n_wrong,
    };
    if (practice_has_choices_of(campaign, question->id, card->revision) &&
        answers_unpack(card->answer.data, card->answer.size, &req->arena,
                       &answered.answer, 1)) {
        answered.is_right =
            score_item(&answered.item, &answered.answer, PARTIAL_NONE).is_right;
        answered.n_wrong += !answered.is_right && card->is_right;
    }
    add(notebook, &answered, &req->arena);
}

static size_t count_answers(const struct notebook *notebook)
{
    size_t n = notebook->cards.n;

    for (size_t i = 0; i < notebook->past.n; i++) {
        const struct past_attempt *past = &notebook->past.out[i];

        if (is_revealed(notebook, past))
            n += (size_t)campaign_revision(campaign_at(notebook, past->campaign),
                                           past->attempt.revision)
                     ->rules.n_questions;
    }
    return n;
}

bool notebook_note(struct request *req, struct notebook *notebook)
{
    size_t n = count_answers(notebook), n_slots = 16;

    while (n_slots < 2 * n)
        n_slots *= 2;
    notebook->mask = (uint32_t)n_slots - 1;
    notebook->slots = arena_alloc(&req->arena, n_slots * sizeof(*notebook->slots));
    for (int i = 0; i < notebook->n_campaigns; i++)
        if (!add_past(req, notebook, notebook->campaigns[i]))
            return false;
    for (size_t i = 0; i < notebook->cards.n; i++)
        add_card(req, notebook, &notebook->cards.out[i]);
    return true;
}

const struct note *notebook_find(const struct notebook *notebook,
                                 const struct campaign *campaign, const char *question)
{
    return *slot_of(notebook, campaign, question);
}

static int latest_first(const void *a, const void *b)
{
    const struct note *one = *(const struct note *const *)a;
    const struct note *other = *(const struct note *const *)b;

    if (one->at != other->at)
        return one->at > other->at ? -1 : 1;
    return strcmp(one->item.question->id, other->item.question->id);
}

const struct note **notebook_mistakes(const struct notebook *notebook,
                                      struct arena *arena, int *n_out)
{
    const struct note **out =
        arena_alloc(arena, ((size_t)notebook->n_notes + 1) * sizeof(*out));
    int n = 0;

    for (uint32_t i = 0; i <= notebook->mask; i++)
        if (notebook->slots[i] && !notebook->slots[i]->is_right)
            out[n++] = notebook->slots[i];
    qsort(out, (size_t)n, sizeof(*out), latest_first);
    *n_out = n;
    return out;
}
