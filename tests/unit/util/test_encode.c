#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "util/encode.h"

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Of RFC 4648 §10, without the padding. */
static const char *const vectors[][2] = {
    { "", "" },
    { "f", "Zg" },
    { "fo", "Zm8" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg" },
    { "fooba", "Zm9vYmE" },
    { "foobar", "Zm9vYmFy" },
};

static void base64url_says_what_the_rfc_says(void **state)
{
    char text[16], back[16];
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        const char *plain = vectors[i][0], *coded = vectors[i][1];

        assert_int_equal(encode_base64url_size(strlen(plain)), strlen(coded));
        encode_base64url(plain, strlen(plain), text);
        assert_string_equal(text, coded);
        assert_true(decode_base64url(coded, strlen(coded), back, sizeof(back), &n));
        assert_int_equal(n, strlen(plain));
        assert_memory_equal(back, plain, n);
    }
}

static void all_bytes_come_back_from_base64url(void **state)
{
    unsigned char bytes[256], back[256];
    char text[400];
    size_t n;

    (void)state;
    for (int i = 0; i < 256; i++)
        bytes[i] = (unsigned char)(i * 167 + 13);
    for (size_t size = 0; size <= 256; size++) {
        encode_base64url(bytes, size, text);
        assert_int_equal(strlen(text), encode_base64url_size(size));
        assert_int_equal(strspn(text, letters), strlen(text));
        assert_true(decode_base64url(text, strlen(text), back, size, &n));
        assert_int_equal(n, size);
        assert_memory_equal(back, bytes, size);
    }
}

static void one_value_has_one_text(void **state)
{
    unsigned char out[4];
    size_t n;
    int n_good = 0;

    (void)state;
    for (const char *a = letters; *a; a++)
        for (const char *b = letters; *b; b++)
            n_good += decode_base64url((char[]){ *a, *b }, 2, out, sizeof(out), &n);
    assert_int_equal(n_good, 256);
    n_good = 0;
    for (const char *c = letters; *c; c++)
        n_good += decode_base64url((char[]){ 'A', 'A', *c }, 3, out, sizeof(out), &n);
    assert_int_equal(n_good, 16);
}

static void foreign_characters_padding_and_wrong_lengths_are_refused(void **state)
{
    static const char *const bad[] = {
        "A",    "AAAAA", "AA==", "AAA=",       "AA+A", "AA/A", "AA A",
        " AAA", "AAA\n", "AAA.", "AA\xc3\xa9", "AB",   "AAB",
    };
    unsigned char out[16];
    size_t n = 77;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(decode_base64url(bad[i], strlen(bad[i]), out, sizeof(out), &n));
    assert_false(decode_base64url("AA\0A", 4, out, sizeof(out), &n));
    assert_int_equal(n, 77);
}

static void decoding_keeps_to_the_room_there_is(void **state)
{
    unsigned char out[8];
    size_t n;

    (void)state;
    for (size_t room = 0; room < 6; room++) {
        memset(out, 0xee, sizeof(out));
        assert_false(decode_base64url("Zm9vYmFy", 8, out, room, &n));
        for (size_t i = room; i < sizeof(out); i++)
            assert_int_equal(out[i], 0xee);
    }
    assert_true(decode_base64url("Zm9vYmFy", 8, out, 6, &n));
    assert_true(decode_base64url("", 0, out, 0, &n));
    assert_int_equal(n, 0);
}

static void hex_is_lower_case_and_read_in_either(void **state)
{
    unsigned char bytes[4];
    char text[16];

    (void)state;
    encode_hex("\x00\x9f\xab\xff", 4, text);
    assert_string_equal(text, "009fabff");
    assert_true(decode_hex("009FaBff", bytes, 4));
    assert_memory_equal(bytes, "\x00\x9f\xab\xff", 4);
    encode_hex("", 0, text);
    assert_string_equal(text, "");
    assert_true(decode_hex("", bytes, 0));
}

static void hex_of_another_length_or_with_other_characters_is_refused(void **state)
{
    static const char *const bad[] = { "",
                                       "0",
                                       "00",
                                       "000",
                                       "00000",
                                       "0g00",
                                       "g000",
                                       "00:0",
                                       " 000",
                                       "0x00",
                                       "00`0",
                                       "00@0",
                                       "\xff"
                                       "000" };
    unsigned char bytes[2];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(decode_hex(bad[i], bytes, 2));
}

static void utf8_is_that_of_the_rfc(void **state)
{
    static const struct {
        const char *bytes;
        bool is_valid;
    } cases[] = {
        { "", true },
        { "abc", true },
        { "\x7f", true },
        { "\xc2\x80", true },
        { "\xdf\xbf", true },
        { "\xe0\xa0\x80", true },
        { "工会", true },
        { "\xed\x9f\xbf", true },
        { "\xee\x80\x80", true },
        { "\xef\xbf\xbf", true },
        { "\xf0\x90\x80\x80", true },
        { "\xf4\x8f\xbf\xbf", true },
        { "\x80", false },
        { "\xbf", false },
        { "\xc0\x80", false },
        { "\xc1\xbf", false },
        { "\xc2", false },
        { "\xc2"
          "a",
          false },
        { "\xe0\x80\x80", false },
        { "\xe0\x9f\xbf", false },
        { "\xe5\xb7", false },
        { "\xed\xa0\x80", false },
        { "\xed\xbf\xbf", false },
        { "\xf0\x8f\xbf\xbf", false },
        { "\xf0\x90\x80", false },
        { "\xf4\x90\x80\x80", false },
        { "\xf5\x80\x80\x80", false },
        { "\xff", false },
        { "\xfe", false },
        { "a\xe5", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (utf8_is_valid(cases[i].bytes, strlen(cases[i].bytes)) != cases[i].is_valid)
            fail_msg("case %zu", i);
    assert_false(utf8_is_valid("a\0b", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64url_says_what_the_rfc_says),
        cmocka_unit_test(all_bytes_come_back_from_base64url),
        cmocka_unit_test(one_value_has_one_text),
        cmocka_unit_test(foreign_characters_padding_and_wrong_lengths_are_refused),
        cmocka_unit_test(decoding_keeps_to_the_room_there_is),
        cmocka_unit_test(hex_is_lower_case_and_read_in_either),
        cmocka_unit_test(hex_of_another_length_or_with_other_characters_is_refused),
        cmocka_unit_test(utf8_is_that_of_the_rfc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
