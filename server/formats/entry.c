/* What the readers of single formats gather. */
#include "formats/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"
#include "util/memory.h"

enum { MOST_WRONG = 5000 };

bool refuse(struct error *err, const char *zh, const char *en)
{
    return error_set(err, PROBLEM_FILE_REFUSED, zh, en);
}

/* ---- gathering ---- */

void entries_init(struct entries *entries)
{
    *entries = (struct entries){ 0 };
    arena_init(&entries->arena);
    entries->end = &entries->first;
}

void entries_done(struct entries *entries)
{
    json_decref(entries->document);
    arena_done(&entries->arena);
}

static struct entry *append(struct entries *entries, int row)
{
    struct entry *entry = arena_alloc(&entries->arena, sizeof(*entry));

    entry->row = row;
    *entries->end = entry;
    entries->end = &entry->next;
    return entry;
}

bool entries_are_full(const struct entries *entries)
{
    return entries->n_questions > FORMAT_MAX_QUESTIONS;
}

struct entry *entries_add(struct entries *entries, int row)
{
    entries->n_questions++;
    return append(entries, row);
}

void entries_wrong(struct entries *entries, int row, const char *column, const char *zh,
                   const char *en)
{
    if (entries->n_wrong++ >= MOST_WRONG)
        return;
    struct entry *entry = append(entries, row);

    entry->column = arena_string(&entries->arena, column);
    error_set(&entry->wrong, PROBLEM_ROW_BAD, zh, en);
}

void entries_wrong_media(struct entries *entries, int row, const char *column)
{
    entries_wrong(entries, row, column, "含有图片、音视频或公式，不能导入",
                  "it has a picture, a sound or a formula, which cannot be taken");
}

/* No format can hold them all, and nobody sees them. */
static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

/* The text without white space at its ends, and without control characters. */
const char *text_cleaned(struct arena *arena, const char *text)
{
    char *copy = arena_string(arena, text), *to = copy, *end;
    size_t space;

    for (const char *p = copy; *p; p++)
        if (!strncmp(p, "\xef\xbf\xbe", 3) || !strncmp(p, "\xef\xbf\xbf", 3))
            p += 2; /* U+FFFE and U+FFFF are no characters, and XML refuses them */
        else if (!is_control(*p))
            *to++ = *p;
    *to = '\0';
    while ((space = fold_space(copy)))
        copy += space;
    end = copy;
    for (char *p = copy; *p;) {
        if ((space = fold_space(p))) {
            p += space;
            continue;
        }
        for (p++; ((unsigned char)*p & 0xc0) == 0x80;)
            p++;
        end = p;
    }
    *end = '\0';
    return copy;
}

void entry_say(struct entries *entries, struct entry *entry, enum part part, int row,
               const char *column, const char *text)
{
    const char *said = text_cleaned(&entries->arena, text);

    entry->parts[part] =
        (struct said){ .text = *said ? said : NULL, .row = row, .column = column };
}

/* ---- variants of a blank ---- */

static const char *const separators[] = { "|", "；", ";", "\\", NULL };

/* How many bytes of a separator (or of a \) stand here; 0: none. */
static size_t separator(const char *p)
{
    for (int i = 0; separators[i]; i++)
        if (!strncmp(p, separators[i], strlen(separators[i])))
            return strlen(separators[i]);
    return 0;
}

void variants_join(struct text *out, const json_t *variants)
{
    json_t *value;
    size_t i;

    json_array_foreach(variants, i, value)
    {
        if (i)
            text_char(out, '|');
        for (const char *p = json_string_value(value); p && *p; p++) {
            if (separator(p))
                text_char(out, '\\');
            text_char(out, *p);
        }
    }
}

static void add_variant(json_t *out, struct text *text)
{
    struct arena arena;

    arena_init(&arena);
    text_string(text, "");
    const char *variant = text_cleaned(&arena, text->data);
    if (*variant)
        json_array_append_new(out, json_string(variant));
    arena_done(&arena);
    text_clear(text);
}

json_t *variants_split(const char *text)
{
    json_t *out = json_array();
    TEXT(variant);

    for (const char *p = text; *p;) {
        size_t escaped = *p == '\\' ? separator(p + 1) : 0, size = separator(p);

        if (escaped) {
            text_append(&variant, p + 1, escaped);
            p += 1 + escaped;
        } else if (size && *p != '\\') {
            add_variant(out, &variant);
            p += size;
        } else {
            text_char(&variant, *p++);
        }
    }
    add_variant(out, &variant);
    return out;
}

/* ---- what programs say ---- */

const char *const part_names[N_PARTS] = {
    [PART_ID] = "id",           [PART_TYPE] = "type",
    [PART_TOPIC] = "topic",     [PART_DIFFICULTY] = "difficulty",
    [PART_DOCUMENT] = "source", [PART_LOCATOR] = "locator",
    [PART_GRADE] = "grade",     [PART_CONFLICTS] = "conflicts",
    [PART_REVIEW] = "review",
};

bool part_named(const char *name, size_t n, enum part *out)
{
    for (int i = 0; i < N_PARTS; i++)
        if (part_names[i] && strlen(part_names[i]) == n &&
            !strncmp(part_names[i], name, n)) {
            *out = (enum part)i;
            return true;
        }
    return false;
}

static void say_default(struct entries *entries, struct entry *entry, enum part part,
                        const char *column, const char *text)
{
    if (!entry->parts[part].text)
        entry_say(entries, entry, part, entry->row, column, text);
}

void entry_say_choices(struct entries *entries, struct entry *entry,
                       const struct known *known, bool is_multiple)
{
    char key[MAX_CHOICES + 1], *end = key;

    if (known->n_choices > MAX_CHOICES)
        entries_wrong(entries, known->row, known->column, "选项超过8个",
                      "there are more than 8 choices");
    for (int i = 0; i < known->n_choices && i < MAX_CHOICES; i++) {
        entry_say(entries, entry, PART_CHOICE + i, known->row, known->column,
                  known->choices[i]);
        if (known->is_right[i])
            *end++ = (char)('A' + i);
    }
    *end = '\0';
    if (is_multiple && end == key + 1) {
        is_multiple = false;
        entry->remark[CHINESE] = "只有一个正确选项，按单选题导入";
        entry->remark[ENGLISH] = "only one choice is right: taken as a single question";
    }
    say_default(entries, entry, PART_TYPE, known->column,
                is_multiple ? "多选" : "单选");
    entry_say(entries, entry, PART_KEY, known->row, known->column, key);
}

void entry_say_truth(struct entries *entries, struct entry *entry, const char *column,
                     bool truth)
{
    say_default(entries, entry, PART_TYPE, column, "判断");
    entry_say(entries, entry, PART_KEY, entry->row, column, truth ? "对" : "错");
}

void entry_say_variants(struct entries *entries, struct entry *entry,
                        const struct known *known)
{
    AUTO(json_decrefp) json_t *variants = json_array();
    TEXT(text);

    for (int i = 0; i < known->n_choices && i < MOST_ANSWERS; i++) {
        if (known->is_right[i]) {
            json_array_append_new(variants, json_string(known->choices[i]));
        } else {
            entry->remark[CHINESE] = "部分得分的答案没有采用，填空题只有对与错";
            entry->remark[ENGLISH] =
                "answers that earn a part were left out: a blank is right or wrong";
        }
    }
    text_string(&text, "");
    variants_join(&text, variants);
    say_default(entries, entry, PART_TYPE, known->column, "填空");
    entry_say(entries, entry, PART_KEY, known->row, known->column, text.data);
}
