#include "command/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log/log.h"
#include "util/clock.h"
#include "util/memory.h"

enum { FIRST_PAUSE_MS = 100, LONGEST_PAUSE_MS = 5000, SETTLED_MS = 10000 };

struct worker {
    pid_t pid; /* 0: none */
    int64_t started_at, due_at;
    int pause_ms;
};

struct supervisor {
    const struct supervised *of;
    struct worker *workers;
    int ready[2]; /* a pipe */
    int n_ready, n_signals;
    bool was_ready, gave_up;
    sigset_t signals, old_signals;
};

static _Noreturn void become_worker(struct supervisor *s, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* it died before we asked to be told */
        _exit(1);
    sigprocmask(SIG_SETMASK, &s->old_signals, NULL);
    close(s->ready[0]);
    exit(s->of->work(s->ready[1], s->of->context));
}

static void start(struct supervisor *s, struct worker *worker)
{
    pid_t parent = getpid();

    log_flush(); /* what is gathered must not be written twice */
    fflush(NULL);
    worker->pid = fork();
    if (!worker->pid)
        become_worker(s, parent);
    if (worker->pid < 0) {
        log_error("supervise", "cannot fork: errno=%d", errno);
        worker->pid = 0;
        worker->due_at = clock_ms() + LONGEST_PAUSE_MS;
        return;
    }
    worker->started_at = clock_ms();
    log_info("supervise", "worker=%d started", (int)worker->pid);
}

static void ended(struct supervisor *s, struct worker *worker, int status)
{
    int64_t now = clock_ms();
    bool had_settled = now - worker->started_at >= SETTLED_MS;

    log_line(s->n_signals ? LOG_INFO : LOG_WARN, "supervise", "worker=%d %s=%d",
             (int)worker->pid, WIFSIGNALED(status) ? "killed by signal" : "ended with",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    worker->pid = 0;
    worker->pause_ms = had_settled || !worker->pause_ms ? FIRST_PAUSE_MS
                                                        : worker->pause_ms * 2;
    if (worker->pause_ms > LONGEST_PAUSE_MS)
        worker->pause_ms = LONGEST_PAUSE_MS;
    worker->due_at = now + worker->pause_ms;
    if (!s->was_ready && WIFEXITED(status))
        s->gave_up = true; /* it said why; trying again would only say it again */
}

static void reap(struct supervisor *s)
{
    int status;

    for (int i = 0; i < s->of->n_workers; i++)
        if (s->workers[i].pid && waitpid(s->workers[i].pid, &status, WNOHANG) > 0)
            ended(s, &s->workers[i], status);
}

static bool is_ending(const struct supervisor *s)
{
    return s->n_signals || s->gave_up;
}

static void start_due(struct supervisor *s)
{
    for (int i = 0; i < s->of->n_workers && !is_ending(s); i++)
        if (!s->workers[i].pid && clock_ms() >= s->workers[i].due_at)
            start(s, &s->workers[i]);
}

static int count_alive(const struct supervisor *s)
{
    int n = 0;

    for (int i = 0; i < s->of->n_workers; i++)
        n += s->workers[i].pid != 0;
    return n;
}

static void signal_all(struct supervisor *s, int number)
{
    for (int i = 0; i < s->of->n_workers; i++)
        if (s->workers[i].pid)
            kill(s->workers[i].pid, number);
}

static void count_ready(struct supervisor *s)
{
    char bytes[64];
    ssize_t n = read(s->ready[0], bytes, sizeof(bytes));

    if (n > 0)
        s->n_ready += (int)n;
    if (!s->was_ready && s->n_ready >= s->of->n_workers) {
        s->was_ready = true;
        s->of->all_ready(s->of->context);
    }
}

/* Waits for a signal, at most a tenth of a second, so that readiness shows soon. */
static void wait_signal(struct supervisor *s)
{
    struct timespec limit = { .tv_nsec = 100000000 };
    int number = sigtimedwait(&s->signals, NULL, &limit);

    if (number == SIGTERM || number == SIGINT) {
        s->n_signals++;
        signal_all(s, s->n_signals > 1 ? SIGKILL : SIGTERM);
    }
}

static void run(struct supervisor *s)
{
    int64_t ticked_at = clock_ms();
    bool was_told = false;

    while (!is_ending(s) || count_alive(s)) {
        start_due(s);
        wait_signal(s);
        reap(s);
        count_ready(s);
        if (s->gave_up && !was_told) {
            signal_all(s, SIGTERM);
            was_told = true;
        }
        if (clock_ms() - ticked_at >= 1000) {
            ticked_at = clock_ms();
            s->of->tick(s->of->context);
        }
    }
}

int supervise(const struct supervised *supervised)
{
    struct supervisor s = { .of = supervised };

    if (pipe2(s.ready, O_CLOEXEC | O_NONBLOCK))
        return 1;
    sigemptyset(&s.signals);
    sigaddset(&s.signals, SIGTERM);
    sigaddset(&s.signals, SIGINT);
    sigaddset(&s.signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &s.signals, &s.old_signals);
    s.workers = memory_new((size_t)supervised->n_workers * sizeof(*s.workers));
    run(&s);
    free(s.workers);
    close(s.ready[0]);
    close(s.ready[1]);
    sigprocmask(SIG_SETMASK, &s.old_signals, NULL);
    return s.gave_up;
}
