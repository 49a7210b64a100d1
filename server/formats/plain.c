/*
 * Text as teachers type it:
 *
 *     一、单选题（每题2分）
 *     1. 题干（ B ）
 *     A、甲  B、乙  C、丙  D、丁
 *     答案：B
 *     解析：……
 *
 * A line begins with a number (a question), a letter (a choice), a label or a heading
 * of a section; any other goes on with what was before.  Without 答案 the key is what
 * stands in the stem's brackets.
 *
 * An export begins with 【竞答题库】: then what follows was written by us, each part is
 * one line, and \n and \\ are a line end and a backslash; nothing is guessed.
 */
#include "formats/entry.h"

#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"
#include "formats/plain_marks.h"
#include "formats/plain_stem.h"

struct reader {
    struct entries *out;
    struct entry *entry; /* NULL: before the first question */
    bool is_ours, after_blank;
    const char *section; /* its type; NULL: none */
    int line;
    enum part part; /* being gathered; N_PARTS: none */
    int part_line;
    const char *column;
    struct text text;
};

/* Our own escapes. */
static void unescape(struct text *text)
{
    char *end = text->data;

    for (const char *p = text->data; *p; p++) {
        bool is_escape = *p == '\\' && (p[1] == 'n' || p[1] == '\\');

        *end++ = !is_escape ? *p : p[1] == 'n' ? '\n' : '\\';
        p += is_escape;
    }
    *end = '\0';
    text->length = (size_t)(end - text->data);
}

static void flush(struct reader *reader)
{
    if (!reader->entry || reader->part == N_PARTS)
        return;
    text_string(&reader->text, "");
    if (reader->is_ours)
        unescape(&reader->text);
    if (reader->entry->parts[reader->part].text)
        entries_wrong(reader->out, reader->part_line, reader->column,
                      "同一题中出现了两次", "it stands twice in one question");
    else
        entry_say(reader->out, reader->entry, reader->part, reader->part_line,
                  reader->column, reader->text.data);
    reader->part = N_PARTS;
}

static void gather(struct reader *reader, enum part part, const char *column,
                   const char *text, size_t n)
{
    flush(reader);
    reader->part = part;
    reader->part_line = reader->line;
    reader->column = column;
    text_clear(&reader->text);
    text_append(&reader->text, text, n);
}

static void finish_question(struct reader *reader)
{
    struct entry *entry = reader->entry;

    flush(reader);
    if (!entry)
        return;
    if (reader->section && !entry->parts[PART_TYPE].text)
        entry_say(reader->out, entry, PART_TYPE, entry->row, "题型", reader->section);
    if (!reader->is_ours && entry->parts[PART_STEM].text)
        stem_settle(reader->out, entry);
    reader->entry = NULL;
}

/* Several choices may stand on a line; the next letter begins the next, after a space.
 */
static void take_choices(struct reader *reader, int choice, const char *text)
{
    for (;;) {
        const char *p = text;
        size_t length = 0;

        while (!reader->is_ours && *p) {
            size_t space = fold_space(p);

            if (space && mark_choice(p + space, &length) == choice + 1)
                break;
            p += space ? space : 1;
        }
        if (reader->is_ours)
            p = text + strlen(text);
        gather(reader, PART_CHOICE + choice, mark_choice_name(choice), text,
               (size_t)(p - text));
        if (!*p || choice + 1 >= MAX_CHOICES)
            return;
        choice++;
        text = p + fold_space(p) + length;
    }
}

static void begin_question(struct reader *reader, const char *text)
{
    const char *type = NULL;

    finish_question(reader);
    reader->entry = entries_add(reader->out, reader->line);
    for (int i = 0; i < N_PARTS; i++)
        reader->entry->parts[i].column = mark_label_of((enum part)i);
    reader->entry->parts[PART_STEM].column = "题干";
    while (fold_space(text))
        text += fold_space(text);
    if (!reader->is_ours)
        text = mark_type(&reader->out->arena, text, &type);
    if (type)
        entry_say(reader->out, reader->entry, PART_TYPE, reader->line, "题型", type);
    gather(reader, PART_STEM, "题干", text, strlen(text));
}

static void take_line(struct reader *reader, const char *line);

static void take_label(struct reader *reader, const struct mark_label *label,
                       const char *text)
{
    const char *rest = reader->is_ours ? NULL : mark_inner_label(text);

    gather(reader, label->part, label->name, text,
           rest ? (size_t)(rest - text) : strlen(text));
    if (rest)
        take_line(reader, rest);
}

static void go_on(struct reader *reader, const char *line)
{
    if (!reader->entry)
        return; /* a title */
    if (reader->part == N_PARTS)
        return;
    text_char(&reader->text, '\n');
    text_string(&reader->text, line);
}

static bool has_key(struct reader *reader)
{
    flush(reader);
    return reader->entry && reader->entry->parts[PART_KEY].text;
}

static void take_line(struct reader *reader, const char *line)
{
    const struct mark_label *label;
    const char *section, *rest, *type = NULL;
    size_t length;
    int choice;

    while (fold_space(line))
        line += fold_space(line);
    if (!*line) {
        reader->after_blank = true;
        return;
    }
    if ((label = mark_label(line, reader->is_ours, &length))) {
        if (reader->entry)
            take_label(reader, label, line + length);
    } else if ((section = reader->is_ours ? NULL : mark_section(line))) {
        finish_question(reader);
        reader->section = section;
    } else if ((length = mark_number(line))) {
        begin_question(reader, line + length);
    } else if (reader->entry && (choice = mark_choice(line, &length)) >= 0) {
        take_choices(reader, choice, line + length);
    } else if (!reader->is_ours &&
               (rest = mark_type(&reader->out->arena, line, &type)) != line) {
        finish_question(reader);
        reader->section = type;
        take_line(reader, rest);
    } else if (!reader->is_ours && reader->after_blank && has_key(reader)) {
        begin_question(reader, line); /* one without a number */
    } else {
        go_on(reader, line);
    }
    reader->after_blank = false;
}

bool plain_read(const char *bytes, size_t n, struct entries *out, struct error *err)
{
    struct reader reader = { .out = out, .part = N_PARTS };
    TEXT(line);

    (void)n, (void)err;
    for (const char *p = bytes; *p && !entries_are_full(out);) {
        size_t size = strcspn(p, "\n");

        reader.line++;
        text_clear(&line);
        text_append(&line, p, size);
        if (reader.line == 1 && !strncmp(line.data, mark_of_ours, strlen(mark_of_ours)))
            reader.is_ours = true;
        else
            take_line(&reader, line.data);
        p += size + (p[size] == '\n');
    }
    finish_question(&reader);
    text_done(&reader.text);
    return true;
}
