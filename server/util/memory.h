#pragma once
#include <stddef.h>

/* The one allocator.  It never returns NULL: a server that cannot get memory for a small
 * thing cannot answer either, so it ends at once and is started again (what it had
 * acknowledged is committed).  jansson and libevent are told to use it too. */
void *memory_new(size_t size);            /* zeroed */
void *memory_resize(void *p, size_t size);
char *memory_copy(const void *bytes, size_t n); /* n bytes and a NUL */

/* Tells jansson and libevent to allocate here.  Once, first thing in main. */
void memory_adopt(void);

/* From here on jansson allocates in this arena and frees nothing, until it is called with
 * NULL.  A tree made meanwhile dies with the arena: its last reference is never given up. */
struct arena;
void memory_json_into(struct arena *arena);

/* AUTO(json_decrefp) json_t *root = ...: runs the function on leaving the scope. */
#define AUTO(f) __attribute__((cleanup(f)))
void memory_freep(void *pointer_to_pointer);
