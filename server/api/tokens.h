#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "auth/token.h"

/* Access tokens that were verified lately, so that a phone which sends its own with each
 * request pays for it once; a table of fixed size, newer ones take the place of older. */
struct tokens;

struct tokens *tokens_new(void);
void tokens_free(struct tokens *tokens);

bool tokens_find(const struct tokens *tokens, const char *token, struct claims *out);
void tokens_put(struct tokens *tokens, const char *token, const struct claims *claims);
