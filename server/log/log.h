#pragma once
#include <stdbool.h>

/* One line per event: time, level, what, then key=value pairs.  Lines are gathered and
 * written when 32 KiB are full, at log_flush (the main loop calls it every second), and at
 * once for errors.  Never a key to a question, a token, or a person's number. */
enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

bool log_open(const char *path, enum log_level least); /* NULL or "-": standard error */
void log_flush(void);
void log_close(void);

void log_line(enum log_level level, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(what, ...) log_line(LOG_DEBUG, what, __VA_ARGS__)
#define log_info(what, ...) log_line(LOG_INFO, what, __VA_ARGS__)
#define log_warn(what, ...) log_line(LOG_WARN, what, __VA_ARGS__)
#define log_error(what, ...) log_line(LOG_ERROR, what, __VA_ARGS__)
