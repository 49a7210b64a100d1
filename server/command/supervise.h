#pragma once

/* Keeps N worker processes alive: one that ends is started again, at once if it had lived a
 * while, else after a pause that doubles to five seconds.  SIGTERM and SIGINT are handed on
 * to the workers, and when all have ended it returns; a second one ends them at once.  When
 * this process is killed, the workers get SIGTERM. */
struct supervised {
    int n_workers;
    /* Runs in the new process; its result is the exit status.  It writes a byte to
     * `ready_fd` when it serves. */
    int (*work)(int ready_fd, void *context);
    void (*all_ready)(void *context); /* once, when each has been ready for the first time */
    void (*tick)(void *context);      /* every second */
    void *context;
};

/* 0 when the workers ended because they were told to; 1 when a worker could not start at
 * all. */
int supervise(const struct supervised *supervised);
