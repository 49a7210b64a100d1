/*
 * QTI 2.1 items with one choice or text entry interaction, in a zip; 3.0, whose names
 * only look otherwise, is read too.  Names are compared in small letters without
 * hyphens.
 *
 * What QTI has no place for stands in a rubric block for authors, whom no candidate is:
 * a paragraph for each part, its class "jingda-topic" and so on.  The explanation is
 * the modal feedback.
 */
#include "formats/entry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "formats/archive.h"
#include "formats/markup.h"
#include "formats/xml.h"
#include "util/memory.h"

enum { NAME = 32, BREAK = 1 }; /* BREAK stands for a line end that was meant */

static const char ours[] = "jingda-";

struct reader {
    struct entries *out;
    struct entry draft;
    const char *file;
    int item;
    struct text
        *into[FORMAT_MAX_DEPTH + 2]; /* where text goes, by depth; NULL: nowhere */
    struct text body, prompt, choices[MOST_ANSWERS], explanation, value, part;
    enum part part_of; /* what `part` is */
    const char *identifiers[MOST_ANSWERS];
    const char *values[MOST_ANSWERS]; /* correct; then mapped */
    bool is_mapped[MOST_ANSWERS];
    double mapped[MOST_ANSWERS];
    int n_choices, n_values, n_interactions, n_responses;
    bool is_item, is_multiple, is_entry, is_unknown, is_template, has_media, is_raised;
};

/* The name in small letters without hyphens. */
static void plain_name(const char *name, char out[NAME])
{
    int n = 0;

    for (; *name && n < NAME - 1; name++)
        if (*name != '-')
            out[n++] = (char)tolower((unsigned char)*name);
    out[n] = '\0';
}

static const char *attribute(const char **attributes, const char *name)
{
    char plain[NAME];

    for (; *attributes; attributes += 2) {
        const char *colon = strrchr(attributes[0], ':');

        plain_name(colon ? colon + 1 : attributes[0], plain);
        if (!strcmp(plain, name))
            return attributes[1];
    }
    return NULL;
}

