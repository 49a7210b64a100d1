#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "util/text.h"

/* The text of a piece of HTML: tags go (those of blocks begin a new line), the entities
 * of XML, numbers and what editors write by name become characters, raised digits too,
 * white space with a line end in it one space. */
void markup_text(struct text *out, const char *html);

/* Elements by their names: one that stands on lines of its own; a picture, a sound or a
 * formula, without which a question is not the same. */
bool markup_is_block(const char *element);
bool markup_is_media(const char *element);
bool markup_has_media(const char *html);

/* A character of an element that raises it: 10<sup>3</sup> is no 103. */
void markup_raise(struct text *out, char c);

/* For XML and HTML: < > & " are escaped; control characters, which XML cannot hold, go.
 */
void markup_escape(struct text *out, const char *text);
