/*
 * A question is read in three steps: a table of fields chosen by its type (so that a
 * key of the wrong kind, or choices where there are none, is a wrong field like any
 * other), then what no table can say, then the pieces of JSON that papers are joined
 * from.
 */
#include "bank/question.h"

#include <stdio.h>
#include <string.h>

#include "bank/fold.h"
#include "util/fields.h"
#include "util/memory.h"
#include "util/moment.h"
#include "util/text.h"

const char *const question_type_names[] = { "single", "multiple", "judge", "blank",
                                            NULL };

static const char *const grades[] = { "A", "B", NULL };
static const char gap[] = "____";

enum {
    MAX_SLUG = 64,
    MAX_CHOICE_CHARACTERS = 120,
    DIGEST_CHARACTERS = 12,
    MAX_VARIANT_CHARACTERS = MAX_ANSWER_BYTES / 4, /* so that each fits as an answer */
};

struct source {
    const char *document, *locator;
    int grade;
};

struct draft { /* a question as the document has it, borrowed from there */
    const char *id, *topic, *stem, *explanation;
    int type, difficulty;
    json_t *source;
    json_t *choices;     /* single, multiple */
    const char *letters; /* the key of these */
    bool truth;          /* the key of a judge question */
    json_t *variants;    /* the key of a blank */
    json_t *conflicts;   /* NULL if there are none */
    json_t *review;
};

struct review { /* checked, not kept: it is for those who look after the bank */
    int pass;
    const char *date, *digest;
};

#define KEY(KIND, member, lo, hi)                                                      \
    {                                                                                  \
        .kind = FIELD_KIND_##KIND, .name = "key",                                      \
        .offset = offsetof(struct draft, member), .min = (lo), .max = (hi)             \
    }
#define COMMON_FIELDS                                                                  \
    FIELD_STRING(struct draft, id, 1, MAX_SLUG),                                       \
        FIELD_CHOICE(struct draft, type, question_type_names),                         \
        FIELD_STRING(struct draft, topic, 1, MAX_SLUG),                                \
        FIELD_INT(struct draft, difficulty, 1, 3),                                     \
        FIELD_STRING(struct draft, stem, 4, 400),                                      \
        FIELD_STRING(struct draft, explanation, 4, 600),                               \
        FIELD_OBJECT(struct draft, source),                                            \
        FIELD_OPTIONAL(ARRAY, struct draft, conflicts, 0, MAX_CONFLICTS),              \
        FIELD_OPTIONAL(OBJECT, struct draft, review, 0, 0)

static const struct field choice_fields[] = {
    COMMON_FIELDS,
    FIELD_ARRAY(struct draft, choices, 2, MAX_CHOICES),
    KEY(STRING, letters, 1, MAX_CHOICES),
    { 0 },
};

static const struct field judge_fields[] = {
    COMMON_FIELDS,
    KEY(BOOL, truth, 0, 1),
    { 0 },
};

static const struct field blank_fields[] = {
    COMMON_FIELDS,
    KEY(ARRAY, variants, 1, MAX_VARIANTS),
    { 0 },
};

static const struct field *const fields_of[] = {
    [QUESTION_SINGLE] = choice_fields,
    [QUESTION_MULTIPLE] = choice_fields,
    [QUESTION_JUDGE] = judge_fields,
    [QUESTION_BLANK] = blank_fields,
};

static const struct field source_fields[] = {
    FIELD_STRING(struct source, document, 1, 120),
    FIELD_STRING(struct source, locator, 1, 120),
    FIELD_OPTIONAL_CHOICE(struct source, grade, grades),
    { 0 },
};

static const struct field review_fields[] = {
    FIELD_INT(struct review, pass, 1, 99),
    FIELD_STRING(struct review, date, 10, 10),
    FIELD_OPTIONAL(STRING, struct review, digest, DIGEST_CHARACTERS, DIGEST_CHARACTERS),
    { 0 },
};

bool question_is_slug(const char *text)
{
    size_t n = strlen(text);

    return n && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == n &&
           text[0] != '-' && text[n - 1] != '-';
}

