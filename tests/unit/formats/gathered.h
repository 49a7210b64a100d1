#pragma once
/* Files read in tests: what was found of each, and what was told of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/formats.h"
#include "util/memory.h"

struct gathered {
    json_t *questions; /* those without a mistake */
    struct text told;  /* "row[column] sentence\n" for each mistake and remark */
    struct error err;  /* of the file */
    enum format format;
    bool ok;
};

static inline void gathered_done(struct gathered *gathered)
{
    json_decref(gathered->questions);
    text_done(&gathered->told);
}

#define GATHERED AUTO(gathered_done) struct gathered

static inline void gather_finding(const struct finding *finding, void *context)
{
    struct gathered *gathered = context;

    if (finding->question && !finding->same_row)
        json_array_append(gathered->questions, (json_t *)finding->question);
    if (finding->error.problem != PROBLEM_NONE)
        text_printf(&gathered->told, "%d[%s] %s\n", finding->row, finding->column,
                    finding->error.detail[ENGLISH]);
}

static const struct format_presets gather_presets = { .theme = "theme",
                                                      .topic = "topic",
                                                      .document = "document" };

static inline struct gathered gather_with(const struct format_presets *presets,
                                          enum format format, const void *bytes,
                                          size_t n)
{
    struct gathered gathered = { .questions = json_array() };
    struct format_reading reading = { .presets = *presets,
                                      .format = format,
                                      .found = gather_finding,
                                      .context = &gathered };

    text_string(&gathered.told, "");
    gathered.ok = format_read(&reading, bytes, n, &gathered.err);
    gathered.format = reading.format;
    return gathered;
}

static inline struct gathered gather(const char *text)
{
    return gather_with(&gather_presets, FORMAT_AUTO, text, strlen(text));
}

static inline struct gathered gather_file(const char *path)
{
    FILE *stream = fopen(path, "rb");
    TEXT(bytes);
    size_t n;

    if (!stream)
        fail_msg("no file %s", path);
    do {
        n = fread(text_reserve(&bytes, 65536), 1, 65536, stream);
        bytes.length += n;
    } while (n);
    fclose(stream);
    return gather_with(&gather_presets, FORMAT_AUTO, bytes.data, bytes.length);
}

/* A member of a question by its pointer-like path: "stem", "choices/1", "key/0". */
static inline const char *member(const struct gathered *gathered, size_t i,
                                 const char *path)
{
    const json_t *value = json_array_get(gathered->questions, i);
    char step[32];

    while (*path) {
        size_t n = strcspn(path, "/");

        snprintf(step, sizeof(step), "%.*s", (int)n, path);
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(step))
                                     : json_object_get(value, step);
        path += n + (path[n] == '/');
    }
    return json_is_true(value)    ? "true"
           : json_is_false(value) ? "false"
                                  : json_string_value(value);
}

static inline void assert_member(const struct gathered *gathered, size_t i,
                                 const char *path, const char *expected)
{
    const char *found = member(gathered, i, path);

    if (!found)
        fail_msg("question %zu has no %s; told: %s %s", i, path, gathered->told.data,
                 gathered->err.detail[ENGLISH]);
    assert_string_equal(found, expected);
}

struct expected {
    size_t question;
    const char *path, *text;
};

static inline void assert_each_member(const struct gathered *gathered,
                                      const struct expected *expected)
{
    for (; expected->path; expected++)
        assert_member(gathered, expected->question, expected->path, expected->text);
}

/* assert_members(&found, { 0, "stem", "..." }, { 1, "key/0", "..." }, ...) */
#define assert_members(gathered, ...)                                                  \
    assert_each_member(gathered, (const struct expected[]){ __VA_ARGS__, { 0 } })

static inline void assert_each_told(const struct gathered *gathered,
                                    const char *const *said)
{
    for (; *said; said++)
        if (!strstr(gathered->told.data, *said))
            fail_msg("not told \"%s\" but \"%s\"", *said, gathered->told.data);
}

/* assert_told(&found, "2[key] is missing", ...) */
#define assert_told(gathered, ...)                                                     \
    assert_each_told(gathered, (const char *const[]){ __VA_ARGS__, NULL })

static inline void assert_all_well(const struct gathered *gathered, size_t n)
{
    if (!gathered->ok)
        fail_msg("refused: %s", gathered->err.detail[ENGLISH]);
    assert_string_equal(gathered->told.data, "");
    assert_int_equal(json_array_size(gathered->questions), n);
}

static inline void assert_refused(const struct gathered *gathered, const char *said)
{
    assert_false(gathered->ok);
    if (!strstr(gathered->err.detail[ENGLISH], said))
        fail_msg("not \"%s\" but \"%s\"", said, gathered->err.detail[ENGLISH]);
}

/* Every question of the bank of this house. */
static inline json_t *the_bank(void)
{
    json_t *all = json_array();
    DIR *folder = opendir(SOURCE_ROOT "/questions");

    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        const char *dot = strrchr(entry->d_name, '.');

        if (!dot || strcmp(dot, ".json"))
            continue;
        snprintf(path, sizeof(path), SOURCE_ROOT "/questions/%s", entry->d_name);
        json_t *file = json_load_file(path, 0, NULL);
        json_array_extend(all, json_object_get(file, "questions"));
        json_decref(file);
    }
    closedir(folder);
    return all;
}
