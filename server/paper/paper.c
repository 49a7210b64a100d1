#include "paper/paper.h"

#include "paper/dealer.h"
#include "paper/random.h"

/* What decides a paper, by the rules' way of repeating. */
struct chance {
    const uint8_t *draw_seed, *order_seed;
    int ordinal;
};

static struct chance chance_of(enum repeat repeat, const uint8_t *person_seed,
                               const uint8_t *attempt_seed, int ordinal)
{
    switch (repeat) {
    case REPEAT_FRESH:
        return (struct chance){ person_seed, attempt_seed, ordinal };
    case REPEAT_INDEPENDENT:
        return (struct chance){ attempt_seed, attempt_seed, 1 };
    case REPEAT_SAME:
        break;
    }
    return (struct chance){ person_seed, person_seed, 1 };
}

/* The questions in the order they are dealt. */
static void draw_items(struct dealing *dealing, const struct plan *plan,
                       const struct chance *chance, struct arena *arena,
                       struct item *items)
{
    uint32_t dealt[MAX_PAPER];
    int n = 0;

    dealer_deal_on(dealing, plan, chance->draw_seed, chance->ordinal, arena, dealt);
    for (int i = 0; i < plan->rules->n_sections; i++) {
        const struct section *section = &plan->rules->sections[i];

        for (int j = 0; j < section->count; j++, n++)
            items[n] = (struct item){ .question = plan->pools[i].questions[dealt[n]],
                                      .points = section->points };
    }
}

static void shuffle_items(struct random *random, struct item *items, int n)
{
    for (int i = n - 1; i > 0; i--) {
        uint32_t j = random_below(random, (uint32_t)i + 1);
        struct item moved = items[i];

        items[i] = items[j];
        items[j] = moved;
    }
}

/* A judge question keeps its order: right, wrong. */
static void order_choices(struct random *random, bool shuffle, struct item *item)
{
    int n = item->question->n_choices;

    for (int i = 0; i < n; i++)
        item->choices[i] = (uint8_t)i;
    if (!shuffle || item->question->type == QUESTION_JUDGE)
        return;
    for (int i = n - 1; i > 0; i--) {
        uint32_t j = random_below(random, (uint32_t)i + 1);
        uint8_t moved = item->choices[i];

        item->choices[i] = item->choices[j];
        item->choices[j] = moved;
    }
}

void paper_draw_on(struct dealing *dealing, const struct plan *plan,
                   const uint8_t person_seed[SEED_BYTES],
                   const uint8_t attempt_seed[SEED_BYTES], int ordinal,
                   struct arena *arena, struct paper *out)
{
    const struct rules *rules = plan->rules;
    struct chance chance = chance_of(rules->repeat, person_seed, attempt_seed, ordinal);
    struct random random;
    struct item *next;

    out->n_items = rules->n_questions;
    out->items = next = arena_alloc(arena, (size_t)out->n_items * sizeof(*out->items));
    draw_items(dealing, plan, &chance, arena, next);
    random_seed(&random, chance.order_seed, 0); /* the dealer's begin at 1 << 48 */
    for (int i = 0; i < rules->n_sections; i++) {
        int n = rules->sections[i].count;

        shuffle_items(&random, next, n);
        next += n;
    }
    for (int i = 0; i < out->n_items; i++)
        order_choices(&random, rules->shuffle_choices, &out->items[i]);
}

void paper_draw(const struct plan *plan, const uint8_t person_seed[SEED_BYTES],
                const uint8_t attempt_seed[SEED_BYTES], int ordinal,
                struct arena *arena, struct paper *out)
{
    struct dealing dealing = { 0 };

    paper_draw_on(&dealing, plan, person_seed, attempt_seed, ordinal, arena, out);
}

void paper_draw_one(const struct question *question, const uint8_t *seed, struct item *out)
{
    struct random random = { 0 };

    *out = (struct item){ .question = question };
    if (seed)
        random_seed(&random, seed, 0);
    order_choices(&random, seed != NULL, out);
}

void paper_write_choices(const struct item *item, struct text *out)
{
    const struct question *question = item->question;

    text_string(out, "[");
    for (int i = 0; i < question->n_choices; i++) {
        text_string(out, i ? ",{\"label\":\"" : "{\"label\":\"");
        text_char(out, (char)('A' + i));
        text_string(out, "\",\"text\":");
        text_piece(out, &question->choices_json[item->choices[i]]);
        text_char(out, '}');
    }
    text_char(out, ']');
}

void paper_write_item(const struct item *item, int number, struct text *out)
{
    const struct question *question = item->question;

    text_string(out, "\"number\":");
    text_int(out, number);
    text_string(out, ",\"type\":\"");
    text_string(out, question_type_names[question->type]);
    text_string(out, "\",\"stem\":");
    text_piece(out, &question->stem_json);
    text_string(out, ",\"points\":");
    text_points(out, item->points);
    if (!question->n_choices)
        return;
    text_string(out, ",\"choices\":");
    paper_write_choices(item, out);
}

void paper_write(const struct paper *paper, struct text *out)
{
    text_char(out, '[');
    for (int i = 0; i < paper->n_items; i++) {
        text_string(out, i ? ",{" : "{");
        paper_write_item(&paper->items[i], i + 1, out);
        text_char(out, '}');
    }
    text_char(out, ']');
}
