#include "store/revoked.h"

#include <stdlib.h>

#include "auth/token.h"
#include "util/memory.h"

static struct revoked_entry *place_of(const struct revoked *revoked, int64_t session)
{
    size_t i = (size_t)((uint64_t)session * 0x9e3779b97f4a7c15u >> 32);

    for (;; i++) {
        struct revoked_entry *entry = &revoked->entries[i & (revoked->capacity - 1)];

        if (!entry->session || entry->session == session)
            return entry;
    }
}

static size_t count_alive(const struct revoked *revoked, int64_t now)
{
    size_t n = 0;

    for (size_t i = 0; i < revoked->capacity; i++)
        n += revoked->entries[i].session && revoked->entries[i].until > now;
    return n;
}

/* Makes room, leaving behind what is over: four places for each that is alive. */
static void renew(struct revoked *revoked, int64_t now)
{
    struct revoked old = *revoked;
    size_t n = count_alive(revoked, now);

    for (revoked->capacity = 256; revoked->capacity < n * 4;)
        revoked->capacity *= 2;
    revoked->entries = memory_new(revoked->capacity * sizeof(*revoked->entries));
    revoked->n = 0;
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].session && old.entries[i].until > now) {
            *place_of(revoked, old.entries[i].session) = old.entries[i];
            revoked->n++;
        }
    free(old.entries);
}

void revoked_add(struct revoked *revoked, int64_t session, int64_t now)
{
    if (revoked->n * 2 >= revoked->capacity)
        renew(revoked, now);
    struct revoked_entry *entry = place_of(revoked, session);
    revoked->n += !entry->session;
    entry->session = session;
    entry->until = now + TOKEN_LIFE_MS + TOKEN_LEEWAY_MS;
}

bool revoked_has(const struct revoked *revoked, int64_t session)
{
    return revoked->capacity && place_of(revoked, session)->session;
}

void revoked_done(struct revoked *revoked)
{
    free(revoked->entries);
    *revoked = (struct revoked){ 0 };
}
