#pragma once
#include <stdbool.h>

/* A private PostgreSQL for people who have none: made by initdb in a folder, started on
 * a unix socket only, stopped with us.  When we are root it runs as an unprivileged
 * user (postgres, else nobody).  If the folder lies where that user cannot go (below
 * /root, say), the data goes to /var/lib/jingda/<hash of the folder> instead, and a
 * line says so. The postmaster ends (fast shutdown) also when we are killed. */
struct cluster;

struct cluster_error {
    char text[600]; /* for the operator */
};

/* Always false, so that a check can be `return cluster_fail(...)`. */
bool cluster_fail(struct cluster_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Blocks until it answers (seconds at the first start).  `folder` is made if missing.
 * If a postmaster left over from before still runs in it, that one is stopped first; if
 * another live jingda owns the folder (lock file), it fails and says so. */
struct cluster *cluster_start(const char *folder, struct cluster_error *err);
/* The one that another live jingda runs in this folder, to work on it beside: NULL if none
 * does.  cluster_stop then only frees. */
struct cluster *cluster_join(const char *folder);
const char *cluster_conninfo(const struct cluster *cluster); /* database "jingda" */

/* For a timer, every second: a postmaster that ended by itself or was killed is started
 * again.  Never waits; connections find it by redialling. */
void cluster_tend(struct cluster *cluster);

/* Fast shutdown, waits.  In a process forked from the one that started it, only frees.
 */
void cluster_stop(struct cluster *cluster);
