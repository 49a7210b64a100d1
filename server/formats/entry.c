/*
 * From what a file says to a question: words become types, keys and difficulties, what
 * is unsaid comes from the presets, and question_read has the last word.  A question
 * may have several mistakes; each is told where it stands.
 */
#include "formats/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bank/fold.h"
#include "bank/question.h"
#include "util/memory.h"

enum { MOST_WRONG = 5000 };

bool refuse(struct error *err, const char *zh, const char *en)
{
    return error_set(err, PROBLEM_FILE_REFUSED, zh, en);
}

/* ---- gathering ---- */

void entries_init(struct entries *entries)
{
    *entries = (struct entries){ 0 };
    arena_init(&entries->arena);
    entries->end = &entries->first;
}

void entries_done(struct entries *entries)
{
    json_decref(entries->document);
    arena_done(&entries->arena);
}

static struct entry *append(struct entries *entries, int row)
{
    struct entry *entry = arena_alloc(&entries->arena, sizeof(*entry));

    entry->row = row;
    *entries->end = entry;
    entries->end = &entry->next;
    return entry;
}

bool entries_are_full(const struct entries *entries)
{
    return entries->n_questions > FORMAT_MAX_QUESTIONS;
}

struct entry *entries_add(struct entries *entries, int row)
{
    entries->n_questions++;
    return append(entries, row);
}

void entries_wrong(struct entries *entries, int row, const char *column, const char *zh,
                   const char *en)
{
    if (entries->n_wrong++ >= MOST_WRONG)
        return;
    struct entry *entry = append(entries, row);

    entry->column = arena_string(&entries->arena, column);
    error_set(&entry->wrong, PROBLEM_ROW_BAD, zh, en);
}

/* The text without white space at its ends. */
static const char *trimmed(struct arena *arena, const char *text)
{
    const char *end;
    size_t space;

    while ((space = fold_space(text)))
        text += space;
    end = text;
    for (const char *p = text; *p;) {
        if ((space = fold_space(p))) {
            p += space;
            continue;
        }
        for (p++; ((unsigned char)*p & 0xc0) == 0x80;)
            p++;
        end = p;
    }
    return arena_copy(arena, text, (size_t)(end - text));
}

void entry_say(struct entries *entries, struct entry *entry, enum part part, int row,
               const char *column, const char *text)
{
    const char *said = trimmed(&entries->arena, text);

    entry->parts[part] =
        (struct said){ .text = *said ? said : NULL, .row = row, .column = column };
}

/* ---- variants of a blank ---- */

static const char *const separators[] = { "|", "；", ";", "\\", NULL };

/* How many bytes of a separator (or of a \) stand here; 0: none. */
static size_t separator(const char *p)
{
    for (int i = 0; separators[i]; i++)
        if (!strncmp(p, separators[i], strlen(separators[i])))
            return strlen(separators[i]);
    return 0;
}

void variants_join(struct text *out, const json_t *variants)
{
    json_t *value;
    size_t i;

    json_array_foreach(variants, i, value)
    {
        if (i)
            text_char(out, '|');
        for (const char *p = json_string_value(value); p && *p; p++) {
            if (separator(p))
                text_char(out, '\\');
            text_char(out, *p);
        }
    }
}

static void add_variant(json_t *out, struct text *text)
{
    struct arena arena;

    arena_init(&arena);
    text_string(text, "");
    const char *variant = trimmed(&arena, text->data);
    if (*variant)
        json_array_append_new(out, json_string(variant));
    arena_done(&arena);
    text_clear(text);
}

json_t *variants_split(const char *text)
{
    json_t *out = json_array();
    TEXT(variant);

    for (const char *p = text; *p;) {
        size_t escaped = *p == '\\' ? separator(p + 1) : 0, size = separator(p);

        if (escaped) {
            text_append(&variant, p + 1, escaped);
            p += 1 + escaped;
        } else if (size && *p != '\\') {
            add_variant(out, &variant);
            p += size;
        } else {
            text_char(&variant, *p++);
        }
    }
    add_variant(out, &variant);
    return out;
}

