#pragma once
#include "formats/formats.h"
#include "util/arena.h"

/* The inside of the room: what the readers of single formats gather, and what is made
 * of it. No other room includes it. */

/* The parts of a question as a file says them, all as text. */
enum part {
    PART_ID,
    PART_TYPE,
    PART_TOPIC,
    PART_DIFFICULTY,
    PART_STEM,
    PART_CHOICE,
    PART_LAST_CHOICE = PART_CHOICE + 7,
    PART_KEY,
    PART_EXPLANATION,
    PART_DOCUMENT,
    PART_LOCATOR,
    PART_GRADE,
    PART_CONFLICTS,
    PART_REVIEW,
    N_PARTS
};

struct said {
    const char *text;   /* NULL: not said */
    int row;            /* 0: that of the entry */
    const char *column; /* where it stands, or would; NULL: "" */
    bool is_told;       /* something is wrong with it, and was told */
};

/* One question met, or, when `wrong` is set, a mistake beside them. */
struct entry {
    struct entry *next;
    int row;
    struct said parts[N_PARTS];
    bool
        is_feedback; /* the explanation was written for another program: may be short */
    json_t *json;    /* JSON is taken as it is; owned by the document */
    const char *remark[N_LANGUAGES];
    const char *column; /* of `wrong` */
    struct error wrong; /* PROBLEM_NONE: a question */
};

/* What a file has, in its order. */
struct entries {
    struct arena arena;
    struct entry *first, **end;
    int n_questions, n_wrong;
    json_t *document; /* of JSON, kept while it is borrowed from */
};

void entries_init(struct entries *entries);
void entries_done(struct entries *entries);
struct entry *entries_add(struct entries *entries, int row);
/* A mistake; at most some thousands are kept. */
void entries_wrong(struct entries *entries, int row, const char *column, const char *zh,
                   const char *en);
/* A picture, a sound or a formula, which we cannot take (formats/markup.h). */
void entries_wrong_media(struct entries *entries, int row, const char *column);
bool entries_are_full(const struct entries *entries);
/* Puts a text, without white space at its ends, into a part; an empty one is not said.
 * The text is copied. */
void entry_say(struct entries *entries, struct entry *entry, enum part part, int row,
               const char *column, const char *text);

/* A text without white space at its ends, and without control characters. */
const char *text_cleaned(struct arena *arena, const char *text);

/* Makes questions of all and tells them. */
void entries_tell(struct entries *entries, struct format_reading *reading);

/* "a|b": variants of a blank in one text; | ； ; and \ in them stand behind a \. */
void variants_join(struct text *out, const json_t *variants);
/* Into an array of strings. */
json_t *variants_split(const char *text);

/* What entry.c reads and every writer writes: the parts of a question as texts, in the
 * arena; NULL for what it has not. */
void entry_parts(const json_t *question, struct arena *arena,
                 const char *parts[N_PARTS]);
const char *type_word(const json_t *question); /* 单选 ... */

/* What programs know of a question: which choices are right, which answers a blank
 * takes. */
enum { MOST_ANSWERS = 32 };
struct known {
    int row;
    const char *column;
    int n_choices; /* may be more than can be said: a mistake then */
    const char *choices[MOST_ANSWERS];
    bool is_right[MOST_ANSWERS];
};
/* Says choices and letters.  One that may take several and has one right is a single,
 * which is remarked. */
void entry_say_choices(struct entries *entries, struct entry *entry,
                       const struct known *known, bool is_multiple);
void entry_say_truth(struct entries *entries, struct entry *entry, const char *column,
                     bool truth);
/* Says variants; those not right are left out with a remark. */
void entry_say_variants(struct entries *entries, struct entry *entry,
                        const struct known *known);
/* A part of ours by its English name ("topic", "difficulty", ...), as exports put it
 * where a foreign format has room; false: there is none of that name. */
bool part_named(const char *name, size_t n, enum part *out);
extern const char *const part_names[N_PARTS]; /* NULL: said in the format's own way */

/* The file cannot be read as a whole; false. */
bool refuse(struct error *err, const char *zh, const char *en);

/* Readers: each takes the whole file.  Those of text get UTF-8 (formats/charset.h). */
struct format_presets;
bool json_read(const char *bytes, size_t n, struct entries *out, struct error *err);
bool csv_read(const char *bytes, size_t n, struct entries *out, struct error *err);
bool xlsx_read(const void *bytes, size_t n, struct entries *out, struct error *err);
bool plain_read(const char *bytes, size_t n, struct entries *out, struct error *err);
bool gift_read(const char *bytes, size_t n, struct entries *out, struct error *err);
bool moodle_read(const char *bytes, size_t n, struct entries *out, struct error *err);
bool qti_read(const void *bytes, size_t n, struct entries *out, struct error *err);

/* Writers of arrays of questions. */
bool json_write(const json_t *questions, struct text *out, struct error *err);
bool csv_write_all(const json_t *questions, struct text *out, struct error *err);
bool xlsx_write(const json_t *questions, struct text *out, struct error *err);
bool plain_write(const json_t *questions, struct text *out, struct error *err);
bool gift_write(const json_t *questions, struct text *out, struct error *err);
bool moodle_write(const json_t *questions, struct text *out, struct error *err);
bool qti_write(const json_t *questions, struct text *out, struct error *err);
