#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/export.h"
#include "util/memory.h"
#include "util/text.h"

struct wish {
    enum format format;
    const char *topic, *ids; /* NULL: all */
    const char *file;
};

/* Written beside and moved into place, so that a crash leaves a whole file or none. */
static bool write_file(const char *file, const struct text *bytes)
{
    char beside[4096];

    if (!strcmp(file, "-"))
        return fwrite(bytes->data, 1, bytes->length, stdout) == bytes->length;
    snprintf(beside, sizeof(beside), "%.4080s.new", file);
    FILE *stream = fopen(beside, "we");
    if (!stream)
        return false;
    bool ok = fwrite(bytes->data, 1, bytes->length, stream) == bytes->length;
    return !fclose(stream) && ok && !rename(beside, file);
}

static int finish(const struct wish *wish, const struct text *bytes, bool ok,
                  struct error *err)
{
    if (ok && !write_file(wish->file, bytes))
        ok = error_set(err, PROBLEM_FILE_UNREADABLE, wish->file, strerror(errno));
    if (!ok)
        complain(wish->file, err);
    return ok ? 0 : 1;
}

static int export_questions(struct workplace *at, const struct wish *wish)
{
    bool is_chinese = operator_language() == CHINESE;
    struct db_error why = { 0 };
    struct error err = { 0 };
    TEXT(bytes);
    AUTO(json_decrefp)
    json_t *questions = export_newest(at->session, wish->topic, wish->ids, &why);

    if (!questions) {
        fprintf(stderr, "jingda: %s\n", why.text);
        return 1;
    }
    bool ok = format_write(wish->format, questions, &bytes, &err);
    int status = finish(wish, &bytes, ok, &err);
    if (!status && strcmp(wish->file, "-"))
        printf(is_chinese ? "%s：%zu 题\n" : "%s: %zu questions\n", wish->file,
               json_array_size(questions));
    return status;
}

static int export_template(const struct wish *wish)
{
    struct error err = { 0 };
    TEXT(bytes);
    bool ok = format_template(&bytes, &err);

    return finish(wish, &bytes, ok, &err);
}

/* "x.gift" is GIFT. */
static bool format_by_ending(const char *file, enum format *out)
{
    const char *dot = strrchr(file, '.');

    for (int i = 0; dot && i < N_FORMATS; i++)
        if (!strcmp(dot + 1, format_endings[i])) {
            *out = (enum format)i;
            return true;
        }
    return false;
}

static bool read_wish(int n, char **words, struct wish *out)
{
    bool has_format = false;

    for (int i = 0; i < n; i++) {
        const char *value = i + 1 < n ? words[i + 1] : NULL;

        if (!strcmp(words[i], "--format") && format_find(value, &out->format))
            has_format = true;
        else if (!strcmp(words[i], "--topic") && value)
            out->topic = value;
        else if (!strcmp(words[i], "--ids") && value)
            out->ids = value;
        else if (!strncmp(words[i], "--", 2) || out->file)
            return false;
        else
            out->file = words[i];
        i += !strncmp(words[i], "--", 2);
    }
    return out->file && (has_format || format_by_ending(out->file, &out->format)) &&
           out->format != FORMAT_AUTO;
}

static int run_export(struct config *config, int n, char **words)
{
    struct wish wish = { .format = FORMAT_AUTO };
    struct workplace at;
    int status = 1;

    if (n == 2 && !strcmp(words[0], "template")) {
        wish.file = words[1];
        return export_template(&wish);
    }
    if (n < 2 || strcmp(words[0], "questions") || !read_wish(n - 1, words + 1, &wish))
        return misuse(&export_command,
                      "say what to export, in which format, to which file");
    if (!workplace_open(config, true, &at))
        return 1;
    if (apply_migrations(at.session, config->schema))
        status = export_questions(&at, &wish);
    workplace_close(&at);
    return status;
}

const struct command export_command = {
    .name = "export",
    .summary = "writes questions to a file, or the table to fill in",
    .help = "jingda export questions [--format FORMAT] [--topic TOPIC] [--ids "
            "ID,ID...] FILE\n"
            "jingda export template FILE.xlsx\n"
            "\n"
            "Formats are json, csv, xlsx, plain, gift, moodle (XML) and qti (2.1, a "
            "zip); by\n"
            "the file's ending (json csv xlsx txt gift xml zip) where none is named.  "
            "What is\n"
            "exported is imported again as the very same questions.  FILE may be -.\n",
    .run = run_export,
};
