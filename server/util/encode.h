#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes as text.  base64url is RFC 4648 §5 without padding; decoding is strict: foreign
 * characters, padding and spare bits that are not zero are refused, so that one value has
 * one text. */
size_t encode_base64url_size(size_t n); /* characters, without the NUL */
void encode_base64url(const void *bytes, size_t n, char *out); /* and a NUL */
bool decode_base64url(const char *text, size_t n, void *out, size_t capacity,
                      size_t *n_out);
void encode_hex(const void *bytes, size_t n, char *out); /* lower case and a NUL */
bool decode_hex(const char *text, void *out, size_t n);  /* exactly n bytes */
bool utf8_is_valid(const char *bytes, size_t n);         /* RFC 3629, no NUL */
