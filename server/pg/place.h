#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "pg/child.h"
#include "util/arena.h"

struct cluster_error;

/* Where a private PostgreSQL keeps what.  In its folder (`base`):
 *
 *   lock         held (flock) by the jingda that owns the folder
 *   start.log    what initdb, or a postmaster before it had its own log, said last
 *   making-*     a database that initdb is at work on
 *   data         that folder's name from the moment it is whole
 *   log          a file for each day of the week
 *   socket       mode 0700, which is why the server may trust whoever reaches it; when
 * the path is too long for a socket address, /tmp/jingda-HASH instead
 *
 * All but the first two belong to the user PostgreSQL runs as; the folder itself does
 * not, so what we write there as root cannot be led astray by a link that user put in
 * its place. */
struct place {
    struct arena arena;
    struct user user;
    int lock; /* -1: not held */
    const char *base, *data, *log, *socket, *start_log;
};

#define PLACE_SOCKET_NAME ".s.PGSQL.5432"

/* Makes what is missing, and locks it.  To be closed also when it failed. */
bool place_open(struct place *place, const char *folder, struct cluster_error *err);
/* Names the parts without locking; true if somebody holds the lock. */
bool place_is_held(struct place *place, const char *folder);
void place_unlock(struct place *place); /* only by the process that opened it */
void place_close(struct place *place);

/* Makes the folder if it is missing and gives it to the user, mode 0700.  One that
 * somebody else put there is refused. */
bool place_give(const struct place *place, const char *path, struct cluster_error *err);

/* Whether a database was ever finished here. */
bool place_has_data(const struct place *place);

/* The first line of a file, false if there is none. */
bool place_line(const char *path, char *out, size_t size);

/* The file start.log, emptied, for writing; -1 when it cannot be opened. */
int place_start_log(const struct place *place);

/* Always false: the error says what failed, and the last lines of the log at `path`. */
bool place_report(const struct place *place, const char *what, const char *path,
                  struct cluster_error *err);
