/*
 * What the server starts to read a file that somebody sent: foreign bytes on standard
 * input, what was found on standard output.  It has no connection to anything, little
 * memory and little time; when it is killed by its limits, only this file is lost.
 *
 *     jingda read-questions BYTES FORMAT [--theme T] [--topic T] [--difficulty N]
 * [--source D]
 *
 * Each line of its output begins with a letter:
 *
 *     L READ ROWS N [{"row","column","question","twin","same_row","zh","en"}, ...]
 *     E FORMAT ROWS                the end; all was read
 *     R FORMAT {"zh","en"}         the file as a whole is refused
 */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/text.h"

enum { CPU_SECONDS = 30, MEMORY = 512 << 20, FILES = 32, AT_ONCE = 200 };

static void limit(int what, rlim_t most)
{
    struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

    if (setrlimit(what, &limit))
        _exit(3);
}

static void limit_myself(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_NOFILE, FILES);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) /* which reserves terabytes */
    limit(RLIMIT_AS, MEMORY);
#endif
}

struct output {
    struct format_reading reading;
    json_t *lines;
};

static void write_lines(struct output *out)
{
    AUTO(memory_freep) char *text = json_dumps(out->lines, JSON_COMPACT);

    printf("L %d %d %zu %s\n", out->reading.n_read, out->reading.n_rows,
           json_array_size(out->lines), text);
    fflush(stdout);
    json_array_clear(out->lines);
}

static void on_found(const struct finding *finding, void *context)
{
    struct output *out = context;
    json_t *line =
        json_pack("{s:i,s:s}", "row", finding->row, "column", finding->column);

    if (finding->question) {
        json_object_set(line, "question", (json_t *)finding->question);
        json_object_set_new(line, "twin", json_string(finding->twin));
    }
    if (finding->same_row)
        json_object_set_new(line, "same_row", json_integer(finding->same_row));
    if (finding->error.problem != PROBLEM_NONE) {
        json_object_set_new(line, "zh", json_string(finding->error.detail[CHINESE]));
        json_object_set_new(line, "en", json_string(finding->error.detail[ENGLISH]));
    }
    json_array_append_new(out->lines, line);
    if (json_array_size(out->lines) >= AT_ONCE)
        write_lines(out);
}

/* The connection stays open for the answers, so the size is told, not found at an end.
 */
static bool take_bytes(struct text *out, size_t n)
{
    char *to = text_reserve(out, n + 1);

    out->length = fread(to, 1, n, stdin);
    return out->length == n;
}

static bool take_options(int n, char **words, struct format_presets *out)
{
    for (int i = 0; i + 1 < n; i += 2) {
        const char *value = words[i + 1];

        if (!strcmp(words[i], "--theme"))
            out->theme = value;
        else if (!strcmp(words[i], "--topic"))
            out->topic = value;
        else if (!strcmp(words[i], "--source"))
            out->document = value;
        else if (!strcmp(words[i], "--difficulty"))
            out->difficulty = atoi(value);
        else
            return false;
    }
    return n % 2 == 0;
}

static void finish(struct output *out, bool ok, const struct error *err)
{
    const char *format = format_names[out->reading.format];
    json_t *why =
        json_pack("{s:s,s:s}", "zh", err->detail[CHINESE], "en", err->detail[ENGLISH]);
    AUTO(memory_freep) char *text = json_dumps(why, JSON_COMPACT);

    json_decref(why);
    if (json_array_size(out->lines))
        write_lines(out);
    if (ok)
        printf("E %s %d\n", format, out->reading.n_rows);
    else
        printf("R %s %s\n", format, text);
    fflush(stdout);
}

static int run(struct config *config, int n, char **words)
{
    AUTO(json_decrefp) json_t *lines = json_array();
    struct output out = { .lines = lines };
    struct error err = { 0 };
    TEXT(bytes);

    (void)config;
    out.reading.found = on_found;
    out.reading.context = &out;
    if (n < 2 || !format_find(words[1], &out.reading.format) ||
        !take_options(n - 2, words + 2, &out.reading.presets))
        return 2;
    limit_myself();
    if (!take_bytes(&bytes, (size_t)strtoul(words[0], NULL, 10)))
        return 1;
    bool ok = format_read(&out.reading, bytes.data, bytes.length, &err);
    finish(&out, ok, &err);
    return 0;
}

const struct command read_questions_command = {
    .name = "read-questions",
    .help = "For the server itself: reads a file of questions from standard input.\n",
    .run = run,
};