char *question_fold(struct arena *arena, const char *text)
{
    char *out = arena_alloc(arena, strlen(text) + 1);

    fold_text(text, out);
    return out;
}

bool question_accepts(const struct question *question, const char *text)
{
    char folded[MAX_ANSWER_BYTES + 1];

    if (strlen(text) > MAX_ANSWER_BYTES)
        return false;
    fold_text(text, folded);
    for (int i = 0; i < question->n_variants; i++)
        if (!strcmp(folded, question->variants[i]))
            return true;
    return false;
}

/* What to call a question in a message: never a foreign text of any length. */
static const char *name_of(const json_t *json)
{
    const char *id = json_string_value(json_object_get(json, "id"));

    return id && strlen(id) <= MAX_SLUG && question_is_slug(id) ? id : "?";
}

static bool wrong(struct error *err, const char *id, const char *where, const char *zh,
                  const char *en)
{
    error_set(err, PROBLEM_QUESTION_BAD, id, zh, en);
    return error_within(err, "%s", where);
}

static void cut_end(char *sentence, const char *end)
{
    size_t n = strlen(sentence), size = strlen(end);

    if (n >= size && !strcmp(sentence + n - size, end))
        sentence[n - size] = '\0';
}

/* Puts a mistake that a table of fields found into the sentence about its question. */
static bool wrong_field(struct error *err, const char *id, const char *within)
{
    struct error inner = *err;

    cut_end(inner.detail[CHINESE], "。");
    cut_end(inner.detail[ENGLISH], ".");
    wrong(err, id, inner.where, inner.detail[CHINESE], inner.detail[ENGLISH]);
    return error_within(err, "%s", within);
}

static int type_of(const json_t *json)
{
    const char *name = json_string_value(json_object_get(json, "type"));

    for (int i = 0; name && question_type_names[i]; i++)
        if (!strcmp(name, question_type_names[i]))
            return i;
    return -1;
}

static bool read_draft(const json_t *json, const char *id, struct draft *out,
                       struct error *err)
{
    int type = type_of(json);

    if (!json_is_object(json))
        return wrong(err, id, "", "应为一个 JSON 对象", "should be a JSON object");
    if (type < 0)
        return wrong(err, id, "/type",
                     "题型“type”应为 single、multiple、judge、blank 之一",
                     "\"type\" should be one of single, multiple, judge, blank");
    if (!fields_read(fields_of[type], json, out, err))
        return wrong_field(err, id, "");
    if (!question_is_slug(out->id))
        return wrong(err, id, "/id", "“id”只能由小写字母、数字和连字符组成",
                     "\"id\" may hold only small letters, digits and hyphens");
    if (!question_is_slug(out->topic))
        return wrong(err, id, "/topic", "“topic”只能由小写字母、数字和连字符组成",
                     "\"topic\" may hold only small letters, digits and hyphens");
    return true;
}

static struct piece keep(struct arena *arena, const struct text *text)
{
    return (struct piece){ arena_copy(arena, text->data, text->length), text->length };
}

static struct piece quote(struct arena *arena, const char *string)
{
    TEXT(text);

    text_json_string(&text, string);
    return keep(arena, &text);
}

static void add_choice(struct question *question, struct arena *arena, const char *text)
{
    int i = question->n_choices++;

    question->choices[i] = arena_string(arena, text);
    question->choices_json[i] = quote(arena, text);
}

static bool wrong_choice(struct error *err, const char *id, int i, const char *zh,
                         const char *en)
{
    char where[32], sentence[N_LANGUAGES][96];

    snprintf(where, sizeof(where), "/choices/%d", i);
    snprintf(sentence[CHINESE], sizeof(sentence[CHINESE]), "选项%c%s", 'A' + i, zh);
    snprintf(sentence[ENGLISH], sizeof(sentence[ENGLISH]), "choice %c %s", 'A' + i, en);
    return wrong(err, id, where, sentence[CHINESE], sentence[ENGLISH]);
}

static bool has_choice(const struct question *question, const char *text)
{
    for (int i = 0; i < question->n_choices; i++)
        if (!strcmp(question->choices[i], text))
            return true;
    return false;
}

