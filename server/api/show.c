#include "api/show.h"

#include <string.h>

#include "auth/ticket.h"

void show_key(struct text *out, const char *name)
{
    if (out->length && out->data[out->length - 1] != '{')
        text_char(out, ',');
    text_char(out, '"');
    text_string(out, name); /* a name of ours: nothing to escape */
    text_append(out, "\":", 2);
}

void show_string(struct text *out, const char *name, const char *value)
{
    show_key(out, name);
    text_json_string(out, value);
}

void show_int(struct text *out, const char *name, int64_t value)
{
    show_key(out, name);
    text_int(out, value);
}

void show_int_or_null(struct text *out, const char *name, int64_t value, int64_t null)
{
    show_key(out, name);
    if (value == null)
        text_string(out, "null");
    else
        text_int(out, value);
}

void show_bool(struct text *out, const char *name, bool value)
{
    show_key(out, name);
    text_string(out, value ? "true" : "false");
}

void show_points(struct text *out, const char *name, int64_t hundredths)
{
    show_key(out, name);
    text_points(out, hundredths);
}

void show_decimal(struct text *out, const char *name, double value)
{
    show_key(out, name);
    text_printf(out, "%.6f", value);
}

void show_time(struct text *out, const char *name, int64_t ms, int offset_ms)
{
    show_key(out, name);
    moment_json(out, ms, offset_ms);
}

void show_id(struct text *out, const char *name, int64_t id)
{
    show_key(out, name);
    text_char(out, '"');
    text_int(out, id);
    text_char(out, '"');
}

static int count_children(const struct unions *unions, const struct union_node *node)
{
    int n = 0;

    for (int child = node->first_child; child >= 0;
         child = unions_at(unions, child)->next_sibling)
        n++;
    return n;
}

void show_union(struct text *out, const struct unions *unions, int index)
{
    const struct union_node *node = unions_at(unions, index);

    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    show_string(out, "kind", node->kind);
    show_string(out, "level", node->level);
    show_string(out, "parent",
                node->parent < 0 ? NULL : unions_at(unions, node->parent)->code);
    show_int_or_null(out, "members", node->members, -1);
    show_int_or_null(out, "members_below", unions_members_below(unions, index), -1);
    show_int(out, "n_children", count_children(unions, node));
}

void show_union_brief(struct text *out, const struct unions *unions, int index)
{
    const struct union_node *node = unions_at(unions, index);

    show_key(out, "union");
    text_char(out, '{');
    show_string(out, "code", node->code);
    show_string(out, "name", node->name);
    text_char(out, '}');
}

static void show_names(struct text *out, const struct unions *unions, int index)
{
    const struct union_node *node = unions_at(unions, index);

    if (node->parent >= 0) {
        show_names(out, unions, node->parent);
        text_char(out, ',');
    }
    text_json_string(out, node->name);
}

void show_path(struct text *out, const struct unions *unions, int index)
{
    show_key(out, "path");
    text_char(out, '[');
    show_names(out, unions, index);
    text_char(out, ']');
}

void show_window(struct text *out, const struct rules *rules, int64_t now)
{
    show_key(out, "window");
    text_char(out, '{');
    show_time(out, "opens", rules->opens_at, rules->utc_offset_ms);
    show_time(out, "closes", rules->closes_at, rules->utc_offset_ms);
    text_char(out, '}');
    show_string(out, "status",
                now < rules->opens_at ? "upcoming" : now < rules->closes_at ? "open" : "closed");
}

void show_turnout(struct text *out, const struct league *league)
{
    struct union_sums sums = { 0 };

    if (league)
        sums = league_sums(league, BOARD_ALL, true);
    show_int(out, "participants", sums.heads);
    show_int(out, "attempts", sums.attempts);
}

void show_row(struct text *out, const struct unions *unions, const struct row *row)
{
    show_union_brief(out, unions, row->union_index);
    show_points(out, "score", row->figure.score);
    show_int(out, "duration_ms", row->figure.duration_ms);
}

void show_place(struct text *out, const struct league *league, int board, int64_t person,
                int offset_ms)
{
    struct row row;

    if (!league || !league_find(league, board, person, &row)) {
        text_string(out, "null");
        return;
    }
    text_char(out, '{');
    show_int(out, "rank", row.rank);
    show_int(out, "of", league_count(league, board));
    show_points(out, "score", row.figure.score);
    show_int(out, "duration_ms", row.figure.duration_ms);
    show_time(out, "reached_at", row.figure.reached_at, offset_ms);
    text_char(out, '}');
}

void show_rank(struct text *out, const struct league *league, int board, int64_t person)
{
    struct row row;

    if (!league || !league_find(league, board, person, &row)) {
        text_string(out, "null");
        return;
    }
    text_char(out, '{');
    show_int(out, "rank", row.rank);
    show_int(out, "of", league_count(league, board));
    text_char(out, '}');
}

