/* Moodle XML.  What Moodle has no place for goes into tags ("topic:union-law"); the
 * explanation is the general feedback, the id the idnumber. */
#include "formats/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/question.h"
#include "formats/markup.h"
#include "formats/words.h"
#include "formats/xml.h"
#include "util/memory.h"

struct reader {
    struct entries *out;
    char names[FORMAT_MAX_DEPTH + 1][24]; /* of the open elements */
    bool is_html[FORMAT_MAX_DEPTH + 1];
    struct text text; /* of the innermost element */

    char type[24]; /* of the question; "" outside */
    struct entry draft;
    const char *stem;
    bool is_single, has_media;
    struct known known;
    double fraction,
        fractions[MOST_ANSWERS]; /* judged at the end: elements come in any order */
};

static bool is_in(const struct reader *reader, const struct xml *xml, int up,
                  const char *name)
{
    return xml->depth > up && !strcmp(reader->names[xml->depth - up], name);
}

static void on_open(struct xml *xml, const char *name, const char **attributes)
{
    struct reader *reader = xml->context;
    const char *format = xml_attribute(attributes, "format");
    const char *type = xml_attribute(attributes, "type");
    const char *fraction = xml_attribute(attributes, "fraction");

    snprintf(reader->names[xml->depth], sizeof(reader->names[0]), "%s", name);
    reader->is_html[xml->depth] = !format || !strcmp(format, "html");
    text_clear(&reader->text);
    if (!strcmp(name, "answer"))
        reader->fraction = fraction ? atof(fraction) : 0;
    if (strcmp(name, "question"))
        return;
    reader->draft = (struct entry){ .row = xml_line(xml) };
    reader->stem = NULL;
    reader->is_single = true;
    reader->has_media = false;
    reader->known = (struct known){ .row = xml_line(xml), .column = "answer" };
    snprintf(reader->type, sizeof(reader->type), "%s", type ? type : "?");
}

static void on_text(struct xml *xml, const char *bytes, size_t n)
{
    struct reader *reader = xml->context;

    if (*reader->type)
        text_append(&reader->text, bytes, n);
}

/* The text of an element whose parent says whether it is HTML; without a format it is,
 * as in Moodle, unless it is an answer's of a kind that has none. */
static const char *shown(struct reader *reader, const struct xml *xml)
{
    TEXT(out);

    text_string(&reader->text, "");
    text_string(&out, "");
    if (reader->is_html[xml->depth - 1])
        markup_text(&out, reader->text.data);
    else
        text_string(&out, reader->text.data);
    return arena_copy(&reader->out->arena, out.data, out.length);
}

/* The same of what a question cannot do without. */
static const char *needed(struct reader *reader, const struct xml *xml)
{
    text_string(&reader->text, "");
    reader->has_media |=
        reader->is_html[xml->depth - 1] && markup_has_media(reader->text.data);
    return shown(reader, xml);
}

static void say(struct reader *reader, const struct xml *xml, enum part part,
                const char *text)
{
    entry_say(reader->out, &reader->draft, part, xml_line(xml),
              reader->names[xml->depth - 1], text);
}

/* "topic:union-law" */
static void take_tag(struct reader *reader, const struct xml *xml)
{
    const char *text = reader->text.data, *colon = strchr(text, ':');
    enum part part;

    if (colon && part_named(text, (size_t)(colon - text), &part))
        say(reader, xml, part, colon + 1);
}

static void take_answer(struct reader *reader, const struct xml *xml)
{
    struct known *known = &reader->known;

    if (known->n_choices == MOST_ANSWERS)
        return;
    reader->fractions[known->n_choices] = reader->fraction;
    known->choices[known->n_choices++] = needed(reader, xml);
}

static void judge(struct reader *reader)
{
    struct known *known = &reader->known;

    for (int i = 0; i < known->n_choices; i++)
        known->is_right[i] =
            reader->is_single ? reader->fractions[i] >= 100 : reader->fractions[i] > 0;
}

static void take_text(struct reader *reader, const struct xml *xml)
{
    if (is_in(reader, xml, 1, "questiontext") && is_in(reader, xml, 2, "question"))
        reader->stem = needed(reader, xml);
    else if (is_in(reader, xml, 1, "generalfeedback") &&
             is_in(reader, xml, 2, "question"))
        say(reader, xml, PART_EXPLANATION, shown(reader, xml));
    else if (is_in(reader, xml, 1, "answer"))
        take_answer(reader, xml);
    else if (is_in(reader, xml, 1, "tag"))
        take_tag(reader, xml);
}

