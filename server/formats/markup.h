#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "util/text.h"

/* The text of a piece of HTML: tags go (br, p, div and li begin a new line), the
 * entities of XML, &nbsp; and numbers become characters, white space with a line end in
 * it one space. */
void markup_text(struct text *out, const char *html);

/* For XML and HTML: < > & " are escaped; control characters, which XML cannot hold, go.
 */
void markup_escape(struct text *out, const char *text);
