/* Writing text as plain.c reads it: behind its mark, a line for each part. */
#include "formats/entry.h"

#include <stdio.h>

#include "bank/question.h"
#include "formats/plain_marks.h"

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
    text_printf(out, "\xef\xbb\xbf%s\n", mark_of_ours);
    json_array_foreach((json_t *)questions, i, question)
        write_question(out, i + 1, question);
    return true;
}
