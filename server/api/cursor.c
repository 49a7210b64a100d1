#include "api/cursor.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#include "util/encode.h"

struct packed_cursor {
    char kind;
    uint64_t numbers[CURSOR_NUMBERS];
} __attribute__((packed));

void cursor_write(char kind, const int64_t *numbers, int n, char out[CURSOR_TEXT])
{
    struct packed_cursor packed = { .kind = kind };

    assert(n <= CURSOR_NUMBERS);
    for (int i = 0; i < n; i++)
        packed.numbers[i] = htobe64((uint64_t)numbers[i]);
    encode_base64url(&packed, 1 + sizeof(uint64_t) * (size_t)n, out);
}

const char *cursor_make(struct request *req, char kind, const int64_t *numbers, int n)
{
    char *out = arena_alloc(&req->arena, CURSOR_TEXT);

    cursor_write(kind, numbers, n, out);
    return out;
}

bool cursor_is(struct request *req, char kind)
{
    const char *text = request_query(req, "cursor");
    struct packed_cursor packed;
    size_t size;

    return text && decode_base64url(text, strlen(text), &packed, sizeof(packed), &size) && size &&
           packed.kind == kind;
}

bool cursor_read(struct request *req, char kind, int64_t *numbers, int n, bool *found)
{
    const char *text = request_query(req, "cursor");
    struct packed_cursor packed;
    size_t size;

    *found = text;
    if (!text)
        return true;
    if (!decode_base64url(text, strlen(text), &packed, sizeof(packed), &size) ||
        size != 1 + sizeof(uint64_t) * (size_t)n || packed.kind != kind)
        return error_set(&req->task.error, PROBLEM_CURSOR_BAD);
    for (int i = 0; i < n; i++)
        numbers[i] = (int64_t)be64toh(packed.numbers[i]);
    return true;
}

bool cursor_read_one(struct request *req, char kind, int64_t least, int64_t most,
                     int64_t *number)
{
    int64_t read;
    bool found;

    if (!cursor_read(req, kind, &read, 1, &found))
        return false;
    if (!found)
        return true;
    if (read < least || read > most)
        return error_set(&req->task.error, PROBLEM_CURSOR_BAD);
    *number = read;
    return true;
}
