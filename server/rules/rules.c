/* The document is read object by object, each by its table, into one struct that begins
 * as the defaults; the checks that need more than one field come with the object they
 * are in. */
#include "rules/rules.h"

#include <string.h>

#include "util/fields.h"

const char *const counts_names[] = {
    [COUNTS_BEST] = "best",
    [COUNTS_SUM] = "sum",
    [COUNTS_FIRST] = "first",
    [COUNTS_LAST] = "last",
    [COUNTS_DAILY_BEST] = "sum_of_daily_best",
    NULL,
};
const char *const reveal_names[] = {
    [REVEAL_NOTHING] = "nothing",
    [REVEAL_SCORE] = "score",
    [REVEAL_AFTER_HAND_IN] = "after_hand_in",
    [REVEAL_AFTER_CLOSE] = "after_close",
    NULL,
};
const char *const practice_names[] = {
    [PRACTICE_NEVER] = "never",
    [PRACTICE_OPEN] = "open",
    [PRACTICE_AFTER_CLOSE] = "after_close",
    NULL,
};
const char *const repeat_names[] = {
    [REPEAT_FRESH] = "fresh",
    [REPEAT_INDEPENDENT] = "independent",
    [REPEAT_SAME] = "same",
    NULL,
};
const char *const partial_names[] = {
    [PARTIAL_NONE] = "all_or_nothing",
    [PARTIAL_NOTHING_WRONG] = "nothing_wrong",
    NULL,
};
const char *const order_key_names[] = {
    [ORDER_SCORE] = "score",
    [ORDER_DURATION] = "duration",
    [ORDER_REACHED] = "reached",
    NULL,
};

static const char *const ties_names[] = { "strict", "shared", NULL };
static const char *const period_names[] = { "day", "week", "month", NULL };

enum { HOUR_MS = 3600000, MINUTE_MS = 60000, MAX_SLUG = 64 };

static const struct rules defaults = {
    .utc_offset_ms = 8 * HOUR_MS,
    .repeat = REPEAT_FRESH,
    .shuffle_choices = true,
    .grace_ms = 5000,
    .partial = PARTIAL_NONE,
    .counts = COUNTS_BEST,
    .order = { .keys = { ORDER_SCORE, ORDER_DURATION, ORDER_REACHED }, .n_keys = 3 },
    .union_changes = 1,
    .reveal = REVEAL_AFTER_HAND_IN,
    .practice = PRACTICE_AFTER_CLOSE,
};

struct document { /* borrowed from the JSON */
    struct rules rules;
    json_t *window, *quota, *paper, *clock, *scoring, *order, *boards, *unions;
    json_t *sections, *keys, *periods;
    const char *time_zone;
    int limit_seconds, grace_seconds;
    int ties;
};

struct draft { /* a section, likewise */
    struct section section;
    json_t *topics;
};

/* A field whose name in the document is not that of the member it fills. */
#define NAMED(KIND, type, json_name, member, lo, hi)                                   \
    .kind = FIELD_KIND_##KIND, .name = json_name, .offset = offsetof(type, member),    \
    .min = (lo), .max = (hi)
#define RULE(KIND, json_name, member, lo, hi)                                          \
    NAMED(KIND, struct document, json_name, rules.member, lo, hi)
