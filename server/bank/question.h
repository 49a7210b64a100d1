#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>
#include "util/arena.h"
#include "util/error.h"
#include "util/text.h"

/* One question, checked; as JSON it looks as schema/question.schema.json says. */
enum question_type {
    QUESTION_SINGLE,
    QUESTION_MULTIPLE,
    QUESTION_JUDGE,
    QUESTION_BLANK
};

enum { MAX_CHOICES = 8, MAX_VARIANTS = 12, MAX_CONFLICTS = 8, MAX_ANSWER_BYTES = 240 };

struct question {
    const char *id;
    int32_t revision; /* set by whoever keeps it; 0 when read from a file */
    enum question_type type;
    const char *topic;
    int difficulty; /* 1 easy, 2 middle, 3 hard */
    const char *stem, *explanation;
    const char *source_document, *source_locator;

    int n_choices; /* a judge question has two: right, wrong */
    const char *choices[MAX_CHOICES];
    uint16_t key; /* of these: bit i for choice i, in the order of the file */

    int n_variants; /* a blank has these instead: accepted answers, folded */
    const char *variants[MAX_VARIANTS];
    const char *shown; /* the answer as shown */

    /* Groups of questions that would answer each other: no paper has two of one group
     * (paper/paper.h).  Any name makes a group, of all questions that give it. */
    int n_conflicts;
    const char *conflicts[MAX_CONFLICTS];

    /* JSON made once, so that writing a paper only joins pieces. */
    struct piece stem_json, choices_json[MAX_CHOICES];
    struct piece explanation_json, source_json, shown_json;
};

extern const char *const question_type_names[]; /* "single" ..., ends with NULL */

/* a-z, 0-9 and - (not at the ends): how questions, topics and campaigns are named. */
bool question_is_slug(const char *text);

/* Reads and checks one question object.  Everything it keeps is in the arena; of
 * "review", the record of a second reading, nothing is kept.  Every
 * mistake is a QUESTION_BAD with the question's id and what is wrong; err->where points
 * into it. */
bool question_read(const json_t *json, struct arena *arena, struct question *out,
                   struct error *err) __attribute__((warn_unused_result));

/* Reads one file of questions, {"theme","title","questions":[...]}; `out` gets an array
 * in the arena.  Every wrong question is named; `report` is called for each and reading
 * goes on, and the result is false if there was any.  Across questions: an id begins
 * with the theme, and neither ids nor stems occur twice. */
bool question_read_file(const json_t *json, struct arena *arena, struct question **out,
                        int *n_out,
                        void (*report)(const struct error *err, void *context),
                        void *context) __attribute__((warn_unused_result));

/* Folds what people type (bank/fold.h); the folded string is in the arena.  Chinese
 * digits stay as they are: they are listed as variants. */
char *question_fold(struct arena *arena, const char *text);

/* Is this, as somebody typed it, one of the answers a blank accepts? */
bool question_accepts(const struct question *question, const char *text);

/* What a question asks, hashed: two with the same stem and the same choices in any order,
 * folded, have the same twin, whatever they are called.  Of a question object that
 * question_read would take. */
enum { TWIN_TEXT = 33 };
void question_twin(const json_t *json, char out[TWIN_TEXT]);
