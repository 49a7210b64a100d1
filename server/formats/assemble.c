/*
 * From what a file says to a question: words become types, keys and difficulties, what
 * is unsaid comes from the presets.  A question may have several mistakes; each is told
 * where it stands.
 */
#include "formats/teller.h"

#include <stdio.h>
#include <string.h>

#include "bank/question.h"
#include "formats/words.h"
#include "util/memory.h"

/* 1 true, 0 false, -1 neither. */
static int truth_of(struct teller *teller, const char *text)
{
    return word_truth(text ? question_fold(&teller->arena, text) : "");
}

static int count_choices(const struct teller *teller)
{
    int n = 0;

    for (int i = 0; i < MAX_CHOICES; i++)
        if (teller_said(teller, PART_CHOICE + i))
            n = i + 1;
    return n;
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
    const char *key = teller_said(teller, PART_KEY);

    if (!key)
        return -1;
    if (count_choices(teller)) {
        int letters = letters_of(teller, key);

        return letters <= 0           ? -1
               : bits_in(letters) > 1 ? QUESTION_MULTIPLE
                                      : QUESTION_SINGLE;
    }
    return truth_of(teller, key) >= 0 ? QUESTION_JUDGE
           : teller_said(teller, PART_STEM) &&
                   strstr(teller_said(teller, PART_STEM), "__")
               ? QUESTION_BLANK
               : -1;
}

static int read_type(struct teller *teller)
{
    static const char *const either[] = { "选择题", "选择", "choice", NULL };
    const char *text = teller_said(teller, PART_TYPE);
    const char *folded = text ? question_fold(&teller->arena, text) : "";

    if (word_is_one_of(folded, either))
        text = NULL;
    int type = text ? -1 : guess_type(teller);

    if (text)
        type = word_type(folded);
    if (type < 0 && text)
        teller_wrong(teller, PART_TYPE, "题型应为单选、多选、判断或填空",
                     "the type should be single, multiple, judge or blank");
    else if (type < 0)
        teller_wrong(teller, teller_said(teller, PART_KEY) ? PART_TYPE : PART_KEY,
                     teller_said(teller, PART_KEY) ? "没有写明题型" : "没有答案",
                     teller_said(teller, PART_KEY) ? "the type is missing"
                                                   : "the key is missing");
    return type;
}

static int read_difficulty(struct teller *teller)
{
    const char *text = teller_said(teller, PART_DIFFICULTY);
    int preset = teller->reading->presets.difficulty;
    const char *folded = text ? question_fold(&teller->arena, text) : "";

    if (!text)
        return preset ? preset : 2;
    if (word_difficulty(folded))
        return word_difficulty(folded);
    teller_wrong(teller, PART_DIFFICULTY, "难度应为易、中、难，或 1、2、3",
                 "the difficulty should be easy, middle or hard, or 1, 2, 3");
    return 2;
}

static json_t *read_choices(struct teller *teller)
{
    int n = count_choices(teller);
    json_t *choices = json_array();

    for (int i = 0; i < n; i++) {
        const char *text = teller_said(teller, PART_CHOICE + i);

        if (!text)
            teller_wrong(teller, PART_CHOICE + i, "前后都有选项，这一个是空的",
                         "this choice is empty and there are others after it");
        json_array_append_new(choices, json_string(text ? text : ""));
    }
    if (n < 2)
        teller_wrong(teller, PART_CHOICE + n, n ? "只有一个选项" : "没有选项",
                     n ? "there is only one choice" : "there are no choices");
    return choices;
}

