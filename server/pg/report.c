#include "pg/report.h"

#include <string.h>

#include "log/log.h"
#include "pg/sqlstate.h"

const char *report_line(char out[REPORT_TEXT], const char *text)
{
    size_t n = 0;

    for (text = text ? text : ""; *text && n < REPORT_TEXT - 1; text++) {
        char c = (unsigned char)*text < 0x20 ? ' ' : *text;

        if (c != ' ' || (n && out[n - 1] != ' '))
            out[n++] = c;
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

static const char *field(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);

    return text ? text : "";
}

/* Class 22 is about data, and its messages quote them. */
static const char *message(const PGresult *result, char out[REPORT_TEXT])
{
    if (!strncmp(field(result, PG_DIAG_SQLSTATE), "22", 2))
        return report_line(out, field(result, PG_DIAG_SOURCE_FUNCTION));
    return report_line(out, field(result, PG_DIAG_MESSAGE_PRIMARY));
}

void report_failure(const char *sql, const PGresult *result)
{
    const char *state = field(result, PG_DIAG_SQLSTATE);
    char said[REPORT_TEXT], line[REPORT_TEXT];

    log_line(sqlstate_problem(state) == PROBLEM_BROKEN ? LOG_ERROR : LOG_WARN,
             "query.failed", "sqlstate=%s message=\"%s\" constraint=%s sql=\"%s\"",
             state, message(result, said), field(result, PG_DIAG_CONSTRAINT_NAME),
             report_line(line, sql));
}

void report_notice(void *context, const PGresult *result)
{
    char said[REPORT_TEXT];

    (void)context;
    log_warn("pg.notice", "sqlstate=%s message=\"%s\"", field(result, PG_DIAG_SQLSTATE),
             message(result, said));
}
