#include "http/room.h"

#include <string.h>

#include "util/encode.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int escaped(const char *text, size_t n)
{
    int high = n > 2 ? hex(text[1]) : -1;
    int low = n > 2 ? hex(text[2]) : -1;

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool query_decode(const char *text, size_t n, bool is_form, char *out)
{
    char *p = out;

    for (size_t i = 0; i < n; i++) {
        int c = (unsigned char)text[i];

        if (c == '%') {
            c = escaped(text + i, n - i);
            i += 2;
        } else if (c == '+' && is_form) {
            c = ' ';
        }
        if (c < 0x20 || c == 0x7f)
            return false;
        *p++ = (char)c;
    }
    *p = '\0';
    return utf8_is_valid(out, (size_t)(p - out));
}

/* A client's own word in a sentence: not all of it if it is long, and whole characters.
 */
static bool complain(struct request *req, enum problem problem, const char *name)
{
    size_t n = strnlen(name, 61);

    if (n > 60)
        for (n = 60; n && ((unsigned char)name[n] & 0xc0) == 0x80;)
            n--;
    return error_set(&req->task.error, problem, arena_copy(&req->arena, name, n));
}

static bool is_listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

/* One "name=value"; a lone name has the empty value. */
static bool read_pair(struct request *req, const char *text, size_t n)
{
    const char *equals = memchr(text, '=', n);
    size_t n_name = equals ? (size_t)(equals - text) : n;
    size_t n_value = equals ? n - n_name - 1 : 0;
    char *name = arena_alloc(&req->arena, n_name + 1);
    char *value = arena_alloc(&req->arena, n_value + 1);

    if (!query_decode(text, n_name, true, name))
        return complain(req, PROBLEM_PARAMETER_UNKNOWN, "?");
    if (!is_listed(req->route->query, name))
        return complain(req, PROBLEM_PARAMETER_UNKNOWN, name);
    if (request_query(req, name) || req->n_query == MAX_QUERY ||
        !query_decode(equals ? equals + 1 : "", n_value, true, value))
        return complain(req, PROBLEM_PARAMETER_BAD, name);
    req->query[req->n_query++] = (struct pair){ name, value };
    return true;
}

bool query_read(struct request *req, const char *query)
{
    for (const char *p = query; p && *p;) {
        size_t n = strcspn(p, "&");

        if (n && !read_pair(req, p, n))
            return false;
        p += p[n] ? n + 1 : n;
    }
    return true;
}
