/* Makes a question of each entry, lets question_read have the last word, and tells what
 * became of it. */
#include "formats/teller.h"

#include <stdio.h>
#include <string.h>

#include "bank/question.h"
#include "util/memory.h"

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

void teller_wrong(struct teller *teller, int part, const char *zh, const char *en)
{
    struct error err = { 0 };

    if (part >= 0 && teller->entry->parts[part].is_told)
        return;
    error_set(&err, PROBLEM_ROW_BAD, zh, en);
    tell_wrong(teller, part, &err);
}

const char *teller_said(const struct teller *teller, enum part part)
{
    return teller->entry->parts[part].text;
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

/* JSON can say what no other format can carry: it is refused, so that exports lose
 * nothing. */
static void check_texts(struct teller *teller, json_t *value, const char *where)
{
    const char *text = json_string_value(value), *name;
    json_t *inner;
    size_t i;

    if (text && strcmp(text, text_cleaned(&teller->arena, text))) {
        struct error err = { 0 };
        struct finding finding = { .row = teller->entry->row, .column = where };

        error_set(
            &err, PROBLEM_ROW_BAD, "文字的首尾有空白，或含有控制字符",
            "the text begins or ends with white space, or has control characters");
        finding.error = err;
        teller->n_wrong++;
        teller->reading->n_wrong++;
        tell(teller, &finding);
    }
    json_array_foreach(value, i, inner)
        check_texts(teller, inner, arena_printf(&teller->arena, "%s/%zu", where, i));
    json_object_foreach(value, name, inner) check_texts(
        teller, inner, arena_printf(&teller->arena, "%s/%.40s", where, name));
}

static bool check(struct teller *teller, json_t *question)
{
    struct question checked;
    struct error err = { 0 };

    if (teller->entry->json)
        check_texts(teller, question, "");
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
    json_t *question = teller->entry->json ? take_json(teller) : entry_assemble(teller);
    if (!teller->entry->json || json_is_object(teller->entry->json))
        entry_complete(teller, question);
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