#define SECTION(KIND, member, lo, hi)                                                  \
    NAMED(KIND, struct draft, #member, section.member, lo, hi)

static const struct field document_fields[] = {
    { RULE(STRING, "campaign", slug, 1, MAX_SLUG) },
    { RULE(STRING, "title", title, 1, 100) },
    { RULE(STRING, "description", description, 0, 4000), .is_optional = true },
    FIELD_OPTIONAL(STRING, struct document, time_zone, 1, 40),
    FIELD_OBJECT(struct document, window),
    FIELD_OPTIONAL(OBJECT, struct document, quota, 0, 0),
    FIELD_OBJECT(struct document, paper),
    FIELD_OBJECT(struct document, clock),
    FIELD_OPTIONAL(OBJECT, struct document, scoring, 0, 0),
    { RULE(CHOICE, "counts", counts, 0, 0), .choices = counts_names,
      .is_optional = true },
    FIELD_OPTIONAL(OBJECT, struct document, order, 0, 0),
    FIELD_OPTIONAL(OBJECT, struct document, boards, 0, 0),
    FIELD_OPTIONAL(OBJECT, struct document, unions, 0, 0),
    { RULE(CHOICE, "reveal", reveal, 0, 0), .choices = reveal_names,
      .is_optional = true },
    { RULE(CHOICE, "practice", practice, 0, 0), .choices = practice_names,
      .is_optional = true },
    { 0 },
};

static const struct field window_fields[] = {
    { RULE(TIME, "opens", opens_at, 0, 0) },
    { RULE(TIME, "closes", closes_at, 0, 0) },
    { 0 },
};

static const struct field quota_fields[] = {
    { RULE(INT, "total", quota_total, 0, 100000), .is_optional = true },
    { RULE(INT, "per_day", quota_day, 0, 1000), .is_optional = true },
    { 0 },
};

static const struct field paper_fields[] = {
    { RULE(CHOICE, "repeat", repeat, 0, 0), .choices = repeat_names,
      .is_optional = true },
    { RULE(BOOL, "shuffle_choices", shuffle_choices, 0, 1), .is_optional = true },
    { RULE(POINTS, "exposure_cap", exposure_cap, 1, 100), .is_optional = true },
    FIELD_ARRAY(struct document, sections, 1, MAX_SECTIONS),
    { 0 },
};

static const struct field clock_fields[] = {
    FIELD_INT(struct document, limit_seconds, 10, 4 * 3600),
    FIELD_OPTIONAL(INT, struct document, grace_seconds, 0, 60),
    { 0 },
};

static const struct field scoring_fields[] = {
    { RULE(CHOICE, "multiple", partial, 0, 0), .choices = partial_names,
      .is_optional = true },
    { 0 },
};

static const struct field order_fields[] = {
    FIELD_OPTIONAL(ARRAY, struct document, keys, 1, 3),
    FIELD_OPTIONAL_CHOICE(struct document, ties, ties_names),
    { 0 },
};

static const struct field boards_fields[] = {
    FIELD_OPTIONAL(ARRAY, struct document, periods, 0, 3),
    { 0 },
};

static const struct field unions_fields[] = {
    { RULE(STRING, "within", union_top, 1, 40), .is_optional = true },
    { RULE(INT, "changes", union_changes, 0, 1000), .is_optional = true },
    { 0 },
};

static const struct field section_fields[] = {
    { SECTION(CHOICE, type, 0, 0), .choices = question_type_names,
      .is_optional = true },
    FIELD_OPTIONAL(ARRAY, struct draft, topics, 1, MAX_TOPICS),
    { SECTION(INT, difficulty, 1, 3), .is_optional = true },
    { SECTION(INT, count, 1, MAX_QUESTIONS) },
    { SECTION(POINTS, points, 1, 100000) },
    { 0 },
};

static bool bad(struct error *err, const char *where, const char *zh, const char *en)
{
    error_set(err, PROBLEM_RULES_BAD, zh, en);
    return error_within(err, "%s", where);
}

/* Reads an object that may be left out. */
static bool read_part(const struct field *fields, const json_t *object,
                      const char *where, struct document *document, struct error *err)
{
    return !object || fields_read(fields, object, document, err) ||
           error_within(err, "%s", where);
}

/* +HH:MM or -HH:MM, at most 14 hours. */
static bool offset_of(const char *text, int *out)
{
    int digits[4];
    static const int places[] = { 1, 2, 4, 5 };

    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return false;
    for (int i = 0; i < 4; i++) {
        digits[i] = text[places[i]] - '0';
        if (digits[i] < 0 || digits[i] > 9)
            return false;
    }
    int minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3];
    *out = (text[0] == '-' ? -minutes : minutes) * MINUTE_MS;
    return digits[2] < 6 && minutes <= 14 * 60;
}

