/* Our own JSON: a file with its theme, or only the questions, as an array or in an
 * object. Lines are found by a second, shallow reading: the parser does not tell them.
 */
#include "formats/entry.h"

#include <string.h>

#include "util/fields.h"
#include "util/memory.h"

/* The line of the next object at this depth, from `p` on. */
struct lines {
    const char *p;
    int line, depth, at_depth;
};

static const char *past_string(struct lines *lines, const char *p)
{
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    (void)lines;
    return *p ? p + 1 : p;
}

static int next_line(struct lines *lines)
{
    const char *p = lines->p;

    while (*p) {
        if (*p == '"') {
            p = past_string(lines, p);
            continue;
        }
        if (*p == '}' || *p == ']')
            lines->depth--;
        lines->line += *p == '\n';
        if (*p == '{' || *p == '[')
            lines->depth++;
        if (*p++ == '{' && lines->depth == lines->at_depth)
            break;
    }
    lines->p = p;
    return lines->line;
}

/* An id begins with the theme of its file: checked here as in the files of the bank. */
static bool fits_theme(const json_t *question, const char *theme)
{
    const char *id = json_string_value(json_object_get(question, "id"));
    size_t n = theme ? strlen(theme) : 0;

    return !id || !theme || (!strncmp(id, theme, n) && id[n] == '-');
}

static bool take_root(struct entries *out, json_t **questions, const char **theme,
                      struct error *err)
{
    static const char *const known[] = { "theme", "title", "questions", NULL };
    const char *name;
    json_t *value;

    if (json_is_object(out->document))
        json_object_foreach(out->document, name, value)
        {
            bool is_known = false;

            for (int i = 0; known[i]; i++)
                is_known |= !strcmp(name, known[i]);
            if (!is_known)
                return error_set(err, PROBLEM_FIELD_UNKNOWN, name);
        }
    *questions = json_is_array(out->document)
                     ? out->document
                     : json_object_get(out->document, "questions");
    *theme = json_string_value(json_object_get(out->document, "theme"));
    return json_is_array(*questions) ||
           refuse(err, "JSON 应为 {\"theme\",\"title\",\"questions\":[…]} 或题目的数组",
                  "the JSON should be {\"theme\",\"title\",\"questions\":[...]} or an "
                  "array");
}

bool json_read(const char *bytes, size_t n, struct entries *out, struct error *err)
{
    struct lines lines = { .p = bytes, .line = 1 };
    json_t *questions = NULL, *question;
    const char *theme = NULL;
    size_t i;

    out->document = fields_parse(bytes, n, FORMAT_MAX_DEPTH, err);
    if (!out->document || !take_root(out, &questions, &theme, err))
        return false;
    lines.at_depth = json_is_array(out->document) ? 2 : 3;
    json_array_foreach(questions, i, question)
    {
        int line = json_is_object(question) ? next_line(&lines) : lines.line;

        if (entries_are_full(out))
            break;
        if (!fits_theme(question, theme))
            entries_wrong(out, line, "/id", "“id”应以文件的主题名开头",
                          "\"id\" should begin with the theme of the file");
        else
            entries_add(out, line)->json = question;
    }
    return true;
}

bool json_write(const json_t *questions, struct text *out, struct error *err)
{
    json_t *question;
    size_t i;

    (void)err;
    text_string(out, "{\"questions\": [");
    json_array_foreach((json_t *)questions, i, question)
    {
        AUTO(memory_freep) char *text = json_dumps(question, JSON_INDENT(2));

        text_string(out, i ? ",\n" : "\n");
        text_string(out, text);
    }
    text_string(out, "\n]}\n");
    return true;
}