static bool is_name(const char *name, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

/* Where a block begins or ends, unless a line has just begun. */
static void put_break(struct text *into)
{
    size_t n = into ? into->length : 0;

    while (n && strchr(" \t\n\r", into->data[n - 1]))
        n--;
    if (n && into->data[n - 1] != BREAK)
        text_char(into, BREAK);
}

static void add_value(struct reader *reader, const char *value, bool is_mapped,
                      double mapped)
{
    if (reader->n_values == MOST_ANSWERS)
        return;
    reader->values[reader->n_values] = arena_string(&reader->out->arena, value);
    reader->is_mapped[reader->n_values] = is_mapped;
    reader->mapped[reader->n_values++] = mapped;
}

static struct text *open_choice(struct reader *reader, const char **attributes)
{
    const char *identifier = attribute(attributes, "identifier");

    if (reader->n_choices == MOST_ANSWERS)
        return NULL;
    reader->identifiers[reader->n_choices] =
        arena_string(&reader->out->arena, identifier ? identifier : "");
    return &reader->choices[reader->n_choices++];
}

/* A paragraph of ours in the rubric. */
static struct text *open_part(struct reader *reader, const char **attributes)
{
    const char *class = attribute(attributes, "class");
    size_t n = sizeof(ours) - 1;

    text_clear(&reader->part);
    if (!class || strncmp(class, ours, n) ||
        !part_named(class + n, strlen(class + n), &reader->part_of))
        return NULL;
    return &reader->part;
}

static void open_interaction(struct reader *reader, const char *name)
{
    static const char *const known[] = { "choiceinteraction", "textentryinteraction",
                                         NULL };

    reader->n_interactions++;
    reader->is_unknown |= !is_name(name, known);
    if (strcmp(name, "textentryinteraction"))
        return;
    reader->is_entry = true;
    text_string(&reader->body, "____");
}

static void open_response(struct reader *reader, const char **attributes)
{
    const char *cardinality = attribute(attributes, "cardinality");

    reader->n_responses++;
    reader->is_multiple = cardinality && !strcmp(cardinality, "multiple");
}

static void open_mapping(struct reader *reader, const char **attributes)
{
    const char *key = attribute(attributes, "mapkey");
    const char *value = attribute(attributes, "mappedvalue");

    if (key)
        add_value(reader, key, true, value ? atof(value) : 0);
}

static void on_open(struct xml *xml, const char *tag, const char **attributes)
{
    struct reader *reader = xml->context;
    struct text **into = &reader->into[xml->depth];
    char name[NAME];

    plain_name(tag, name);
    size_t n = strlen(name);
    *into = xml->depth > 1 ? reader->into[xml->depth - 1] : NULL;
    if (!strcmp(name, "assessmentitem"))
        reader->is_item = true;
    else if (!strcmp(name, "responsedeclaration"))
        open_response(reader, attributes);
    else if (!strcmp(name, "correctresponse"))
        *into = &reader->value;
    else if (!strcmp(name, "value"))
        text_clear(&reader->value);
    else if (!strcmp(name, "mapentry"))
        open_mapping(reader, attributes);
    else if (!strcmp(name, "itembody"))
        *into = &reader->body;
    else if (!strcmp(name, "prompt"))
        *into = &reader->prompt;
    else if (!strcmp(name, "simplechoice"))
        *into = open_choice(reader, attributes);
    else if (!strcmp(name, "modalfeedback") || !strcmp(name, "feedbackblock"))
        put_break(*into = &reader->explanation);
    else if (!strcmp(name, "rubricblock") || !strcmp(name, "feedbackinline"))
        *into = NULL;
    else if (n > 11 && !strcmp(name + n - 11, "interaction"))
        open_interaction(reader, name);
    else if (!strcmp(name, "p") && !*into)
        *into = open_part(reader, attributes);
    else if (!strcmp(name, "templatedeclaration"))
        reader->is_template = true;
    else if (!strcmp(name, "br") && *into)
        text_char(*into, BREAK);
    else if (!strcmp(name, "sup"))
        reader->is_raised = true;
    else if (markup_is_media(name))
        reader->has_media |= *into && *into != &reader->explanation;
    else if (!strcmp(name, "questestinterop"))
        xml_stop(
            xml, "这是 QTI 1.2，不能读取；请导出为 QTI 2.1 或更新的版本",
            "this is QTI 1.2, which cannot be read; export it as QTI 2.1 or newer");
    else if (markup_is_block(name))
        put_break(*into);
}

static void on_text(struct xml *xml, const char *bytes, size_t n)
{
    struct reader *reader = xml->context;
    struct text *into = reader->into[xml->depth];

    if (!into || into->length + n >= (64 << 10))
        return;
    for (size_t i = 0; i < n; i++)
        if (reader->is_raised)
            markup_raise(into, bytes[i]);
        else if ((unsigned char)bytes[i] != BREAK)
            text_char(into, bytes[i]);
}

/* Line ends of the file are only spaces; those that were meant become line ends. */
static const char *settled(struct reader *reader, const struct text *text)
{
    TEXT(out);

    text_string(&out, "");
    for (const char *p = text->length ? text->data : ""; *p;) {
        size_t space = strspn(p, " \t\n\r");

        if (space && memchr(p, '\n', space)) {
            if (out.length && out.data[out.length - 1] != '\n' && p[space] &&
                p[space] != BREAK)
                text_char(&out, ' ');
            p += space;
        } else {
            text_char(&out, *p == BREAK ? '\n' : *p);
            p++;
        }
    }
    return arena_copy(&reader->out->arena, out.data, out.length);
}

/* A value as it is, without the white space around it. */
static const char *bare(struct reader *reader, const struct text *text)
{
    const char *p = text->length ? text->data : "";
    size_t n = strlen(p), before = strspn(p, " \t\n\r");

    while (n > before && strchr(" \t\n\r", p[n - 1]))
        n--;
    return arena_copy(&reader->out->arena, p + before, n - before);
}

static void on_close(struct xml *xml, const char *tag)
{
    struct reader *reader = xml->context;
    char name[NAME];

    plain_name(tag, name);
    if (!strcmp(name, "sup"))
        reader->is_raised = false;
    else if (!strcmp(name, "value") && reader->into[xml->depth] == &reader->value)
        add_value(reader, bare(reader, &reader->value), false, 0);
    else if (!strcmp(name, "p") && reader->into[xml->depth] == &reader->part &&
             reader->into[xml->depth - 1] != &reader->part)
        entry_say(reader->out, &reader->draft, reader->part_of, reader->item,
                  reader->file, settled(reader, &reader->part));
    else if (markup_is_block(name) && strcmp(name, "br"))
        put_break(reader->into[xml->depth]);
}

static void wrong(struct reader *reader, const char *zh, const char *en)
{
    entries_wrong(reader->out, reader->item, reader->file, zh, en);
}

/* An identifier's or an answer's worth: what is declared correct decides, else the
 * mapping. */
static bool is_right(const struct reader *reader, const char *value)
{
    bool has_correct = false;

    for (int i = 0; i < reader->n_values; i++) {
        has_correct |= !reader->is_mapped[i];
        if (!reader->is_mapped[i] && !strcmp(reader->values[i], value))
            return true;
    }
    for (int i = 0; i < reader->n_values && !has_correct; i++)
        if (!strcmp(reader->values[i], value) && reader->mapped[i] > 0)
            return true;
    return false;
}

/* Two choices called true and false. */
static bool is_judge(const struct reader *reader)
{
    return reader->n_choices == 2 && ((!strcasecmp(reader->identifiers[0], "true") &&
                                       !strcasecmp(reader->identifiers[1], "false")) ||
                                      (!strcasecmp(reader->identifiers[0], "false") &&
                                       !strcasecmp(reader->identifiers[1], "true")));
}

static void add_choices(struct reader *reader, struct entry *entry)
{
    struct known known = { .row = reader->item,
                           .column = reader->file,
                           .n_choices = reader->n_choices };

    for (int i = 0; i < reader->n_choices; i++) {
        known.choices[i] = settled(reader, &reader->choices[i]);
        known.is_right[i] = is_right(reader, reader->identifiers[i]);
    }
    if (is_judge(reader) && known.is_right[0] != known.is_right[1])
        entry_say_truth(reader->out, entry, reader->file,
                        known.is_right[!strcasecmp(reader->identifiers[0], "false")]);
    else
        entry_say_choices(reader->out, entry, &known, reader->is_multiple);
}

/* Each answer once; mapped ones are right when they earn what the best earns. */
static void add_variants(struct reader *reader, struct entry *entry)
{
    struct known known = { .row = reader->item, .column = reader->file };
    double best = 0;

    for (int i = 0; i < reader->n_values; i++)
        if (reader->mapped[i] > best)
            best = reader->mapped[i];
    for (int i = 0; i < reader->n_values; i++) {
        bool is_new = true;

        for (int k = 0; k < known.n_choices; k++)
            is_new &= strcmp(known.choices[k], reader->values[i]) != 0;
        if (!is_new || (reader->is_mapped[i] && reader->mapped[i] <= 0))
            continue;
        known.choices[known.n_choices] = reader->values[i];
        known.is_right[known.n_choices++] =
            !reader->is_mapped[i] || reader->mapped[i] >= best;
    }
    entry_say_variants(reader->out, entry, &known);
}

static void take_item(struct reader *reader)
{
    struct arena *arena = &reader->out->arena;
    const char *body = text_cleaned(arena, settled(reader, &reader->body));
    const char *prompt = settled(reader, &reader->prompt);

    if (reader->is_unknown || reader->n_interactions != 1 || reader->n_responses != 1) {
        wrong(reader,
              "只支持一道题一个选择（choiceInteraction）或填空（textEntryInteraction）",
              "an item needs just one choiceInteraction or textEntryInteraction");
        return;
    }
    if (reader->is_template) {
        wrong(reader, "题目由模板变量生成，不能导入",
              "it is made of template variables, which cannot be taken");
        return;
    }
    if (reader->has_media) {
        entries_wrong_media(reader->out, reader->item, reader->file);
        return;
    }
    struct entry *entry = entries_add(reader->out, reader->item);
    memcpy(entry->parts, reader->draft.parts, sizeof(entry->parts));
    entry->is_feedback = true;
    entry_say(
        reader->out, entry, PART_STEM, reader->item, reader->file,
        arena_printf(arena, "%s%s%s", body, *body && *prompt ? "\n" : "", prompt));
    if (reader->explanation.length)
        entry_say(reader->out, entry, PART_EXPLANATION, reader->item, reader->file,
                  settled(reader, &reader->explanation));
    if (reader->is_entry)
        add_variants(reader, entry);
    else
        add_choices(reader, entry);
}

static void clear(struct reader *reader)
{
    struct text *texts[] = { &reader->body, &reader->prompt, &reader->explanation,
                             &reader->value, &reader->part };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        text_done(texts[i]);
    for (int i = 0; i < MOST_ANSWERS; i++)
        text_done(&reader->choices[i]);
}

/* What was said of a file becomes what is said of an item; who tells that ends it. */
static const char *unended(struct arena *arena, const char *sentence, const char *stop)
{
    size_t n = strlen(sentence), end = strlen(stop);

    return arena_copy(arena, sentence,
                      n > end && !strcmp(sentence + n - end, stop) ? n - end : n);
}

/* One XML file; one that is no item says nothing. */
static void read_item(struct entries *out, int item, const char *file,
                      const char *bytes, size_t n)
{
    struct reader *reader = memory_new(sizeof(*reader));
    struct xml xml = {
        .context = reader, .open = on_open, .close = on_close, .text = on_text
    };
    struct error err = { 0 };

    reader->out = out;
    reader->item = item;
    reader->file = arena_string(&out->arena, file);
    reader->draft.row = item;
    if (!xml_read(&xml, bytes, n, &err))
        wrong(reader, unended(&out->arena, err.detail[CHINESE], "。"),
              unended(&out->arena, err.detail[ENGLISH], "."));
    else if (reader->is_item)
        take_item(reader);
    clear(reader);
    free(reader);
}

static bool is_item_name(const char *name)
{
    size_t n = strlen(name);

    return n > 4 && !strcasecmp(name + n - 4, ".xml") &&
           strcmp(name, "imsmanifest.xml");
}

bool qti_read(const void *bytes, size_t n, struct entries *out, struct error *err)
{
    struct archive *archive;
    int item = 0;
    TEXT(text);

    if (n && *(const char *)bytes != 'P') { /* one item by itself */
        read_item(out, 1, "", bytes, n);
        return true;
    }
    archive = archive_open(bytes, n, err);
    bool ok = archive;
    for (int i = 0; ok && i < archive_count(archive) && !entries_are_full(out); i++) {
        const char *name = archive_name(archive, i);

        if (!is_item_name(name))
            continue;
        ok = archive_read(archive, name, &text, err);
        if (ok)
            read_item(out, ++item, name, text.data, text.length);
    }
    archive_close(archive);
    return ok;
}