/* Choices that would be lost; a judge question may have right and wrong as its own. */
static void refuse_choices(struct teller *teller, int type)
{
    for (int i = 0; i < MAX_CHOICES; i++) {
        const char *text = teller_said(teller, PART_CHOICE + i);

        if (text && (type == QUESTION_BLANK || truth_of(teller, text) < 0)) {
            teller_wrong(teller, PART_CHOICE + i, "这种题型没有选项",
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
        if (teller_said(teller, PART_CHOICE + i) &&
            !strcmp(question_fold(&teller->arena, teller_said(teller, PART_CHOICE + i)),
                    folded))
            return 1 << i;
    return -1;
}

static json_t *read_letters(struct teller *teller)
{
    char key[MAX_CHOICES + 1] = "", *end = key;
    int letters = letters_of(teller, teller_said(teller, PART_KEY));

    if (letters < 0)
        letters = choice_named(teller, teller_said(teller, PART_KEY));
    if (letters <= 0) {
        teller_wrong(teller, PART_KEY,
                     letters ? "答案应为选项的字母" : "答案中有重复的字母",
                     letters ? "the key should be letters of choices"
                             : "a letter stands twice in the key");
        return NULL;
    }
    if (letters >> count_choices(teller)) {
        teller_wrong(teller, PART_KEY, "答案的字母没有对应的选项",
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
    const char *key = teller_said(teller, PART_KEY);
    int truth = truth_of(teller, key), letters = letters_of(teller, key);

    if (truth < 0 && (letters == 1 || letters == 2)) {
        const char *choice =
            teller_said(teller, letters == 1 ? PART_CHOICE : PART_CHOICE + 1);

        truth = choice ? truth_of(teller, choice) : letters == 1;
    }
    if (truth >= 0)
        return json_boolean(truth);
    teller_wrong(teller, PART_KEY, "判断题的答案应为对或错",
                 "the key of a judge question should be true or false");
    return NULL;
}

static json_t *read_key(struct teller *teller, int type)
{
    if (!teller_said(teller, PART_KEY)) {
        teller_wrong(teller, PART_KEY, "没有答案", "the key is missing");
        return NULL;
    }
    switch (type) {
    case QUESTION_JUDGE:
        return read_truth(teller);
    case QUESTION_BLANK:
        return variants_split(teller_said(teller, PART_KEY));
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
    const char *text = teller_said(teller, PART_EXPLANATION);

    return teller->entry->is_feedback && text && text_characters(text) < 4 ? text : "";
}

static bool says_nothing(struct teller *teller, const char *text)
{
    static const char *const words[] = { "略", "无", "暂无", "none", "-", NULL };

    return !text || word_is_one_of(question_fold(&teller->arena, text), words);
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
        teller_wrong(teller, PART_TOPIC, "没有主题，导入时也没有指定",
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
        teller_wrong(teller, PART_DOCUMENT, "没有出处，导入时也没有指定",
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
    const char *text = teller_said(teller, PART_CONFLICTS);
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
    const char *text = teller_said(teller, PART_REVIEW);
    char date[11] = "", digest[13] = "";
    int pass = 2, length = 0, n;

    if (!text)
        return;
    if (strchr(text, ' '))
        n = sscanf(text, "%2d %10s%n %12s%n", &pass, date, &length, digest, &length);
    else
        n = sscanf(text, "%10s%n", date, &length);
    if (n < (strchr(text, ' ') ? 2 : 1) || text[length]) {
        teller_wrong(teller, PART_REVIEW, "复核应为日期，例如 2026-11-22",
                     "the review should be a date such as 2026-11-22");
        return;
    }
    json_t *review = json_pack("{s:i,s:s}", "pass", pass, "date", date);
    set_text(review, "digest", *digest ? digest : NULL);
    json_object_set_new(question, "review", review);
}

static void set_stem(struct teller *teller, int type, json_t *question)
{
    const char *stem = teller_said(teller, PART_STEM);

    if (!stem)
        teller_wrong(teller, PART_STEM, "没有题干", "the stem is missing");
    else
        set_text(question, "stem",
                 type == QUESTION_BLANK ? gap_unified(&teller->arena, stem) : stem);
}

/* What the parts say; further mistakes are told on the way. */
json_t *entry_assemble(struct teller *teller)
{
    json_t *question = json_object(), *source = json_object(), *key;
    int type = read_type(teller);

    set_text(question, "id", teller_said(teller, PART_ID));
    set_text(question, "type", type < 0 ? NULL : question_type_names[type]);
    set_text(question, "topic", teller_said(teller, PART_TOPIC));
    json_object_set_new(question, "difficulty", json_integer(read_difficulty(teller)));
    set_stem(teller, type, question);
    if (type == QUESTION_SINGLE || type == QUESTION_MULTIPLE)
        json_object_set_new(question, "choices", read_choices(teller));
    else if (type >= 0)
        refuse_choices(teller, type);
    if (type >= 0 && (key = read_key(teller, type)))
        json_object_set_new(question, "key", key);
    if (!says_nothing(teller, teller_said(teller, PART_EXPLANATION)) &&
        !*feedback_of(teller))
        set_text(question, "explanation", teller_said(teller, PART_EXPLANATION));
    set_text(source, "document", teller_said(teller, PART_DOCUMENT));
    set_text(source, "locator", teller_said(teller, PART_LOCATOR));
    set_text(source, "grade", teller_said(teller, PART_GRADE));
    json_object_set_new(question, "source", source);
    set_conflicts(teller, question);
    set_review(teller, question);
    return question;
}

void entry_complete(struct teller *teller, json_t *question)
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