/* \* is a star; a bare one stands for anything, which a blank cannot accept. */
static bool settle_stars(struct reader *reader)
{
    for (int i = 0; i < reader->known.n_choices; i++) {
        char *text = arena_string(&reader->out->arena, reader->known.choices[i]),
             *end = text;

        for (const char *p = text; *p; p++) {
            if (*p == '*')
                return false;
            p += *p == '\\' && p[1] == '*';
            *end++ = *p;
        }
        *end = '\0';
        reader->known.choices[i] = text;
    }
    return true;
}

static struct entry *add(struct reader *reader)
{
    struct entry *entry = entries_add(reader->out, reader->draft.row);

    memcpy(entry->parts, reader->draft.parts, sizeof(entry->parts));
    entry->is_feedback = true;
    return entry;
}

static void wrong(struct reader *reader, const char *zh, const char *en)
{
    entries_wrong(reader->out, reader->draft.row, reader->type, zh, en);
}

static void add_choices(struct reader *reader)
{
    entry_say_choices(reader->out, add(reader), &reader->known, !reader->is_single);
}

static void add_truth(struct reader *reader)
{
    const struct known *known = &reader->known;
    int truth = -1;

    for (int i = 0; i < known->n_choices; i++)
        if (known->is_right[i])
            truth = word_truth(question_fold(&reader->out->arena, known->choices[i]));
    if (truth < 0)
        wrong(reader, "没有正确的答案（应为 true 或 false）",
              "no answer is right (it should be true or false)");
    else
        entry_say_truth(reader->out, add(reader), "answer", truth);
}

static void add_variants(struct reader *reader)
{
    if (settle_stars(reader))
        entry_say_variants(reader->out, add(reader), &reader->known);
    else
        wrong(reader, "答案中有通配符 *，填空题不能使用",
              "an answer has the wildcard *");
}

static void finish_question(struct reader *reader)
{
    static const char *const silent[] = { "category", "description", NULL };
    const char *type = reader->type;

    for (int i = 0; silent[i]; i++)
        if (!strcmp(type, silent[i]))
            return;
    entry_say(reader->out, &reader->draft, PART_STEM, reader->draft.row, "questiontext",
              !reader->stem ? ""
              : !strcmp(type, "shortanswer")
                  ? stem_with_gap(&reader->out->arena, reader->stem)
                  : reader->stem);
    judge(reader);
    if (reader->has_media)
        entries_wrong_media(reader->out, reader->draft.row, "questiontext");
    else if (!strcmp(type, "multichoice"))
        add_choices(reader);
    else if (!strcmp(type, "truefalse"))
        add_truth(reader);
    else if (!strcmp(type, "shortanswer"))
        add_variants(reader);
    else
        wrong(reader, "这种题型不能导入（支持 multichoice、truefalse、shortanswer）",
              "this type cannot be taken (multichoice, truefalse and shortanswer can)");
}

static void on_close(struct xml *xml, const char *name)
{
    struct reader *reader = xml->context;

    text_string(&reader->text, "");
    if (!*reader->type)
        return;
    if (!strcmp(name, "text"))
        take_text(reader, xml);
    else if (!strcmp(name, "idnumber") && question_is_slug(reader->text.data))
        say(reader, xml, PART_ID, reader->text.data);
    else if (!strcmp(name, "single"))
        reader->is_single =
            strcmp(reader->text.data, "false") && strcmp(reader->text.data, "0");
    else if (!strcmp(name, "question")) {
        finish_question(reader);
        reader->type[0] = '\0';
    }
    text_clear(&reader->text);
    if (entries_are_full(reader->out))
        xml_stop(xml, NULL, NULL);
}

bool moodle_read(const char *bytes, size_t n, struct entries *out, struct error *err)
{
    struct reader reader = { .out = out };
    struct xml xml = {
        .context = &reader, .open = on_open, .close = on_close, .text = on_text
    };

    bool ok = xml_read(&xml, bytes, n, err);
    text_done(&reader.text);
    return ok;
}

