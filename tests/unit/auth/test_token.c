#include "keys.h"

#include "auth/ticket.h"
#include "auth/token.h"
#include "util/encode.h"

enum { HOUR = 3600000 };
#define NOW 1777597200000LL

static struct secret secret;

static const struct claims usual = { .person = 123456789012,
                                     .session = 42,
                                     .expires_at = NOW + 2 * HOUR };

static int set_up(void **state)
{
    (void)state;
    secret = keys_read(KEYS_PAPER KEYS_NEW KEYS_OLD);
    return 0;
}

static enum problem read_at(const char *token, int64_t now)
{
    struct claims claims;
    struct error err = { 0 };

    return token_read(&secret, token, now, &claims, &err) ? PROBLEM_NONE : err.problem;
}

static bool reads(const char *token)
{
    enum problem problem = read_at(token, NOW);

    assert_true(problem == PROBLEM_NONE || problem == PROBLEM_TOKEN_BAD);
    return problem == PROBLEM_NONE;
}

static void a_token_says_who_until_when(void **state)
{
    char token[TOKEN_TEXT];
    struct claims claims;
    struct error err;

    (void)state;
    assert_true(token_make(&secret, &usual, NOW, token));
    assert_true(token_read(&secret, token, NOW, &claims, &err));
    assert_int_equal(claims.person, usual.person);
    assert_int_equal(claims.session, usual.session);
    assert_int_equal(claims.expires_at, usual.expires_at);
}

static void the_largest_numbers_fit(void **state)
{
    struct claims claims = { INT64_MAX, INT64_MAX, NOW + HOUR };
    char token[TOKEN_TEXT];
    struct error err;

    (void)state;
    assert_true(token_make(&secret, &claims, NOW, token));
    assert_true(token_read(&secret, token, NOW, &claims, &err));
    assert_true(claims.person == INT64_MAX && claims.session == INT64_MAX);
}

static void a_token_is_good_from_a_minute_before_to_its_end(void **state)
{
    char token[TOKEN_TEXT];

    (void)state;
    assert_true(token_make(&secret, &usual, NOW, token));
    assert_int_equal(read_at(token, NOW + 2 * HOUR - 1), PROBLEM_NONE);
    assert_int_equal(read_at(token, NOW + 2 * HOUR), PROBLEM_TOKEN_EXPIRED);
    assert_int_equal(read_at(token, NOW + 1000LL * HOUR), PROBLEM_TOKEN_EXPIRED);
    assert_int_equal(read_at(token, NOW - TOKEN_LEEWAY_MS), PROBLEM_NONE);
    assert_int_equal(read_at(token, NOW - TOKEN_LEEWAY_MS - 1), PROBLEM_TOKEN_BAD);
}

static void not_a_character_can_be_changed_added_or_left_out(void **state)
{
    char token[TOKEN_TEXT];

    (void)state;
    assert_true(token_make(&secret, &usual, NOW, token));
    keys_forge(token, reads);
}

static void keys_are_rotated_without_breaking_what_is_out(void **state)
{
    struct secret before = keys_read(KEYS_PAPER KEYS_OLD);
    struct secret after = keys_read(KEYS_PAPER KEYS_NEW);
    char token[TOKEN_TEXT];
    struct claims claims;
    struct error err;

    (void)state;
    assert_true(token_make(&before, &usual, NOW, token));
    assert_true(reads(token));
    assert_false(token_read(&after, token, NOW, &claims, &err));
    assert_int_equal(err.problem, PROBLEM_TOKEN_BAD);
}

/* ---- tokens that we would not make, some with a right signature ---- */

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"new-2026\"}"
#define GRANTS                                                                         \
    "\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\","              \
    "\"iat\":1777597200,\"nbf\":1777597200,\"exp\":1777604400"

/* A part of a token; returns its end. */
static char *put(char *out, const void *bytes, size_t n)
{
    encode_base64url(bytes, n, out);
    return out + encode_base64url_size(n);
}

