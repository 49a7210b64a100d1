#pragma once
#include <libpq-fe.h>
#include <stddef.h>

/* What the log may say of libpq's and the server's words: on one line, and never a
 * value. DETAIL and CONTEXT are left out because they quote rows and parameters. */
enum { REPORT_TEXT = 240 };

/* `text` on one line, cut to the size of `out`; NULL is empty. */
const char *report_line(char out[REPORT_TEXT], const char *text);

void report_failure(const char *sql, const PGresult *result);

/* For PQsetNoticeReceiver: libpq's own habit is standard error. */
void report_notice(void *context, const PGresult *result);
