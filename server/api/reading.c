/*
 *            spawn            on_read: L             on_kept
 *   begin ----------> HEARING ------------> KEEPING ----------> HEARING
 *                        |  ^ on_beat says that it goes on
 *                        |
 *                        | E, R, the child's end, or the clock
 *                        v
 *                     ENDING ----------> gone, when the database has it and the child
 *                            on_ended     is no more
 *
 * One thing at a time is on its way to the database; meanwhile nothing is taken from
 * the child, whose output waits in its socket.
 */
#include "api/reading.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "log/log.h"
#include "store/question_files.h"
#include "util/fields.h"
#include "util/list.h"
#include "util/memory.h"

enum { BEAT_SECONDS = 5, MOST_BEATS = 24, MAX_LINE = 32 << 20 };

struct readings {
    struct event_base *base;
    struct store *store;
    struct link all;
};

struct reading {
    struct link link;
    struct readings
        *readings; /* NULL: they are gone, and this goes when it is answered */
    int64_t import;
    pid_t child;
    struct bufferevent *bev;
    struct event *beat;
    int n_beats, n_lines, n_read, n_rows;
    char *format;
    bool is_keeping, is_ending, has_eof;
    bool goes_on; /* the import has not been given up */
};

static void hear(struct reading *reading);

static void free_reading(struct reading *reading)
{
    if (reading->beat)
        event_free(reading->beat);
    free(reading->format);
    free(reading);
}

/* A child that has ended is asked after until it is known to be gone. */
static void stop_child(struct reading *reading)
{
    if (reading->bev)
        bufferevent_free(reading->bev);
    reading->bev = NULL;
    if (!reading->child)
        return;
    kill(reading->child, SIGKILL);
    if (waitpid(reading->child, NULL, WNOHANG))
        reading->child = 0;
}

static void leave(struct reading *reading)
{
    stop_child(reading);
    if (reading->child) { /* on_beat tries again */
        event_add(reading->beat, &(struct timeval){ .tv_usec = 20000 });
        return;
    }
    list_remove(&reading->link);
    free_reading(reading);
}

static void on_ended(const struct error *err, void *context)
{
    struct reading *reading = context;

    reading->is_keeping = false;
    if (!reading->readings) {
        free_reading(reading);
        return;
    }
    if (err)
        log_warn("imports", "import=%lld: its end was not kept: %s",
                 (long long)reading->import, err->detail[ENGLISH]);
    leave(reading);
}

static void end(struct reading *reading, const char *state, const char *zh,
                const char *en)
{
    reading->is_ending = reading->is_keeping = true;
    event_del(reading->beat);
    stop_child(reading);
    log_info("imports", "import=%lld rows=%d: %s", (long long)reading->import,
             reading->n_rows, en ? en : "read");
    store_import_finish(reading->readings->store, reading->import, state,
                        reading->format, zh, en, on_ended, reading);
}

static void fail(struct reading *reading)
{
    end(reading, "failed", "文件太复杂，没有在时间和内存的限度内读完",
        "the file is too complex: it could not be read within the limits of time and "
        "memory");
}

static void on_kept(const struct error *err, void *context)
{
    struct reading *reading = context;

    reading->is_keeping = false;
    if (!reading->readings) {
        free_reading(reading);
        return;
    }
    if (err || !reading->goes_on)
        end(reading, "failed", "读取中断，请重新上传",
            "the reading was interrupted; send the file again");
    else
        hear(reading);
}

/* The lines go to the database as they are: only it looks into them. */
static void keep(struct reading *reading, const char *lines)
{
    struct import_part part = { .import = reading->import,
                                .from = reading->n_lines + 1,
                                .n_read = reading->n_read,
                                .n_rows = reading->n_rows,
                                .lines = lines,
                                .lease_ms = READING_LEASE_MS };

    reading->is_keeping = true;
    store_import_lines(reading->readings->store, &part, &reading->goes_on, on_kept,
                       reading);
}

/* "L READ ROWS N [...]" */
static bool take_lines(struct reading *reading, const char *line)
{
    int n, length = 0;

    if (sscanf(line, "L %9d %9d %9d %n", &reading->n_read, &reading->n_rows, &n,
               &length) != 3 ||
        !length)
        return false;
    keep(reading, line + length);
    reading->n_lines += n;
    return true;
}

static void set_format(struct reading *reading, const char *name)
{
    enum format format;

    if (format_find(name, &format) && format != FORMAT_AUTO)
        reading->format = memory_copy(name, strlen(name));
}

/* "R FORMAT {...}" */
static bool take_refusal(struct reading *reading, const char *line)
{
    char name[16];
    int length = 0;
    struct error err;

    if (sscanf(line, "R %15s %n", name, &length) != 1 || !length)
        return false;
    AUTO(json_decrefp)
    json_t *why = fields_parse(line + length, strlen(line + length), 4, &err);
    const char *zh = json_string_value(json_object_get(why, "zh"));
    const char *en = json_string_value(json_object_get(why, "en"));

    if (!zh || !en)
        return false;
    set_format(reading, name);
    end(reading, "refused", zh, en);
    return true;
}

static bool take_end(struct reading *reading, const char *line)
{
    char name[16];

    if (sscanf(line, "E %15s %9d", name, &reading->n_rows) != 2)
        return false;
    set_format(reading, name);
    end(reading, "checked", NULL, NULL);
    return true;
}

