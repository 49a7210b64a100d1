#include "api/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

enum { PLACES = 1 << 14 };

struct tokens {
    struct kept {
        char *token; /* NULL: empty */
        struct claims claims;
    } places[PLACES];
};

struct tokens *tokens_new(void)
{
    return memory_new(sizeof(struct tokens));
}

void tokens_free(struct tokens *tokens)
{
    for (int i = 0; tokens && i < PLACES; i++)
        free(tokens->places[i].token);
    free(tokens);
}

/* By the end of the signature: no two tokens share that but by chance.  The whole token is
 * compared all the same. */
static struct kept *place_of(const struct tokens *tokens, const char *token)
{
    size_t n = strlen(token);
    uint64_t end = 0;

    memcpy(&end, token + (n < sizeof(end) ? 0 : n - sizeof(end)),
           n < sizeof(end) ? n : sizeof(end));
    return (struct kept *)&tokens->places[end * 0x9e3779b97f4a7c15u >> 50];
}

bool tokens_find(const struct tokens *tokens, const char *token, struct claims *out)
{
    const struct kept *kept = place_of(tokens, token);

    if (!kept->token || strcmp(kept->token, token))
        return false;
    *out = kept->claims;
    return true;
}

void tokens_put(struct tokens *tokens, const char *token, const struct claims *claims)
{
    struct kept *kept = place_of(tokens, token);

    free(kept->token);
    kept->token = memory_copy(token, strlen(token));
    kept->claims = *claims;
}
