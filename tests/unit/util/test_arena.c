#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "util/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void pieces_are_zeroed_and_aligned_and_keep_what_is_written(void **state)
{
    enum { N = 3000 };
    static unsigned char *pieces[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        size_t size = (size_t)i * 7 % 1500;

        pieces[i] = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t b = 0; b < size; b++)
            assert_int_equal(pieces[i][b], 0);
        memset(pieces[i], i % 251 + 1, size);
    }
    for (int i = 0; i < N; i++)
        for (size_t b = 0; b < (size_t)i * 7 % 1500; b++)
            assert_int_equal(pieces[i][b], i % 251 + 1);
}

static void pieces_of_no_bytes_are_different_pieces(void **state)
{
    (void)state;
    void *one = arena_alloc(&arena, 0), *other = arena_alloc(&arena, 0);

    assert_non_null(one);
    assert_ptr_not_equal(one, other);
}

static void a_piece_larger_than_a_block_leaves_the_block_in_use(void **state)
{
    (void)state;
    char *before = arena_alloc(&arena, 100);
    char *large = arena_alloc(&arena, 1 << 20);
    char *after = arena_alloc(&arena, 100);

    large[(1 << 20) - 1] = 'x';
    assert_in_range((uintptr_t)after, (uintptr_t)before, (uintptr_t)before + 256);
}

static void a_large_piece_may_come_first(void **state)
{
    (void)state;
    char *large = arena_alloc(&arena, 100000);
    char *small = arena_alloc(&arena, 10);

    memset(large, 1, 100000);
    memset(small, 2, 10);
    assert_int_equal(large[99999], 1);
}

static void used_counts_the_bytes_asked_for(void **state)
{
    (void)state;
    arena_alloc(&arena, 10);
    arena_alloc(&arena, 5000);
    assert_int_equal(arena.used, 5010);
    arena_done(&arena);
    assert_int_equal(arena.used, 0);
}

static void an_arena_that_is_done_can_be_used_again(void **state)
{
    (void)state;
    arena_alloc(&arena, 10);
    arena_done(&arena);
    arena_done(&arena);
    assert_string_equal(arena_string(&arena, "again"), "again");
}

static void copies_end_with_a_nul_and_may_hold_one(void **state)
{
    (void)state;
    assert_memory_equal(arena_copy(&arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    assert_string_equal(arena_string(&arena, ""), "");
    assert_null(arena_string(&arena, NULL));
}

static void printing_takes_as_much_room_as_it_needs(void **state)
{
    char long_one[9000];

    (void)state;
    memset(long_one, 'x', sizeof(long_one) - 1);
    long_one[sizeof(long_one) - 1] = '\0';
    assert_string_equal(arena_printf(&arena, "%d-%s", 7, "甲"), "7-甲");
    assert_int_equal(strlen(arena_printf(&arena, "%s%s", long_one, long_one)), 17998);
    assert_string_equal(arena_printf(&arena, "%s", ""), "");
}

static void the_byte_behind_a_piece_is_poisoned(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    for (size_t size = 1; size < 3000; size += 37) {
        char *piece = arena_alloc(&arena, size);

        assert_false(__asan_address_is_poisoned(piece));
        assert_false(__asan_address_is_poisoned(piece + size - 1));
        assert_true(__asan_address_is_poisoned(piece + size));
    }
#else
    skip();
#endif
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pieces_are_zeroed_and_aligned_and_keep_what_is_written),
        TEST(pieces_of_no_bytes_are_different_pieces),
        TEST(a_piece_larger_than_a_block_leaves_the_block_in_use),
        TEST(a_large_piece_may_come_first),
        TEST(used_counts_the_bytes_asked_for),
        TEST(an_arena_that_is_done_can_be_used_again),
        TEST(copies_end_with_a_nul_and_may_hold_one),
        TEST(printing_takes_as_much_room_as_it_needs),
        TEST(the_byte_behind_a_piece_is_poisoned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
