#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "util/error.h"
#include "util/text.h"

/* A zip in memory, distrusted: how many entries it has, how large each is and all
 * together, and how far each is packed is checked before anything is unpacked, and
 * while it is. Nothing is ever written to a file, so that names may say what they like.
 */
struct archive;

/* The bytes must stay as long as the archive. */
struct archive *archive_open(const void *bytes, size_t n, struct error *err);
void archive_close(struct archive *archive);
int archive_count(const struct archive *archive);
const char *archive_name(const struct archive *archive, int i); /* "" for odd ones */
bool archive_has(const struct archive *archive, const char *name);
/* Replaces what is in `out`. */
bool archive_read(struct archive *archive, const char *name, struct text *out,
                  struct error *err) __attribute__((warn_unused_result));
