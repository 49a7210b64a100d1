#include "util/memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <event2/event.h>
#include <jansson.h>

#include "util/arena.h"

static void *give_up(size_t size)
{
    fprintf(stderr, "out of memory, asked for %zu bytes\n", size);
    abort();
}

void *memory_new(size_t size)
{
    void *p = calloc(1, size ? size : 1);

    return p ? p : give_up(size);
}

void *memory_resize(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);

    return p ? p : give_up(size);
}

char *memory_copy(const void *bytes, size_t n)
{
    char *copy = memory_resize(NULL, n + 1);

    if (n)
        memcpy(copy, bytes, n);
    copy[n] = '\0';
    return copy;
}

void memory_freep(void *p)
{
    free(*(void **)p);
}

static void *allocate(size_t size)
{
    return memory_resize(NULL, size);
}

/* Where a tree of JSON is being read into, by each thread; NULL for the heap. */
static _Thread_local struct arena *json_arena;
static pthread_once_t is_json_ours = PTHREAD_ONCE_INIT;

static void *json_allocate(size_t size)
{
    return json_arena ? arena_alloc(json_arena, size) : allocate(size);
}

static void json_free(void *p)
{
    if (!json_arena)
        free(p);
}

static void adopt_json(void)
{
    json_set_alloc_funcs(json_allocate, json_free);
}

void memory_json_into(struct arena *arena)
{
    json_arena = arena;
    pthread_once(&is_json_ours, adopt_json);
}

void memory_adopt(void)
{
    event_set_mem_functions(allocate, memory_resize, free);
    memory_json_into(NULL);
    json_object_seed(0);
}
