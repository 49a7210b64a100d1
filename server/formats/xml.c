#include "formats/xml.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#include "formats/charset.h"
#include "formats/entry.h"

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');

    name = colon ? colon + 1 : name;
    return strncmp(name, "qti-", 4) ? name : name + 4;
}

void xml_stop(struct xml *xml, const char *zh, const char *en)
{
    if (xml->has_stopped)
        return;
    xml->has_stopped = true;
    if (zh)
        refuse(xml->err, zh, en);
    XML_StopParser(xml->parser, XML_FALSE);
}

static void on_open(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = context;

    if (xml->has_stopped)
        return;
    if (++xml->depth > FORMAT_MAX_DEPTH)
        xml_stop(xml, "XML 的层次过深，已拒绝", "the XML is nested too deeply");
    else if (xml->open)
        xml->open(xml, local(name), attributes);
}

static void on_close(void *context, const XML_Char *name)
{
    struct xml *xml = context;

    if (xml->has_stopped)
        return;
    if (xml->close)
        xml->close(xml, local(name));
    xml->depth--;
}

static void on_text(void *context, const XML_Char *bytes, int n)
{
    struct xml *xml = context;

    if (!xml->has_stopped && xml->text)
        xml->text(xml, bytes, (size_t)n);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                       const XML_Char *public_id, int has_internal_subset)
{
    (void)name, (void)system_id, (void)public_id, (void)has_internal_subset;
    xml_stop(context, "XML 含有文档类型声明（DOCTYPE），为安全起见已拒绝",
             "the XML has a document type (DOCTYPE), which is refused for safety");
}

static bool explain(struct xml *xml, struct error *err)
{
    char zh[120], en[120];
    int line = xml_line(xml);

    snprintf(zh, sizeof(zh), "第%d行：XML 写法有误", line);
    snprintf(en, sizeof(en), "line %d: not well-formed XML (%.60s)", line,
             XML_ErrorString(XML_GetErrorCode(xml->parser)));
    return refuse(err, zh, en);
}

/* False and PROBLEM_NONE: its encoding is none that expat knows; nothing was told then.
 */
static bool parse(struct xml *xml, const char *encoding, const char *bytes, size_t n,
                  struct error *err)
{
    struct error why = { 0 };
    XML_Parser parser = XML_ParserCreate(encoding);

    xml->parser = parser;
    xml->err = &why;
    XML_SetUserData(parser, xml);
    XML_SetElementHandler(parser, on_open, on_close);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    bool ok = XML_Parse(parser, bytes, (int)n, 1) == XML_STATUS_OK;
    if (xml->has_stopped)
        ok = why.problem == PROBLEM_NONE;
    else if (!ok && XML_GetErrorCode(parser) != XML_ERROR_UNKNOWN_ENCODING)
        explain(xml, &why);
    XML_ParserFree(parser);
    *err = why;
    return ok;
}

bool xml_read(struct xml *xml, const char *bytes, size_t n, struct error *err)
{
    struct error why;
    TEXT(text);

    bool ok = parse(xml, NULL, bytes, n, &why);
    if (!ok && why.problem == PROBLEM_NONE) { /* GB2312, GBK, GB18030 ... */
        if (!charset_read(bytes, n, &text, err))
            return false;
        ok = parse(xml, "UTF-8", text.data, text.length, &why);
    }
    if (!ok)
        *err = why;
    return ok;
}

int xml_line(const struct xml *xml)
{
    return (int)XML_GetCurrentLineNumber(xml->parser);
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (!strcmp(local(attributes[0]), name))
            return attributes[1];
    return NULL;
}
