#pragma once
#include <stddef.h>
#include <stdarg.h>

/* Memory that dies together: a request's, or a campaign's.  Nothing in it is freed alone.
 * Spare bytes are poisoned under AddressSanitizer, so that a pointer kept too long, or one
 * step past the end of a piece, is still caught. */
struct arena {
    struct arena_block *blocks;
    size_t used; /* bytes handed out, for accounting */
};

void arena_init(struct arena *arena);
void arena_done(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any type */
char *arena_copy(struct arena *arena, const void *bytes, size_t n); /* and a NUL */
char *arena_string(struct arena *arena, const char *string);        /* NULL stays NULL */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
