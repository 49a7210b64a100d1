#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>
#include "util/error.h"
#include "util/text.h"

/* Questions as other programs and people write them.  A file is bytes in memory;
 * whatever its format, it becomes question objects as schema/question.schema.json says,
 * each checked by question_read, and each mistake is named with its row and column.
 * What was exported by format_write is read again as the very same questions, in every
 * format.
 *
 * Sizes are bounded before anything is unpacked: a bomb is refused, with a sentence. */
enum format {
    FORMAT_JSON,   /* {"theme","title","questions":[...]}, or the array alone */
    FORMAT_CSV,    /* the template of formats/table.h; UTF-8, UTF-16 or GB18030 */
    FORMAT_XLSX,   /* the same template */
    FORMAT_PLAIN,  /* text as teachers type it */
    FORMAT_GIFT,   /* of Moodle */
    FORMAT_MOODLE, /* Moodle XML */
    FORMAT_QTI,    /* QTI 2.1 (3.0 is read too): a zip of items, or one item */
    N_FORMATS,
    FORMAT_AUTO = N_FORMATS
};

extern const char *const format_names[]; /* "json" ... "qti", "auto"; ends with NULL */
extern const char *const format_types[]; /* media types */
extern const char *const format_endings[]; /* of files, without the dot */

enum {
    FORMAT_MAX_BYTES = 8 << 20,
    FORMAT_MAX_UNPACKED = 64 << 20,
    FORMAT_MAX_QUESTIONS = 20000,
    FORMAT_MAX_CELL = 4000, /* characters */
    FORMAT_MAX_DEPTH = 32,  /* of XML and JSON */
};

/* What a file leaves unsaid; NULL and 0: nothing is given.  A question without id is
 * named by the theme (else the topic) and a hash of what it asks, so that it finds
 * itself again. */
struct format_presets {
    const char *theme, *topic;
    int difficulty;       /* 2 if not given */
    const char *document; /* of the source */
};

/* One question, or one mistake.  Several mistakes may come of one row. */
struct finding {
    int row;            /* of the sheet from 1, or the line */
    const char *column; /* "D 题干", a label, an element; "" when it is none */
    json_t *question;   /* NULL: wrong.  Borrowed */
    const char *twin;   /* of the question (bank/question.h) */
    int same_row;       /* the file has it before, in this row; 0: no */
    const char *same_id;
    struct error error; /* what is wrong; beside a question, a remark or PROBLEM_NONE */
};

struct format_reading {
    struct format_presets presets;
    enum format format; /* AUTO: found by the content, and left here */
    void (*found)(const struct finding *finding, void *context);
    void *context;
    int n_questions, n_wrong; /* left here */
    int n_rows, n_read; /* how many there are, and how many were told: for progress */
};

/* False when the file as a whole cannot be read: nothing was told then. */
bool format_read(struct format_reading *reading, const void *bytes, size_t n,
                 struct error *err) __attribute__((warn_unused_result));

/* Which it looks like; AUTO when it is none. */
enum format format_detect(const void *bytes, size_t n);
/* By its name; AUTO also for "auto" and, with false, for no name. */
bool format_find(const char *name, enum format *out);

/* Questions (an array of question objects that question_read took) as a file. */
bool format_write(enum format format, const json_t *questions, struct text *out,
                  struct error *err) __attribute__((warn_unused_result));
/* An empty table with its headings, some examples and, on a second sheet, instructions.
 */
bool format_template(struct text *out, struct error *err)
    __attribute__((warn_unused_result));
