/*
 * GIFT: questions between blank lines, the answers in braces.  What stands behind a
 * backslash is first turned into a control character, which no text has, so that
 * everything after can look for bare = ~ # { } ; it is turned back where a text leaves
 * the parser.
 */
#include "formats/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/fold.h"
#include "formats/markup.h"

static const char specials[] = ":#={}~\\";

enum { LINE_END = 8 };

struct reader {
    struct entries *out;
    int line;  /* of the present line */
    int began; /* where the question began; 0: none */
    struct text text;
    struct text meta; /* its comments */
    bool is_html, has_media;
    struct entry *entry;
};

static void hide_escapes(struct text *text)
{
    char *end = text->data;

    for (const char *p = text->data; *p; p++) {
        const char *special = *p == '\\' && p[1] ? strchr(specials, p[1]) : NULL;

        if (special)
            *end++ = (char)(1 + (special - specials)), p++;
        else if (*p == '\\' && p[1] == 'n')
            *end++ = LINE_END, p++;
        else if ((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t')
            *end++ = *p;
    }
    *end = '\0';
    text->length = (size_t)(end - text->data);
}

/* A piece as people see it; line ends of the file are only spaces. */
static const char *shown(struct reader *reader, const char *text, size_t n)
{
    struct arena *arena = &reader->out->arena;
    char *copy = arena_copy(arena, text, n);
    TEXT(out);

    for (char *p = copy; *p; p++) {
        if (*p == '\n')
            *p = ' ';
        else if (*p == LINE_END)
            *p = '\n';
        else if (*p >= 1 && *p < LINE_END)
            *p = specials[*p - 1];
    }
    if (!reader->is_html)
        return copy;
    reader->has_media |= markup_has_media(copy);
    markup_text(&out, copy);
    return arena_copy(arena, out.data, out.length);
}

static void wrong(struct reader *reader, const char *zh, const char *en)
{
    entries_wrong(reader->out, reader->began, NULL, zh, en);
}

/* "[id:x] [tag:topic:y]" of the comments. */
static void say_meta(struct reader *reader)
{
    TEXT(value);

    text_string(&reader->meta, "");
    for (const char *p = reader->meta.data; (p = strchr(p, '['));) {
        const char *colon = strchr(++p, ':');
        bool is_tag = !strncmp(p, "tag:", 4);
        enum part part;

        if (!colon)
            return;
        if (is_tag) {
            p = colon + 1;
            colon = strchr(p, ':');
        }
        if (!colon || !part_named(p, (size_t)(colon - p), &part) ||
            is_tag == (part == PART_ID))
            continue;
        text_clear(&value);
        text_string(&value, "");
        for (p = colon + 1; *p && *p != ']'; p++) {
            bool is_escape = *p == '\\' && p[1];

            text_char(&value, !is_escape ? *p : p[1] == 'n' ? '\n' : p[1]);
            p += is_escape;
        }
        entry_say(reader->out, reader->entry, part, reader->began, part_names[part],
                  value.data);
    }
}

/* "[html]" and the like before a text; where none stands all stays as it was. */
static const char *past_kind(struct reader *reader, const char *p)
{
    static const char *const kinds[] = { "[html]", "[plain]", "[markdown]", "[moodle]",
                                         NULL };

    while (fold_space(p))
        p += fold_space(p);
    for (int i = 0; kinds[i]; i++)
        if (!strncmp(p, kinds[i], strlen(kinds[i]))) {
            reader->is_html = !i;
            return p + strlen(kinds[i]);
        }
    return p;
}

/* An answer or a feedback, which may be of another kind than the question. */
static const char *shown_kind(struct reader *reader, const char *text, size_t n)
{
    bool is_html = reader->is_html;
    const char *from = past_kind(reader, text);
    const char *out =
        from > text + n ? "" : shown(reader, from, n - (size_t)(from - text));

    reader->is_html = is_html;
    return out;
}

/* "::name::" and the kind before the text. */
static const char *past_name(struct reader *reader, const char *p)
{
    const char *end = strncmp(p, "::", 2) ? NULL : strstr(p + 2, "::");

    if (end)
        p = end + 2;
    reader->is_html = false;
    return past_kind(reader, p);
}

/* "%50%": its value, and the text goes on behind it; `otherwise` if there is none. */
static double take_weight(const char **p, double otherwise)
{
    char *end;

    while (fold_space(*p))
        *p += fold_space(*p);
    if (**p != '%')
        return otherwise;
    double weight = strtod(*p + 1, &end);
    if (end == *p + 1 || *end != '%')
        return otherwise;
    *p = end + 1;
    return weight;
}

/* The general feedback leaves the body and is said. */
static void take_feedback(struct reader *reader, char *body)
{
    char *found = NULL;

    for (char *p = body; (p = strstr(p, "####")); p += 4)
        found = p;
    if (!found)
        return;
    entry_say(reader->out, reader->entry, PART_EXPLANATION, reader->began, "####",
              shown_kind(reader, found + 4, strlen(found + 4)));
    reader->has_media = false; /* it can be done without */
    *found = '\0';
}

/* Answers begin with = or ~ and end before the next, or before their feedback. */
static void take_answers(struct reader *reader, const char *body, bool is_multiple,
                         struct known *known)
{
    const char *p = body + strcspn(body, "=~");

    *known = (struct known){ .row = reader->began, .column = "{ }" };
    while (*p && known->n_choices < MOST_ANSWERS) {
        char sign = *p++;
        double weight = take_weight(&p, sign == '=' ? 100 : 0);
        size_t n = strcspn(p, "=~"), text = strcspn(p, "=~#");

        known->choices[known->n_choices] = shown_kind(reader, p, text);
        known->is_right[known->n_choices++] = is_multiple ? weight > 0 : weight >= 100;
        p += n;
    }
}

static bool is_word(const char *body, const char *const *words)
{
    char word[8] = "";

    snprintf(word, sizeof(word), "%.*s", (int)strcspn(body, "# \n\t"), body);
    for (int i = 0; words[i]; i++)
        if (!strcmp(word, words[i]))
            return true;
    return false;
}

/* Says the key; the kind is decided as Moodle does.  1: a blank, 0: another, -1:
 * refused. */
static int take_body(struct reader *reader, char *body)
{
    static const char *const yes[] = { "T", "TRUE", NULL }, *const no[] = { "F",
                                                                            "FALSE",
                                                                            NULL };
    const char *type = reader->entry->parts[PART_TYPE].text;
    bool is_blank = type && strstr(type, "填空");
    struct known known;

    while (fold_space(body))
        body += fold_space(body);
    if (!*body) {
        wrong(reader, "问答题不能导入", "an essay cannot be taken");
        return -1;
    }
    if (*body == '#' && strncmp(body, "####", 4)) {
        wrong(reader, "数值题不能导入，请改为填空题",
              "a numerical question cannot be taken; make it a short answer");
        return -1;
    }
    take_feedback(reader, body);
    if (strchr(body, '~')) {
        bool is_multiple = !strchr(body, '=');

        take_answers(reader, body, is_multiple, &known);
        entry_say_choices(reader->out, reader->entry, &known, is_multiple);
        return 0;
    }
    if (!is_blank && strchr(body, '=') && strstr(body, "->")) {
        wrong(reader, "匹配题不能导入", "a matching question cannot be taken");
        return -1;
    }
    if (is_word(body, yes) || is_word(body, no)) {
        entry_say_truth(reader->out, reader->entry, "{ }", is_word(body, yes));
        return 0;
    }
    take_answers(reader, body, false, &known);
    if (!known.n_choices) { /* {Beijing} */
        known.n_choices = 1;
        known.is_right[0] = true;
        known.choices[0] = shown_kind(reader, body, strcspn(body, "#"));
    }
    entry_say_variants(reader->out, reader->entry, &known);
    return 1;
}

static bool is_only_space(const char *text)
{
    while (fold_space(text))
        text += fold_space(text);
    return !*text;
}

/* Refused answers leave nothing behind: the entry is made when the whole is sure. */
static void take_question(struct reader *reader, const char *stem, const char *open,
                          const char *close)
{
    struct arena *arena = &reader->out->arena;
    struct entry draft = { .row = reader->began };
    char *body = arena_copy(arena, open + 1, (size_t)(close - open - 1));

    reader->entry = &draft;
    reader->has_media = false;
    say_meta(reader);
    int kind = take_body(reader, body);
    if (kind < 0)
        return;
    const char *head = shown(reader, stem, (size_t)(open - stem));
    const char *tail = shown(reader, close + 1, strlen(close + 1));
    const char *gap = kind                  ? (strstr(head, "__") ? "" : "____")
                      : is_only_space(tail) ? ""
                                            : "（　　）";
    if (reader->has_media) {
        entries_wrong_media(reader->out, reader->began, NULL);
        return;
    }
    struct entry *entry = entries_add(reader->out, reader->began);

    memcpy(entry->parts, draft.parts, sizeof(draft.parts));
    memcpy(entry->remark, draft.remark, sizeof(draft.remark));
    entry->is_feedback = true;
    entry_say(reader->out, entry, PART_STEM, reader->began, "题干",
              arena_printf(arena, "%s%s%s", head, gap, tail));
}

static void read_question(struct reader *reader)
{
    const char *p, *open, *close;

    hide_escapes(&reader->text);
    p = reader->text.data;
    while (fold_space(p))
        p += fold_space(p);
    p = past_name(reader, p);
    open = strchr(p, '{');
    close = open ? strchr(open, '}') : strchr(p, '}');
    if (open && close)
        take_question(reader, p, open, close);
    else if (open || close)
        wrong(reader, "花括号不配对", "the braces do not match");
    /* without braces it is a description */
}

static void finish_question(struct reader *reader)
{
    if (reader->began && !is_only_space(reader->text.data))
        read_question(reader);
    reader->began = 0;
    text_clear(&reader->text);
    text_clear(&reader->meta);
}

static void take_line(struct reader *reader, const char *line, size_t n)
{
    size_t indent = strspn(line, " \t");

    if (indent >= n) {
        finish_question(reader);
    } else if (!strncmp(line + indent, "//", 2)) {
        if (!reader->began)
            text_append(&reader->meta, line, n);
    } else if (!strncmp(line + indent, "$CATEGORY:", 10)) {
        finish_question(reader);
    } else {
        if (!reader->began)
            reader->began = reader->line;
        text_append(&reader->text, line, n);
        text_char(&reader->text, '\n');
    }
}

bool gift_read(const char *bytes, size_t n, struct entries *out, struct error *err)
{
    struct reader reader = { .out = out };

    (void)n, (void)err;
    for (const char *p = bytes; *p && !entries_are_full(out);) {
        size_t size = strcspn(p, "\n");

        reader.line++;
        take_line(&reader, p, size);
        p += size + (p[size] == '\n');
    }
    finish_question(&reader);
    text_done(&reader.text);
    text_done(&reader.meta);
    return true;
}

/* ---- writing ---- */

static void write_escaped(struct text *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '\n') {
            text_string(out, "\\n");
            continue;
        }
        if (strchr(specials, *text))
            text_char(out, '\\');
        text_char(out, *text);
    }
}

