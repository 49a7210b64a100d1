/* What people write for a type, a difficulty, right and wrong, and for the gap of a
 * blank. */
#include "formats/words.h"

#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"

bool word_is_one_of(const char *folded, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (!strcmp(folded, words[i]))
            return true;
    return false;
}

static const char *const words_of_types[][10] = {
    [QUESTION_SINGLE] = { "单选", "单选题", "单项选择", "单项选择题", "选择题",
                          "single", "singlechoice", NULL },
    [QUESTION_MULTIPLE] = { "多选", "多选题", "多项选择", "多项选择题", "不定项",
                            "不定项选择题", "multiple", "multiplechoice", NULL },
    [QUESTION_JUDGE] = { "判断", "判断题", "是非题", "judge", "truefalse", "true/false",
                         NULL },
    [QUESTION_BLANK] = { "填空", "填空题", "blank", "fill", "fill-in", "shortanswer",
                         NULL },
};

static const char *const words_of_difficulties[][8] = {
    { "1", "易", "简单", "容易", "easy", "低", NULL },
    { "2", "中", "中等", "一般", "middle", "medium", NULL },
    { "3", "难", "困难", "较难", "hard", "高", NULL },
};

static const char *const words_of_truth[] = { "对",   "正确", "√",   "✓", "✔", "t",
                                              "true", "是",   "yes", "y", "1", NULL };
static const char *const words_of_untruth[] = { "错", "错误", "×",      "✗",    "✘",
                                                "x",  "f",    "false",  "否",   "no",
                                                "n",  "0",    "不正确", "不对", NULL };

int word_type(const char *folded)
{
    for (int i = 0; i < 4; i++)
        if (word_is_one_of(folded, words_of_types[i]))
            return i;
    return -1;
}

int word_difficulty(const char *folded)
{
    for (int i = 0; i < 3; i++)
        if (word_is_one_of(folded, words_of_difficulties[i]))
            return i + 1;
    return 0;
}

int word_truth(const char *folded)
{
    return word_is_one_of(folded, words_of_truth)     ? 1
           : word_is_one_of(folded, words_of_untruth) ? 0
                                                      : -1;
}

static bool has_one_gap(const char *stem)
{
    const char *first = strchr(stem, '_');

    return first && strspn(first, "_") == 4 && !strchr(first + 4, '_');
}

/* How long empty brackets are that stand here; 0: none. */
static size_t empty_brackets(const char *p)
{
    static const char *const pairs[][2] = { { "（", "）" }, { "(", ")" } };

    for (int i = 0; i < 2; i++) {
        size_t n = strlen(pairs[i][0]), space;

        if (strncmp(p, pairs[i][0], n))
            continue;
        while ((space = fold_space(p + n)))
            n += space;
        return strncmp(p + n, pairs[i][1], strlen(pairs[i][1]))
                   ? 0
                   : n + strlen(pairs[i][1]);
    }
    return 0;
}

/* The gap of a blank is ____ ; teachers also type longer and shorter lines, or
 * brackets. */
const char *gap_unified(struct arena *arena, const char *stem)
{
    bool has_line = strstr(stem, "__");
    TEXT(out);

    if (has_one_gap(stem))
        return stem;
    for (const char *p = stem; *p;) {
        size_t line = strspn(p, "_"), brackets = has_line ? 0 : empty_brackets(p);

        if (line > 1 || brackets) {
            text_string(&out, "____");
            p += line > 1 ? line : brackets;
        } else {
            text_char(&out, *p++);
        }
    }
    return arena_copy(arena, out.data, out.length);
}

const char *stem_with_gap(struct arena *arena, const char *stem)
{
    return strstr(stem, "__") ? stem : arena_printf(arena, "%s____", stem);
}
