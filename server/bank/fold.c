#include "bank/fold.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char *const marks[] = { "。", "、", "｡", "､", ".", ",", NULL };

enum { BROKEN = 0xfffd };

/* The code point at p, and where the next begins.  Only bytes that continue a character
 * are passed over, so even a broken text is not read beyond its NUL; a byte that continues
 * none is not taken for the code point of its number, some of which are spaces. */
static const char *decode(const char *p, uint32_t *out)
{
    unsigned char first = (unsigned char)*p++;
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;

    *out = more ? first & (0x3fu >> more) : first < 0x80 ? first : BROKEN;
    for (; more && ((unsigned char)*p & 0xc0) == 0x80; more--)
        *out = *out << 6 | ((unsigned char)*p++ & 0x3f);
    return p;
}

static bool is_space(uint32_t c)
{
    return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xa0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200d) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x2060 || c == 0x3000 || c == 0xfeff;
}

size_t fold_space(const char *text)
{
    uint32_t c;
    const char *end = decode(text, &c);

    return is_space(c) ? (size_t)(end - text) : 0;
}

static uint32_t narrow(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static size_t narrow_all(const char *text, char *out)
{
    char *end = out;
    const char *next;
    uint32_t c;

    for (const char *p = text; *p; p = next) {
        next = decode(p, &c);
        if (is_space(c))
            continue;
        if (narrow(c) != c) {
            *end++ = (char)narrow(c);
        } else {
            memcpy(end, p, (size_t)(next - p));
            end += next - p;
        }
    }
    return (size_t)(end - out);
}

static size_t mark_at_front(const char *text, size_t n)
{
    for (int i = 0; marks[i]; i++) {
        size_t size = strlen(marks[i]);

        if (size <= n && !memcmp(text, marks[i], size))
            return size;
    }
    return 0;
}

static size_t mark_at_back(const char *text, size_t n)
{
    for (int i = 0; marks[i]; i++) {
        size_t size = strlen(marks[i]);

        if (size <= n && !memcmp(text + n - size, marks[i], size))
            return size;
    }
    return 0;
}

size_t fold_text(const char *text, char *out)
{
    size_t n = narrow_all(text, out), from = 0, size;

    while ((size = mark_at_back(out, n)))
        n -= size;
    while ((size = mark_at_front(out + from, n - from)))
        from += size;
    memmove(out, out + from, n - from);
    out[n - from] = '\0';
    return n - from;
}
