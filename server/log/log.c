#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/text.h"

enum { FULL = 32768 };

static struct {
    int fd;
    enum log_level least;
    struct text lines;
} the = { .fd = STDERR_FILENO, .least = LOG_INFO };

bool log_open(const char *path, enum log_level least)
{
    the.least = least;
    if (!path || !strcmp(path, "-"))
        return true;
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return false;
    the.fd = fd;
    return true;
}

void log_flush(void)
{
    size_t done = 0;

    while (done < the.lines.length) {
        ssize_t n = write(the.fd, the.lines.data + done, the.lines.length - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break; /* nowhere to complain */
        done += (size_t)n;
    }
    text_clear(&the.lines);
}

void log_close(void)
{
    log_flush();
    text_done(&the.lines);
    if (the.fd != STDERR_FILENO)
        close(the.fd);
    the.fd = STDERR_FILENO;
}

/* Formatting the date costs more than the rest of a line; it changes once a second. */
static void stamp(void)
{
    static time_t last;
    static char text[24];
    struct timespec now;
    struct tm tm;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != last) {
        last = now.tv_sec;
        gmtime_r(&now.tv_sec, &tm);
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
    }
    text_printf(&the.lines, "%s.%03ldZ ", text, now.tv_nsec / 1000000);
}

void log_line(enum log_level level, const char *what, const char *format, ...)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    va_list args;

    if (level < the.least)
        return;
    stamp();
    text_printf(&the.lines, "%s %s ", names[level], what);
    va_start(args, format);
    text_vprintf(&the.lines, format, args);
    va_end(args);
    text_char(&the.lines, '\n');
    if (the.lines.length >= FULL || level == LOG_ERROR)
        log_flush();
}