static bool read_choices(const struct draft *draft, struct arena *arena,
                         struct question *out, struct error *err)
{
    size_t i;
    json_t *value;

    json_array_foreach(draft->choices, i, value)
    {
        const char *text = json_string_value(value);
        size_t n = text ? text_characters(text) : 0;

        if (n < 1 || n > MAX_CHOICE_CHARACTERS)
            return wrong_choice(err, draft->id, (int)i, "应为1到120个字的文字",
                                "should be a text of 1 to 120 characters");
        if (has_choice(out, text))
            return wrong_choice(err, draft->id, (int)i, "与前面的选项重复",
                                "is the same as one before");
        add_choice(out, arena, text);
    }
    return true;
}

/* "ACD": letters in order, each a choice.  Returns 0 when it is not. */
static uint16_t key_of(const char *letters, int n_choices)
{
    uint16_t key = 0;

    for (const char *p = letters; *p; p++) {
        if (*p < 'A' || *p >= 'A' + n_choices || (p > letters && *p <= p[-1]))
            return 0;
        key |= (uint16_t)(1u << (*p - 'A'));
    }
    return key;
}

static bool read_key(const struct draft *draft, struct question *out, struct error *err)
{
    int n = (int)strlen(draft->letters);

    out->key = key_of(draft->letters, out->n_choices);
    if (!out->key)
        return wrong(err, draft->id, "/key", "答案“key”应为按顺序排列的选项字母",
                     "\"key\" should be letters of choices, in order");
    if (out->type == QUESTION_SINGLE && n != 1)
        return wrong(err, draft->id, "/key", "单选题只能有一个正确选项",
                     "a single question has one right choice");
    if (out->type == QUESTION_MULTIPLE && (n < 2 || n >= out->n_choices))
        return wrong(
            err, draft->id, "/key", "多选题应有至少两个正确选项和至少一个错误选项",
            "a multiple question has at least two right choices and a wrong one");
    return true;
}

static bool has_one_gap(const char *stem)
{
    const char *first = strchr(stem, '_');

    return first && strspn(first, "_") == strlen(gap) &&
           !strchr(first + strlen(gap), '_');
}

static bool wrong_variant(struct error *err, const char *id, int i, const char *zh,
                          const char *en)
{
    char where[32], sentence[N_LANGUAGES][96];

    snprintf(where, sizeof(where), "/key/%d", i);
    snprintf(sentence[CHINESE], sizeof(sentence[CHINESE]), "第%d个答案%s", i + 1, zh);
    snprintf(sentence[ENGLISH], sizeof(sentence[ENGLISH]), "answer %d %s", i + 1, en);
    return wrong(err, id, where, sentence[CHINESE], sentence[ENGLISH]);
}

static bool read_variants(const struct draft *draft, struct arena *arena,
                          struct question *out, struct error *err)
{
    size_t i;
    json_t *value;

    if (!has_one_gap(draft->stem))
        return wrong(err, draft->id, "/stem", "填空题的题干应有且只有一处空格 ____",
                     "the stem of a blank has the gap ____ exactly once");
    json_array_foreach(draft->variants, i, value)
    {
        const char *text = json_string_value(value);

        if (!text || text_characters(text) > MAX_VARIANT_CHARACTERS)
            return wrong_variant(err, draft->id, (int)i, "应为1到60个字的文字",
                                 "should be a text of 1 to 60 characters");
        const char *folded = question_fold(arena, text);
        if (!*folded)
            return wrong_variant(err, draft->id, (int)i, "没有内容", "says nothing");
        if (question_accepts(out, text))
            return wrong_variant(err, draft->id, (int)i, "与前面的答案等同",
                                 "is the same as one before");
        out->variants[out->n_variants++] = folded;
    }
    out->shown =
        arena_string(arena, json_string_value(json_array_get(draft->variants, 0)));
    out->shown_json = quote(arena, out->shown);
    return true;
}

