/*
 * Text as teachers type it:
 *
 *     一、单选题（每题2分）
 *     1. 题干（ B ）
 *     A、甲  B、乙  C、丙  D、丁
 *     答案：B
 *     解析：……
 *
 * A line begins with a number (a question), a letter (a choice), a label or a heading
 * of a section; any other goes on with what was before.  Without 答案 the key is what
 * stands in the stem's brackets.
 *
 * An export begins with 【竞答题库】: then what follows was written by us, each part is
 * one line, and \n and \\ are a line end and a backslash; nothing is guessed.
 */
#include "formats/entry.h"

#include <stdio.h>
#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"

static const char mark[] = "【竞答题库】";

static const struct label {
    const char *name;
    enum part part;
} labels[] = {
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

struct reader {
    struct entries *out;
    struct entry *entry; /* NULL: before the first question */
    bool is_ours, after_blank;
    const char *section; /* its type; NULL: none */
    int line;
    enum part part; /* being gathered; N_PARTS: none */
    int part_line;
    const char *column;
    struct text text;
};

/* Our own escapes. */
static void unescape(struct text *text)
{
    char *end = text->data;

    for (const char *p = text->data; *p; p++) {
        bool is_escape = *p == '\\' && (p[1] == 'n' || p[1] == '\\');

        *end++ = !is_escape ? *p : p[1] == 'n' ? '\n' : '\\';
        p += is_escape;
    }
    *end = '\0';
    text->length = (size_t)(end - text->data);
}

static void flush(struct reader *reader)
{
    if (!reader->entry || reader->part == N_PARTS)
        return;
    text_string(&reader->text, "");
    if (reader->is_ours)
        unescape(&reader->text);
    if (reader->entry->parts[reader->part].text)
        entries_wrong(reader->out, reader->part_line, reader->column,
                      "同一题中出现了两次", "it stands twice in one question");
    else
        entry_say(reader->out, reader->entry, reader->part, reader->part_line,
                  reader->column, reader->text.data);
    reader->part = N_PARTS;
}

static void gather(struct reader *reader, enum part part, const char *column,
                   const char *text, size_t n)
{
    flush(reader);
    reader->part = part;
    reader->part_line = reader->line;
    reader->column = column;
    text_clear(&reader->text);
    text_append(&reader->text, text, n);
}

/* ---- what a stem holds besides itself ---- */

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
static bool find_answer(struct reader *reader, const char *stem, bool takes_any,
                        struct brackets *out)
{
    struct arena *arena = &reader->out->arena;
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
static void settle_answer(struct reader *reader)
{
    struct entry *entry = reader->entry;
    struct arena *arena = &reader->out->arena;
    struct said *stem = &entry->parts[PART_STEM], *key = &entry->parts[PART_KEY];
    bool is_blank = is_type(entry, "填空") && !strstr(stem->text, "__");
    struct brackets at;

    if (!find_answer(reader, stem->text, is_blank && !key->text, &at))
        return;
    const char *answer = arena_copy(arena, at.inside, (size_t)(at.close - at.inside));
    if (key->text &&
        strcmp(question_fold(arena, key->text), question_fold(arena, answer)))
        return; /* these brackets are part of the text */
    if (!key->text)
        entry_say(reader->out, entry, PART_KEY, stem->row, "题干的括号", answer);
    stem->text = arena_printf(arena, "%.*s%s%s", (int)(at.open - stem->text),
                              stem->text, is_blank ? "____" : "（　　）", at.end);
}

/* A judge question needs no brackets behind it. */
static void drop_last_brackets(struct reader *reader)
{
    struct said *stem = &reader->entry->parts[PART_STEM];
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
        reader->out, reader->entry, PART_STEM, stem->row, stem->column,
        arena_copy(&reader->out->arena, stem->text, (size_t)(last.open - stem->text)));
}

/* "【单选题】题干", "（多选）题干", "[判断题]题干": the type before the stem. */
static const char *past_type(struct reader *reader, const char *line, const char **type)
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
                *type =
                    arena_copy(&reader->out->arena, line + n, (size_t)(end - line) - n);
                return end + strlen(pairs[i][1]);
            }
        }
    }
    return line;
}

