#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "formats/entry.h"

/* The marks by which a line of typed text says what it is (formats/plain.c): numbers,
 * letters, labels, headings, types; in full width as well.  Each function looks at the
 * text alone.  Lengths are bytes and take in the mark with its stop; names are static.
 */

/* The first line of an export begins with it. */
extern const char mark_of_ours[];

/* "12." "12、" "（12）" "第12题", which begin a question: how long; 0: none. */
size_t mark_number(const char *line);

/* "A." "A、" "Ａ．" "(A)": which choice begins here, from 0, and how long; -1: none. */
int mark_choice(const char *p, size_t *length);
const char *mark_choice_name(int choice); /* "A" ... */

/* "【答案】" or "答案：", in our own exports only the former: its part, and how long;
 * NULL: none. */
struct mark_label {
    const char *name;
    enum part part;
};
const struct mark_label *mark_label(const char *p, bool is_ours, size_t *length);
/* Where one stands inside a line: "【解析】" anywhere, "解析：" after a space; NULL:
 * nowhere.
 */
const char *mark_inner_label(const char *text);
/* How a part is usually labelled; NULL: it is not. */
const char *mark_label_of(enum part part);

/* "一、单选题（每题2分）", "单选题", headings of a section: its type, also one that we
 * do not have, so that its questions are named; NULL: none. */
const char *mark_section(const char *line);

/* "【单选题】题干", "（多选）题干", "[判断题]题干": what stands behind the type, which
 * is left in `type`, in the arena; the line itself: there is none. */
const char *mark_type(struct arena *arena, const char *line, const char **type);
