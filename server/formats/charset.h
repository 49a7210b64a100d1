#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "util/error.h"
#include "util/text.h"

/* A text file's bytes as UTF-8 without its mark: by a byte order mark (UTF-8, UTF-16),
 * else UTF-8 if it is valid, else GB18030, in which Excel of China saves.  Line ends
 * become \n. False: it is none of them, or has bytes that text has not. */
bool charset_read(const char *bytes, size_t n, struct text *out, struct error *err)
    __attribute__((warn_unused_result));