static void write_meta(struct text *out, const char *const *parts)
{
    text_string(out, "//");
    for (int i = 0; i < N_PARTS; i++) {
        if (!part_names[i] || !parts[i])
            continue;
        text_printf(out, i == PART_ID ? " [%s:" : " [tag:%s:", part_names[i]);
        for (const char *p = parts[i]; *p; p++) {
            if (*p == '\n') {
                text_string(out, "\\n");
                continue;
            }
            if (*p == ']' || *p == '\\')
                text_char(out, '\\');
            text_char(out, *p);
        }
        text_char(out, ']');
    }
    text_char(out, '\n');
}

/* A text that begins with [ might be taken for its kind. */
static void write_plain(struct text *out, const char *text)
{
    if (text && *text == '[')
        text_string(out, "[plain]");
    write_escaped(out, text);
}

/* A text that begins with % would be taken for a weight. */
static void write_answer(struct text *out, const char *sign, int weight,
                         const char *text)
{
    text_string(out, sign);
    if (*text == '%')
        text_printf(out, "%%%d%%", weight);
    write_plain(out, text);
}

static void write_answers(struct text *out, const json_t *question,
                          const char *const *parts)
{
    const json_t *key = json_object_get(question, "key"), *value;
    size_t i, n_right,
        n_choices = json_array_size(json_object_get(question, "choices"));
    const char *letters = json_string_value(key);

    if (json_is_boolean(key))
        text_string(out, json_is_true(key) ? "TRUE" : "FALSE");
    json_array_foreach((json_t *)key, i, value)
    {
        write_answer(out, "\n\t=", 100, json_string_value(value));
    }
    n_right = letters ? strlen(letters) : 0;
    for (i = 0; letters && i < n_choices; i++) {
        bool is_right = strchr(letters, (int)('A' + i));

        const char *text = parts[PART_CHOICE + i];

        if (n_right == 1) {
            write_answer(out, is_right ? "\n\t=" : "\n\t~", is_right ? 100 : 0, text);
            continue;
        }
        text_printf(out, is_right ? "\n\t~%%%.5g%%" : "\n\t~%%-%.5g%%",
                    100.0 / (double)(is_right ? n_right : n_choices - n_right));
        write_plain(out, text);
    }
    text_string(out, "\n\t####");
    write_plain(out, parts[PART_EXPLANATION]);
    text_string(out, "\n");
}

static void write_question(struct text *out, const json_t *question)
{
    const char *parts[N_PARTS], *gap;
    struct arena arena;

    arena_init(&arena);
    entry_parts(question, &arena, parts);
    gap = json_is_array(json_object_get(question, "key"))
              ? strstr(parts[PART_STEM], "____")
              : NULL;
    write_meta(out, parts);
    text_string(out, "::");
    write_escaped(out, parts[PART_ID]);
    text_string(out, "::[plain]");
    write_escaped(out, !gap ? parts[PART_STEM]
                            : arena_copy(&arena, parts[PART_STEM],
                                         (size_t)(gap - parts[PART_STEM])));
    text_char(out, '{');
    write_answers(out, question, parts);
    text_char(out, '}');
    write_escaped(out, gap ? gap + 4 : NULL);
    text_string(out, "\n\n");
    arena_done(&arena);
}

bool gift_write(const json_t *questions, struct text *out, struct error *err)
{
    json_t *question;
    size_t i;

    (void)err;
    json_array_foreach((json_t *)questions, i, question) write_question(out, question);
    return true;
}
