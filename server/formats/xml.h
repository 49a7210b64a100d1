#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "util/error.h"

/* XML as a stream of three kinds of events (expat), distrusted: a document type, and
 * with it every entity of one's own, is refused; so is what is too deep.  Names come
 * without their prefix, and those of QTI 3 without "qti-". */
struct xml {
    void *context; /* for the functions, any of which may be NULL */
    void (*open)(struct xml *xml, const char *name, const char **attributes);
    void (*close)(struct xml *xml, const char *name);
    void (*text)(struct xml *xml, const char *bytes, size_t n);
    int depth; /* the root is 1 */
    void *parser;
    struct error *err; /* set by who stopped it */
    bool has_stopped;
};

bool xml_read(struct xml *xml, const char *bytes, size_t n, struct error *err)
    __attribute__((warn_unused_result));
int xml_line(const struct xml *xml);
/* No more events; xml_read returns false with this sentence, or true without one. */
void xml_stop(struct xml *xml, const char *zh, const char *en);
/* Of an element; NULL: it has none of that name. */
const char *xml_attribute(const char **attributes, const char *name);
