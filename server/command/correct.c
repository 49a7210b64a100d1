#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "store/corrections.h"
#include "util/text.h"

enum { MOST_QUESTIONS = 100, MOST_REASON = 500 };

static int tell(const char *campaign, int outcome, int number)
{
    bool is_chinese = operator_language() == CHINESE;

    if (outcome == CORRECTED)
        printf(
            is_chinese
                ? "%s：第 %d 次更正已生效，正在运行的服务器将重新评分；进度见\n"
                  "GET /v1/organizer/campaigns/%s/corrections/%d\n"
                : "%s: correction %d is in force; a running server scores again.  See\n"
                  "GET /v1/organizer/campaigns/%s/corrections/%d\n",
            campaign, number, campaign, number);
    else
        printf(is_chinese ? "%s：早已如此，没有改变什么\n"
                          : "%s: it was so before; nothing has changed\n",
               campaign);
    return 0;
}

/* The exit status. */
static int correct(struct session *session, const char *const *values)
{
    struct db_error why;
    struct error err;
    struct rows *rows = session_query(
        session,
        "select k.outcome::integer, k.number, coalesce(k.question, '') from campaign c"
        " cross join lateral correct_campaign(c.id, string_to_array($2, ' '), "
        "'operator', $3)"
        " k where c.slug = $1",
        3, values, &why);
    int status = 1;

    if (!rows) {
        fprintf(stderr, "jingda correct: %s\n", why.text);
        return status;
    }
    if (!rows_next(rows)) {
        error_set(&err, PROBLEM_NO_CAMPAIGN, values[0]);
        complain("jingda correct", &err);
    } else {
        int outcome = rows_int32(rows), number = rows_int32(rows);

        if (correct_is_made(outcome, rows_text(rows), &err))
            status = tell(values[0], outcome, number);
        else
            complain("jingda correct", &err);
    }
    session_free(rows);
    return status;
}

static int run_correct(struct config *config, int n, char **words)
{
    const char *campaign = NULL, *reason = NULL;
    struct workplace at;
    TEXT(questions);
    int n_questions = 0;

    for (int i = 0; i < n; i++)
        if (!strcmp(words[i], "--reason") && i + 1 < n)
            reason = words[++i];
        else if (!campaign)
            campaign = words[i];
        else
            text_printf(&questions, "%s%s", n_questions++ ? " " : "", words[i]);
    if (!n_questions || n_questions > MOST_QUESTIONS)
        return misuse(&correct_command,
                      "say which campaign, and which questions (at most 100)");
    if (!reason || !*reason || text_characters(reason) > MOST_REASON)
        return misuse(&correct_command,
                      "say why: --reason TEXT, of at most 500 characters");
    if (!workplace_open(config, true, &at))
        return 1;
    int status =
        correct(at.session, (const char *[]){ campaign, questions.data, reason });
    workplace_close(&at);
    return status;
}

const struct command correct_command = {
    .name = "correct",
    .summary = "scores a campaign by the newest revisions of some questions",
    .help =
        "jingda correct CAMPAIGN QUESTION... --reason TEXT\n"
        "\n"
        "From now on the newest revisions of these questions decide, of attempts that\n"
        "are over too: a running server scores them again, and boards follow.  Import\n"
        "the mended questions first.  Their type and choices must be as they were.\n",
    .run = run_correct,
};
