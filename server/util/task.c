#include "util/task.h"

#include <assert.h>

void task_begin(struct task *task)
{
    task->pending++;
}

void task_end(struct task *task, const struct error *err)
{
    assert(task->pending > 0);
    if (err && err->problem != PROBLEM_NONE && !task_has_failed(task))
        task->error = *err;
    if (--task->pending == 0 && task->resume)
        task->resume(task);
}
