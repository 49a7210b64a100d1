#include "store/names.h"

#include <stdlib.h>
#include <string.h>

#include "util/arena.h"
#include "util/memory.h"

enum { PLACES = 1 << 18, MOST = PLACES / 2 };

struct name_cache {
    struct kept {
        int64_t person; /* 0: free */
        const char *name; /* NULL: forgotten */
        bool shows_name;
    } *places;
    size_t n;
    uint64_t epoch;
    struct arena strings;
};

struct name_cache *name_cache_new(void)
{
    struct name_cache *cache = memory_new(sizeof(*cache));

    cache->places = memory_new(PLACES * sizeof(*cache->places));
    arena_init(&cache->strings);
    return cache;
}

void name_cache_free(struct name_cache *cache)
{
    if (!cache)
        return;
    arena_done(&cache->strings);
    free(cache->places);
    free(cache);
}

static struct kept *place_of(const struct name_cache *cache, int64_t person)
{
    size_t i = (size_t)((uint64_t)person * 0x9e3779b97f4a7c15u >> 46);

    while (cache->places[i].person && cache->places[i].person != person)
        i = (i + 1) & (PLACES - 1);
    return &cache->places[i];
}

const char *name_cache_find(const struct name_cache *cache, int64_t person,
                            bool *shows_name)
{
    const struct kept *kept = place_of(cache, person);

    *shows_name = kept->shows_name;
    return kept->name;
}

static void begin_anew(struct name_cache *cache)
{
    arena_done(&cache->strings);
    arena_init(&cache->strings);
    memset(cache->places, 0, PLACES * sizeof(*cache->places));
    cache->n = 0;
}

void name_cache_put(struct name_cache *cache, int64_t person, const char *name,
                    bool shows_name)
{
    if (cache->n >= MOST)
        begin_anew(cache);
    struct kept *kept = place_of(cache, person);
    cache->n++; /* also one that comes back: its old string is still held */
    *kept = (struct kept){ person, arena_string(&cache->strings, name), shows_name };
}

void name_cache_forget(struct name_cache *cache, int64_t person)
{
    struct kept *kept = place_of(cache, person);

    cache->epoch++;
    if (kept->person)
        kept->name = NULL;
}

void name_cache_clear(struct name_cache *cache)
{
    cache->epoch++;
    begin_anew(cache);
}

void name_cache_touch(struct name_cache *cache)
{
    cache->epoch++;
}

uint64_t name_cache_epoch(const struct name_cache *cache)
{
    return cache->epoch;
}