static bool read_answer(const struct draft *draft, struct arena *arena,
                        struct question *out, struct error *err)
{
    switch (out->type) {
    case QUESTION_SINGLE:
    case QUESTION_MULTIPLE:
        return read_choices(draft, arena, out, err) && read_key(draft, out, err);
    case QUESTION_JUDGE:
        add_choice(out, arena, "正确");
        add_choice(out, arena, "错误");
        out->key = draft->truth ? 1 : 2;
        return true;
    case QUESTION_BLANK:
        return read_variants(draft, arena, out, err);
    }
    return false;
}

static bool read_source(const struct draft *draft, struct arena *arena,
                        struct question *out, struct error *err)
{
    struct source source = { 0 };
    TEXT(text);

    if (!fields_read(source_fields, draft->source, &source, err))
        return wrong_field(err, draft->id, "/source");
    out->source_document = arena_string(arena, source.document);
    out->source_locator = arena_string(arena, source.locator);
    text_string(&text, "{\"document\":");
    text_json_string(&text, source.document);
    text_string(&text, ",\"locator\":");
    text_json_string(&text, source.locator);
    text_char(&text, '}');
    out->source_json = keep(arena, &text);
    return true;
}

static bool wrong_conflict(struct error *err, const char *id, int i, const char *zh,
                           const char *en)
{
    char where[32];

    snprintf(where, sizeof(where), "/conflicts/%d", i);
    return wrong(err, id, where, zh, en);
}

static bool has_conflict(const struct question *question, const char *group)
{
    for (int i = 0; i < question->n_conflicts; i++)
        if (!strcmp(question->conflicts[i], group))
            return true;
    return false;
}

static bool read_conflicts(const struct draft *draft, struct arena *arena,
                           struct question *out, struct error *err)
{
    size_t i;
    json_t *value;

    json_array_foreach(draft->conflicts, i, value)
    {
        const char *group = json_string_value(value);

        if (!group || strlen(group) > MAX_SLUG || !question_is_slug(group))
            return wrong_conflict(err, draft->id, (int)i,
                                  "互斥组的名称应为1到64个小写字母、数字和连字符",
                                  "the name of a conflict group is 1 to 64 small "
                                  "letters, digits, hyphens");
        if (has_conflict(out, group))
            return wrong_conflict(err, draft->id, (int)i, "互斥组重复",
                                  "this conflict group is named twice");
        out->conflicts[out->n_conflicts++] = arena_string(arena, group);
    }
    return true;
}

static bool is_date(const char *text)
{
    period_key period;

    return period_parse(text, &period) && period_kind(period) == PERIOD_DAY;
}

static bool read_review(const struct draft *draft, struct error *err)
{
    struct review review = { 0 };

    if (!draft->review)
        return true;
    if (!fields_read(review_fields, draft->review, &review, err))
        return wrong_field(err, draft->id, "/review");
    if (!is_date(review.date))
        return wrong(err, draft->id, "/review/date", "审题日期应写成 2026-05-01 的样子",
                     "the date of a review is written like 2026-05-01");
    if (review.digest && strspn(review.digest, "0123456789abcdef") != DIGEST_CHARACTERS)
        return wrong(err, draft->id, "/review/digest",
                     "审题摘要应为12位小写十六进制数字",
                     "the digest of a review is 12 small hexadecimal digits");
    return true;
}

bool question_read(const json_t *json, struct arena *arena, struct question *out,
                   struct error *err)
{
    struct draft draft = { 0 };
    struct question question = { 0 };

    if (!read_draft(json, name_of(json), &draft, err))
        return false;
    question.type = (enum question_type)draft.type;
    question.difficulty = draft.difficulty;
    if (!read_answer(&draft, arena, &question, err) ||
        !read_source(&draft, arena, &question, err) ||
        !read_conflicts(&draft, arena, &question, err) || !read_review(&draft, err))
        return false;
    question.id = arena_string(arena, draft.id);
    question.topic = arena_string(arena, draft.topic);
    question.stem = arena_string(arena, draft.stem);
    question.stem_json = quote(arena, draft.stem);
    question.explanation = arena_string(arena, draft.explanation);
    question.explanation_json = quote(arena, draft.explanation);
    *out = question;
    return true;
}
