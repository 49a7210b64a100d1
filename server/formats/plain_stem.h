#pragma once
#include "formats/entry.h"

/* What teachers type into the brackets of a stem: the answer, or room for it.
 *
 * The last brackets with an answer in them lose it; it becomes the key, if nothing else
 * is said of that.  Brackets that differ from the key are part of the text, and so are
 * all when a pair is empty.  A judge question keeps no empty pair at its end.  The
 * entry must have a stem. */
void stem_settle(struct entries *entries, struct entry *entry);
