#include "api/throttle.h"

#include <stdlib.h>

#include "util/hash.h"
#include "util/memory.h"

enum { PLACES = 1 << 16, TRIES = 10, WINDOW_MS = 5 * 60 * 1000 };

struct throttle {
    struct count {
        int64_t since; /* ms */
        int n;
    } counts[PLACES];
};

struct throttle *throttle_new(void)
{
    return memory_new(sizeof(struct throttle));
}

void throttle_free(struct throttle *throttle)
{
    free(throttle);
}

static struct count *place_of(const struct throttle *throttle, const char *name)
{
    return (struct count *)&throttle->counts[hash_string(name) % PLACES];
}

int throttle_wait(const struct throttle *throttle, const char *name, int64_t now)
{
    const struct count *count = place_of(throttle, name);

    if (count->n < TRIES || now - count->since >= WINDOW_MS)
        return 0;
    return (int)((count->since + WINDOW_MS - now + 999) / 1000);
}

void throttle_failed(struct throttle *throttle, const char *name, int64_t now)
{
    struct count *count = place_of(throttle, name);

    if (now - count->since >= WINDOW_MS)
        *count = (struct count){ .since = now };
    count->n++;
}
