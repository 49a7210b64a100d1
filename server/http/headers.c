#include "http/room.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/memory.h"

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

/* Thousandths of a quality value such as ";q=0.8"; 1000 without one. */
static int quality(const char *p, const char *end)
{
    int q = 0, weight = 1000;

    p = memmem(p, (size_t)(end - p), "q=", 2);
    if (!p)
        return 1000;
    for (p += 2; p < end && weight; p++) {
        if (*p >= '0' && *p <= '9') {
            q += (*p - '0') * weight;
            weight /= 10;
        } else if (*p != '.') {
            break;
        }
    }
    return q < 1000 ? q : 1000;
}

static bool is_language(const char *p, const char *tag)
{
    return !strncasecmp(p, tag, 2) && (!p[2] || strchr("-;, \t", p[2]));
}

enum language headers_language(const char *accept_language)
{
    int english = 0, chinese = 0;

    for (const char *p = accept_language; p && *p;) {
        p = skip_blanks(p);
        const char *end = p + strcspn(p, ",");
        int q = quality(p, end);

        if (is_language(p, "en") && q > english)
            english = q;
        if (is_language(p, "zh") && q > chinese)
            chinese = q;
        p = *end ? end + 1 : end;
    }
    return english > chinese ? ENGLISH : CHINESE;
}

static bool is_coding(const char *p, const char *coding)
{
    size_t n = strlen(coding);

    return !strncasecmp(p, coding, n) && (!p[n] || strchr("; \t,", p[n]));
}

/* "*" speaks for gzip only where gzip is not named. */
bool headers_takes_gzip(const char *accept_encoding)
{
    int gzip = -1, any = 0;

    for (const char *p = accept_encoding; p && *p;) {
        p = skip_blanks(p);
        const char *end = p + strcspn(p, ",");

        if (is_coding(p, "gzip"))
            gzip = quality(p, end);
        else if (is_coding(p, "*"))
            any = quality(p, end);
        p = *end ? end + 1 : end;
    }
    return gzip >= 0 ? gzip > 0 : any > 0;
}

/* application/json, and nothing after it but a charset that says UTF-8. */
bool headers_is_json(const char *content_type)
{
    static const char json[] = "application/json";
    static const char *const charsets[] = { "charset=utf-8", "charset=\"utf-8\"" };

    if (!content_type || strncasecmp(content_type, json, sizeof(json) - 1))
        return false;
    const char *p = skip_blanks(content_type + sizeof(json) - 1);
    if (!*p)
        return true;
    if (*p++ != ';')
        return false;
    p = skip_blanks(p);
    return !*p || !strcasecmp(p, charsets[0]) || !strcasecmp(p, charsets[1]);
}

/* Proxies append: only the last address was written by the one we trust. */
bool headers_forwarded(const char *forwarded_for, char out[48])
{
    const char *comma = strrchr(forwarded_for, ',');
    const char *p = skip_blanks(comma ? comma + 1 : forwarded_for);
    unsigned char address[16];

    if (strlen(p) >= 48 ||
        (inet_pton(AF_INET, p, address) != 1 && inet_pton(AF_INET6, p, address) != 1))
        return false;
    snprintf(out, 48, "%s", p);
    return true;
}

/* The comparison is weak, as If-None-Match wants it: W/"x" is "x". */
bool headers_has_tag(const char *if_none_match, const char *tag)
{
    size_t n = strlen(tag);

    for (const char *p = if_none_match; p && *p;) {
        p += strspn(p, " \t,");
        if (*p == '*')
            return true;
        if (!strncmp(p, "W/", 2))
            p += 2;
        size_t length = strcspn(p, ", \t");
        if (length == n && !memcmp(p, tag, n))
            return true;
        p += length;
    }
    return false;
}
