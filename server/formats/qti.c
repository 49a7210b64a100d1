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
#include <zip.h>

#include "bank/fold.h"
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
    char identifiers[MOST_ANSWERS][NAME];
    const char *values[MOST_ANSWERS]; /* correct; then mapped */
    bool is_mapped[MOST_ANSWERS];
    double mapped[MOST_ANSWERS];
    int n_choices, n_values, n_interactions, n_responses;
    bool is_item, is_multiple, is_entry, is_unknown;
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

static void put_break(struct text *into)
{
    if (into && into->length)
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
    snprintf(reader->identifiers[reader->n_choices], NAME, "%s",
             identifier ? identifier : "");
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
    static const char *const blocks[] = { "p",   "div",        "li", "tr",
                                          "pre", "blockquote", NULL };
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
    else if (!strcmp(name, "modalfeedback"))
        *into = &reader->explanation;
    else if (!strcmp(name, "rubricblock") || !strcmp(name, "feedbackinline"))
        *into = NULL;
    else if (n > 11 && !strcmp(name + n - 11, "interaction"))
        open_interaction(reader, name);
    else if (!strcmp(name, "p") && !*into)
        *into = open_part(reader, attributes);
    else if (!strcmp(name, "br") && *into)
        text_char(*into, BREAK);
    else if (is_name(name, blocks))
        put_break(*into);
}

