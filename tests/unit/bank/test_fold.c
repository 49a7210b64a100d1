#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "bank/fold.h"
#include "util/text.h"

static void folds_to(const char *typed, const char *folded)
{
    char out[256];

    assert_int_equal(fold_text(typed, out), strlen(folded));
    assert_string_equal(out, folded);
}

static void what_means_the_same_folds_to_the_same(void **state)
{
    static const char *const vectors[][2] = {
        { "1925", "1925" },
        { "１９２５", "1925" },
        { " 1925 ", "1925" },
        { "1 9\t2\r\n5", "1925" },
        { "\u30001925年\u3000", "1925年" },
        { "1925年。", "1925年" },
        { "1925年．", "1925年" },
        { "，、1925年,.", "1925年" },
        { "1925 。 . ", "1925" },
        { "｡1925､", "1925" },
        { "3．5", "3.5" },
        { "１，０００", "1,000" },
        { "ＡＢＣ", "abc" },
        { "Wto", "wto" },
        { "（一）", "(一)" },
        { "一九二五", "一九二五" },
        { "刘少奇", "刘少奇" },
        { "刘 少 奇", "刘少奇" },
        { "刘\u00a0少\u200b奇\ufeff", "刘少奇" },
        { "中华全国总工会", "中华全国总工会" },
        { "100%", "100%" },
        { "１００％", "100%" },
        { "“两个”", "“两个”" },
        { "é", "é" },
        { "😀", "😀" },
        { "", "" },
        { " 。，、 ", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
        folds_to(vectors[i][0], vectors[i][1]);
}

static void folding_twice_is_folding_once(void **state)
{
    static const char *const pieces[] = { "。", "．", ".",      "，", ",",  "、", " ",
                                          "　", "Ａ", "\u00a0", "工", "１", "｡",  "a" };
    const int n_pieces = sizeof(pieces) / sizeof(pieces[0]);

    (void)state;
    srandom(1);
    for (int round = 0; round < 20000; round++) {
        char once[64], twice[64];
        TEXT(text);

        text_string(&text, "");
        for (long i = random() % 12; i > 0; i--)
            text_string(&text, pieces[random() % n_pieces]);
        size_t n = fold_text(text.data, once);
        assert_true(n <= text.length);
        assert_int_equal(fold_text(once, twice), n);
        assert_string_equal(once, twice);
    }
}

/* Each text lies in a piece of memory of its own size, so that a sanitizer sees a step
 * too far, to read or to write. */
static void broken_bytes_are_not_read_beyond_their_end(void **state)
{
    (void)state;
    srandom(2);
    for (int round = 0; round < 50000; round++) {
        size_t n = (size_t)random() % 12;
        char *text = malloc(n + 1), *out = malloc(n + 1);

        for (size_t i = 0; i < n; i++)
            text[i] = (char)(random() % 3 ? 0x80 | random() : random());
        text[n] = '\0';
        assert_true(fold_text(text, out) <= strlen(text));
        free(text);
        free(out);
    }
}

static void white_space_is_measured_in_bytes(void **state)
{
    (void)state;
    assert_int_equal(fold_space(" a"), 1);
    assert_int_equal(fold_space("\u3000a"), 3);
    assert_int_equal(fold_space("\u00a0a"), 2);
    assert_int_equal(fold_space("a "), 0);
    assert_int_equal(fold_space(""), 0);
    /* within a character there is none */
    assert_int_equal(fold_space("加" + 2), 0);
    assert_int_equal(fold_space("充" + 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_the_same_folds_to_the_same),
        cmocka_unit_test(folding_twice_is_folding_once),
        cmocka_unit_test(broken_bytes_are_not_read_beyond_their_end),
        cmocka_unit_test(white_space_is_measured_in_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