/* ---- what programs say ---- */

const char *const part_names[N_PARTS] = {
    [PART_ID] = "id",           [PART_TYPE] = "type",
    [PART_TOPIC] = "topic",     [PART_DIFFICULTY] = "difficulty",
    [PART_DOCUMENT] = "source", [PART_LOCATOR] = "locator",
    [PART_GRADE] = "grade",     [PART_CONFLICTS] = "conflicts",
    [PART_REVIEW] = "review",
};

bool part_named(const char *name, size_t n, enum part *out)
{
    for (int i = 0; i < N_PARTS; i++)
        if (part_names[i] && strlen(part_names[i]) == n &&
            !strncmp(part_names[i], name, n)) {
            *out = (enum part)i;
            return true;
        }
    return false;
}

const char *stem_with_gap(struct arena *arena, const char *stem)
{
    return strstr(stem, "__") ? stem : arena_printf(arena, "%s____", stem);
}

static void say_default(struct entries *entries, struct entry *entry, enum part part,
                        const char *column, const char *text)
{
    if (!entry->parts[part].text)
        entry_say(entries, entry, part, entry->row, column, text);
}

void entry_say_choices(struct entries *entries, struct entry *entry,
                       const struct known *known, bool is_multiple)
{
    char key[MAX_CHOICES + 1], *end = key;

    if (known->n_choices > MAX_CHOICES)
        entries_wrong(entries, known->row, known->column, "选项超过8个",
                      "there are more than 8 choices");
    for (int i = 0; i < known->n_choices && i < MAX_CHOICES; i++) {
        entry_say(entries, entry, PART_CHOICE + i, known->row, known->column,
                  known->choices[i]);
        if (known->is_right[i])
            *end++ = (char)('A' + i);
    }
    *end = '\0';
    say_default(entries, entry, PART_TYPE, known->column,
                is_multiple ? "多选" : "单选");
    entry_say(entries, entry, PART_KEY, known->row, known->column, key);
}

void entry_say_truth(struct entries *entries, struct entry *entry, const char *column,
                     bool truth)
{
    say_default(entries, entry, PART_TYPE, column, "判断");
    entry_say(entries, entry, PART_KEY, entry->row, column, truth ? "对" : "错");
}

void entry_say_variants(struct entries *entries, struct entry *entry,
                        const struct known *known)
{
    AUTO(json_decrefp) json_t *variants = json_array();
    TEXT(text);

    for (int i = 0; i < known->n_choices && i < MOST_ANSWERS; i++) {
        if (known->is_right[i]) {
            json_array_append_new(variants, json_string(known->choices[i]));
        } else {
            entry->remark[CHINESE] = "部分得分的答案没有采用，填空题只有对与错";
            entry->remark[ENGLISH] =
                "answers that earn a part were left out: a blank is right or wrong";
        }
    }
    text_string(&text, "");
    variants_join(&text, variants);
    say_default(entries, entry, PART_TYPE, known->column, "填空");
    entry_say(entries, entry, PART_KEY, known->row, known->column, text.data);
}

/* ---- what is made of one entry ---- */

struct teller {
    struct format_reading *reading;
    struct arena arena;  /* of one entry */
    json_t *ids, *twins; /* of the file so far: the row of each */
    const struct entry *entry;
    int n_wrong; /* of this entry */
};

static void tell(struct teller *teller, struct finding *finding)
{
    if (!finding->column)
        finding->column = "";
    teller->reading->found(finding, teller->reading->context);
}

static void tell_wrong(struct teller *teller, int part, const struct error *err)
{
    const struct said *said = part < 0 ? NULL : &teller->entry->parts[part];
    struct finding finding = { .row = teller->entry->row, .error = *err };

    if (said && said->row)
        finding.row = said->row;
    if (said)
        finding.column = said->column;
    teller->n_wrong++;
    teller->reading->n_wrong++;
    tell(teller, &finding);
}