static void on_text(struct xml *xml, const char *bytes, size_t n)
{
    struct reader *reader = xml->context;
    struct text *into = reader->into[xml->depth];

    if (into && into->length + n < (64 << 10))
        for (size_t i = 0; i < n; i++)
            if ((unsigned char)bytes[i] != BREAK)
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
    if (!strcmp(name, "value") && reader->into[xml->depth] == &reader->value)
        add_value(reader, bare(reader, &reader->value), false, 0);
    else if (!strcmp(name, "p") && reader->into[xml->depth] == &reader->part &&
             reader->into[xml->depth - 1] != &reader->part)
        entry_say(reader->out, &reader->draft, reader->part_of, reader->item,
                  reader->file, settled(reader, &reader->part));
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
    const char *body = settled(reader, &reader->body);
    const char *prompt = settled(reader, &reader->prompt);

    while (fold_space(body))
        body += fold_space(body);
    if (reader->is_unknown || reader->n_interactions != 1 || reader->n_responses != 1) {
        wrong(reader,
              "只支持一道题一个选择（choiceInteraction）或填空（textEntryInteraction）",
              "an item needs just one choiceInteraction or textEntryInteraction");
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
        wrong(reader, err.detail[CHINESE], err.detail[ENGLISH]);
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

/* ---- writing ---- */

/* Line ends that are meant become <br/>. */
static void write_text(struct text *out, const char *text)
{
    TEXT(line);

    for (; text && *text; text++) {
        text_clear(&line);
        for (; *text && *text != '\n'; text++)
            text_char(&line, *text);
        markup_escape(out, line.length ? line.data : "");
        if (!*text)
            return;
        text_string(out, "<br/>");
    }
}

static void write_rubric(struct text *out, const char *const *parts)
{
    text_string(out, "<rubricBlock view=\"author\">");
    for (int i = 0; i < N_PARTS; i++) {
        if (!part_names[i] || !parts[i] || i == PART_TYPE)
            continue;
        text_printf(out, "<p class=\"%s%s\">", ours, part_names[i]);
        write_text(out, parts[i]);
        text_string(out, "</p>");
    }
    text_string(out, "</rubricBlock>\n");
}

static void write_choice(struct text *out, const char *identifier, const char *text)
{
    text_printf(out, "<simpleChoice identifier=\"%s\">", identifier);
    write_text(out, text);
    text_string(out, "</simpleChoice>\n");
}

static void write_choices(struct text *out, const json_t *question,
                          const char *const *parts)
{
    const json_t *key = json_object_get(question, "key");
    bool is_multiple = json_is_string(key) && json_string_length(key) > 1;

    text_printf(out,
                "<choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"%s\""
                " maxChoices=\"%d\">\n<prompt>",
                json_is_string(key) ? "true" : "false", is_multiple ? 0 : 1);
    write_text(out, parts[PART_STEM]);
    text_string(out, "</prompt>\n");
    if (json_is_boolean(key)) {
        write_choice(out, "true", "正确");
        write_choice(out, "false", "错误");
    }
    for (int i = 0; i <= PART_LAST_CHOICE - PART_CHOICE; i++)
        if (parts[PART_CHOICE + i])
            write_choice(out, (char[]){ (char)('A' + i), '\0' },
                         parts[PART_CHOICE + i]);
    text_string(out, "</choiceInteraction>\n");
}

static void write_entry(struct text *out, struct arena *arena, const char *stem)
{
    const char *gap = strstr(stem, "____");

    text_string(out, "<p>");
    write_text(out, gap ? arena_copy(arena, stem, (size_t)(gap - stem)) : stem);
    text_string(out, "<textEntryInteraction responseIdentifier=\"RESPONSE\""
                     " expectedLength=\"20\"/>");
    write_text(out, gap ? gap + 4 : "");
    text_string(out, "</p>\n");
}

static void write_value(struct text *out, const char *text)
{
    text_string(out, "<value>");
    markup_escape(out, text);
    text_string(out, "</value>");
}

static void write_declaration(struct text *out, const json_t *question)
{
    const json_t *key = json_object_get(question, "key"), *value;
    const char *letters = json_string_value(key);
    size_t i;

    text_printf(out,
                "<responseDeclaration identifier=\"RESPONSE\" cardinality=\"%s\""
                " baseType=\"%s\"><correctResponse>",
                letters && letters[1] ? "multiple" : "single",
                json_is_array(key) ? "string" : "identifier");
    for (const char *p = letters; p && *p; p++)
        write_value(out, (char[]){ *p, '\0' });
    if (json_is_boolean(key))
        write_value(out, json_is_true(key) ? "true" : "false");
    if (json_is_array(key))
        write_value(out, json_string_value(json_array_get(key, 0)));
    text_string(out, "</correctResponse>");
    if (json_is_array(key))
        text_string(out, "<mapping defaultValue=\"0\">");
    json_array_foreach((json_t *)key, i, value)
    {
        text_string(out, "<mapEntry mapKey=\"");
        markup_escape(out, json_string_value(value));
        text_string(out, "\" mappedValue=\"1\" caseSensitive=\"false\"/>");
    }
    text_printf(out, "%s</responseDeclaration>\n",
                json_is_array(key) ? "</mapping>" : "");
}

static void write_item(struct text *out, const json_t *question)
{
    const json_t *key = json_object_get(question, "key");
    const char *parts[N_PARTS];
    struct arena arena;

    arena_init(&arena);
    entry_parts(question, &arena, parts);
    text_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<assessmentItem"
        " xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"q-%s\""
        " title=\"%s\" adaptive=\"false\" timeDependent=\"false\">\n",
        parts[PART_ID], parts[PART_ID]);
    write_declaration(out, question);
    text_string(
        out, "<outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\""
             " baseType=\"float\"/>\n<outcomeDeclaration identifier=\"FEEDBACK\""
             " cardinality=\"single\" baseType=\"identifier\"><defaultValue><value>"
             "explanation</value></defaultValue></outcomeDeclaration>\n<itemBody>\n");
    write_rubric(out, parts);
    if (json_is_array(key))
        write_entry(out, &arena, parts[PART_STEM]);
    else
        write_choices(out, question, parts);
    text_printf(
        out,
        "</itemBody>\n<responseProcessing template=\"http://www.imsglobal.org/question/"
        "qti_v2p1/rptemplates/%s\"/>\n<modalFeedback outcomeIdentifier=\"FEEDBACK\""
        " identifier=\"explanation\" showHide=\"show\">",
        json_is_array(key) ? "map_response" : "match_correct");
    write_text(out, parts[PART_EXPLANATION]);
    text_string(out, "</modalFeedback>\n</assessmentItem>\n");
    arena_done(&arena);
}

static bool put_file(zip_t *zip, const char *name, struct text *bytes)
{
    zip_source_t *source = zip_source_buffer(zip, bytes->data, bytes->length, 1);
    zip_int64_t i = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;

    if (i < 0) {
        zip_source_free(source);
        return false;
    }
    *bytes = (struct text){ 0 }; /* the archive frees it */
    return !zip_file_set_mtime(zip, (zip_uint64_t)i, 315532800,
                               0); /* the same each time */
}

static bool put_all(zip_t *zip, const json_t *questions)
{
    struct text manifest = { 0 };
    json_t *question;
    size_t i;
    bool ok = true;

    text_string(
        &manifest,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest"
        " xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" identifier=\"jingda\">\n"
        "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0"
        "</schemaversion></metadata>\n<organizations/>\n<resources>\n");
    json_array_foreach((json_t *)questions, i, question)
    {
        const char *id = json_string_value(json_object_get(question, "id"));
        struct text item = { 0 };
        char name[100];

        snprintf(name, sizeof(name), "items/%.64s.xml", id);
        text_printf(&manifest,
                    "<resource identifier=\"r-%s\" type=\"imsqti_item_xmlv2p1\""
                    " href=\"%s\"><file href=\"%s\"/></resource>\n",
                    id, name, name);
        write_item(&item, question);
        ok = ok && put_file(zip, name, &item);
        text_done(&item);
    }
    text_string(&manifest, "</resources>\n</manifest>\n");
    ok = ok && put_file(zip, "imsmanifest.xml", &manifest);
    text_done(&manifest);
    return ok;
}

static bool take_bytes(zip_source_t *source, struct text *out)
{
    zip_stat_t about;

    if (zip_source_stat(source, &about) || zip_source_open(source))
        return false;
    char *to = text_reserve(out, about.size + 1);
    zip_int64_t n = zip_source_read(source, to, about.size);
    out->length += n > 0 ? (size_t)n : 0;
    out->data[out->length] = '\0';
    zip_source_close(source);
    return n == (zip_int64_t)about.size;
}

bool qti_write(const json_t *questions, struct text *out, struct error *err)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, NULL) : NULL;
    bool ok = false;

    if (zip) {
        zip_source_keep(source);
        ok = put_all(zip, questions);
        if (!ok || zip_close(zip)) {
            zip_discard(zip);
            ok = false;
        }
        ok = ok && take_bytes(source, out);
    }
    zip_source_free(source);
    return ok || refuse(err, "无法写出 QTI 文件", "the QTI file cannot be written");
}
