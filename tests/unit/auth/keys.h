#pragma once
/* Secrets for the tests of auth/: always the same ones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "auth/secret.h"

#define KEYS_PAPER                                                                     \
    "paper 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
#define KEYS_OLD                                                                       \
    "session old ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n"
#define KEYS_NEW                                                                       \
    "session new-2026 "                                                                \
    "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0\n"

static inline struct secret keys_read(const char *text)
{
    struct secret secret;
    int line;

    if (!secret_read(text, &secret, &line))
        fail_msg("line %d of the secrets", line);
    return secret;
}

/* Calls `is_taken` with the text changed in every place to every other character that
 * it might have there, cut at every place, and with more behind it: none may be taken.
 */
static inline void keys_forge(const char *text, bool (*is_taken)(const char *))
{
    static const char others[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\x80";
    size_t n = strlen(text);
    char copy[1200];

    assert_true(n + 2 < sizeof(copy));
    assert_true(is_taken(text));
    memcpy(copy, text, n + 1);
    for (size_t i = 0; i < n; i++, copy[i - 1] = text[i - 1])
        for (const char *c = others; *c; c++) {
            copy[i] = *c;
            if (*c != text[i] && is_taken(copy))
                fail_msg("'%c' in place %zu is taken", *c, i);
        }
    for (size_t i = 0; i < n; i++) {
        memcpy(copy, text, i);
        copy[i] = '\0';
        assert_false(is_taken(copy));
    }
    for (const char *c = others; *c; c++) {
        snprintf(copy, sizeof(copy), "%s%c", text, *c);
        assert_false(is_taken(copy));
        snprintf(copy, sizeof(copy), "%c%s", *c, text);
        assert_false(is_taken(copy));
    }
}
