#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "auth/secret.h"
#include "util/error.h"

/* What a client carries to say who it is.
 *
 * An access token is a JWT (HS256, by libjwt) that lives two hours.  libjwt checks the
 * signature and nothing else, so form, algorithm, key and every claim are checked here.
 * A refresh token says which session it renews and the how-manieth it is (its generation);
 * the database knows which generation is the valid one, so a stolen or reused one shows. */
enum { TOKEN_TEXT = 512, REFRESH_TEXT = 96 };
enum { TOKEN_LIFE_MS = 2 * 3600 * 1000, TOKEN_LEEWAY_MS = 60 * 1000 };
#define REFRESH_LIFE_MS (30LL * 24 * 3600 * 1000)

struct claims {
    int64_t person, session;
    int64_t expires_at; /* ms */
};

bool token_make(const struct secret *secret, const struct claims *claims, int64_t now,
                char out[TOKEN_TEXT]) __attribute__((warn_unused_result));
bool token_read(const struct secret *secret, const char *token, int64_t now,
                struct claims *out, struct error *err) __attribute__((warn_unused_result));

struct refresh {
    int64_t session;
    int32_t generation;
};

void refresh_make(const struct secret *secret, const struct refresh *refresh,
                  char out[REFRESH_TEXT]);
bool refresh_read(const struct secret *secret, const char *text, struct refresh *out,
                  struct error *err) __attribute__((warn_unused_result));
