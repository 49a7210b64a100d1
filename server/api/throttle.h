#pragma once
#include <stdint.h>

/* Failures counted by name (a staff number, say) over five minutes: after ten, no more
 * tries until the five minutes are over.  A table of fixed size: names that meet in one
 * place share its count, which can only be stricter. */
struct throttle;

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle);
/* Seconds to wait before the next try; 0: go on. */
int throttle_wait(const struct throttle *throttle, const char *name, int64_t now);
void throttle_failed(struct throttle *throttle, const char *name, int64_t now);
