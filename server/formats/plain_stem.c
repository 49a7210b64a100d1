#include "formats/plain_stem.h"

#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"

/* Brackets in a stem: where they open, what is in them, where they have closed. */
struct brackets {
    const char *open, *inside, *close, *end;
};

static bool find_brackets(const char *from, struct brackets *out)
{
    const char *wide = strstr(from, "（"), *narrow = strchr(from, '(');
    const char *open = !wide || (narrow && narrow < wide) ? narrow : wide;

    if (!open)
        return false;
    const char *inside = open + (*open == '(' ? 1 : strlen("（"));
    const char *wide_end = strstr(inside, "）"), *narrow_end = strchr(inside, ')');
    const char *close =
        !wide_end || (narrow_end && narrow_end < wide_end) ? narrow_end : wide_end;

    if (!close)
        return false;
    *out = (struct brackets){ open, inside, close,
                              close + (*close == ')' ? 1 : strlen("）")) };
    return true;
}

static bool is_letters(const char *folded)
{
    size_t n = strspn(folded, "abcdefgh,、;");

    return *folded >= 'a' && *folded <= 'h' && !folded[n];
}

static bool is_judgement(const char *folded)
{
    static const char *const words[] = { "√",  "×",    "✓",    "✗", "✔", "✘", "对",
                                         "错", "正确", "错误", "t", "f", "x", NULL };

    for (int i = 0; words[i]; i++)
        if (!strcmp(folded, words[i]))
            return true;
    return false;
}

/* The answer typed into the brackets of the stem; true if there is one and no empty
 * pair. */
static bool find_answer(struct arena *arena, const char *stem, bool takes_any,
                        struct brackets *out)
{
    struct brackets at;
    bool found = false;

    for (const char *p = stem; find_brackets(p, &at); p = at.end) {
        const char *inside = question_fold(
            arena, arena_copy(arena, at.inside, (size_t)(at.close - at.inside)));

        if (!*inside)
            return false;
        if (takes_any || is_letters(inside) || is_judgement(inside)) {
            *out = at;
            found = true;
        }
    }
    return found;
}

static bool is_type(const struct entry *entry, const char *word)
{
    return entry->parts[PART_TYPE].text && strstr(entry->parts[PART_TYPE].text, word);
}

/* Takes the answer out of the stem, and says it if nothing else does. */
static void settle_answer(struct entries *entries, struct entry *entry)
{
    struct arena *arena = &entries->arena;
    struct said *stem = &entry->parts[PART_STEM], *key = &entry->parts[PART_KEY];
    bool is_blank = is_type(entry, "填空") && !strstr(stem->text, "__");
    struct brackets at;

    if (!find_answer(arena, stem->text, is_blank && !key->text, &at))
        return;
    const char *answer = arena_copy(arena, at.inside, (size_t)(at.close - at.inside));
    if (key->text &&
        strcmp(question_fold(arena, key->text), question_fold(arena, answer)))
        return; /* these brackets are part of the text */
    if (!key->text)
        entry_say(entries, entry, PART_KEY, stem->row, "题干的括号", answer);
    stem->text = arena_printf(arena, "%.*s%s%s", (int)(at.open - stem->text),
                              stem->text, is_blank ? "____" : "（　　）", at.end);
}

/* A judge question needs no brackets behind it. */
static void drop_last_brackets(struct entries *entries, struct entry *entry)
{
    struct said *stem = &entry->parts[PART_STEM];
    struct brackets at, last = { 0 };

    for (const char *p = stem->text; find_brackets(p, &at); p = at.end)
        last = at;
    if (!last.open || *last.end)
        return;
    for (const char *p = last.inside; p < last.close;) {
        size_t space = fold_space(p);

        if (!space)
            return;
        p += space;
    }
    entry_say(
        entries, entry, PART_STEM, stem->row, stem->column,
        arena_copy(&entries->arena, stem->text, (size_t)(last.open - stem->text)));
}

void stem_settle(struct entries *entries, struct entry *entry)
{
    settle_answer(entries, entry);
    const char *key = entry->parts[PART_KEY].text;
    const char *folded = key ? question_fold(&entries->arena, key) : "";

    if (is_type(entry, "判断") ||
        (!entry->parts[PART_CHOICE].text && is_judgement(folded)))
        drop_last_brackets(entries, entry);
}
