#include "formats/markup.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void put_character(struct text *out, unsigned long c)
{
    if (c < 0x20 && c != '\n' && c != '\t')
        return;
    if (c < 0x80) {
        text_char(out, (char)c);
    } else if (c < 0x800) {
        text_char(out, (char)(0xc0 | c >> 6));
        text_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000 && (c < 0xd800 || c > 0xdfff)) {
        text_char(out, (char)(0xe0 | c >> 12));
        text_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        text_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c >= 0x10000 && c <= 0x10ffff) {
        text_char(out, (char)(0xf0 | c >> 18));
        text_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        text_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        text_char(out, (char)(0x80 | (c & 0x3f)));
    }
}

static unsigned long entity_of(const char *name, size_t n)
{
    static const struct {
        const char *name;
        unsigned long c;
    } known[] = { { "lt", '<' },       { "gt", '>' },        { "amp", '&' },
                  { "quot", '"' },     { "apos", '\'' },     { "nbsp", 0xa0 },
                  { "ldquo", 0x201c }, { "rdquo", 0x201d },  { "lsquo", 0x2018 },
                  { "rsquo", 0x2019 }, { "hellip", 0x2026 }, { "mdash", 0x2014 },
                  { "middot", 0xb7 },  { "times", 0xd7 },    { "ndash", 0x2013 },
                  { "laquo", 0xab },   { "raquo", 0xbb },    { "bull", 0x2022 },
                  { "deg", 0xb0 },     { "plusmn", 0xb1 },   { "divide", 0xf7 },
                  { "le", 0x2264 },    { "ge", 0x2265 },     { "ne", 0x2260 },
                  { "larr", 0x2190 },  { "rarr", 0x2192 },   { "permil", 0x2030 },
                  { "ensp", 0x2002 },  { "emsp", 0x2003 },   { "thinsp", 0x2009 },
                  { "sect", 0xa7 },    { "yen", 0xa5 },      { "euro", 0x20ac } };

    if (n > 1 && name[0] == '#')
        return name[1] == 'x' || name[1] == 'X' ? strtoul(name + 2, NULL, 16)
                                                : strtoul(name + 1, NULL, 10);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strlen(known[i].name) == n && !strncmp(known[i].name, name, n))
            return known[i].c;
    return 0;
}

/* Returns how long the entity at `p` is; 0: it is none, but a plain &. */
static size_t put_entity(struct text *out, const char *p)
{
    size_t n = strcspn(p + 1, "; &<\n");

    if (p[1 + n] != ';' || n > 10)
        return 0;
    unsigned long c = entity_of(p + 1, n);
    if (!c)
        return 0;
    put_character(out, c);
    return n + 2;
}

static bool is_tag(const char *p, const char *name)
{
    size_t n = strlen(name);

    p += *p == '/';
    return !strncasecmp(p, name, n) && strchr(" \t\n/>", p[n]);
}

static bool is_one_of(const char *element, const char *const *names)
{
    for (; *names; names++)
        if (is_tag(element, *names))
            return true;
    return false;
}

static void put_line_end(struct text *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    if (out->length && out->data[out->length - 1] != '\n')
        text_char(out, '\n');
}

bool markup_is_block(const char *element)
{
    static const char *const blocks[] = { "br", "p",   "div",        "li", "ul",
                                          "ol", "tr",  "h1",         "h2", "h3",
                                          "h4", "h5",  "h6",         "hr", "dt",
                                          "dd", "pre", "blockquote", NULL };

    return is_one_of(element, blocks);
}

/* Steps over a tag or a comment. */
static const char *past_tag(struct text *out, const char *p)
{
    const char *end = !strncmp(p, "<!--", 4) ? strstr(p, "-->") : strchr(p, '>');

    if (markup_is_block(p + 1))
        put_line_end(out);
    return end ? strchr(end, '>') + 1 : p + strlen(p);
}

bool markup_is_media(const char *element)
{
    static const char *const names[] = { "img",    "audio", "video", "object", "embed",
                                         "iframe", "svg",   "math",  "canvas", NULL };

    return is_one_of(element, names);
}

bool markup_has_media(const char *html)
{
    for (const char *p = html; (p = strchr(p, '<')); p++)
        if (p[1] != '/' && markup_is_media(p + 1))
            return true;
    if (strstr(html, "@@PLUGINFILE@@")) /* what Moodle calls a file of its own */
        return true;
    const char *formula = strstr(html, "\\("), *display = strstr(html, "$$"); /* TeX */
    return (formula && strstr(formula, "\\)")) ||
           (display && strstr(display + 2, "$$"));
}

void markup_raise(struct text *out, char c)
{
    static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴",
                                          "⁵", "⁶", "⁷", "⁸", "⁹" };

    if (c >= '0' && c <= '9')
        text_string(out, digits[c - '0']);
    else if (c == '+' || c == '-')
        text_string(out, c == '+' ? "⁺" : "⁻");
    else
        text_char(out, c);
}

void markup_text(struct text *out, const char *html)
{
    bool is_raised = false;

    for (const char *p = html; *p;) {
        size_t space = strspn(p, " \t\n\r"), entity;

        if (space && memchr(p, '\n', space)) {
            text_char(out, ' ');
            p += space;
        } else if (*p == '<' && p[1] && !strchr(" =<\n", p[1])) {
            is_raised = is_tag(p + 1, "sup") ? p[1] != '/' : is_raised;
            p = past_tag(out, p);
        } else if (*p == '&' && (entity = put_entity(out, p))) {
            p += entity;
        } else if (is_raised) {
            markup_raise(out, *p++);
        } else {
            text_char(out, *p++);
        }
    }
    text_string(out, "");
    while (out->length && strchr(" \n", out->data[out->length - 1]))
        out->data[--out->length] = '\0';
}

void markup_escape(struct text *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        switch (*p) {
        case '<':
            text_string(out, "&lt;");
            break;
        case '>':
            text_string(out, "&gt;");
            break;
        case '&':
            text_string(out, "&amp;");
            break;
        case '"':
            text_string(out, "&quot;");
            break;
        case '\n':
            text_string(out, "&#10;"); /* in an attribute it would become a space */
            break;
        case '\t':
            text_string(out, "&#9;");
            break;
        default:
            if (*p >= 0x20 || *p == '\n' || *p == '\t')
                text_char(out, (char)*p);
        }
}
