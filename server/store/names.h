#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names of people who stand where many look, kept so that a page of a board costs no query.
 * At most 2^17 of them; when full it begins anew.  A change of a name anywhere is heard
 * (NOTIFY jingda_person, jingda_change) and the name forgotten. */
struct name_cache;

struct name_cache *name_cache_new(void);
void name_cache_free(struct name_cache *cache);

/* NULL when not kept.  The string lives until the cache changes. */
const char *name_cache_find(const struct name_cache *cache, int64_t person,
                            bool *shows_name);
void name_cache_put(struct name_cache *cache, int64_t person, const char *name,
                    bool shows_name);
void name_cache_forget(struct name_cache *cache, int64_t person);
void name_cache_clear(struct name_cache *cache);
/* Something else that is shown beside names has changed: what was made of them is old. */
void name_cache_touch(struct name_cache *cache);
/* Changes whenever something was forgotten: what was made of names before is old then. */
uint64_t name_cache_epoch(const struct name_cache *cache);