static bool read_time_zone(const char *name, struct rules *rules, struct error *err)
{
    static const struct {
        const char *name;
        int hours;
    } zones[] = { { "Asia/Shanghai", 8 }, { "Asia/Urumqi", 6 }, { "UTC", 0 } };
    const int n = sizeof(zones) / sizeof(zones[0]);

    if (!name)
        return true;
    for (int i = 0; i < n; i++)
        if (!strcmp(zones[i].name, name)) {
            rules->utc_offset_ms = zones[i].hours * HOUR_MS;
            return true;
        }
    return offset_of(name, &rules->utc_offset_ms) ||
           bad(err, "/time_zone",
               "“time_zone”应为 Asia/Shanghai、Asia/Urumqi、UTC 或 +08:00 这样的时差",
               "\"time_zone\" should be Asia/Shanghai, Asia/Urumqi, UTC or an offset "
               "such "
               "as +08:00");
}

static bool read_window(struct document *document, struct error *err)
{
    if (!read_part(window_fields, document->window, "/window", document, err))
        return false;
    return document->rules.closes_at > document->rules.opens_at ||
           bad(err, "/window/closes", "“closes”应晚于“opens”",
               "\"closes\" should be later than \"opens\"");
}

static bool read_clock(struct document *document, struct error *err)
{
    document->grace_seconds = (int)(document->rules.grace_ms / 1000);
    if (!read_part(clock_fields, document->clock, "/clock", document, err))
        return false;
    document->rules.limit_ms = (int64_t)document->limit_seconds * 1000;
    document->rules.grace_ms = (int64_t)document->grace_seconds * 1000;
    return true;
}

static bool has_string(const char *const *strings, int n, const char *string)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(strings[i], string))
            return true;
    return false;
}

static bool read_topic(const json_t *value, struct section *section, struct error *err)
{
    const char *topic = json_string_value(value);

    if (!topic || strlen(topic) > MAX_SLUG || !question_is_slug(topic))
        return bad(err, "", "题目主题应由小写字母、数字和连字符组成",
                   "a topic is a text of small letters, digits and hyphens");
    if (has_string(section->topics, section->n_topics, topic))
        return bad(err, "", "同一主题出现了两次", "a topic occurs twice");
    section->topics[section->n_topics++] = topic;
    return true;
}

static bool read_section(const json_t *json, struct section *out, struct error *err)
{
    struct draft draft = { .section.type = -1 };
    size_t i;
    json_t *value;

    if (!json_is_object(json))
        return error_set(err, PROBLEM_FIELD_TYPE, "sections", "对象的数组",
                         "an array of objects");
    if (!fields_read(section_fields, json, &draft, err))
        return false;
    json_array_foreach(draft.topics, i, value)
    {
        if (!read_topic(value, &draft.section, err))
            return error_within(err, "/topics/%zu", i);
    }
    *out = draft.section;
    return true;
}

static bool read_sections(const json_t *sections, struct rules *rules,
                          struct error *err)
{
    size_t i;
    json_t *value;

    json_array_foreach((json_t *)sections, i, value)
    {
        struct section *section = &rules->sections[i];

        if (!read_section(value, section, err))
            return error_within(err, "/paper/sections/%zu", i);
        rules->n_sections++;
        rules->n_questions += section->count;
        rules->full_points += section->count * section->points;
    }
    return rules->n_questions <= MAX_QUESTIONS ||
           bad(err, "/paper/sections", "一份试卷最多200题",
               "a paper has at most 200 questions");
}

/* One paper for everybody shows each of its questions to everybody.  That every pool is large
 * enough for other papers is for the plan to see (paper/paper.h). */
static bool check_cap(const struct rules *rules, struct error *err)
{
    return !rules->exposure_cap || rules->exposure_cap == 100 ||
           rules->repeat != REPEAT_SAME ||
           bad(err, "/paper/exposure_cap",
               "“repeat”为 same 时人人同卷，每题都会出现在每次作答中，不能限制曝光率",
               "with \"repeat\": \"same\" every question is in every paper; its exposure "
               "cannot be capped");
}