static void finish_question(struct reader *reader)
{
    struct entry *entry = reader->entry;

    flush(reader);
    if (!entry)
        return;
    if (reader->section && !entry->parts[PART_TYPE].text)
        entry_say(reader->out, entry, PART_TYPE, entry->row, "题型", reader->section);
    if (!reader->is_ours && entry->parts[PART_STEM].text) {
        const char *key, *folded;

        settle_answer(reader);
        key = entry->parts[PART_KEY].text;
        folded = key ? question_fold(&reader->out->arena, key) : "";
        if (is_type(entry, "判断") ||
            (!entry->parts[PART_CHOICE].text && is_judgement(folded)))
            drop_last_brackets(reader);
    }
    reader->entry = NULL;
}

/* ---- lines ---- */

static size_t mark_after(const char *p)
{
    static const char *const marks[] = { "．", "、", "）", "：", ".", ")", ":", NULL };

    for (int i = 0; marks[i]; i++)
        if (!strncmp(p, marks[i], strlen(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* How long the number is that begins a question: "12." "12、" "（12）" "第12题"; 0:
 * none. */
static size_t number_at(const char *line)
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
            return n + digits + 3 + mark_after(line + n + digits + 3);
        }
        end = mark_after(line + n + digits);
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

/* "A." "A、" "Ａ．" "(A)": which choice begins here, and how long that is; -1: none. */
static int choice_at(const char *p, size_t *length)
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
    size_t after = choice < 0 ? 0 : mark_after(p + n);
    if (!after || (open && strncmp(p + n, "）", 3) && p[n] != ')'))
        return -1;
    *length = n + after;
    return choice;
}

static const char *choice_column(int choice)
{
    static const char *const names[] = { "A", "B", "C", "D", "E", "F", "G", "H" };

    return names[choice];
}

/* Several choices may stand on a line; the next letter begins the next, after a space.
 */
static void take_choices(struct reader *reader, int choice, const char *text)
{
    for (;;) {
        const char *p = text;
        size_t length = 0;

        while (!reader->is_ours && *p) {
            size_t space = fold_space(p);

            if (space && choice_at(p + space, &length) == choice + 1)
                break;
            p += space ? space : 1;
        }
        if (reader->is_ours)
            p = text + strlen(text);
        gather(reader, PART_CHOICE + choice, choice_column(choice), text,
               (size_t)(p - text));
        if (!*p || choice + 1 >= MAX_CHOICES)
            return;
        choice++;
        text = p + fold_space(p) + length;
    }
}

/* "【答案】" or "答案：": its part, and how long it is; NULL: none. */
static const struct label *label_at(const char *p, bool is_ours, size_t *length)
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

/* Where a label stands inside a line: "【解析】" anywhere, "解析：" after a space. */
static const char *inner_label(const char *text)
{
    size_t length;

    for (const char *p = text; *p; p++) {
        size_t space = fold_space(p);

        if (!strncmp(p, "【", 3) && label_at(p, false, &length))
            return p;
        if (space && label_at(p + space, false, &length))
            return p + space;
    }
    return NULL;
}

/* "一、单选题（每题2分）", "单选题": its type; a section of a type that we do not have
 * is kept too, so that its questions are named. */
static const char *section_of(struct reader *reader, const char *line)
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
    if (p != line && mark_after(p)) {
        p += mark_after(p);
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
            return arena_string(&reader->out->arena, words[i]);
    }
    return NULL;
}

static void begin_question(struct reader *reader, const char *text)
{
    const char *type = NULL;

    finish_question(reader);
    reader->entry = entries_add(reader->out, reader->line);
    for (int i = 0; i < N_LABELS; i++)
        if (!reader->entry->parts[labels[i].part].column)
            reader->entry->parts[labels[i].part].column = labels[i].name;
    reader->entry->parts[PART_STEM].column = "题干";
    while (fold_space(text))
        text += fold_space(text);
    if (!reader->is_ours)
        text = past_type(reader, text, &type);
    if (type)
        entry_say(reader->out, reader->entry, PART_TYPE, reader->line, "题型", type);
    gather(reader, PART_STEM, "题干", text, strlen(text));
}

static void take_line(struct reader *reader, char *line);

static void take_label(struct reader *reader, const struct label *label, char *text)
{
    char *rest = reader->is_ours ? NULL : (char *)inner_label(text);

    gather(reader, label->part, label->name, text,
           rest ? (size_t)(rest - text) : strlen(text));
    if (rest)
        take_line(reader, rest);
}

static void go_on(struct reader *reader, const char *line)
{
    if (!reader->entry)
        return; /* a title */
    if (reader->part == N_PARTS)
        return;
    text_char(&reader->text, '\n');
    text_string(&reader->text, line);
}

static bool has_key(struct reader *reader)
{
    flush(reader);
    return reader->entry && reader->entry->parts[PART_KEY].text;
}

static void take_line(struct reader *reader, char *line)
{
    const struct label *label;
    const char *section, *type = NULL;
    size_t length;
    int choice;

    while (fold_space(line))
        line += fold_space(line);
    if (!*line) {
        reader->after_blank = true;
        return;
    }
    if ((label = label_at(line, reader->is_ours, &length))) {
        if (reader->entry)
            take_label(reader, label, line + length);
    } else if ((section = reader->is_ours ? NULL : section_of(reader, line))) {
        finish_question(reader);
        reader->section = section;
    } else if ((length = number_at(line))) {
        begin_question(reader, line + length);
    } else if (reader->entry && (choice = choice_at(line, &length)) >= 0) {
        take_choices(reader, choice, line + length);
    } else if (!reader->is_ours && past_type(reader, line, &type) != line) {
        line = (char *)past_type(reader, line, &type);
        finish_question(reader);
        reader->section = type;
        take_line(reader, line);
    } else if (!reader->is_ours && reader->after_blank && has_key(reader)) {
        begin_question(reader, line); /* one without a number */
    } else {
        go_on(reader, line);
    }
    reader->after_blank = false;
}

bool plain_read(const char *bytes, size_t n, struct entries *out, struct error *err)
{
    struct reader reader = { .out = out, .part = N_PARTS };
    TEXT(line);

    (void)n, (void)err;
    for (const char *p = bytes; *p && !entries_are_full(out);) {
        size_t size = strcspn(p, "\n");

        reader.line++;
        text_clear(&line);
        text_append(&line, p, size);
        if (reader.line == 1 && !strncmp(line.data, mark, strlen(mark)))
            reader.is_ours = true;
        else
            take_line(&reader, line.data);
        p += size + (p[size] == '\n');
    }
    finish_question(&reader);
    text_done(&reader.text);
    return true;
}

/* ---- writing ---- */

static void write_text(struct text *out, const char *before, const char *text)
{
    if (!text)
        return;
    text_string(out, before);
    for (; *text; text++) {
        if (*text == '\n')
            text_string(out, "\\n");
        else if (*text == '\\')
            text_string(out, "\\\\");
        else
            text_char(out, *text);
    }
    text_char(out, '\n');
}

static void write_question(struct text *out, size_t number, const json_t *question)
{
    static const struct {
        const char *before;
        enum part part;
    } lines[] = {
        { "【题型】", PART_TYPE },        { "【答案】", PART_KEY },
        { "【解析】", PART_EXPLANATION }, { "【难度】", PART_DIFFICULTY },
        { "【主题】", PART_TOPIC },       { "【编号】", PART_ID },
        { "【出处】", PART_DOCUMENT },    { "【出处位置】", PART_LOCATOR },
        { "【出处等级】", PART_GRADE },   { "【冲突组】", PART_CONFLICTS },
        { "【复核】", PART_REVIEW },
    };
    const char *parts[N_PARTS];
    struct arena arena;
    char before[24];

    arena_init(&arena);
    entry_parts(question, &arena, parts);
    snprintf(before, sizeof(before), "\n%zu. ", number);
    write_text(out, before, parts[PART_STEM]);
    for (int i = 0; i < MAX_CHOICES; i++) {
        snprintf(before, sizeof(before), "%c. ", 'A' + i);
        write_text(out, before, parts[PART_CHOICE + i]);
    }
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        write_text(out, lines[i].before, parts[lines[i].part]);
    arena_done(&arena);
}

bool plain_write(const json_t *questions, struct text *out, struct error *err)
{
    json_t *question;
    size_t i;

    (void)err;
    text_printf(out, "\xef\xbb\xbf%s\n", mark);
    json_array_foreach((json_t *)questions, i, question)
        write_question(out, i + 1, question);
    return true;
}
