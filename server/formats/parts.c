/* The parts of a question as texts, as every writer writes them. */
#include "formats/entry.h"

#include <string.h>

#include "bank/question.h"
#include "util/memory.h"

static const char *const type_words[] = { "单选", "多选", "判断", "填空" };

static int type_of(const json_t *question)
{
    const char *name = json_string_value(json_object_get(question, "type"));

    for (int i = 0; name && question_type_names[i]; i++)
        if (!strcmp(name, question_type_names[i]))
            return i;
    return QUESTION_SINGLE;
}

const char *type_word(const json_t *question)
{
    return type_words[type_of(question)];
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static const char *key_text(const json_t *question, struct arena *arena)
{
    const json_t *key = json_object_get(question, "key");
    TEXT(out);

    if (json_is_boolean(key))
        return json_is_true(key) ? "对" : "错";
    if (json_is_string(key))
        return json_string_value(key);
    text_string(&out, "");
    variants_join(&out, key);
    return arena_copy(arena, out.data, out.length);
}

static const char *conflicts_text(const json_t *question, struct arena *arena)
{
    const json_t *groups = json_object_get(question, "conflicts"), *value;
    size_t i;
    TEXT(out);

    if (!groups)
        return NULL;
    text_string(&out, "");
    json_array_foreach((json_t *)groups, i, value)
        text_printf(&out, "%s%s", i ? " " : "", json_string_value(value));
    if (!out.length)
        return "-";
    return arena_copy(arena, out.data, out.length);
}

static const char *review_text(const json_t *question, struct arena *arena)
{
    const json_t *review = json_object_get(question, "review");
    int pass = (int)json_integer_value(json_object_get(review, "pass"));
    const char *date = text_of(review, "date"), *digest = text_of(review, "digest");

    if (!date)
        return NULL;
    return pass == 2 && !digest ? date
                                : arena_printf(arena, "%d %s%s%s", pass, date,
                                               digest ? " " : "", digest ? digest : "");
}

void entry_parts(const json_t *question, struct arena *arena,
                 const char *parts[N_PARTS])
{
    const json_t *choices = json_object_get(question, "choices");
    const json_t *source = json_object_get(question, "source");
    int difficulty = (int)json_integer_value(json_object_get(question, "difficulty"));

    memset(parts, 0, N_PARTS * sizeof(*parts));
    parts[PART_ID] = text_of(question, "id");
    parts[PART_TYPE] = type_word(question);
    parts[PART_TOPIC] = text_of(question, "topic");
    parts[PART_DIFFICULTY] = arena_printf(arena, "%d", difficulty);
    parts[PART_STEM] = text_of(question, "stem");
    for (size_t i = 0; i < json_array_size(choices) && i < MAX_CHOICES; i++)
        parts[PART_CHOICE + i] = json_string_value(json_array_get(choices, i));
    parts[PART_KEY] = key_text(question, arena);
    parts[PART_EXPLANATION] = text_of(question, "explanation");
    parts[PART_DOCUMENT] = text_of(source, "document");
    parts[PART_LOCATOR] = text_of(source, "locator");
    parts[PART_GRADE] = text_of(source, "grade");
    parts[PART_CONFLICTS] = conflicts_text(question, arena);
    parts[PART_REVIEW] = review_text(question, arena);
}
