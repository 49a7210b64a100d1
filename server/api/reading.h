#pragma once
#include <stddef.h>
#include <stdint.h>
#include "formats/formats.h"

/* Files that organizers send are read by children of ours (jingda read-questions), so
 * that foreign bytes neither hold up the loop nor come near what the server knows. What
 * a child says goes to the database part by part; a child that says nothing for long is
 * ended. */
struct event_base;
struct readings;
struct store;

enum { READING_LEASE_MS = 15000 };

struct readings *readings_new(struct event_base *base, struct store *store);
/* Ends the children; before the store is closed. */
void readings_free(struct readings *readings);

/* Reads these bytes, which are copied, for an import that has begun.  Whatever becomes
 * of it is found there. */
void readings_begin(struct readings *readings, int64_t import, enum format format,
                    const struct format_presets *presets, const void *bytes, size_t n);