/* The place of a string of the document among the names; reports what they are if none.
 */
static bool place_of(const json_t *value, const char *const *names, const char *field,
                     const char *all, int *out, struct error *err)
{
    const char *name = json_string_value(value);

    for (*out = 0; names[*out]; ++*out)
        if (name && !strcmp(names[*out], name))
            return true;
    return error_set(err, PROBLEM_FIELD_CHOICE, field, all);
}

static bool read_key(const json_t *value, struct order *order, struct error *err)
{
    int key;

    if (!place_of(value, order_key_names, "keys", "score, duration, reached", &key,
                  err))
        return false;
    for (int i = 0; i < order->n_keys; i++)
        if ((int)order->keys[i] == key)
            return bad(err, "", "同一排序项出现了两次",
                       "a key of the order occurs twice");
    if (!order->n_keys && key != ORDER_SCORE)
        return bad(err, "", "排序的第一项应为 score", "the first key should be score");
    order->keys[order->n_keys++] = (enum order_key)key;
    return true;
}

static bool read_order(struct document *document, struct error *err)
{
    struct order *order = &document->rules.order;
    size_t i;
    json_t *value;

    if (!read_part(order_fields, document->order, "/order", document, err))
        return false;
    order->is_shared = document->ties == 1;
    if (document->keys)
        order->n_keys = 0;
    json_array_foreach(document->keys, i, value)
    {
        if (!read_key(value, order, err))
            return error_within(err, "/order/keys/%zu", i);
    }
    return true;
}

static bool read_boards(struct document *document, struct error *err)
{
    struct rules *rules = &document->rules;
    bool *const boards[] = { &rules->board_day, &rules->board_week,
                             &rules->board_month };
    size_t i;
    json_t *value;
    int kind;

    if (!read_part(boards_fields, document->boards, "/boards", document, err))
        return false;
    json_array_foreach(document->periods, i, value)
    {
        if (!place_of(value, period_names, "periods", "day, week, month", &kind, err))
            return error_within(err, "/boards/periods/%zu", i);
        if (*boards[kind]) {
            bad(err, "", "同一周期出现了两次", "a period occurs twice");
            return error_within(err, "/boards/periods/%zu", i);
        }
        *boards[kind] = true;
    }
    return true;
}

static void keep_strings(struct rules *rules, struct arena *arena)
{
    rules->slug = arena_string(arena, rules->slug);
    rules->title = arena_string(arena, rules->title);
    rules->description = arena_string(arena, rules->description);
    rules->union_top = arena_string(arena, rules->union_top);
    for (int i = 0; i < rules->n_sections; i++)
        for (int j = 0; j < rules->sections[i].n_topics; j++)
            rules->sections[i].topics[j] =
                arena_string(arena, rules->sections[i].topics[j]);
}

bool rules_read(const json_t *json, struct arena *arena, struct rules *out,
                struct error *err)
{
    struct document document = { .rules = defaults };
    struct rules *rules = &document.rules;

    if (!fields_read(document_fields, json, &document, err))
        return false;
    if (!question_is_slug(rules->slug))
        return bad(err, "/campaign", "“campaign”只能由小写字母、数字和连字符组成",
                   "\"campaign\" may hold only small letters, digits and hyphens");
    if (!read_time_zone(document.time_zone, rules, err) ||
        !read_window(&document, err) ||
        !read_part(quota_fields, document.quota, "/quota", &document, err) ||
        !read_part(paper_fields, document.paper, "/paper", &document, err) ||
        !read_sections(document.sections, rules, err) || !check_cap(rules, err) ||
        !read_clock(&document, err) ||
        !read_part(scoring_fields, document.scoring, "/scoring", &document, err) ||
        !read_order(&document, err) || !read_boards(&document, err) ||
        !read_part(unions_fields, document.unions, "/unions", &document, err))
        return false;
    keep_strings(rules, arena);
    *out = *rules;
    return true;
}
