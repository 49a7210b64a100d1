#include "formats/formats.h"

#include <string.h>

#include "formats/charset.h"
#include "formats/entry.h"
#include "util/memory.h"

const char *const format_names[] = { "json",   "csv", "xlsx", "plain", "gift",
                                     "moodle", "qti", "auto", NULL };
const char *const format_types[] = {
    "application/json",
    "text/csv; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/plain; charset=utf-8",
    "text/plain; charset=utf-8",
    "application/xml; charset=utf-8",
    "application/zip",
};
const char *const format_endings[] = { "json", "csv", "xlsx", "txt",
                                       "gift", "xml", "zip" };

bool format_find(const char *name, enum format *out)
{
    for (int i = 0; name && format_names[i]; i++)
        if (!strcmp(name, format_names[i])) {
            *out = (enum format)i;
            return true;
        }
    return false;
}

static bool is_unpacked_text(enum format format)
{
    return format != FORMAT_XLSX && format != FORMAT_QTI;
}

/* XML says its own encoding; all other text is brought to UTF-8 first. */
static bool read_text(enum format format, const char *bytes, size_t n,
                      struct entries *out, struct error *err)
{
    TEXT(text);

    if (format == FORMAT_MOODLE)
        return moodle_read(bytes, n, out, err);
    if (!charset_read(bytes, n, &text, err))
        return false;
    text_string(&text, "");
    switch (format) {
    case FORMAT_JSON:
        return json_read(text.data, text.length, out, err);
    case FORMAT_CSV:
        return csv_read(text.data, text.length, out, err);
    case FORMAT_GIFT:
        return gift_read(text.data, text.length, out, err);
    default:
        return plain_read(text.data, text.length, out, err);
    }
}

static bool read_as(enum format format, const void *bytes, size_t n,
                    struct entries *out, struct error *err)
{
    if (format == FORMAT_AUTO)
        return refuse(
            err,
            "看不出文件的格式（支持 JSON、CSV、XLSX、文本、GIFT、Moodle XML、QTI；"
            "旧的 .xls 请另存为 .xlsx）",
            "the format is not known (JSON, CSV, XLSX, text, GIFT, Moodle XML and QTI"
            " are; save an old .xls as .xlsx)");
    if (is_unpacked_text(format))
        return read_text(format, bytes, n, out, err);
    return format == FORMAT_XLSX ? xlsx_read(bytes, n, out, err)
                                 : qti_read(bytes, n, out, err);
}

static bool is_usable(const struct entries *entries, struct error *err)
{
    if (entries_are_full(entries))
        return refuse(err, "一次最多导入 20000 题，请分成几个文件",
                      "at most 20,000 questions at a time; part the file");
    return entries->n_questions || entries->n_wrong ||
           refuse(err, "文件里没有题目", "there is no question in the file");
}

bool format_read(struct format_reading *reading, const void *bytes, size_t n,
                 struct error *err)
{
    struct entries entries;

    if (n > FORMAT_MAX_BYTES)
        return refuse(err, "文件超过 8 MiB", "the file is larger than 8 MiB");
    if (reading->format == FORMAT_AUTO)
        reading->format = format_detect(bytes, n);
    entries_init(&entries);
    bool ok =
        read_as(reading->format, bytes, n, &entries, err) && is_usable(&entries, err);
    if (ok)
        entries_tell(&entries, reading);
    entries_done(&entries);
    return ok;
}

bool format_write(enum format format, const json_t *questions, struct text *out,
                  struct error *err)
{
    static bool (*const writers[N_FORMATS])(const json_t *, struct text *,
                                            struct error *) = {
        [FORMAT_JSON] = json_write, [FORMAT_CSV] = csv_write_all,
        [FORMAT_XLSX] = xlsx_write, [FORMAT_PLAIN] = plain_write,
        [FORMAT_GIFT] = gift_write, [FORMAT_MOODLE] = moodle_write,
        [FORMAT_QTI] = qti_write,
    };

    return writers[format](questions, out, err);
}
