#include "util/error.h"

#include <stdio.h>
#include <string.h>

static const struct entry {
    enum fault fault;
    const char *code;
    const char *title[N_LANGUAGES], *text[N_LANGUAGES];
} catalogue[] = {
#define PROBLEM(name, fault, code, title_zh, title_en, text_zh, text_en) \
    { FAULT_##fault, code, { title_zh, title_en }, { text_zh, text_en } },
#include "util/problems.def"
#undef PROBLEM
};

/* A sentence that was cut must not end within a character. */
static void end_well(char *text, size_t size)
{
    size_t n = strlen(text), start = n;

    if (n + 1 < size)
        return;
    while (start && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start && ((unsigned char)text[start - 1] & 0xc0) == 0xc0)
        text[start - 1] = '\0';
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
bool error_set(struct error *err, enum problem problem, ...)
{
    err->problem = problem;
    err->where[0] = '\0';
    for (int language = 0; language < N_LANGUAGES; language++) {
        va_list args;

        va_start(args, problem);
        vsnprintf(err->detail[language], sizeof(err->detail[language]),
                  catalogue[problem].text[language], args);
        va_end(args);
        end_well(err->detail[language], sizeof(err->detail[language]));
    }
    return false;
}
#pragma GCC diagnostic pop

bool error_within(struct error *err, const char *format, ...)
{
    char inner[sizeof(err->where)];
    va_list args;

    memcpy(inner, err->where, sizeof(inner));
    va_start(args, format);
    int n = vsnprintf(err->where, sizeof(err->where), format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof(err->where))
        snprintf(err->where + n, sizeof(err->where) - (size_t)n, "%s", inner);
    end_well(err->where, sizeof(err->where));
    return false;
}

enum fault error_fault(enum problem problem)
{
    return catalogue[problem].fault;
}

const char *error_code(enum problem problem)
{
    return catalogue[problem].code;
}

const char *error_title(enum problem problem, enum language language)
{
    return catalogue[problem].title[language];
}

const char *error_text(enum problem problem, enum language language)
{
    return catalogue[problem].text[language];
}
