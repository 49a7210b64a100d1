#include "util/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void text_done(struct text *text)
{
    free(text->data);
    *text = (struct text){ 0 };
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void text_grow(struct text *text, size_t n)
{
    size_t capacity = text->capacity ? text->capacity * 2 : 256;

    while (capacity < text->length + n + 1)
        capacity *= 2;
    text->data = memory_resize(text->data, capacity);
    text->capacity = capacity;
}

char *text_reserve(struct text *text, size_t n)
{
    if (text->length + n >= text->capacity)
        text_grow(text, n);
    return text->data + text->length;
}

void text_int(struct text *text, int64_t value)
{
    char digits[24], *p = digits + sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--p = '-';
    text_append(text, p, (size_t)(digits + sizeof(digits) - p));
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
    va_list again;

    va_copy(again, args);
    char none[1];
    int n = vsnprintf(none, 0, format, args);
    if (n > 0) {
        vsnprintf(text_reserve(text, (size_t)n), (size_t)n + 1, format, again);
        text->length += (size_t)n;
    }
    va_end(again);
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vprintf(text, format, args);
    va_end(args);
}

static void escape(struct text *text, unsigned char c)
{
    switch (c) {
    case '"': text_append(text, "\\\"", 2); break;
    case '\\': text_append(text, "\\\\", 2); break;
    case '\n': text_append(text, "\\n", 2); break;
    case '\r': text_append(text, "\\r", 2); break;
    case '\t': text_append(text, "\\t", 2); break;
    default: text_printf(text, "\\u%04x", c);
    }
}

void text_json(struct text *text, const char *bytes, size_t n)
{
    size_t from = 0;

    text_char(text, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        text_append(text, bytes + from, i - from);
        escape(text, c);
        from = i + 1;
    }
    text_append(text, bytes + from, n - from);
    text_char(text, '"');
}

void text_json_string(struct text *text, const char *string)
{
    if (string)
        text_json(text, string, strlen(string));
    else
        text_append(text, "null", 4);
}

void text_points(struct text *text, int64_t hundredths)
{
    int64_t rest = hundredths % 100;

    if (hundredths < 0) {
        text_char(text, '-');
        hundredths = -hundredths;
        rest = -rest;
    }
    text_int(text, hundredths / 100);
    if (!rest)
        return;
    text_char(text, '.');
    text_char(text, (char)('0' + rest / 10));
    if (rest % 10)
        text_char(text, (char)('0' + rest % 10));
}

void text_csv(struct text *text, const char *string)
{
    bool is_formula = string[0] && (strchr("=+-@", string[0]) ||
                                    (unsigned char)string[0] < 0x20);

    if (!is_formula && !strpbrk(string, "\",\r\n")) {
        text_string(text, string);
        return;
    }
    text_char(text, '"');
    if (is_formula)
        text_char(text, '\'');
    for (; *string; string++) {
        if (*string == '"')
            text_char(text, '"');
        text_char(text, *string);
    }
    text_char(text, '"');
}

size_t text_characters(const char *utf8)
{
    size_t n = 0;

    for (; *utf8; utf8++)
        n += ((unsigned char)*utf8 & 0xc0) != 0x80;
    return n;
}
