/* Questions from files of any format into the database, each row that is not simply
 * taken with its line. */
#include "command/command.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/import_questions.h"
#include "util/memory.h"
#include "util/text.h"

enum { LONG_FILE = 1000 };

struct load {
    const struct loading *loading;
    struct format_reading reading;
    const char *file;
    json_t *items; /* {"question","twin","row","file","column","remark"} */
    bool ok;
};

static void tell_row(const char *file, int row, const char *column, const char *what,
                     const char *sentence)
{
    bool is_chinese = operator_language() == CHINESE;

    fprintf(stderr, is_chinese ? "%s：第%d行" : "%s: row %d", file, row);
    if (*column)
        fprintf(stderr, is_chinese ? "“%s”列" : ", column \"%s\"", column);
    fprintf(stderr, is_chinese ? "：%s%s\n" : ": %s%s\n", what, sentence);
}

/* On a terminal, and only where one waits for it. */
static void tell_progress(const struct load *load)
{
    const struct format_reading *reading = &load->reading;

    if (reading->n_rows < LONG_FILE || reading->n_read % 200 || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%s: %d / %d%s", load->file, reading->n_read, reading->n_rows,
            reading->n_read == reading->n_rows ? "\n" : "");
}

static void on_found(const struct finding *finding, void *context)
{
    struct load *load = context;
    const char *sentence = finding->error.problem == PROBLEM_NONE
                               ? ""
                               : finding->error.detail[operator_language()];

    tell_progress(load);
    if (finding->question && !finding->same_row) {
        json_array_append_new(load->items,
                              json_pack("{s:O,s:s,s:s,s:i,s:s}", "question",
                                        finding->question, "twin", finding->twin,
                                        "file", load->file, "row", finding->row,
                                        "column", finding->column));
        if (!*sentence)
            return;
    } else {
        load->ok = false;
    }
    tell_row(load->file, finding->row, finding->column, "", sentence);
}

static bool read_bytes(const char *file, struct text *out)
{
    FILE *stream = fopen(file, "re");
    size_t n;

    if (!stream)
        return false;
    do {
        n = fread(text_reserve(out, 65536), 1, 65536, stream);
        out->length += n;
    } while (n && out->length <= FORMAT_MAX_BYTES);
    bool ok = !ferror(stream);
    fclose(stream);
    return ok;
}

static void gather_file(const char *file, struct load *load)
{
    struct error err;
    TEXT(bytes);

    load->file = file;
    load->reading = (struct format_reading){ .presets = load->loading->presets,
                                             .format = load->loading->format,
                                             .found = on_found,
                                             .context = load };
    if (!read_bytes(file, &bytes))
        error_set(&err, PROBLEM_FILE_UNREADABLE, file, strerror(errno));
    else if (format_read(&load->reading, bytes.data, bytes.length, &err))
        return;
    complain(file, &err);
    load->ok = false;
}

static int is_json(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && !strcmp(dot, ".json");
}

static void gather_folder(const char *folder, struct load *load)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_json, alphasort);
    char path[4096];

    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        gather_file(path, load);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static const char *text_of(const json_t *item, const char *name)
{
    return json_string_value(json_object_get(item, name));
}

static void tell_result(const json_t *item, const char *result,
                        const char *duplicate_of, void *context)
{
    const struct load *load = context;
    bool is_chinese = operator_language() == CHINESE, is_duplicate = duplicate_of;
    int row = (int)json_integer_value(json_object_get(item, "row"));

    if (is_duplicate)
        tell_row(text_of(item, "file"), row, text_of(item, "column"),
                 is_chinese ? "与题库中的这道题相同："
                            : "it is this question of the bank: ",
                 duplicate_of);
    else if (!strcmp(result, "changed") && !load->loading->is_demonstration)
        tell_row(text_of(item, "file"), row, "", is_chinese ? "更改 " : "changes ",
                 text_of(json_object_get(item, "question"), "id"));
}

static void tell_mistake(const struct error *err, void *context)
{
    complain(context, err);
}

static bool put(struct session *session, struct load *load, const char *name)
{
    struct import import = { .session = session,
                             .report = tell_mistake,
                             .context = (void *)name };
    struct import_items items = { .items = load->items,
                                  .is_dry = load->loading->is_dry,
                                  .keeps_newer = load->loading->is_demonstration,
                                  .told = tell_result,
                                  .context = load };
    bool is_chinese = operator_language() == CHINESE;
    bool ok = load->ok && import_items(&import, &items);

    if (!ok && *import.db_error.text)
        fprintf(stderr, "%s: %s\n", name, import.db_error.text);
    if (!ok)
        fprintf(stderr,
                is_chinese ? "%s：有错误，未导入任何内容\n"
                           : "%s: there are mistakes; nothing was imported\n",
                name);
    else
        printf(is_chinese ? "%s：题目，新增 %d，更改 %d，未变 %d%s\n"
                          : "%s: questions: %d added, %d changed, %d unchanged%s\n",
               name, import.counts.added, import.counts.changed, import.counts.same,
               !items.is_dry ? ""
               : is_chinese  ? "（试运行，未改动）"
                             : " (dry run)");
    return ok;
}

bool load_questions(struct session *session, const struct loading *loading, int n,
                    char *const *paths)
{
    AUTO(json_decrefp) json_t *items = json_array();
    struct load load = { .loading = loading, .items = items, .ok = true };
    struct stat about;

    for (int i = 0; i < n; i++)
        if (!stat(paths[i], &about) && S_ISDIR(about.st_mode))
            gather_folder(paths[i], &load);
        else
            gather_file(paths[i], &load);
    return put(session, &load, n == 1 ? paths[0] : "jingda");
}
