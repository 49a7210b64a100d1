#include "formats/plain_marks.h"

#include <string.h>

#include "bank/fold.h"

const char mark_of_ours[] = "【竞答题库】";

static const struct mark_label labels[] = {
    { "答案", PART_KEY },
    { "正确答案", PART_KEY },
    { "参考答案", PART_KEY },
    { "标准答案", PART_KEY },
    { "答", PART_KEY },
    { "解析", PART_EXPLANATION },
    { "答案解析", PART_EXPLANATION },
    { "试题解析", PART_EXPLANATION },
    { "难度", PART_DIFFICULTY },
    { "编号", PART_ID },
    { "主题", PART_TOPIC },
    { "题型", PART_TYPE },
    { "出处", PART_DOCUMENT },
    { "来源", PART_DOCUMENT },
    { "出处位置", PART_LOCATOR },
    { "出处等级", PART_GRADE },
    { "冲突组", PART_CONFLICTS },
    { "复核", PART_REVIEW },
    { "复核日期", PART_REVIEW },
};

enum { N_LABELS = sizeof(labels) / sizeof(labels[0]) };

const char *mark_label_of(enum part part)
{
    for (int i = 0; i < N_LABELS; i++)
        if (labels[i].part == part)
            return labels[i].name;
    return NULL;
}

/* The stop behind a number or a letter: how long; 0: none. */
static size_t stop_at(const char *p)
{
    static const char *const marks[] = { "．", "、", "）", "：", ".", ")", ":", NULL };

    for (int i = 0; marks[i]; i++)
        if (!strncmp(p, marks[i], strlen(marks[i])))
            return strlen(marks[i]);
    return 0;
}

size_t mark_number(const char *line)
{
    static const char *const before[] = { "（", "(", "第", "" };

    for (int i = 0; i < 4; i++) {
        size_t n = strlen(before[i]), digits, end;

        if (strncmp(line, before[i], n) || (n && i == 3))
            continue;
        digits = strspn(line + n, "0123456789");
        if (!digits || digits > 5)
            continue;
        if (i == 2) {
            if (strncmp(line + n + digits, "题", 3))
                continue;
            return n + digits + 3 + stop_at(line + n + digits + 3);
        }
        end = stop_at(line + n + digits);
        if (!end || (i < 2 && strncmp(line + n + digits, i ? ")" : "）", i ? 1 : 3)))
            continue;
        /* 1.5米 is no number of a question */
        if (line[n + digits] == '.' && line[n + digits + 1] >= '0' &&
            line[n + digits + 1] <= '9')
            continue;
        return n + digits + end;
    }
    return 0;
}

int mark_choice(const char *p, size_t *length)
{
    size_t n = 0, open = !strncmp(p, "（", 3) ? 3 : *p == '(';
    int choice = -1;

    n = open;
    if (p[n] >= 'A' && p[n] <= 'H') {
        choice = p[n++] - 'A';
    } else if ((unsigned char)p[n] == 0xef && (unsigned char)p[n + 1] == 0xbc &&
               (unsigned char)p[n + 2] >= 0xa1 && (unsigned char)p[n + 2] <= 0xa8) {
        choice = (unsigned char)p[n + 2] - 0xa1;
        n += 3;
    }
    size_t after = choice < 0 ? 0 : stop_at(p + n);
    if (!after || (open && strncmp(p + n, "）", 3) && p[n] != ')'))
        return -1;
    *length = n + after;
    return choice;
}

const char *mark_choice_name(int choice)
{
    static const char *const names[] = { "A", "B", "C", "D", "E", "F", "G", "H" };

    return names[choice];
}

const struct mark_label *mark_label(const char *p, bool is_ours, size_t *length)
{
    bool is_bracketed = !strncmp(p, "【", 3);

    p += is_bracketed ? 3 : 0;
    for (int i = 0; i < N_LABELS; i++) {
        size_t n = strlen(labels[i].name);

        if (strncmp(p, labels[i].name, n))
            continue;
        if (is_bracketed && !strncmp(p + n, "】", 3)) {
            size_t colon = !strncmp(p + n + 3, "：", 3) && !is_ours ? 3 : 0;

            *length = n + 6 + colon;
            return &labels[i];
        }
        if (!is_bracketed && !is_ours && (p[n] == ':' || !strncmp(p + n, "：", 3))) {
            *length = n + (p[n] == ':' ? 1 : 3);
            return &labels[i];
        }
    }
    return NULL;
}

const char *mark_inner_label(const char *text)
{
    size_t length;

    for (const char *p = text; *p; p++) {
        size_t space = fold_space(p);

        if (!strncmp(p, "【", 3) && mark_label(p, false, &length))
            return p;
        if (space && mark_label(p + space, false, &length))
            return p + space;
    }
    return NULL;
}

const char *mark_section(const char *line)
{
    static const char *const words[] = {
        "单选题", "单项选择题", "多选题",     "多项选择题", "不定项选择题",
        "判断题", "是非题",     "填空题",     "选择题",     "简答题",
        "论述题", "问答题",     "案例分析题", NULL
    };
    static const char numerals[] = "一二三四五六七八九十";
    const char *p = line;
    bool is_numbered = false;

    while (*p && (unsigned char)*p >= 0x80) {
        char one[4] = { p[0], p[1], p[2], 0 };

        if (!strstr(numerals, one))
            break;
        p += 3;
    }
    if (p != line && stop_at(p)) {
        p += stop_at(p);
        is_numbered = true;
    } else {
        p = line;
    }
    while (fold_space(p))
        p += fold_space(p);
    for (int i = 0; words[i]; i++) {
        size_t n = strlen(words[i]);

        if (strncmp(p, words[i], n))
            continue;
        if (is_numbered || !p[n] || !strncmp(p + n, "（", 3) ||
            !strncmp(p + n, "：", 3) || strchr("(: ", p[n]))
            return words[i];
    }
    return NULL;
}

const char *mark_type(struct arena *arena, const char *line, const char **type)
{
    static const char *const pairs[][2] = {
        { "【", "】" }, { "（", "）" }, { "(", ")" }, { "[", "]" }
    };
    static const char *const words[] = { "单选",     "多选",     "判断",       "填空",
                                         "单项选择", "多项选择", "不定项选择", NULL };

    for (int i = 0; i < 4; i++) {
        size_t n = strlen(pairs[i][0]);
        const char *end =
            strncmp(line, pairs[i][0], n) ? NULL : strstr(line, pairs[i][1]);

        for (int w = 0; end && words[w]; w++) {
            size_t size = strlen(words[w]);
            const char *rest = line + n + size;

            if (strncmp(line + n, words[w], size))
                continue;
            rest += strncmp(rest, "题", 3) ? 0 : 3;
            if (rest == end) {
                *type = arena_copy(arena, line + n, (size_t)(end - line) - n);
                return end + strlen(pairs[i][1]);
            }
        }
    }
    return line;
}
