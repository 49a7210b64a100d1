#pragma once
#include <stdbool.h>
#include "pg/query.h"
#include "util/arena.h"
#include "util/error.h"
#include "util/task.h"
#include "util/text.h"

/* Writing that would hold up the loop for long, done by a thread beside it, one after
 * another.  It is given nothing that the loop changes meanwhile: what lies in its
 * request's arena, questions and rules. */
struct asides;
struct event_base;

/* Runs in the thread: writes what is asked for, or says what is wrong. */
typedef bool (*aside_fn)(const void *context, struct text *out, struct error *err);

struct asides *asides_new(struct event_base *base);
/* What has begun comes to its end; whoever waits is told that the server stops. */
void asides_free(struct asides *asides);

/* Ends the task when it is written, and then `out` is in the arena; until then neither
 * the arena nor the context may be touched. */
void aside_write(struct asides *asides, struct task *task, struct arena *arena,
                 aside_fn write, const void *context, struct bytes *out);
