/* Writing QTI 2.1: a zip with a manifest and one file an item (formats/qti.c says where what
 * QTI has no place for stands). */
#include "formats/entry.h"

#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "formats/markup.h"

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
        text_printf(out, "<p class=\"jingda-%s\">", part_names[i]);
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