/* Signs with the first session key, whatever the header says. */
static const char *sign(const char *header, const char *grants)
{
    static char token[8192];
    uint8_t mac[MAC_BYTES];

    char *end = put(token, header, strlen(header));
    *end++ = '.';
    end = put(end, grants, strlen(grants));
    secret_mac(secret.session_keys[0].token, token, (size_t)(end - token), mac);
    *end++ = '.';
    put(end, mac, sizeof(mac));
    return token;
}

static void what_is_signed_here_is_read(void **state)
{
    (void)state;
    assert_int_equal(read_at(sign(HEADER, "{" GRANTS "}"), NOW), PROBLEM_NONE);
    assert_int_equal(read_at(sign(HEADER, "{" GRANTS ",\"more\":[1]}"), NOW),
                     PROBLEM_NONE);
}

static void only_our_algorithm_and_our_keys_are_taken(void **state)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"None\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"HS384\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"HS512\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"RS256\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"ES256\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"hs256\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"HS256 \",\"kid\":\"new-2026\"}",
        "{\"alg\":\"\",\"kid\":\"new-2026\"}",
        "{\"alg\":null,\"kid\":\"new-2026\"}",
        "{\"alg\":1,\"kid\":\"new-2026\"}",
        "{\"kid\":\"new-2026\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"kid\":\"\"}",
        "{\"alg\":\"HS256\",\"kid\":\"old\"}",
        "{\"alg\":\"HS256\",\"kid\":\"nobody\"}",
        "{\"alg\":\"HS256\",\"kid\":1}",
        "{\"alg\":\"HS256\",\"kid\":[\"new-2026\"]}",
        "{\"alg\":\"HS256\",\"kid\":\"new-2026\",\"crit\":[\"x\"]}",
        "{\"alg\":\"HS256\",\"kid\":\"new-2026\",\"crit\":null}",
        "{\"alg\":\"HS256\",\"alg\":\"none\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"HS256\",\"kid\":\"old\",\"kid\":\"new-2026\"}",
        "{\"alg\":\"HS256\",\"kid\":\"new-2026\"}x",
        "[]",
        "\"HS256\"",
        "1",
        "null",
        "{",
        "{\"alg\":\"HS256\",\"kid\":\"new-2026\\u0000\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (read_at(sign(headers[i], "{" GRANTS "}"), NOW) != PROBLEM_TOKEN_BAD)
            fail_msg("%s is taken", headers[i]);
}

static void algorithm_none_without_a_signature_is_refused(void **state)
{
    char token[1024];

    (void)state;
    snprintf(token, sizeof(token), "%s",
             sign("{\"alg\":\"none\",\"kid\":\"new-2026\"}", "{" GRANTS "}"));
    *(strrchr(token, '.') + 1) = '\0';
    assert_int_equal(read_at(token, NOW), PROBLEM_TOKEN_BAD);
    *strrchr(token, '.') = '\0';
    assert_int_equal(read_at(token, NOW), PROBLEM_TOKEN_BAD);
}

