#include "util/encode.h"

#include <string.h>

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t encode_base64url_size(size_t n)
{
    return (n * 4 + 2) / 3;
}

void encode_base64url(const void *bytes, size_t n, char *out)
{
    const unsigned char *in = bytes;
    unsigned bits = 0, value = 0;

    for (size_t i = 0; i < n; i++) {
        value = (value << 8 | in[i]) & 0xffff;
        for (bits += 8; bits >= 6; bits -= 6)
            *out++ = letters[value >> (bits - 6) & 63];
    }
    if (bits)
        *out++ = letters[value << (6 - bits) & 63];
    *out = '\0';
}

static int letter_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool decode_base64url(const char *text, size_t n, void *out, size_t capacity,
                      size_t *n_out)
{
    unsigned char *p = out;
    unsigned bits = 0, value = 0;

    if (n % 4 == 1 || n / 4 * 3 + (n % 4 ? n % 4 - 1 : 0) > capacity)
        return false;
    for (size_t i = 0; i < n; i++) {
        int v = letter_value(text[i]);

        if (v < 0)
            return false;
        value = (value << 6 | (unsigned)v) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *p++ = (unsigned char)(value >> bits);
        }
    }
    if (value & ((1u << bits) - 1))
        return false;
    *n_out = (size_t)(p - (unsigned char *)out);
    return true;
}

void encode_hex(const void *bytes, size_t n, char *out)
{
    const unsigned char *in = bytes;

    for (size_t i = 0; i < n; i++) {
        *out++ = "0123456789abcdef"[in[i] >> 4];
        *out++ = "0123456789abcdef"[in[i] & 15];
    }
    *out = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool decode_hex(const char *text, void *out, size_t n)
{
    unsigned char *p = out;

    if (strlen(text) != n * 2)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(text[i * 2]), low = hex_value(text[i * 2 + 1]);

        if (high < 0 || low < 0)
            return false;
        p[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* How many bytes follow a first byte, and the least value that needs that many. */
static int sequence(unsigned char first, uint32_t *value, uint32_t *least)
{
    if (first >= 0xc2 && first <= 0xdf)
        return *value = first & 0x1f, *least = 0x80, 1;
    if (first >= 0xe0 && first <= 0xef)
        return *value = first & 0x0f, *least = 0x800, 2;
    if (first >= 0xf0 && first <= 0xf4)
        return *value = first & 0x07, *least = 0x10000, 3;
    return -1;
}

bool utf8_is_valid(const char *bytes, size_t n)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + n;

    while (p < end) {
        uint32_t value, least;

        if (*p < 0x80) {
            if (!*p++)
                return false;
            continue;
        }
        int more = sequence(*p++, &value, &least);
        if (more < 0 || end - p < more)
            return false;
        for (; more; more--, p++) {
            if ((*p & 0xc0) != 0x80)
                return false;
            value = value << 6 | (*p & 0x3f);
        }
        if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
            return false;
    }
    return true;
}
