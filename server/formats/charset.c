#include "formats/charset.h"

#include <iconv.h>
#include <string.h>

#include "util/encode.h"

static bool unreadable(struct error *err)
{
    return error_set(err, PROBLEM_FILE_REFUSED,
                     "文件的文字编码无法识别，请另存为 UTF-8 或 GB18030",
                     "the file's encoding is not known; save it as UTF-8 or GB18030");
}

/* UTF-8 takes at most twice the bytes of the others (two of UTF-16 become three). */
static bool convert(const char *from, const char *bytes, size_t n, struct text *out)
{
    iconv_t way = iconv_open("UTF-8", from);
    char *in = (char *)bytes, *end = text_reserve(out, n * 2 + 4);
    size_t room = n * 2 + 4;

    if (way == (iconv_t)-1)
        return false;
    bool ok = iconv(way, &in, &n, &end, &room) != (size_t)-1 && !n;
    iconv_close(way);
    out->length = (size_t)(end - out->data);
    out->data[out->length] = '\0';
    return ok && utf8_is_valid(out->data, out->length);
}

static bool begins(const char *bytes, size_t n, const char *mark, size_t size)
{
    return n >= size && !memcmp(bytes, mark, size);
}

static void unify_line_ends(struct text *text)
{
    char *end = text->data;

    if (!text->length)
        return;
    for (const char *p = text->data; *p; p++)
        if (*p != '\r')
            *end++ = *p;
        else if (p[1] != '\n')
            *end++ = '\n';
    *end = '\0';
    text->length = (size_t)(end - text->data);
}

bool charset_read(const char *bytes, size_t n, struct text *out, struct error *err)
{
    bool ok = true;

    text_clear(out);
    if (begins(bytes, n, "\xef\xbb\xbf", 3))
        text_append(out, bytes + 3, n - 3);
    else if (begins(bytes, n, "\xff\xfe", 2))
        ok = convert("UTF-16LE", bytes + 2, n - 2, out);
    else if (begins(bytes, n, "\xfe\xff", 2))
        ok = convert("UTF-16BE", bytes + 2, n - 2, out);
    else if (utf8_is_valid(bytes, n))
        text_append(out, bytes, n);
    else
        ok = convert("GB18030", bytes, n, out);
    if (!ok || !utf8_is_valid(out->data, out->length))
        return unreadable(err);
    unify_line_ends(out);
    return true;
}