/* ---- writing ---- */

static void write_text(struct text *out, const char *element, const char *text)
{
    text_printf(out, "<%s format=\"plain_text\"><text>", element);
    markup_escape(out, text ? text : "");
    text_printf(out, "</text></%s>\n", element);
}

static void write_answer(struct text *out, const char *fraction, const char *text,
                         bool escapes_stars)
{
    TEXT(copy);

    for (; *text; text++) {
        if (*text == '*' && escapes_stars)
            text_char(&copy, '\\');
        text_char(&copy, *text);
    }
    text_printf(out, "<answer fraction=\"%s\" format=\"plain_text\"><text>", fraction);
    markup_escape(out, copy.data);
    text_string(out, "</text></answer>\n");
}

/* Only values that Moodle has; negative ones keep who ticks everything from winning. */
static const char *fraction_of(size_t n, bool is_right)
{
    static const char *const values[] = { "0",         "-100",      "-50",
                                          "-33.33333", "-25",       "-20",
                                          "-16.66667", "-14.28571", "-12.5" };

    return n > MAX_CHOICES ? "0" : values[n] + (is_right && n);
}

static void write_choices(struct text *out, const json_t *question,
                          const char *const *parts)
{
    const char *letters = json_string_value(json_object_get(question, "key"));
    size_t n = json_array_size(json_object_get(question, "choices")),
           n_right = strlen(letters);

    text_printf(out,
                "<single>%s</single><shuffleanswers>true</shuffleanswers>"
                "<answernumbering>ABCD</answernumbering>\n",
                n_right == 1 ? "true" : "false");
    for (size_t i = 0; i < n; i++) {
        bool is_right = strchr(letters, (int)('A' + i));
        const char *fraction =
            n_right == 1 && !is_right
                ? "0"
                : fraction_of(is_right ? n_right : n - n_right, is_right);

        write_answer(out, fraction, parts[PART_CHOICE + i], false);
    }
}

static void write_key(struct text *out, const json_t *question,
                      const char *const *parts)
{
    const json_t *key = json_object_get(question, "key"), *value;
    size_t i;

    if (json_is_boolean(key)) {
        write_answer(out, json_is_true(key) ? "100" : "0", "true", false);
        write_answer(out, json_is_true(key) ? "0" : "100", "false", false);
    } else if (json_is_array(key)) {
        text_string(out, "<usecase>0</usecase>\n");
        json_array_foreach((json_t *)key, i, value)
            write_answer(out, "100", json_string_value(value), true);
    } else {
        write_choices(out, question, parts);
    }
}

static void write_tags(struct text *out, const char *const *parts)
{
    text_string(out, "<tags>");
    for (int i = 0; i < N_PARTS; i++) {
        if (!part_names[i] || !parts[i] || i == PART_ID || i == PART_TYPE)
            continue;
        text_printf(out, "<tag><text>%s:", part_names[i]);
        markup_escape(out, parts[i]);
        text_string(out, "</text></tag>");
    }
    text_string(out, "</tags>\n");
}

static void write_question(struct text *out, const json_t *question)
{
    const json_t *key = json_object_get(question, "key");
    const char *parts[N_PARTS];
    struct arena arena;

    arena_init(&arena);
    entry_parts(question, &arena, parts);
    text_printf(out, "<question type=\"%s\">\n<name><text>%s</text></name>\n",
                json_is_boolean(key) ? "truefalse"
                : json_is_array(key) ? "shortanswer"
                                     : "multichoice",
                parts[PART_ID]);
    write_text(out, "questiontext", parts[PART_STEM]);
    write_text(out, "generalfeedback", parts[PART_EXPLANATION]);
    text_printf(out,
                "<defaultgrade>1.0</defaultgrade><hidden>0</hidden>"
                "<idnumber>%s</idnumber>\n",
                parts[PART_ID]);
    write_key(out, question, parts);
    write_tags(out, parts);
    text_string(out, "</question>\n");
    arena_done(&arena);
}

bool moodle_write(const json_t *questions, struct text *out, struct error *err)
{
    json_t *question;
    size_t i;

    (void)err;
    text_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
    json_array_foreach((json_t *)questions, i, question) write_question(out, question);
    text_string(out, "</quiz>\n");
    return true;
}
