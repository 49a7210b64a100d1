#include "keys.h"

#include "auth/sealed.h"
#include "util/encode.h"

static struct secret secret;

static int set_up(void **state)
{
    (void)state;
    secret = keys_read(KEYS_PAPER KEYS_OLD KEYS_NEW);
    return 0;
}

static void payloads_of_every_size_come_back(void **state)
{
    uint8_t payload[96], out[96];
    char text[200];

    (void)state;
    for (size_t n = 0; n <= sizeof(payload); n++) {
        memset(payload, (int)n, sizeof(payload));
        memset(out, 0xee, sizeof(out));
        sealed_make(&secret, SEALED_TICKET, payload, n, text, sizeof(text));
        assert_int_equal(strlen(text), encode_base64url_size(16 + n + 16));
        assert_true(sealed_open(&secret, SEALED_TICKET, text, out, n));
        assert_memory_equal(out, payload, n);
    }
}

static bool opens(const char *text)
{
    uint8_t out[5] = { 0 };
    bool ok = sealed_open(&secret, SEALED_TICKET, text, out, sizeof(out));

    /* nothing is written unless the seal is right */
    assert_memory_equal(out, ok ? "hello" : "\0\0\0\0\0", 5);
    return ok;
}

static void not_a_character_can_be_changed_added_or_left_out(void **state)
{
    char text[100];

    (void)state;
    sealed_make(&secret, SEALED_TICKET, "hello", 5, text, sizeof(text));
    keys_forge(text, opens);
}

static void not_a_bit_can_be_changed(void **state)
{
    uint8_t raw[37], changed[37];
    char text[100];
    size_t n;

    (void)state;
    sealed_make(&secret, SEALED_TICKET, "hello", 5, text, sizeof(text));
    assert_true(decode_base64url(text, strlen(text), raw, sizeof(raw), &n));
    for (size_t bit = 0; bit < n * 8; bit++) {
        memcpy(changed, raw, n);
        changed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        encode_base64url(changed, n, text);
        assert_false(opens(text));
    }
}

static void what_was_made_for_one_purpose_is_worth_nothing_for_another(void **state)
{
    uint8_t out[5];
    char text[100];

    (void)state;
    sealed_make(&secret, SEALED_TICKET, "hello", 5, text, sizeof(text));
    assert_false(sealed_open(&secret, SEALED_REFRESH, text, out, 5));
    sealed_make(&secret, SEALED_REFRESH, "hello", 5, text, sizeof(text));
    assert_false(sealed_open(&secret, SEALED_TICKET, text, out, 5));
    assert_true(sealed_open(&secret, SEALED_REFRESH, text, out, 5));
}

static void another_size_than_expected_is_refused(void **state)
{
    uint8_t out[96];
    char text[100];

    (void)state;
    sealed_make(&secret, SEALED_TICKET, "hello", 5, text, sizeof(text));
    for (size_t n = 0; n <= 96; n++)
        assert_int_equal(sealed_open(&secret, SEALED_TICKET, text, out, n), n == 5);
}

static void keys_are_rotated_without_breaking_what_is_out(void **state)
{
    struct secret before = keys_read(KEYS_PAPER KEYS_OLD);
    struct secret rotated = keys_read(KEYS_PAPER KEYS_NEW KEYS_OLD);
    struct secret after = keys_read(KEYS_PAPER KEYS_NEW);
    char old[100], new[100];
    uint8_t out[5];

    (void)state;
    sealed_make(&before, SEALED_TICKET, "hello", 5, old, sizeof(old));
    sealed_make(&rotated, SEALED_TICKET, "hello", 5, new, sizeof(new));
    assert_string_not_equal(old, new);
    assert_true(sealed_open(&rotated, SEALED_TICKET, old, out, 5));
    assert_false(sealed_open(&after, SEALED_TICKET, old, out, 5));
    assert_true(sealed_open(&after, SEALED_TICKET, new, out, 5));
    assert_false(sealed_open(&before, SEALED_TICKET, new, out, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_of_every_size_come_back),
        cmocka_unit_test(not_a_character_can_be_changed_added_or_left_out),
        cmocka_unit_test(not_a_bit_can_be_changed),
        cmocka_unit_test(what_was_made_for_one_purpose_is_worth_nothing_for_another),
        cmocka_unit_test(another_size_than_expected_is_refused),
        cmocka_unit_test(keys_are_rotated_without_breaking_what_is_out),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
