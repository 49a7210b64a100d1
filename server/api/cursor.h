#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "http/request.h"

/* Opaque page marks: a kind and some numbers as base64url.  They are not sealed: whoever
 * makes one up gets a page he could have asked for anyway; but every number is checked by
 * its user. */
enum { CURSOR_NUMBERS = 4, CURSOR_TEXT = 64 };

void cursor_write(char kind, const int64_t *numbers, int n, char out[CURSOR_TEXT]);
/* The same, in the request's arena. */
const char *cursor_make(struct request *req, char kind, const int64_t *numbers, int n);
/* Whether the parameter "cursor" is of this kind; the rest of it is not looked at. */
bool cursor_is(struct request *req, char kind);
/* Reads the parameter "cursor".  `found` tells whether there was one; a bad one sets the
 * request's error and is false. */
bool cursor_read(struct request *req, char kind, int64_t *numbers, int n, bool *found);
/* The same of a single number, which must lie within; without a cursor it stays as it is. */
bool cursor_read_one(struct request *req, char kind, int64_t least, int64_t most,
                     int64_t *number);
