#pragma once
#include <stddef.h>
#include <stdint.h>
#include "pg/query.h"
#include "util/text.h"

/* One-dimensional arrays in PostgreSQL's binary form, appended to `out`. */
void array_int16(struct text *out, const int16_t *values, size_t n);
void array_int32(struct text *out, const int32_t *values, size_t n);
void array_int64(struct text *out, const int64_t *values, size_t n);
void array_double(struct text *out, const double *values, size_t n);
void array_text(struct text *out, const char *const *values, size_t n);
void array_bytes(struct text *out, const struct bytes *values, size_t n);
/* Of numbers that are in binary form already (pg/packed.h). */
void array_numeric(struct text *out, const struct bytes *values, size_t n);
