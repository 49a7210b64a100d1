/*
 * Answers, from the client and to the database.  Packed they are
 *
 *   version                             1
 *   then for each question of the paper
 *     no answer                         0
 *     choices                           1, bits of the choices
 *     text                              2, length in bytes, the bytes
 *
 * and every byte string that is not what packing makes is refused.
 */
#include "paper/paper.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "bank/fold.h"
#include "util/encode.h"
#include "util/fields.h"
#include "util/memory.h"

enum { VERSION = 1 };
enum tag { TAG_NONE, TAG_CHOICES, TAG_TEXT };

static_assert(MAX_CHOICES <= 8, "the bits of the choices fit a byte");
static_assert(MAX_ANSWER_BYTES <= UINT8_MAX, "the length of a text fits a byte");

struct entry { /* one element of a client's array */
    int number;
    json_t *choices;
    const char *text;
};

static const struct field entry_fields[] = {
    FIELD_INT(struct entry, number, INT_MIN, INT_MAX),
    FIELD_OPTIONAL(ARRAY, struct entry, choices, 0, MAX_CHOICES),
    /* so many characters never have more than MAX_ANSWER_BYTES */
    FIELD_OPTIONAL(STRING, struct entry, text, 0, MAX_ANSWER_BYTES / 4),
    { 0 },
};

/* Without white space around it; `n` is what is left. */
static const char *trim(const char *text, size_t *n)
{
    const char *end;
    size_t space;

    while ((space = fold_space(text)))
        text += space;
    end = text;
    for (const char *p = text; *p;) {
        if ((space = fold_space(p))) {
            p += space;
            continue;
        }
        do
            p++;
        while (((unsigned char)*p & 0xc0) == 0x80);
        end = p;
    }
    *n = (size_t)(end - text);
    return text;
}

/* The bit of a label as shown, in terms of the question; 0 if there is none. */
static uint16_t bit_of(const struct item *item, const char *label)
{
    int shown = label && label[0] && !label[1] ? label[0] - 'A' : -1;

    if (shown < 0 || shown >= item->question->n_choices)
        return 0;
    return (uint16_t)(1u << item->choices[shown]);
}

static bool read_label(const struct entry *entry, const struct item *item,
                       const char *label, struct answer *out, struct error *err)
{
    uint16_t bit = bit_of(item, label);
    bool is_short = label && strlen(label) < 8; /* more would not be a label at all */

    if (!bit)
        return error_set(err, PROBLEM_NO_CHOICE, entry->number, is_short ? label : "?");
    if (out->choices & bit)
        return error_set(err, PROBLEM_CHOICE_TWICE, entry->number, label);
    out->choices |= bit;
    return true;
}

static bool read_choices(const struct entry *entry, const struct item *item,
                         struct answer *out, struct error *err)
{
    size_t i;
    json_t *value;

    json_array_foreach(entry->choices, i, value)
    {
        if (!read_label(entry, item, json_string_value(value), out, err))
            return error_within(err, "/choices/%zu", i);
    }
    if (i > 1 && item->question->type != QUESTION_MULTIPLE) {
        error_set(err, PROBLEM_ONE_CHOICE, entry->number);
        return error_within(err, "/choices");
    }
    out->is_given = out->choices != 0;
    return true;
}

static void read_text(const struct entry *entry, struct arena *arena,
                      struct answer *out)
{
    size_t n;
    const char *text = trim(entry->text, &n);

    if (!n)
        return;
    out->is_given = true;
    out->text = arena_copy(arena, text, n);
}

static bool read_answer(const struct entry *entry, const struct item *item,
                        struct arena *arena, struct answer *out, struct error *err)
{
    bool wants_text = item->question->type == QUESTION_BLANK;

    if (wants_text ? !entry->text || entry->choices : !entry->choices || entry->text)
        return error_set(err, PROBLEM_ANSWER_KIND, entry->number,
                         wants_text ? "text" : "choices");
    if (!wants_text)
        return read_choices(entry, item, out, err);
    read_text(entry, arena, out);
    return true;
}

static bool read_entry(const struct entry *entry, const struct paper *paper,
                       struct arena *arena, struct answer *answers, bool *is_seen,
                       struct error *err)
{
    if (entry->number < 1 || entry->number > paper->n_items) {
        error_set(err, PROBLEM_NO_QUESTION, entry->number);
        return error_within(err, "/number");
    }
    if (is_seen[entry->number - 1]) {
        error_set(err, PROBLEM_ANSWERED_TWICE, entry->number);
        return error_within(err, "/number");
    }
    is_seen[entry->number - 1] = true;
    return read_answer(entry, &paper->items[entry->number - 1], arena,
                       &answers[entry->number - 1], err);
}

bool answers_read(const json_t *json, const struct paper *paper, struct arena *arena,
                  struct answer *out, struct error *err)
{
    struct answer answers[MAX_PAPER] = { 0 };
    bool is_seen[MAX_PAPER] = { false };
    size_t i;
    json_t *value;

    if (!json_is_array(json))
        return error_set(err, PROBLEM_FIELD_TYPE, "answers", "数组", "an array");
    json_array_foreach((json_t *)json, i, value)
    {
        struct entry entry = { 0 };

        if (!json_is_object(value)) {
            error_set(err, PROBLEM_FIELD_TYPE, "answers", "对象的数组",
                      "an array of objects");
            return error_within(err, "/%zu", i);
        }
        if (!fields_read(entry_fields, value, &entry, err) ||
            !read_entry(&entry, paper, arena, answers, is_seen, err))
            return error_within(err, "/%zu", i);
    }
    memcpy(out, answers, (size_t)paper->n_items * sizeof(*out));
    return true;
}