static void wrong(struct teller *teller, int part, const char *zh, const char *en)
{
    struct error err = { 0 };

    if (part >= 0 && teller->entry->parts[part].is_told)
        return;
    error_set(&err, PROBLEM_ROW_BAD, zh, en);
    tell_wrong(teller, part, &err);
}

static const char *said(const struct teller *teller, enum part part)
{
    return teller->entry->parts[part].text;
}

static bool is_one_of(const char *folded, const char *const *words)
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

static int count_choices(const struct teller *teller)
{
    int n = 0;

    for (int i = 0; i < MAX_CHOICES; i++)
        if (said(teller, PART_CHOICE + i))
            n = i + 1;
    return n;
}

/* 1 true, 0 false, -1 neither. */
static int truth_of(struct teller *teller, const char *text)
{
    const char *folded = text ? question_fold(&teller->arena, text) : "";

    return is_one_of(folded, words_of_truth)     ? 1
           : is_one_of(folded, words_of_untruth) ? 0
                                                 : -1;
}

/* The letters of a key as bits; -1 when it has anything but letters, 0 twice the same.
 */
static int letters_of(struct teller *teller, const char *text)
{
    static const char *const between[] = { "、", ",",  ";",  ".",  "|",
                                           "/",  "和", "。", "及", NULL };
    int bits = 0;

    for (const char *p = question_fold(&teller->arena, text); *p;) {
        size_t size = 0;

        for (int i = 0; between[i] && !size; i++)
            if (!strncmp(p, between[i], strlen(between[i])))
                size = strlen(between[i]);
        if (!size && (*p < 'a' || *p >= 'a' + MAX_CHOICES))
            return -1;
        if (!size && bits & 1 << (*p - 'a'))
            return 0;
        if (!size)
            bits |= 1 << (*p - 'a');
        p += size ? size : 1;
    }
    return bits ? bits : -1;
}

static int bits_in(int bits)
{
    return __builtin_popcount((unsigned)bits);
}

/* What a question without a type is, by what it has. */
static int guess_type(struct teller *teller)
{
    const char *key = said(teller, PART_KEY);

    if (!key)
        return -1;
    if (count_choices(teller)) {
        int letters = letters_of(teller, key);

        return letters <= 0           ? -1
               : bits_in(letters) > 1 ? QUESTION_MULTIPLE
                                      : QUESTION_SINGLE;
    }
    return truth_of(teller, key) >= 0 ? QUESTION_JUDGE
           : said(teller, PART_STEM) && strstr(said(teller, PART_STEM), "__")
               ? QUESTION_BLANK
               : -1;
}

static int read_type(struct teller *teller)
{
    static const char *const either[] = { "选择题", "选择", "choice", NULL };
    const char *text = said(teller, PART_TYPE);
    const char *folded = text ? question_fold(&teller->arena, text) : "";

    if (is_one_of(folded, either))
        text = NULL;
    int type = text ? -1 : guess_type(teller);

    for (int i = 0; i < 4 && type < 0; i++)
        if (is_one_of(folded, words_of_types[i]))
            type = i;
    if (type < 0 && text)
        wrong(teller, PART_TYPE, "题型应为单选、多选、判断或填空",
              "the type should be single, multiple, judge or blank");
    else if (type < 0)
        wrong(teller, said(teller, PART_KEY) ? PART_TYPE : PART_KEY,
              said(teller, PART_KEY) ? "没有写明题型" : "没有答案",
              said(teller, PART_KEY) ? "the type is missing" : "the key is missing");
    return type;
}

