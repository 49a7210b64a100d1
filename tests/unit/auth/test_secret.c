#include "keys.h"

#include <stdlib.h>

#include "util/encode.h"
#include "util/memory.h"

static void the_mac_is_hmac_sha256(void **state)
{
    /* RFC 4231, test case 1: its 20 bytes of key, padded with zeros as HMAC does */
    uint8_t key[SECRET_BYTES] = { 0 }, mac[MAC_BYTES];
    char hex[2 * MAC_BYTES + 1];

    (void)state;
    memset(key, 0x0b, 20);
    secret_mac(key, "Hi There", 8, mac);
    encode_hex(mac, sizeof(mac), hex);
    assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b"
                             "881dc200c9833da726e9376c2e32cff7");
}

static void a_new_file_is_read_and_never_the_same(void **state)
{
    AUTO(memory_freep) char *one = secret_make(), *other = secret_make();
    struct secret first = keys_read(one), second = keys_read(other);

    (void)state;
    assert_int_equal(first.n_session_keys, 1);
    assert_string_equal(first.session_keys[0].kid, "1");
    assert_memory_not_equal(first.paper, second.paper, SECRET_BYTES);
    assert_memory_not_equal(first.session_keys[0].token, second.session_keys[0].token,
                            SECRET_BYTES);
}

static void the_first_session_key_signs_and_all_are_known(void **state)
{
    struct secret secret = keys_read("# comment\n\n" KEYS_NEW KEYS_PAPER KEYS_OLD);

    (void)state;
    assert_int_equal(secret.n_session_keys, 2);
    assert_string_equal(secret.session_keys[0].kid, "new-2026");
    assert_ptr_equal(secret_key(&secret, "old"), &secret.session_keys[1]);
    assert_null(secret_key(&secret, "new"));
    assert_null(secret_key(&secret, ""));
}

static void lines_may_end_as_windows_ends_them_and_the_last_not_at_all(void **state)
{
    char text[400];

    (void)state;
    snprintf(text, sizeof(text), "%.*s\r\n%.*s", (int)strlen(KEYS_PAPER) - 1,
             KEYS_PAPER, (int)strlen(KEYS_OLD) - 1, KEYS_OLD);
    assert_int_equal(keys_read(text).n_session_keys, 1);
}

static void what_is_used_is_never_the_bytes_of_the_file(void **state)
{
    struct secret secret = keys_read(KEYS_PAPER KEYS_OLD);
    const struct session_key *key = &secret.session_keys[0];
    uint8_t raw[SECRET_BYTES];

    (void)state;
    assert_true(decode_hex("ffeeddccbbaa99887766554433221100"
                           "ffeeddccbbaa99887766554433221100",
                           raw, sizeof(raw)));
    assert_memory_not_equal(key->token, raw, SECRET_BYTES);
    assert_memory_not_equal(key->ticket, raw, SECRET_BYTES);
    assert_memory_not_equal(key->refresh, raw, SECRET_BYTES);
    assert_memory_not_equal(key->token, key->ticket, SECRET_BYTES);
    assert_memory_not_equal(key->token, key->refresh, SECRET_BYTES);
    assert_memory_not_equal(key->ticket, key->refresh, SECRET_BYTES);
}

static void assert_wrong(const char *text, int expected)
{
    struct secret secret;
    int line = -1;

    if (secret_read(text, &secret, &line))
        fail_msg("%s is taken", text);
    assert_int_equal(line, expected);
}

static void the_wrong_line_is_named(void **state)
{
    char text[2000] = KEYS_PAPER;

    (void)state;
    assert_wrong("", 0);
    assert_wrong(KEYS_PAPER, 0);
    assert_wrong(KEYS_OLD, 0);
    assert_wrong(KEYS_PAPER KEYS_PAPER KEYS_OLD, 2);
    assert_wrong(KEYS_PAPER KEYS_OLD KEYS_OLD, 3);
    assert_wrong(KEYS_PAPER KEYS_OLD "session\n", 3);
    assert_wrong(KEYS_PAPER KEYS_OLD "session x\n", 3);
    assert_wrong(KEYS_PAPER KEYS_OLD "session x 00\n", 3);
    assert_wrong(KEYS_PAPER KEYS_OLD "other x\n", 3);
    assert_wrong("paper 00112233\n", 1);
    assert_wrong("\npaper 0011223344556677889g\n", 2);
    assert_wrong(
        "paper 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00\n",
        1);
    assert_wrong(
        "paper 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff x\n",
        1);
    assert_wrong(KEYS_PAPER
                 "session seventeen-letters "
                 "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n",
                 2);
    memset(text + strlen(KEYS_PAPER), 'x', 1000);
    assert_wrong(text, 2);
}

