/* What a file looks like.  Archives are told by what they hold, texts by how they
 * begin. */
#include "formats/formats.h"

#include <ctype.h>
#include <string.h>

#include "formats/archive.h"
#include "formats/charset.h"
#include "util/memory.h"

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), size = strlen(end);

    return n >= size && !strcmp(name + n - size, end);
}

static enum format detect_archive(const void *bytes, size_t n)
{
    struct error ignored;
    struct archive *archive = archive_open(bytes, n, &ignored);
    enum format found = FORMAT_AUTO;

    if (!archive)
        return FORMAT_XLSX; /* whose reader says what is wrong with it */
    if (archive_has(archive, "xl/workbook.xml"))
        found = FORMAT_XLSX;
    else if (archive_has(archive, "imsmanifest.xml"))
        found = FORMAT_QTI;
    for (int i = 0; found == FORMAT_AUTO && i < archive_count(archive); i++)
        if (ends_with(archive_name(archive, i), ".xml"))
            found = FORMAT_QTI;
    archive_close(archive);
    return found;
}

static enum format detect_xml(const char *text)
{
    if (strstr(text, "<quiz"))
        return FORMAT_MOODLE;
    return strstr(text, "assessmentItem") || strstr(text, "assessment-item") ||
                   strstr(text, "<questestinterop") /* QTI 1.2, whose reader says so */
               ? FORMAT_QTI
               : FORMAT_AUTO;
}

static const char *line_end(const char *p)
{
    const char *end = strchr(p, '\n');

    return end ? end : p + strlen(p);
}

static bool holds(const char *p, const char *end, const char *what)
{
    const char *found = strcasestr(p, what);

    return found && found < end;
}

/* One of the first lines has the headings 题干 and 答案. */
static bool is_table(const char *text)
{
    static const char *const stems[] = { "题干", "stem", "题目", "试题", NULL };
    static const char *const keys[] = { "答案", "key", "answer", NULL };

    for (int line = 0; line < 5 && *text; line++) {
        const char *end = line_end(text);
        bool has_stem = false, has_key = false;

        for (int i = 0; stems[i]; i++)
            has_stem |= holds(text, end, stems[i]);
        for (int i = 0; keys[i]; i++)
            has_key |= holds(text, end, keys[i]);
        if (has_stem && has_key &&
            (memchr(text, ',', (size_t)(end - text)) ||
             memchr(text, '\t', (size_t)(end - text)) ||
             memchr(text, ';', (size_t)(end - text))))
            return true;
        text = *end ? end + 1 : end;
    }
    return false;
}

/* {= {~ {# {T {F {} somewhere, or a line that only GIFT has. */
static bool is_gift(const char *text)
{
    if (!strncmp(text, "::", 2) || strstr(text, "\n::") || strstr(text, "$CATEGORY:"))
        return true;
    for (const char *p = text; (p = strchr(p, '{'));) {
        p++;
        if (p - text >= 2 && p[-2] == '\\')
            continue;
        p += strspn(p, " \t\n");
        if (*p && strchr("=~#}TF", *p))
            return true;
    }
    return false;
}

/* GIFT may begin with [html]. */
static bool is_json(const char *first)
{
    return *first == '{' || (*first == '[' && !isalpha((unsigned char)first[1]));
}

enum format format_detect(const void *bytes, size_t n)
{
    const char *raw = bytes;
    struct error ignored;
    TEXT(text);

    if (n >= 4 && !memcmp(raw, "PK\3\4", 4))
        return detect_archive(bytes, n);
    if (n >= 4 && !memcmp(raw, "\xd0\xcf\x11\xe0", 4))
        return FORMAT_AUTO; /* an old .xls */
    if (!charset_read(raw, n, &text, &ignored))
        return FORMAT_AUTO;
    text_string(&text, "");
    const char *first = text.data + strspn(text.data, " \t\n");
    if (*first == '<')
        return detect_xml(first);
    if (is_json(first))
        return FORMAT_JSON;
    if (!strncmp(first, "【竞答题库】", strlen("【竞答题库】")))
        return FORMAT_PLAIN; /* our own export, whatever it holds */
    if (is_table(first))
        return FORMAT_CSV;
    return is_gift(first) ? FORMAT_GIFT : FORMAT_PLAIN;
}