static void claims_that_are_not_ours_are_refused(void **state)
{
    static const char *const grants[] = {
        "{\"iss\":\"other\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":1,"
        "\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":\"other\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":1,"
        "\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":[\"jingda\"],\"sub\":\"7\",\"sid\":\"42\",\"nbf\":"
        "1,"
        "\"exp\":1777604400}",
        "{\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":1,\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":1,\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sid\":\"42\",\"nbf\":1,\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"nbf\":1,\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":7,\"sid\":\"42\",\"nbf\":1,"
        "\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"exp\":"
        "1777604400}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":"
        "1}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":1,"
        "\"exp\":\"1777604400\"}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":1,"
        "\"exp\":1777604400.5}",
        "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",\"nbf\":"
        "1777597261,\"exp\":1777604400}",
        "{" GRANTS ",\"exp\":9999999999}",
        "{\"sub\":\"1\"," GRANTS "}",
        "{}",
        "[]",
        "7",
        "{" GRANTS "}{}",
        "{" GRANTS "} x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++)
        if (read_at(sign(HEADER, grants[i]), NOW) != PROBLEM_TOKEN_BAD)
            fail_msg("%s is taken", grants[i]);
}

static void a_person_is_a_plain_number(void **state)
{
    static const char *const numbers[] = { "",
                                           "0",
                                           "-7",
                                           "+7",
                                           " 7",
                                           "7 ",
                                           "07",
                                           "7.0",
                                           "7e1",
                                           "0x7",
                                           "9223372036854775808",
                                           "99999999999999999999",
                                           "7\\u0000" };

    (void)state;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        char grants[300];

        snprintf(grants, sizeof(grants),
                 "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"%s\",\"sid\":\"42\","
                 "\"nbf\":1,\"exp\":1777604400}",
                 numbers[i]);
        if (read_at(sign(HEADER, grants), NOW) != PROBLEM_TOKEN_BAD)
            fail_msg("\"%s\" is taken", numbers[i]);
    }
}

static void times_that_no_clock_shows_are_refused(void **state)
{
    static const char *const times[] = {
        "\"nbf\":1,\"exp\":9223372036854775807",
        "\"nbf\":1,\"exp\":9223372036854776",
        "\"nbf\":9223372036854775807,\"exp\":1777604400",
        "\"nbf\":-9223372036854775807,\"exp\":1777604400",
        "\"nbf\":1,\"exp\":99999999999999999999",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        char grants[300];

        snprintf(
            grants, sizeof(grants),
            "{\"iss\":\"jingda\",\"aud\":\"jingda\",\"sub\":\"7\",\"sid\":\"42\",%s}",
            times[i]);
        assert_int_equal(read_at(sign(HEADER, grants), NOW), PROBLEM_TOKEN_BAD);
    }
}

static void what_has_not_the_form_of_a_token_is_refused(void **state)
{
    static const char *const bad[] = {
        "",       ".",     "..",      "...",         "a.b",      "a.b.",        ".b.c",
        "a..c",   "a.b.c", "a.b.c.d", "e30.e30.e30", "e30.e30.", "eyJ.eyJ.sig", "====",
        "a b.c.d"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(read_at(bad[i], NOW), PROBLEM_TOKEN_BAD);
}

static void a_huge_token_is_refused_without_harm(void **state)
{
    static const char end[] = "\"," GRANTS "}";
    static char huge[1 << 20];
    char filler[4000];

    (void)state;
    memset(huge, 'A', sizeof(huge) - 1);
    assert_int_equal(read_at(huge, NOW), PROBLEM_TOKEN_BAD);
    huge[100] = huge[200] = '.';
    assert_int_equal(read_at(huge, NOW), PROBLEM_TOKEN_BAD);
    memset(filler, 'x', sizeof(filler));
    memcpy(filler, "{\"x\":\"", 6);
    memcpy(filler + 3000, end, sizeof(end));
    assert_int_equal(read_at(sign(HEADER, filler), NOW), PROBLEM_TOKEN_BAD);
    assert_int_equal(read_at(sign(filler, "{" GRANTS "}"), NOW), PROBLEM_TOKEN_BAD);
}

static void tickets_and_refresh_tokens_are_no_access_tokens(void **state)
{
    char refresh[REFRESH_TEXT], ticket[TICKET_TEXT];

    (void)state;
    refresh_make(&secret, &(struct refresh){ 42, 1 }, refresh);
    ticket_make(&secret, &(struct ticket){ .person = 7 }, ticket);
    assert_false(reads(refresh));
    assert_false(reads(ticket));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_says_who_until_when),
        cmocka_unit_test(the_largest_numbers_fit),
        cmocka_unit_test(a_token_is_good_from_a_minute_before_to_its_end),
        cmocka_unit_test(not_a_character_can_be_changed_added_or_left_out),
        cmocka_unit_test(keys_are_rotated_without_breaking_what_is_out),
        cmocka_unit_test(what_is_signed_here_is_read),
        cmocka_unit_test(only_our_algorithm_and_our_keys_are_taken),
        cmocka_unit_test(algorithm_none_without_a_signature_is_refused),
        cmocka_unit_test(claims_that_are_not_ours_are_refused),
        cmocka_unit_test(a_person_is_a_plain_number),
        cmocka_unit_test(times_that_no_clock_shows_are_refused),
        cmocka_unit_test(what_has_not_the_form_of_a_token_is_refused),
        cmocka_unit_test(a_huge_token_is_refused_without_harm),
        cmocka_unit_test(tickets_and_refresh_tokens_are_no_access_tokens),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
