/*
 * dimensions (int4: 1, or 0 when empty), whether there are nulls (int4), the elements'
 * type (int4); then, unless empty, their count (int4), the lower bound (int4: 1), and
 * for each its length (int4, -1 for a null) and its bytes.  Everything in network
 * order.
 */
#include "pg/array.h"

#include <endian.h>
#include <string.h>

#include "pg/inside.h"

static char *put_int32(char *to, int32_t value)
{
    uint32_t net = htobe32((uint32_t)value);

    memcpy(to, &net, sizeof(net));
    return to + sizeof(net);
}

/* Writes the head and returns the place of the first element: there is room for them
 * all. */
static char *begin(struct text *out, enum type type, bool has_null, size_t n,
                   size_t size)
{
    char *p = text_reserve(out, 20 + size);

    out->length += (n ? 20 : 12) + size;
    p = put_int32(p, n ? 1 : 0);
    p = put_int32(p, has_null);
    p = put_int32(p, (int32_t)type);
    if (n) {
        p = put_int32(p, (int32_t)n);
        p = put_int32(p, 1);
    }
    return p;
}

static void end(struct text *out)
{
    out->data[out->length] = '\0';
}

void array_int16(struct text *out, const int16_t *values, size_t n)
{
    char *p = begin(out, TYPE_INT16, false, n, n * (4 + sizeof(*values)));

    for (size_t i = 0; i < n; i++) {
        uint16_t net = htobe16((uint16_t)values[i]);

        p = mempcpy(put_int32(p, sizeof(net)), &net, sizeof(net));
    }
    end(out);
}

void array_int32(struct text *out, const int32_t *values, size_t n)
{
    char *p = begin(out, TYPE_INT32, false, n, n * (4 + sizeof(*values)));

    for (size_t i = 0; i < n; i++)
        p = put_int32(put_int32(p, sizeof(*values)), values[i]);
    end(out);
}

void array_int64(struct text *out, const int64_t *values, size_t n)
{
    char *p = begin(out, TYPE_INT64, false, n, n * (4 + sizeof(*values)));

    for (size_t i = 0; i < n; i++) {
        uint64_t net = htobe64((uint64_t)values[i]);

        p = mempcpy(put_int32(p, sizeof(net)), &net, sizeof(net));
    }
    end(out);
}

void array_double(struct text *out, const double *values, size_t n)
{
    char *p = begin(out, TYPE_DOUBLE, false, n, n * (4 + sizeof(*values)));

    for (size_t i = 0; i < n; i++) {
        uint64_t bits;

        memcpy(&bits, &values[i], sizeof(bits));
        bits = htobe64(bits);
        p = mempcpy(put_int32(p, sizeof(bits)), &bits, sizeof(bits));
    }
    end(out);
}

static char *put_bytes(char *p, const void *bytes, size_t n)
{
    if (!bytes)
        return put_int32(p, -1);
    return (char *)memcpy(put_int32(p, (int32_t)n), bytes, n) + n;
}

void array_text(struct text *out, const char *const *values, size_t n)
{
    size_t size = 0;
    bool has_null = false;

    for (size_t i = 0; i < n; i++) {
        size += 4 + (values[i] ? strlen(values[i]) : 0);
        has_null |= !values[i];
    }
    char *p = begin(out, TYPE_TEXT, has_null, n, size);
    for (size_t i = 0; i < n; i++)
        p = put_bytes(p, values[i], values[i] ? strlen(values[i]) : 0);
    end(out);
}

static void put_all(struct text *out, enum type type, const struct bytes *values,
                    size_t n)
{
    size_t size = 0;
    bool has_null = false;

    for (size_t i = 0; i < n; i++) {
        size += 4 + (values[i].data ? values[i].size : 0);
        has_null |= !values[i].data;
    }
    char *p = begin(out, type, has_null, n, size);
    for (size_t i = 0; i < n; i++)
        p = put_bytes(p, values[i].data, values[i].size);
    end(out);
}

void array_bytes(struct text *out, const struct bytes *values, size_t n)
{
    put_all(out, TYPE_BYTES, values, n);
}

void array_numeric(struct text *out, const struct bytes *values, size_t n)
{
    put_all(out, TYPE_NUMERIC, values, n);
}
