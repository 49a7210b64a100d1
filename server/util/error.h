#pragma once
#include <stdarg.h>
#include <stdbool.h>

/* What can go wrong, told once: every problem has a stable code for programs, a fault that
 * decides the HTTP status, a title, and a sentence in Chinese and in English for people.
 * They all stand in util/problems.def, the one catalogue of texts. */
enum fault {
    FAULT_NONE,
    FAULT_INVALID,   /* the request is wrong in itself */
    FAULT_UNKNOWN,   /* who asks is not known: sign in */
    FAULT_FORBIDDEN, /* known, but has no right to this */
    FAULT_MISSING,   /* no such thing */
    FAULT_CONFLICT,  /* not in this state of things */
    FAULT_TOO_MUCH,  /* asks too often */
    FAULT_BUSY,      /* cannot now, can later */
    FAULT_BROKEN,    /* our own mistake */
    FAULT_TOO_LARGE, FAULT_NOT_ALLOWED, FAULT_WRONG_TYPE, FAULT_TIMEOUT,
    FAULT_HEADERS_TOO_LARGE, FAULT_NOT_ACCEPTABLE,
};

enum problem {
#define PROBLEM(name, fault, code, title_zh, title_en, text_zh, text_en) PROBLEM_##name,
#include "util/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
};

enum language { CHINESE, ENGLISH, N_LANGUAGES };

/* A problem met: never SQL, never a secret.  `where` is a JSON pointer, a line, a column. */
struct error {
    enum problem problem;
    char where[96];
    char detail[N_LANGUAGES][256];
};

/* Always false, so that a check can be `return error_set(...)`.  The arguments fill the
 * catalogue's sentence in both languages. */
bool error_set(struct error *err, enum problem problem, ...);

/* Puts a step before what `where` holds, innermost first: "/answers" + "/3/choices". */
bool error_within(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum fault error_fault(enum problem problem);
const char *error_code(enum problem problem);
const char *error_title(enum problem problem, enum language language);
const char *error_text(enum problem problem, enum language language);
