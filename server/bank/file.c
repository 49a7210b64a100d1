/* Files of questions: each question by itself, then what only shows when they stand
 * together.  Whoever writes questions wants all mistakes of a file at once. */
#include "bank/question.h"

#include <stdlib.h>
#include <string.h>

#include "util/fields.h"

struct file {
    const char *theme, *title;
    json_t *questions;
};

static const struct field file_fields[] = {
    FIELD_STRING(struct file, theme, 1, 64),
    FIELD_STRING(struct file, title, 1, 100),
    FIELD_ARRAY(struct file, questions, 1, 100000),
    { 0 },
};

struct reader {
    const char *theme;
    int n_wrong;
    void (*report)(const struct error *err, void *context);
    void *context;
};

static void reject(struct reader *reader, const struct error *err)
{
    reader->n_wrong++;
    reader->report(err, reader->context);
}

static bool has_theme(const char *id, const char *theme)
{
    size_t n = strlen(theme);

    return !strncmp(id, theme, n) && id[n] == '-';
}

static bool read_one(const struct reader *reader, const json_t *json,
                     struct arena *arena, struct question *out, struct error *err)
{
    if (!question_read(json, arena, out, err))
        return false;
    if (has_theme(out->id, reader->theme))
        return true;
    error_set(err, PROBLEM_QUESTION_BAD, out->id, "“id”应以文件的主题名开头",
              "\"id\" should begin with the theme of the file");
    return error_within(err, "/id");
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct question *const *)a)->id,
                  (*(const struct question *const *)b)->id);
}

static int by_stem(const void *a, const void *b)
{
    return strcmp((*(const struct question *const *)a)->stem,
                  (*(const struct question *const *)b)->stem);
}

static void reject_same(struct reader *reader, const struct question *const *sorted,
                        int n, int (*compare)(const void *, const void *),
                        const char *zh, const char *en)
{
    struct error err;

    for (int i = 1; i < n; i++)
        if (!compare(&sorted[i - 1], &sorted[i])) {
            error_set(&err, PROBLEM_QUESTION_BAD, sorted[i]->id, zh, en);
            reject(reader, &err);
        }
}

static void reject_twins(struct reader *reader, struct arena *arena,
                         const struct question *questions, int n)
{
    const struct question **sorted = arena_alloc(arena, (size_t)n * sizeof(*sorted));

    for (int i = 0; i < n; i++)
        sorted[i] = &questions[i];
    qsort(sorted, (size_t)n, sizeof(*sorted), by_id);
    reject_same(reader, sorted, n, by_id, "“id”出现了两次", "this \"id\" occurs twice");
    qsort(sorted, (size_t)n, sizeof(*sorted), by_stem);
    reject_same(reader, sorted, n, by_stem, "题干与另一题相同",
                "the stem is that of another question");
}

bool question_read_file(const json_t *json, struct arena *arena, struct question **out,
                        int *n_out,
                        void (*report)(const struct error *err, void *context),
                        void *context)
{
    struct reader reader = { .report = report, .context = context };
    struct file file;
    struct error err;
    json_t *value;
    size_t i;
    int n = 0;

    if (!fields_read(file_fields, json, &file, &err)) {
        reject(&reader, &err);
        return false;
    }
    reader.theme = file.theme;
    struct question *questions =
        arena_alloc(arena, json_array_size(file.questions) * sizeof(*questions));
    json_array_foreach(file.questions, i, value)
    {
        if (read_one(&reader, value, arena, &questions[n], &err)) {
            n++;
            continue;
        }
        error_within(&err, "/questions/%zu", i);
        reject(&reader, &err);
    }
    reject_twins(&reader, arena, questions, n);
    if (reader.n_wrong)
        return false;
    *out = questions;
    *n_out = n;
    return true;
}
