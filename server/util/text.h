#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "util/memory.h"

/* A growing string of bytes, always followed by a NUL; the writer of JSON and CSV. */
struct text {
    char *data;
    size_t length, capacity;
};

void text_done(struct text *text);
void text_clear(struct text *text); /* keeps the memory */

/* Makes room for n bytes and a NUL. */
void text_grow(struct text *text, size_t n);

/* Inline, because replies are made of thousands of small pieces whose length is known when
 * this is compiled. */
static inline void text_append(struct text *text, const void *bytes, size_t n)
{
    if (text->length + n >= text->capacity)
        text_grow(text, n);
    if (n)
        memcpy(text->data + text->length, bytes, n);
    text->length += n;
    text->data[text->length] = '\0';
}

static inline void text_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

/* A string that lives elsewhere, with its length, so that nobody counts it again. */
struct piece {
    const char *at; /* ends with a NUL */
    size_t length;
};

static inline void text_piece(struct text *text, const struct piece *piece)
{
    text_append(text, piece->at, piece->length);
}

static inline void text_char(struct text *text, char c)
{
    text_append(text, &c, 1);
}

void text_int(struct text *text, int64_t value);
void text_printf(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args);

/* Room for n bytes at the end, to be written by the caller, who then adds to length. */
char *text_reserve(struct text *text, size_t n);

/* A JSON string, quoted and escaped; the bytes are UTF-8 that was checked on the way in. */
void text_json(struct text *text, const char *bytes, size_t n);
void text_json_string(struct text *text, const char *string); /* NULL writes null */

/* Hundredths as a decimal without needless zeros: 1250 is 12.5. */
void text_points(struct text *text, int64_t hundredths);

/* One CSV field (RFC 4180), and against formulas: a field that begins with = + - @ or a
 * control character gets a leading apostrophe, so that a spreadsheet shows it as text. */
void text_csv(struct text *text, const char *string);

/* How many characters (code points) a string of UTF-8 has. */
size_t text_characters(const char *utf8);

/* A text that is freed on leaving the scope. */
#define TEXT(name) AUTO(text_done) struct text name = { 0 }