static int read_difficulty(struct teller *teller)
{
    const char *text = said(teller, PART_DIFFICULTY);
    int preset = teller->reading->presets.difficulty;
    const char *folded = text ? question_fold(&teller->arena, text) : "";

    if (!text)
        return preset ? preset : 2;
    for (int i = 0; i < 3; i++)
        if (is_one_of(folded, words_of_difficulties[i]))
            return i + 1;
    wrong(teller, PART_DIFFICULTY, "难度应为易、中、难，或 1、2、3",
          "the difficulty should be easy, middle or hard, or 1, 2, 3");
    return 2;
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
static const char *gap_unified(struct arena *arena, const char *stem)
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

static json_t *read_choices(struct teller *teller)
{
    int n = count_choices(teller);
    json_t *choices = json_array();

    for (int i = 0; i < n; i++) {
        const char *text = said(teller, PART_CHOICE + i);

        if (!text)
            wrong(teller, PART_CHOICE + i, "前后都有选项，这一个是空的",
                  "this choice is empty and there are others after it");
        json_array_append_new(choices, json_string(text ? text : ""));
    }
    if (n < 2)
        wrong(teller, PART_CHOICE + n, n ? "只有一个选项" : "没有选项",
              n ? "there is only one choice" : "there are no choices");
    return choices;
}

/* Choices that would be lost; a judge question may have right and wrong as its own. */
static void refuse_choices(struct teller *teller, int type)
{
    for (int i = 0; i < MAX_CHOICES; i++) {
        const char *text = said(teller, PART_CHOICE + i);

        if (text && (type == QUESTION_BLANK || truth_of(teller, text) < 0)) {
            wrong(teller, PART_CHOICE + i, "这种题型没有选项",
                  "this type has no choices");
            return;
        }
    }
}

/* Some write the right choice itself instead of its letter. */
static int choice_named(struct teller *teller, const char *text)
{
    const char *folded = question_fold(&teller->arena, text);

    for (int i = 0; i < MAX_CHOICES; i++)
        if (said(teller, PART_CHOICE + i) &&
            !strcmp(question_fold(&teller->arena, said(teller, PART_CHOICE + i)),
                    folded))
            return 1 << i;
    return -1;
}

static json_t *read_letters(struct teller *teller)
{
    char key[MAX_CHOICES + 1] = "", *end = key;
    int letters = letters_of(teller, said(teller, PART_KEY));

    if (letters < 0)
        letters = choice_named(teller, said(teller, PART_KEY));
    if (letters <= 0) {
        wrong(teller, PART_KEY, letters ? "答案应为选项的字母" : "答案中有重复的字母",
              letters ? "the key should be letters of choices"
                      : "a letter stands twice in the key");
        return NULL;
    }
    if (letters >> count_choices(teller)) {
        wrong(teller, PART_KEY, "答案的字母没有对应的选项",
              "the key has a letter without a choice");
        return NULL;
    }
    for (int i = 0; i < MAX_CHOICES; i++)
        if (letters & 1 << i)
            *end++ = (char)('A' + i);
    *end = '\0';
    return json_string(key);
}

/* A or B where the choices say what they mean, and where there are none: right, wrong.
 */
static json_t *read_truth(struct teller *teller)
{
    const char *key = said(teller, PART_KEY);
    int truth = truth_of(teller, key), letters = letters_of(teller, key);

    if (truth < 0 && (letters == 1 || letters == 2)) {
        const char *choice = said(teller, letters == 1 ? PART_CHOICE : PART_CHOICE + 1);

        truth = choice ? truth_of(teller, choice) : letters == 1;
    }
    if (truth >= 0)
        return json_boolean(truth);
    wrong(teller, PART_KEY, "判断题的答案应为对或错",
          "the key of a judge question should be true or false");
    return NULL;
}

static json_t *read_key(struct teller *teller, int type)
{
    if (!said(teller, PART_KEY)) {
        wrong(teller, PART_KEY, "没有答案", "the key is missing");
        return NULL;
    }
    switch (type) {
    case QUESTION_JUDGE:
        return read_truth(teller);
    case QUESTION_BLANK:
        return variants_split(said(teller, PART_KEY));
    default:
        return read_letters(teller);
    }
}

/* Where nobody explained, the right answer in words stands in. */
static json_t *make_explanation(const json_t *question, const char *more)
{
    const json_t *key = json_object_get(question, "key"), *value;
    const json_t *choices = json_object_get(question, "choices");
    const char *letters = json_string_value(key);
    size_t n = 0;
    TEXT(out);

    if (json_is_boolean(key))
        return json_sprintf("此说法%s。%s", json_is_true(key) ? "正确" : "错误", more);
    text_string(&out, "正确答案：");
    if (json_is_array(key) && (value = json_array_get(key, 0)))
        text_string(&out, json_string_value(value));
    for (const char *p = letters; p && *p; p++) {
        const char *text =
            json_string_value(json_array_get(choices, (size_t)(*p - 'A')));

        if (text && (n += text_characters(text) + 1) < 580)
            text_printf(&out, "%s%s", p == letters ? "" : "；", text);
    }
    text_printf(&out, "。%s", more);
    return json_string(out.data);
}

/* Feedback of another program that is too short to be an explanation; "" if it is not.
 */
static const char *feedback_of(const struct teller *teller)
{
    const char *text = said(teller, PART_EXPLANATION);

    return teller->entry->is_feedback && text && text_characters(text) < 4 ? text : "";
}

static bool says_nothing(struct teller *teller, const char *text)
{
    static const char *const words[] = { "略", "无", "暂无", "none", "-", NULL };

    return !text || is_one_of(question_fold(&teller->arena, text), words);
}

/* An id from what it asks: the same question is always named the same. */
static void make_id(struct teller *teller, json_t *question)
{
    const struct format_presets *presets = &teller->reading->presets;
    const char *topic = json_string_value(json_object_get(question, "topic"));
    const char *theme = presets->theme ? presets->theme : topic;
    char twin[TWIN_TEXT];

    if (!theme)
        return; /* that there is no topic has been told */
    question_twin(question, twin);
    json_object_set_new(question, "id", json_sprintf("%.50s-%.12s", theme, twin));
}

static void set_topic(struct teller *teller, json_t *question)
{
    const struct format_presets *presets = &teller->reading->presets;
    const char *topic = presets->topic ? presets->topic : presets->theme;

    if (json_object_get(question, "topic"))
        return;
    if (topic)
        json_object_set_new(question, "topic", json_string(topic));
    else
        wrong(teller, PART_TOPIC, "没有主题，导入时也没有指定",
              "the topic is missing, and none was given with the import");
}

static void set_source(struct teller *teller, json_t *question)
{
    const char *document = teller->reading->presets.document;
    json_t *source = json_object_get(question, "source");

    if (!source)
        json_object_set_new(question, "source", source = json_object());
    if (!json_object_get(source, "document") && document)
        json_object_set_new(source, "document", json_string(document));
    if (!json_object_get(source, "document"))
        wrong(teller, PART_DOCUMENT, "没有出处，导入时也没有指定",
              "the source is missing, and none was given with the import");
    if (!json_object_get(source, "locator"))
        json_object_set_new(source, "locator", json_string("—"));
}

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

/* "a b" */
static void set_conflicts(struct teller *teller, json_t *question)
{
    const char *text = said(teller, PART_CONFLICTS);
    char *copy, *rest, *word;

    if (!text)
        return;
    json_t *groups = json_array();
    json_object_set_new(question, "conflicts", groups);
    if (!strcmp(text, "-")) /* a list that is there and empty */
        return;
    copy = arena_string(&teller->arena, text);
    for (word = strtok_r(copy, " ,;\t\n", &rest); word;
         word = strtok_r(NULL, " ,;\t\n", &rest))
        json_array_append_new(groups, json_string(word));
}

/* "2026-11-22"; or all of it, "2 2026-11-22 29a9ffb2ee0f": pass, date, digest.  The
 * pass is the second unless said. */
static void set_review(struct teller *teller, json_t *question)
{
    const char *text = said(teller, PART_REVIEW);
    char date[11] = "", digest[13] = "";
    int pass = 2, length = 0, n;

    if (!text)
        return;
    if (strchr(text, ' '))
        n = sscanf(text, "%2d %10s%n %12s%n", &pass, date, &length, digest, &length);
    else
        n = sscanf(text, "%10s%n", date, &length);
    if (n < (strchr(text, ' ') ? 2 : 1) || text[length]) {
        wrong(teller, PART_REVIEW, "复核应为日期，例如 2026-11-22",
              "the review should be a date such as 2026-11-22");
        return;
    }
    json_t *review = json_pack("{s:i,s:s}", "pass", pass, "date", date);
    set_text(review, "digest", *digest ? digest : NULL);
    json_object_set_new(question, "review", review);
}

static void set_stem(struct teller *teller, int type, json_t *question)
{
    const char *stem = said(teller, PART_STEM);

    if (!stem)
        wrong(teller, PART_STEM, "没有题干", "the stem is missing");
    else
        set_text(question, "stem",
                 type == QUESTION_BLANK ? gap_unified(&teller->arena, stem) : stem);
}

/* What the parts say; further mistakes are told on the way. */
static json_t *assemble(struct teller *teller)
{
    json_t *question = json_object(), *source = json_object(), *key;
    int type = read_type(teller);

    set_text(question, "id", said(teller, PART_ID));
    set_text(question, "type", type < 0 ? NULL : question_type_names[type]);
    set_text(question, "topic", said(teller, PART_TOPIC));
    json_object_set_new(question, "difficulty", json_integer(read_difficulty(teller)));
    set_stem(teller, type, question);
    if (type == QUESTION_SINGLE || type == QUESTION_MULTIPLE)
        json_object_set_new(question, "choices", read_choices(teller));
    else if (type >= 0)
        refuse_choices(teller, type);
    if (type >= 0 && (key = read_key(teller, type)))
        json_object_set_new(question, "key", key);
    if (!says_nothing(teller, said(teller, PART_EXPLANATION)) && !*feedback_of(teller))
        set_text(question, "explanation", said(teller, PART_EXPLANATION));
    set_text(source, "document", said(teller, PART_DOCUMENT));
    set_text(source, "locator", said(teller, PART_LOCATOR));
    set_text(source, "grade", said(teller, PART_GRADE));
    json_object_set_new(question, "source", source);
    set_conflicts(teller, question);
    set_review(teller, question);
    return question;
}

/* What a JSON question leaves out comes from the presets as anywhere. */
static json_t *take_json(struct teller *teller)
{
    const struct format_presets *presets = &teller->reading->presets;
    json_t *question = json_copy(teller->entry->json);
    json_t *source = json_object_get(question, "source");

    if (source)
        json_object_set_new(question, "source", json_copy(source));
    if (!json_object_get(question, "difficulty") && presets->difficulty)
        json_object_set_new(question, "difficulty", json_integer(presets->difficulty));
    return question;
}

static void complete(struct teller *teller, json_t *question)
{
    const json_t *source = json_object_get(question, "source");

    set_topic(teller, question);
    if (!source || json_is_object(source))
        set_source(teller, question);
    if (!json_object_get(question, "explanation"))
        json_object_set_new(question, "explanation",
                            make_explanation(question, feedback_of(teller)));
    if (!json_object_get(question, "id"))
        make_id(teller, question);
}

/* The part that a pointer into a question means. */
static int part_of(const char *where)
{
    static const struct {
        const char *where;
        int part;
    } places[] = {
        { "/id", PART_ID },
        { "/type", PART_TYPE },
        { "/topic", PART_TOPIC },
        { "/difficulty", PART_DIFFICULTY },
        { "/stem", PART_STEM },
        { "/key", PART_KEY },
        { "/explanation", PART_EXPLANATION },
        { "/source/document", PART_DOCUMENT },
        { "/source/locator", PART_LOCATOR },
        { "/source/grade", PART_GRADE },
        { "/conflicts", PART_CONFLICTS },
        { "/review", PART_REVIEW },
    };

    if (!strncmp(where, "/choices/", 9) && where[9] >= '0' &&
        where[9] < '0' + MAX_CHOICES)
        return PART_CHOICE + where[9] - '0';
    if (!strncmp(where, "/choices", 8))
        return PART_CHOICE;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (!strncmp(where, places[i].where, strlen(places[i].where)))
            return places[i].part;
    return -1;
}

static bool check(struct teller *teller, const json_t *question)
{
    struct question checked;
    struct error err = { 0 };

    if (teller->n_wrong)
        return false;
    if (question_read(question, &teller->arena, &checked, &err))
        return true;
    int part = part_of(err.where);
    if (teller->entry->json && part >= 0) { /* a pointer tells more than a column */
        struct finding finding = { .row = teller->entry->row,
                                   .column = err.where,
                                   .error = err };

        teller->n_wrong++;
        teller->reading->n_wrong++;
        tell(teller, &finding);
    } else {
        tell_wrong(teller, part, &err);
    }
    return false;
}

/* The row that had this name (an id, a twin) before; 0: none, and now it has. */
static int seen_in(json_t *names, const char *name, int row)
{
    const json_t *before = json_object_get(names, name);

    if (!before)
        json_object_set_new(names, name, json_integer(row));
    return (int)json_integer_value(before);
}

static void say_same(struct finding *finding, bool by_id)
{
    char zh[80], en[80];

    snprintf(zh, sizeof(zh), by_id ? "编号与第%d行相同" : "与第%d行是同一道题",
             finding->same_row);
    snprintf(en, sizeof(en),
             by_id ? "its id is that of row %d" : "it is the question of row %d",
             finding->same_row);
    error_set(&finding->error, PROBLEM_ROW_BAD, zh, en);
}

static void tell_question(struct teller *teller, json_t *question)
{
    const struct entry *entry = teller->entry;
    const char *id = json_string_value(json_object_get(question, "id"));
    char twin[TWIN_TEXT];
    struct finding finding = { .row = entry->row, .question = question, .twin = twin };

    question_twin(question, twin);
    if (entry->remark[CHINESE])
        error_set(&finding.error, PROBLEM_ROW_BAD, entry->remark[CHINESE],
                  entry->remark[ENGLISH]);
    int same_id = seen_in(teller->ids, id, entry->row);
    int same_twin = seen_in(teller->twins, twin, entry->row);
    finding.same_row = same_twin ? same_twin : same_id;
    if (finding.same_row) {
        finding.column = entry->parts[same_twin ? PART_STEM : PART_ID].column;
        say_same(&finding, !same_twin);
        teller->reading->n_wrong++;
    }
    teller->reading->n_questions++;
    tell(teller, &finding);
}

static void tell_entry(struct teller *teller)
{
    struct finding mistake = { .row = teller->entry->row,
                               .column = teller->entry->column,
                               .error = teller->entry->wrong };

    teller->reading->n_read++;
    teller->n_wrong = 0;
    for (int i = 0; i < N_PARTS; i++)
        teller->n_wrong += teller->entry->parts[i].is_told;
    if (mistake.error.problem != PROBLEM_NONE) {
        teller->reading->n_wrong++;
        tell(teller, &mistake);
        return;
    }
    json_t *question = teller->entry->json ? take_json(teller) : assemble(teller);
    if (!teller->entry->json || json_is_object(teller->entry->json))
        complete(teller, question);
    if (check(teller, question))
        tell_question(teller, question);
    json_decref(question);
}

void entries_tell(struct entries *entries, struct format_reading *reading)
{
    struct teller teller = { .reading = reading,
                             .ids = json_object(),
                             .twins = json_object() };

    for (teller.entry = entries->first; teller.entry; teller.entry = teller.entry->next)
        reading->n_rows++;
    for (teller.entry = entries->first; teller.entry;
         teller.entry = teller.entry->next) {
        arena_init(&teller.arena);
        tell_entry(&teller);
        arena_done(&teller.arena);
    }
    json_decref(teller.ids);
    json_decref(teller.twins);
}

/* ---- the way back ---- */

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
