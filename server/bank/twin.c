#include "bank/question.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/sha.h>

#include "util/encode.h"
#include "util/memory.h"

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void question_twin(const json_t *json, char out[TWIN_TEXT])
{
    const json_t *choices = json_object_get(json, "choices");
    const char *stem = json_string_value(json_object_get(json, "stem"));
    const char *folded[MAX_CHOICES];
    unsigned char hash[SHA256_DIGEST_LENGTH];
    struct arena arena;
    size_t n = 0;
    TEXT(text);

    arena_init(&arena);
    for (size_t i = 0; i < json_array_size(choices) && n < MAX_CHOICES; i++) {
        const char *choice = json_string_value(json_array_get(choices, i));

        folded[n++] = question_fold(&arena, choice ? choice : "");
    }
    qsort(folded, n, sizeof(*folded), by_text);
    text_string(&text, question_fold(&arena, stem ? stem : ""));
    for (size_t i = 0; i < n; i++)
        text_printf(&text, "\n%s", folded[i]);
    SHA256((const unsigned char *)text.data, text.length, hash);
    encode_hex(hash, (TWIN_TEXT - 1) / 2, out);
    arena_done(&arena);
}
