/*
 * A list of blocks, newest first.  A piece is cut from the newest; one that is larger than
 * a quarter of a block gets a block of its own behind the newest, whose rest stays in use.
 * Under AddressSanitizer a gap follows each piece and stays poisoned.
 */
#include "util/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum { BLOCK = 4096 - 64 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){ 0 };
}

void arena_done(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;

        ASAN_UNPOISON_MEMORY_REGION(arena->blocks->bytes, arena->blocks->size);
        free(arena->blocks);
        arena->blocks = next;
    }
    arena->used = 0;
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = memory_resize(NULL, sizeof(*block) + size);

    block->next = NULL;
    block->size = size;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    return block;
}

static struct arena_block *block_with_room(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->blocks;

    if (block && block->size - block->used >= size)
        return block;
    if (block && size > BLOCK / 4) {
        struct arena_block *own = block_new(size);

        own->next = block->next;
        block->next = own;
        return own;
    }
    block = block_new(size > BLOCK ? size : BLOCK);
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size_t step = alignof(max_align_t);
    size_t need = (size + GAP + step - 1) / step * step;
    struct arena_block *block = block_with_room(arena, need ? need : step);
    unsigned char *p = block->bytes + block->used;

    block->used += need ? need : step;
    arena->used += size;
    ASAN_UNPOISON_MEMORY_REGION(p, size);
    return memset(p, 0, size);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);

    if (n)
        memcpy(copy, bytes, n);
    return copy;
}

char *arena_string(struct arena *arena, const char *string)
{
    return string ? arena_copy(arena, string, strlen(string)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    char none[1];
    int n = vsnprintf(none, 0, format, args);
    va_end(args);
    char *out = arena_alloc(arena, (size_t)(n < 0 ? 0 : n) + 1);
    vsnprintf(out, (size_t)(n < 0 ? 0 : n) + 1, format, again);
    va_end(again);
    return out;
}
