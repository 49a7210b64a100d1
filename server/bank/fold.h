#pragma once
#include <stddef.h>

/* Folds what people type, so that answers that mean the same compare equal: full width
 * forms become half width, A-Z lower case, all white space goes, and so do the marks
 * 。．.，,、 at both ends.  `out` has room for strlen(text) + 1: folding never makes a
 * text longer. Folding twice is folding once.  Returns the length. */
size_t fold_text(const char *text, char *out);

/* White space as people type it: that of ASCII, of Chinese (U+3000) and the invisible
 * ones that phones and web pages add.  Returns how many bytes of it stand at `text`; 0
 * if none. */
size_t fold_space(const char *text);
