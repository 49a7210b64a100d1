#include "score/score.h"

/* How many choices a set has. */
static int size_of(uint16_t choices)
{
    return __builtin_popcount(choices);
}

static struct mark mark(const struct item *item, bool is_right)
{
    return (struct mark){ is_right, is_right ? item->points : 0 };
}

static struct mark score_choices(const struct item *item, uint16_t chosen,
                                 enum partial partial)
{
    uint16_t key = item->question->key;

    if (chosen == key || partial == PARTIAL_NONE || chosen & ~key ||
        item->question->type != QUESTION_MULTIPLE)
        return mark(item, chosen == key);
    return (struct mark){ false, item->points * size_of(chosen) / size_of(key) };
}

struct mark score_item(const struct item *item, const struct answer *answer,
                       enum partial partial)
{
    if (!answer->is_given)
        return mark(item, false);
    if (item->question->type == QUESTION_BLANK)
        return mark(item,
                    answer->text && question_accepts(item->question, answer->text));
    return score_choices(item, answer->choices, partial);
}

struct result score_paper(const struct paper *paper, const struct answer *answers,
                          enum partial partial, struct mark *marks)
{
    struct result result = { 0 };

    for (int i = 0; i < paper->n_items; i++) {
        struct mark one = score_item(&paper->items[i], &answers[i], partial);

        result.points += one.points;
        result.n_right += one.is_right;
        if (marks)
            marks[i] = one;
    }
    return result;
}

void score_write_key(const struct item *item, struct text *out)
{
    if (item->question->type != QUESTION_BLANK) {
        answers_write_choices(item, item->question->key, out);
        return;
    }
    text_string(out, "{\"text\":");
    text_piece(out, &item->question->shown_json);
    text_char(out, '}');
}

static void write_item(const struct item *item, int number, const struct answer *answer,
                       const struct mark *one, struct text *out)
{
    const struct question *question = item->question;

    paper_write_item(item, number, out);
    text_string(out, ",\"question\":\"");
    text_string(out, question->id);
    text_string(out, "\",\"revision\":");
    text_int(out, question->revision);
    text_string(out, ",\"key\":");
    score_write_key(item, out);
    text_string(out, ",\"answer\":");
    answers_write_one(item, answer, out);
    text_string(out, one->is_right ? ",\"right\":true,\"earned\":"
                                   : ",\"right\":false,\"earned\":");
    text_points(out, one->points);
    text_string(out, ",\"explanation\":");
    text_piece(out, &question->explanation_json);
    text_string(out, ",\"source\":");
    text_piece(out, &question->source_json);
}

void score_write(const struct paper *paper, const struct answer *answers,
                 const struct mark *marks, struct text *out)
{
    text_char(out, '[');
    for (int i = 0; i < paper->n_items; i++) {
        text_string(out, i ? ",{" : "{");
        write_item(&paper->items[i], i + 1, &answers[i], &marks[i], out);
        text_char(out, '}');
    }
    text_char(out, ']');
}
