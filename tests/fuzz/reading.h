#pragma once
/* Readers of foreign files: whatever comes, memory is safe, every sentence is UTF-8,
 * and what is taken for a question is one that we can write and read again. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "bank/question.h"
#include "formats/formats.h"
#include "util/encode.h"
#include "util/memory.h"

static void note_finding(const struct finding *finding, void *context)
{
    json_t *questions = context;

    assert(finding->row >= 0 && finding->column);
    assert(utf8_is_valid(finding->column, strlen(finding->column)));
    assert(finding->question || finding->error.problem != PROBLEM_NONE);
    for (int i = 0; i < N_LANGUAGES && finding->error.problem != PROBLEM_NONE; i++)
        assert(
            utf8_is_valid(finding->error.detail[i], strlen(finding->error.detail[i])));
    if (finding->question && !finding->same_row)
        json_array_append(questions, (json_t *)finding->question);
}

static void note_again(const struct finding *finding, void *context)
{
    assert(finding->question && !finding->same_row);
    json_array_append(context, (json_t *)finding->question);
}

/* What was read from any format is lossless in every other. */
static void write_and_read(enum format format, const json_t *questions)
{
    AUTO(json_decrefp) json_t *found = json_array();
    struct format_reading again = { .format = format,
                                    .found = note_again,
                                    .context = found };
    struct error err = { 0 };
    TEXT(file);

    assert(format_write(format, questions, &file, &err));
    assert(format_read(&again, file.data, file.length, &err));
    assert(json_equal(found, questions));
}

static inline int read_foreign(enum format format, const uint8_t *data, size_t size)
{
    AUTO(json_decrefp) json_t *questions = json_array();
    struct format_reading reading = {
        .presets = { .theme = "fuzz", .document = "document" },
        .format = format,
        .found = note_finding,
        .context = questions,
    };
    struct error err = { 0 };

    if (!format_read(&reading, data, size, &err)) {
        assert(err.problem != PROBLEM_NONE);
        return 0;
    }
    assert(reading.n_read == reading.n_rows);
    for (int other = 0; json_array_size(questions) && other < N_FORMATS; other++)
        if (other != FORMAT_XLSX) /* which makes temporary files */
            write_and_read((enum format)other, questions);
    return 0;
}
