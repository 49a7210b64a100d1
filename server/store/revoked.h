#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sessions that were signed out or broken off while an access token of theirs may still be
 * valid: a set of ids, each kept as long as such a token can live. */
struct revoked {
    struct revoked_entry {
        int64_t session; /* 0: free */
        int64_t until;   /* ms */
    } *entries;
    size_t n, capacity; /* a power of two */
};

void revoked_add(struct revoked *revoked, int64_t session, int64_t now);
bool revoked_has(const struct revoked *revoked, int64_t session);
void revoked_done(struct revoked *revoked);
