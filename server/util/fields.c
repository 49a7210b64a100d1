#include "util/fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "util/encode.h"
#include "util/memory.h"
#include "util/moment.h"
#include "util/text.h"

static const char *const kind_names[][N_LANGUAGES] = {
    [FIELD_KIND_INT] = { "整数", "an integer" },
    [FIELD_KIND_INT64] = { "整数", "an integer" },
    [FIELD_KIND_BOOL] = { "true 或 false", "true or false" },
    [FIELD_KIND_STRING] = { "字符串", "a string" },
    [FIELD_KIND_CHOICE] = { "字符串", "a string" },
    [FIELD_KIND_TIME] = { "时间字符串", "a string with a time" },
    [FIELD_KIND_POINTS] = { "数字", "a number" },
    [FIELD_KIND_OBJECT] = { "对象", "an object" },
    [FIELD_KIND_ARRAY] = { "数组", "an array" },
};

static bool has_kind(const struct field *field, const json_t *value)
{
    switch (field->kind) {
    case FIELD_KIND_INT:
    case FIELD_KIND_INT64: return json_is_integer(value);
    case FIELD_KIND_BOOL: return json_is_boolean(value);
    case FIELD_KIND_STRING:
    case FIELD_KIND_CHOICE:
    case FIELD_KIND_TIME: return json_is_string(value);
    case FIELD_KIND_POINTS: return json_is_number(value);
    case FIELD_KIND_OBJECT: return json_is_object(value);
    case FIELD_KIND_ARRAY: return json_is_array(value);
    case FIELD_KIND_END: break;
    }
    return false;
}

static bool in_range(const struct field *field, int64_t value, struct error *err)
{
    char low[32], high[32];

    if (value >= field->min && value <= field->max)
        return true;
    snprintf(low, sizeof(low), "%" PRId64, field->min);
    snprintf(high, sizeof(high), "%" PRId64, field->max);
    return error_set(err, PROBLEM_FIELD_RANGE, field->name, low, high);
}

static bool has_length(const struct field *field, int64_t n, struct error *err)
{
    if (n >= field->min && n <= field->max)
        return true;
    return error_set(err, PROBLEM_FIELD_LENGTH, field->name, (int)field->min,
                     (int)field->max);
}

static int choice_of(const struct field *field, const char *name)
{
    for (int i = 0; field->choices[i]; i++)
        if (!strcmp(field->choices[i], name))
            return i;
    return -1;
}

static bool is_choice(const struct field *field, const char *name, struct error *err)
{
    char all[200] = "";

    if (choice_of(field, name) >= 0)
        return true;
    for (int i = 0; field->choices[i]; i++) {
        size_t used = strlen(all);

        snprintf(all + used, sizeof(all) - used, "%s%s", i ? ", " : "", field->choices[i]);
    }
    return error_set(err, PROBLEM_FIELD_CHOICE, field->name, all);
}

/* Points have at most two decimals, so that hundredths say exactly what was meant. */
static bool points_of(const struct field *field, const json_t *value, int64_t *out,
                      struct error *err)
{
    double hundredths = json_number_value(value) * 100;
    char low[32], high[32];

    if (fabs(hundredths) < 9e15 && hundredths >= (double)field->min &&
        hundredths <= (double)field->max &&
        fabs(hundredths - nearbyint(hundredths)) < 1e-6) {
        *out = (int64_t)nearbyint(hundredths);
        return true;
    }
    snprintf(low, sizeof(low), "%.2f", (double)field->min / 100);
    snprintf(high, sizeof(high), "%.2f", (double)field->max / 100);
    return error_set(err, PROBLEM_FIELD_RANGE, field->name, low, high);
}

static bool check(const struct field *field, const json_t *value, struct error *err)
{
    int64_t ignored;

    if (!has_kind(field, value))
        return error_set(err, PROBLEM_FIELD_TYPE, field->name,
                         kind_names[field->kind][CHINESE],
                         kind_names[field->kind][ENGLISH]);
    switch (field->kind) {
    case FIELD_KIND_INT:
    case FIELD_KIND_INT64: return in_range(field, json_integer_value(value), err);
    case FIELD_KIND_STRING:
        return has_length(field, (int64_t)text_characters(json_string_value(value)), err);
    case FIELD_KIND_CHOICE: return is_choice(field, json_string_value(value), err);
    case FIELD_KIND_TIME:
        return moment_parse(json_string_value(value), &ignored) ||
               error_set(err, PROBLEM_FIELD_TIME, field->name);
    case FIELD_KIND_POINTS: return points_of(field, value, &ignored, err);
    case FIELD_KIND_ARRAY: return has_length(field, (int64_t)json_array_size(value), err);
    default: return true;
    }
}