bool answers_read_one(const json_t *choices, const char *text, const struct item *item,
                      struct arena *arena, struct answer *out, struct error *err)
{
    struct entry entry = { .number = 1, .choices = (json_t *)choices, .text = text };
    struct answer answer = { 0 };

    if (!read_answer(&entry, item, arena, &answer, err))
        return false;
    *out = answer;
    return true;
}

void answers_write_choices(const struct item *item, uint16_t choices, struct text *out)
{
    bool is_first = true;

    text_string(out, "{\"choices\":[");
    for (int i = 0; i < item->question->n_choices; i++)
        if (choices >> item->choices[i] & 1) {
            text_append(out, ",\"" + is_first, 2 - (size_t)is_first);
            text_char(out, (char)('A' + i));
            text_char(out, '"');
            is_first = false;
        }
    text_string(out, "]}");
}

void answers_write_one(const struct item *item, const struct answer *answer,
                       struct text *out)
{
    if (!answer->is_given) {
        text_string(out, "null");
    } else if (answer->text) {
        text_string(out, "{\"text\":");
        text_json_string(out, answer->text);
        text_char(out, '}');
    } else {
        answers_write_choices(item, answer->choices, out);
    }
}

void answers_write(const struct paper *paper, const struct answer *answers,
                   struct text *out)
{
    const char *before = "";
    TEXT(one);

    text_char(out, '[');
    for (int i = 0; i < paper->n_items; i++) {
        if (!answers[i].is_given)
            continue;
        text_clear(&one);
        answers_write_one(&paper->items[i], &answers[i], &one);
        text_printf(out, "%s{\"number\":%d,%s", before, i + 1, one.data + 1);
        before = ",";
    }
    text_char(out, ']');
}

static size_t packed_size(const struct answer *answer)
{
    return !answer->is_given ? 1 : answer->text ? 2 + strlen(answer->text) : 2;
}

static uint8_t *pack_one(const struct answer *answer, uint8_t *p)
{
    if (!answer->is_given) {
        *p++ = TAG_NONE;
    } else if (answer->text) {
        size_t n = strlen(answer->text);

        assert(n >= 1 && n <= MAX_ANSWER_BYTES);
        *p++ = TAG_TEXT;
        *p++ = (uint8_t)n;
        memcpy(p, answer->text, n);
        p += n;
    } else {
        assert(answer->choices >= 1 && answer->choices <= UINT8_MAX);
        *p++ = TAG_CHOICES;
        *p++ = (uint8_t)answer->choices;
    }
    return p;
}

size_t answers_pack(const struct answer *answers, int n, struct arena *arena,
                    uint8_t **out)
{
    size_t size = 1;
    uint8_t *p;

    for (int i = 0; i < n; i++)
        size += packed_size(&answers[i]);
    *out = p = arena_alloc(arena, size);
    *p++ = VERSION;
    for (int i = 0; i < n; i++)
        p = pack_one(&answers[i], p);
    return size;
}

/* What is still to be unpacked. */
struct rest {
    const uint8_t *bytes;
    size_t size;
};

static bool take(struct rest *rest, size_t n, const uint8_t **out)
{
    if (rest->size < n)
        return false;
    *out = rest->bytes;
    rest->bytes += n;
    rest->size -= n;
    return true;
}

static bool unpack_choices(struct rest *rest, struct answer *out)
{
    const uint8_t *bits;

    if (!take(rest, 1, &bits) || !*bits)
        return false;
    *out = (struct answer){ .is_given = true, .choices = *bits };
    return true;
}

static bool unpack_text(struct rest *rest, struct arena *arena, struct answer *out)
{
    const uint8_t *size, *bytes;
    size_t n;

    if (!take(rest, 1, &size) || *size < 1 || *size > MAX_ANSWER_BYTES ||
        !take(rest, *size, &bytes) || !utf8_is_valid((const char *)bytes, *size))
        return false;
    char *text = arena_copy(arena, bytes, *size);
    if (trim(text, &n) != text || n != *size)
        return false;
    *out = (struct answer){ .is_given = true, .text = text };
    return true;
}

static bool unpack_one(struct rest *rest, struct arena *arena, struct answer *out)
{
    const uint8_t *tag;

    if (!take(rest, 1, &tag))
        return false;
    switch (*tag) {
    case TAG_NONE:
        *out = (struct answer){ 0 };
        return true;
    case TAG_CHOICES:
        return unpack_choices(rest, out);
    case TAG_TEXT:
        return unpack_text(rest, arena, out);
    }
    return false;
}

bool answers_unpack(const uint8_t *bytes, size_t size, struct arena *arena,
                    struct answer *out, int n)
{
    struct rest rest = { bytes, size };
    struct answer answers[MAX_PAPER];
    const uint8_t *version;

    assert(n >= 0 && n <= MAX_PAPER);
    if (!take(&rest, 1, &version) || *version != VERSION)
        return false;
    for (int i = 0; i < n; i++)
        if (!unpack_one(&rest, arena, &answers[i]))
            return false;
    if (rest.size)
        return false;
    memcpy(out, answers, (size_t)n * sizeof(*out));
    return true;
}