static void nine_session_keys_are_too_many(void **state)
{
    char text[2000] = KEYS_PAPER;

    (void)state;
    for (int i = 0; i < MAX_SESSION_KEYS + 1; i++) {
        size_t n = strlen(text);

        snprintf(text + n, sizeof(text) - n, "session k%d %064d\n", i, i);
        if (i < MAX_SESSION_KEYS)
            assert_int_equal(keys_read(text).n_session_keys, i + 1);
    }
    assert_wrong(text, MAX_SESSION_KEYS + 2);
}

static void seeds_differ_by_everything_they_are_made_of(void **state)
{
    struct secret secret = keys_read(KEYS_PAPER KEYS_OLD);
    uint8_t seeds[13][MAC_BYTES];

    (void)state;
    secret_person_seed(&secret, 1, 2, seeds[0]);
    secret_person_seed(&secret, 2, 1, seeds[1]);
    secret_person_seed(&secret, 1, 23, seeds[2]);
    secret_person_seed(&secret, 12, 3, seeds[3]);
    secret_attempt_seed(&secret, 1, 2, 1, seeds[4]);
    secret_attempt_seed(&secret, 1, 2, 2, seeds[5]);
    secret_attempt_seed(&secret, 1, 21, 1, seeds[6]);
    secret_attempt_seed(&secret, 12, 1, 1, seeds[7]);
    secret_turn_seed(&secret, 1, "2", 1, seeds[8]);
    secret_turn_seed(&secret, 1, "2", 2, seeds[9]);
    secret_turn_seed(&secret, 2, "2", 1, seeds[10]);
    secret_turn_seed(&secret, 1, "12", 1, seeds[11]);
    secret_turn_seed(&secret, 1, "2", 12, seeds[12]);
    for (int i = 0; i < 13; i++)
        for (int other = 0; other < i; other++)
            assert_memory_not_equal(seeds[i], seeds[other], MAC_BYTES);
}

/* Papers of attempts that are stored hang on these: they must never change. */
static void seeds_are_for_ever(void **state)
{
    struct secret secret = keys_read(KEYS_PAPER KEYS_OLD);
    struct secret other = keys_read(KEYS_NEW KEYS_PAPER);
    uint8_t seed[MAC_BYTES], again[MAC_BYTES], expected[MAC_BYTES];

    (void)state;
    secret_attempt_seed(&secret, 7, 123456789012, 3, seed);
    secret_attempt_seed(&other, 7, 123456789012, 3, again);
    assert_memory_equal(seed, again, MAC_BYTES);
    secret_mac(secret.paper, "seed\0\0\0\7\0\0\0\3\0\0\0\x1c\xbe\x99\x1a\x14", 20, expected);
    assert_memory_equal(seed, expected, MAC_BYTES);
    secret_person_seed(&secret, 7, 123456789012, seed);
    secret_mac(secret.paper, "seed\0\0\0\7\0\0\0\0\0\0\0\x1c\xbe\x99\x1a\x14", 20, expected);
    assert_memory_equal(seed, expected, MAC_BYTES);
}

static void api_keys_have_one_form_and_only_their_hash_is_kept(void **state)
{
    char key[API_KEY_TEXT], other[API_KEY_TEXT], longer[API_KEY_TEXT + 8];
    uint8_t hash[API_KEY_HASH], again[API_KEY_HASH];

    (void)state;
    api_key_make(key);
    api_key_make(other);
    assert_string_not_equal(key, other);
    assert_int_equal(strlen(key), API_KEY_TEXT - 1);
    assert_true(api_key_hash(key, hash));
    assert_true(api_key_hash(key, again));
    assert_memory_equal(hash, again, API_KEY_HASH);
    assert_true(api_key_hash(other, again));
    assert_memory_not_equal(hash, again, API_KEY_HASH);
    snprintf(longer, sizeof(longer), "%sA", key);
    assert_false(api_key_hash(longer, hash));
    assert_false(api_key_hash(key + 4, hash));
    key[API_KEY_TEXT - 2] = '\0';
    assert_false(api_key_hash(key, hash));
    assert_false(api_key_hash("", hash));
    assert_false(api_key_hash("jdk_", hash));
    assert_false(api_key_hash("JDK_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mac_is_hmac_sha256),
        cmocka_unit_test(a_new_file_is_read_and_never_the_same),
        cmocka_unit_test(the_first_session_key_signs_and_all_are_known),
        cmocka_unit_test(lines_may_end_as_windows_ends_them_and_the_last_not_at_all),
        cmocka_unit_test(what_is_used_is_never_the_bytes_of_the_file),
        cmocka_unit_test(the_wrong_line_is_named),
        cmocka_unit_test(nine_session_keys_are_too_many),
        cmocka_unit_test(seeds_differ_by_everything_they_are_made_of),
        cmocka_unit_test(seeds_are_for_ever),
        cmocka_unit_test(api_keys_have_one_form_and_only_their_hash_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