static void store(const struct field *field, json_t *value, void *out)
{
    char *place = (char *)out + field->offset;
    struct error ignored;

    switch (field->kind) {
    case FIELD_KIND_INT: *(int *)place = (int)json_integer_value(value); break;
    case FIELD_KIND_INT64: *(int64_t *)place = json_integer_value(value); break;
    case FIELD_KIND_BOOL: *(bool *)place = json_is_true(value); break;
    case FIELD_KIND_STRING: *(const char **)place = json_string_value(value); break;
    case FIELD_KIND_CHOICE:
        *(int *)place = choice_of(field, json_string_value(value));
        break;
    case FIELD_KIND_TIME:
        moment_parse(json_string_value(value), (int64_t *)place);
        break;
    case FIELD_KIND_POINTS: points_of(field, value, (int64_t *)place, &ignored); break;
    case FIELD_KIND_OBJECT:
    case FIELD_KIND_ARRAY: *(json_t **)place = value; break;
    case FIELD_KIND_END: break;
    }
}

static const struct field *find(const struct field *fields, const char *name)
{
    for (; fields->kind != FIELD_KIND_END; fields++)
        if (!strcmp(fields->name, name))
            return fields;
    return NULL;
}

/* Names where it is wrong: a JSON pointer to the field (RFC 6901, with its escapes). */
static bool at(const char *name, struct error *err)
{
    TEXT(step);

    text_char(&step, '/');
    for (; *name; name++)
        if (*name == '~' || *name == '/')
            text_string(&step, *name == '~' ? "~0" : "~1");
        else
            text_char(&step, *name);
    return error_within(err, "%s", step.data);
}

bool fields_read(const struct field *fields, const json_t *object, void *out,
                 struct error *err)
{
    const char *name;
    json_t *value;

    if (!json_is_object(object))
        return error_set(err, PROBLEM_BODY_MISSING);
    json_object_foreach((json_t *)object, name, value)
    {
        const struct field *field = find(fields, name);

        if (!field) {
            error_set(err, PROBLEM_FIELD_UNKNOWN, name);
            return at(name, err);
        }
        if (!check(field, value, err))
            return at(name, err);
    }
    for (const struct field *field = fields; field->kind != FIELD_KIND_END; field++)
        if (!field->is_optional && !json_object_get(object, field->name)) {
            error_set(err, PROBLEM_FIELD_MISSING, field->name);
            return at(field->name, err);
        }
    json_object_foreach((json_t *)object, name, value)
        store(find(fields, name), value, out);
    return true;
}

/* jansson parses 2,048 levels by recursion; a look at the brackets first keeps its stack
 * small.  Brackets within strings do not count. */
static bool is_shallow(const char *bytes, size_t n, int max_depth)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max_depth)
                return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

/* jansson quotes what it stumbled over, and may cut it within a character. */
static void make_utf8(char *text)
{
    if (utf8_is_valid(text, strlen(text)))
        return;
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            *text = '?';
}

json_t *fields_parse(const char *bytes, size_t n, int max_depth, struct error *err)
{
    json_error_t why;

    if (!is_shallow(bytes, n, max_depth)) {
        error_set(err, PROBLEM_BAD_JSON, 1, 1, "nested too deep");
        return NULL;
    }
    json_t *root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &why);
    if (!root) {
        make_utf8(why.text);
        error_set(err, PROBLEM_BAD_JSON, why.line, why.column, why.text);
    }
    return root;
}

json_t *fields_parse_into(struct arena *arena, const char *bytes, size_t n, int max_depth,
                          struct error *err)
{
    memory_json_into(arena);
    json_t *root = fields_parse(bytes, n, max_depth, err);
    memory_json_into(NULL);
    return root;
}