bool show_reveals(const struct campaign *campaign, const struct revision *revision,
                  int64_t now)
{
    enum reveal reveal = revision->rules.reveal;

    /* the window may have been moved since the attempt: the present one counts */
    return reveal == REVEAL_AFTER_HAND_IN ||
           (reveal == REVEAL_AFTER_CLOSE && now >= campaign->current->rules.closes_at);
}

static void show_marks(struct text *out, const struct shown_result *result,
                       struct arena *arena)
{
    const struct paper *paper = &result->sheet->paper;
    struct mark *marks = arena_alloc(arena, (size_t)paper->n_items * sizeof(*marks));

    score_paper(paper, result->answers, result->sheet->revision->rules.partial, marks);
    score_write(paper, result->answers, marks, out);
}

void show_result(struct text *out, const struct shown_result *result, int64_t now,
                 struct arena *arena)
{
    static const char *const states[] = { "open", "handed_in", "expired", "voided" };
    const struct rules *rules = &result->sheet->revision->rules;
    int offset = rules->utc_offset_ms;
    bool has_score = rules->reveal != REVEAL_NOTHING;

    show_string(out, "campaign", result->sheet->campaign->slug);
    show_int(out, "ordinal", result->sheet->ordinal);
    show_string(out, "state", states[result->state]);
    show_bool(out, "is_counted", result->is_counted);
    show_time(out, "started_at", result->started_at, offset);
    show_time(out, "deadline_at", result->deadline_at, offset);
    show_time(out, "finished_at", result->finished_at, offset);
    show_int(out, "duration_ms", result->duration_ms);
    if (has_score)
        show_points(out, "score", result->score);
    else
        show_string(out, "score", NULL);
    show_points(out, "full_points", rules->full_points);
    show_int_or_null(out, "right", has_score ? result->n_right : -1, -1);
    show_int(out, "questions_total", rules->n_questions);
    show_key(out, "questions");
    if (result->answers &&
        show_reveals(result->sheet->campaign, result->sheet->revision, now))
        show_marks(out, result, arena);
    else
        text_string(out, "null");
}

static void show_saved(struct text *out, const struct shown_open *open, int offset_ms)
{
    show_key(out, "saved");
    if (!open->saved) {
        text_string(out, "null");
        return;
    }
    text_char(out, '{');
    show_int(out, "version", open->saved_version);
    show_time(out, "saved_at", open->saved_at, offset_ms);
    show_key(out, "answers");
    answers_write(&open->sheet->paper, open->saved, out);
    text_char(out, '}');
}

void show_open(struct text *out, const struct app *app, const struct shown_open *open)
{
    const struct sheet *sheet = open->sheet;
    const struct rules *rules = &sheet->revision->rules;
    int offset = rules->utc_offset_ms;
    char ticket[TICKET_TEXT];

    ticket_make(&app->secret,
                &(struct ticket){ .person = sheet->person,
                                  .started_at = open->started_at,
                                  .deadline_at = open->deadline_at,
                                  .campaign = sheet->campaign->id,
                                  .ordinal = sheet->ordinal,
                                  .revision = sheet->revision->number },
                ticket);
    show_string(out, "campaign", sheet->campaign->slug);
    show_int(out, "ordinal", sheet->ordinal);
    show_string(out, "state", "open");
    show_time(out, "started_at", open->started_at, offset);
    show_time(out, "deadline_at", open->deadline_at, offset);
    show_time(out, "now", open->now, offset);
    show_int(out, "limit_seconds", rules->limit_ms / 1000);
    show_int(out, "grace_seconds", rules->grace_ms / 1000);
    show_string(out, "ticket", ticket);
    show_key(out, "questions");
    paper_write(&sheet->paper, out);
    show_saved(out, open, offset);
}

static const char *next_character(const char *utf8)
{
    do
        utf8++;
    while (((unsigned char)*utf8 & 0xc0) == 0x80);
    return utf8;
}

char *name_masked(struct arena *arena, const char *name)
{
    size_t n = text_characters(name);
    const char *second = *name ? next_character(name) : name, *last = second;
    size_t stars = n < 3 ? 1 : n - 2;

    if (n < 2)
        return arena_string(arena, "*");
    while (*next_character(last))
        last = next_character(last);
    return arena_printf(arena, "%.*s%.*s%s", (int)(second - name), name,
                        (int)(stars > 4 ? 4 : stars), "****", n < 3 ? "" : last);
}

const char *name_shown(struct arena *arena, const struct name *name)
{
    const char *full = name->name ? name->name : "";

    return name->shows_name ? full : name_masked(arena, full);
}

void show_next(struct text *out, const char *cursor)
{
    text_char(out, ']');
    show_string(out, "next", cursor);
}