static bool take_line(struct reading *reading, const char *line)
{
    return *line == 'L'   ? take_lines(reading, line)
           : *line == 'R' ? take_refusal(reading, line)
                          : take_end(reading, line);
}

static void hear(struct reading *reading)
{
    struct evbuffer *input = bufferevent_get_input(reading->bev);
    char *line;

    while (!reading->is_keeping && !reading->is_ending &&
           (line = evbuffer_readln(input, NULL, EVBUFFER_EOL_LF))) {
        bool ok = take_line(reading, line);

        free(line);
        if (!ok) {
            fail(reading);
            return;
        }
    }
    if (reading->is_keeping || reading->is_ending)
        return;
    if (reading->has_eof || evbuffer_get_length(input) >= MAX_LINE)
        fail(reading);
}

static void on_read(struct bufferevent *bev, void *context)
{
    (void)bev;
    hear(context);
}

static void on_event(struct bufferevent *bev, short what, void *context)
{
    struct reading *reading = context;

    (void)bev;
    if (!(what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)))
        return;
    reading->has_eof = true;
    hear(reading);
}

/* Says that it goes on; ends what takes too long; asks after the child at the end. */
static void on_beat(evutil_socket_t fd, short what, void *context)
{
    struct reading *reading = context;

    (void)fd, (void)what;
    if (reading->is_ending)
        leave(reading);
    else if (++reading->n_beats > MOST_BEATS)
        fail(reading);
    else {
        event_add(reading->beat, &(struct timeval){ .tv_sec = BEAT_SECONDS });
        if (!reading->is_keeping)
            keep(reading, "[]");
    }
}

/* The child gets the socket as its standard input and output, and nothing else of ours:
 * no descriptors, no environment with secrets. */
static pid_t spawn(int fd, char *const *argv)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t child = 0;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, 0);
    posix_spawn_file_actions_adddup2(&actions, fd, 1);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSID);
    if (posix_spawn(&child, "/proc/self/exe", &actions, &attributes, argv,
                    (char *[]){ "LC_ALL=C", NULL }))
        child = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return child;
}

static pid_t spawn_reader(int fd, enum format format,
                          const struct format_presets *presets, size_t size)
{
    char bytes[24], difficulty[8];
    const char *argv[16] = { "jingda", "read-questions", bytes, format_names[format] };
    int n = 4;

    snprintf(bytes, sizeof(bytes), "%zu", size);
    snprintf(difficulty, sizeof(difficulty), "%d", presets->difficulty);
    if (presets->theme)
        argv[n++] = "--theme", argv[n++] = presets->theme;
    if (presets->topic)
        argv[n++] = "--topic", argv[n++] = presets->topic;
    if (presets->difficulty)
        argv[n++] = "--difficulty", argv[n++] = difficulty;
    if (presets->document) /* last: no text of it can be taken for an option's name */
        argv[n++] = "--source", argv[n++] = presets->document;
    return spawn(fd, (char *const *)argv);
}

static struct reading *new_reading(struct readings *readings, int64_t import)
{
    struct reading *reading = memory_new(sizeof(*reading));

    reading->readings = readings;
    reading->import = import;
    reading->beat = evtimer_new(readings->base, on_beat, reading);
    list_append(&readings->all, &reading->link);
    return reading;
}

void readings_begin(struct readings *readings, int64_t import, enum format format,
                    const struct format_presets *presets, const void *bytes, size_t n)
{
    struct reading *reading = new_reading(readings, import);
    int ends[2] = { -1, -1 };

    if (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
        reading->child = spawn_reader(ends[1], format, presets, n);
    if (ends[1] >= 0)
        close(ends[1]);
    if (!reading->child) {
        log_warn("imports", "cannot start a reader: %s", strerror(errno));
        if (ends[0] >= 0)
            close(ends[0]);
        fail(reading);
        return;
    }
    evutil_make_socket_nonblocking(ends[0]);
    reading->bev =
        bufferevent_socket_new(readings->base, ends[0], BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(reading->bev, on_read, NULL, on_event, reading);
    bufferevent_setwatermark(reading->bev, EV_READ, 0, MAX_LINE);
    bufferevent_write(reading->bev, bytes, n);
    bufferevent_enable(reading->bev, EV_READ | EV_WRITE);
    event_add(reading->beat, &(struct timeval){ .tv_sec = BEAT_SECONDS });
}

struct readings *readings_new(struct event_base *base, struct store *store)
{
    struct readings *readings = memory_new(sizeof(*readings));

    readings->base = base;
    readings->store = store;
    list_init(&readings->all);
    return readings;
}

static void drop(struct reading *reading)
{
    pid_t child = reading->child;

    stop_child(reading);
    if (reading->child)
        waitpid(child, NULL, 0); /* it was killed */
    list_remove(&reading->link);
    event_del(reading->beat);
    reading->readings = NULL;
    if (!reading->is_keeping)
        free_reading(reading);
}

void readings_free(struct readings *readings)
{
    if (!readings)
        return;
    while (!list_is_empty(&readings->all))
        drop(LIST_ITEM(readings->all.next, struct reading, link));
    free(readings);
}
