#pragma once
#include <stdbool.h>
#include "util/error.h"

/* What somebody waits for: a count of things begun and not yet ended, and the first error.
 * Whoever begins something for a task calls task_begin; when it is over, from the loop and
 * exactly once, task_end.  When the count falls to nothing, `resume` is called. */
struct task {
    int pending;
    struct error error; /* PROBLEM_NONE while all is well */
    void (*resume)(struct task *task);
};

void task_begin(struct task *task);
void task_end(struct task *task, const struct error *err); /* NULL: it went well */

static inline bool task_has_failed(const struct task *task)
{
    return task->error.problem != PROBLEM_NONE;
}
