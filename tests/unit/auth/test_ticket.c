#include "keys.h"

#include "auth/ticket.h"
#include "auth/token.h"

static struct secret secret;

static int set_up(void **state)
{
    (void)state;
    secret = keys_read(KEYS_PAPER KEYS_NEW KEYS_OLD);
    return 0;
}

static const struct ticket usual = {
    .person = 123456789012,
    .started_at = 1777597200000,
    .deadline_at = 1777597800000,
    .campaign = 7,
    .ordinal = 3,
    .revision = 2,
};

static void assert_same(const struct ticket *a, const struct ticket *b)
{
    assert_int_equal(a->person, b->person);
    assert_int_equal(a->started_at, b->started_at);
    assert_int_equal(a->deadline_at, b->deadline_at);
    assert_int_equal(a->campaign, b->campaign);
    assert_int_equal(a->ordinal, b->ordinal);
    assert_int_equal(a->revision, b->revision);
}

static void a_ticket_says_what_was_put_into_it(void **state)
{
    static const struct ticket extreme[] = {
        { .person = INT64_MAX,
          .started_at = INT64_MAX,
          .deadline_at = INT64_MAX,
          .campaign = INT32_MAX,
          .ordinal = INT32_MAX,
          .revision = INT32_MAX },
        { .person = INT64_MIN, .started_at = -1, .campaign = INT32_MIN },
        { 0 },
    };
    char text[TICKET_TEXT];
    struct ticket back;

    (void)state;
    ticket_make(&secret, &usual, text);
    assert_true(ticket_read(&secret, text, &back));
    assert_same(&back, &usual);
    for (int i = 0; i < 3; i++) {
        ticket_make(&secret, &extreme[i], text);
        assert_true(ticket_read(&secret, text, &back));
        assert_same(&back, &extreme[i]);
    }
}

static bool reads(const char *text)
{
    struct ticket back;

    return ticket_read(&secret, text, &back);
}

static void a_ticket_cannot_be_forged(void **state)
{
    char text[TICKET_TEXT];

    (void)state;
    ticket_make(&secret, &usual, text);
    keys_forge(text, reads);
}

static void a_ticket_of_another_installation_is_refused(void **state)
{
    struct secret other =
        keys_read(KEYS_PAPER
                  "session old "
                  "0000000000000000000000000000000000000000000000000000000000000000\n");
    char text[TICKET_TEXT];

    (void)state;
    ticket_make(&other, &usual, text);
    assert_false(reads(text));
}

static void a_refresh_token_comes_back(void **state)
{
    char text[REFRESH_TEXT];
    struct refresh back;
    struct error err;

    (void)state;
    refresh_make(&secret, &(struct refresh){ INT64_MAX, INT32_MAX }, text);
    assert_true(refresh_read(&secret, text, &back, &err));
    assert_true(back.session == INT64_MAX);
    assert_int_equal(back.generation, INT32_MAX);
}

static bool refreshes(const char *text)
{
    struct refresh back;
    struct error err = { 0 };
    bool ok = refresh_read(&secret, text, &back, &err);

    assert_int_equal(err.problem, ok ? PROBLEM_NONE : PROBLEM_TOKEN_BAD);
    return ok;
}

static void a_refresh_token_cannot_be_forged(void **state)
{
    char text[REFRESH_TEXT], ticket[TICKET_TEXT];

    (void)state;
    refresh_make(&secret, &(struct refresh){ 42, 1 }, text);
    keys_forge(text, refreshes);
    ticket_make(&secret, &usual, ticket);
    assert_false(refreshes(ticket));
    assert_false(reads(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_says_what_was_put_into_it),
        cmocka_unit_test(a_ticket_cannot_be_forged),
        cmocka_unit_test(a_ticket_of_another_installation_is_refused),
        cmocka_unit_test(a_refresh_token_comes_back),
        cmocka_unit_test(a_refresh_token_cannot_be_forged),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
