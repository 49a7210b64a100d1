#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include "util/arena.h"
#include "util/error.h"

/* Reads a JSON object into a struct by a table: each field with its type and range.
 * Unlisted fields, wrong types and values out of range are refused, with the name of the
 * field; nothing is written to `out` unless everything is right.  Optional fields that are
 * absent leave `out` as it was.  Strings and JSON values are borrowed from the document. */
enum field_kind {
    FIELD_KIND_END,
    FIELD_KIND_INT,    /* int */
    FIELD_KIND_INT64,  /* int64_t */
    FIELD_KIND_BOOL,   /* bool */
    FIELD_KIND_STRING, /* const char *, min..max characters */
    FIELD_KIND_CHOICE, /* int, the place of the string in `choices` */
    FIELD_KIND_TIME,   /* int64_t, ms since 1970, from RFC 3339 */
    FIELD_KIND_POINTS, /* int64_t, hundredths, from a number with at most two decimals */
    FIELD_KIND_OBJECT, /* json_t * */
    FIELD_KIND_ARRAY,  /* json_t *, min..max elements */
};

struct field {
    enum field_kind kind;
    const char *name;
    size_t offset;
    bool is_optional;
    int64_t min, max;
    const char *const *choices; /* ends with NULL */
};

#define FIELD_(KIND, type, member, lo, hi) \
    .kind = FIELD_KIND_##KIND, .name = #member, .offset = offsetof(type, member), \
    .min = (lo), .max = (hi)
#define FIELD_INT(type, member, lo, hi) { FIELD_(INT, type, member, lo, hi) }
#define FIELD_INT64(type, member, lo, hi) { FIELD_(INT64, type, member, lo, hi) }
#define FIELD_BOOL(type, member) { FIELD_(BOOL, type, member, 0, 1) }
#define FIELD_STRING(type, member, lo, hi) { FIELD_(STRING, type, member, lo, hi) }
#define FIELD_TIME(type, member) { FIELD_(TIME, type, member, 0, 0) }
#define FIELD_POINTS(type, member, lo, hi) { FIELD_(POINTS, type, member, lo, hi) }
#define FIELD_OBJECT(type, member) { FIELD_(OBJECT, type, member, 0, 0) }
#define FIELD_ARRAY(type, member, lo, hi) { FIELD_(ARRAY, type, member, lo, hi) }
#define FIELD_CHOICE(type, member, names) \
    { FIELD_(CHOICE, type, member, 0, 0), .choices = (names) }
/* The same, not required: FIELD_OPTIONAL(INT, struct x, y, 0, 9). */
#define FIELD_OPTIONAL(KIND, type, member, lo, hi) \
    { FIELD_(KIND, type, member, lo, hi), .is_optional = true }
#define FIELD_OPTIONAL_CHOICE(type, member, names) \
    { FIELD_(CHOICE, type, member, 0, 0), .choices = (names), .is_optional = true }

bool fields_read(const struct field *fields, const json_t *object, void *out,
                 struct error *err) __attribute__((warn_unused_result));

/* Parses a JSON text strictly: one value, UTF-8, no duplicate keys, no NUL, at most
 * `max_depth` deep.  The caller owns the result; NULL is an error. */
json_t *fields_parse(const char *bytes, size_t n, int max_depth, struct error *err);
/* The same in an arena, much faster: the result dies with it and is never json_decref'd. */
json_t *fields_parse_into(struct arena *arena, const char *bytes, size_t n, int max_depth,
                          struct error *err);
