#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Other programs, run as another user when we are root: no shell, an almost empty
 * environment, none of our files open, and never alive for long after us. */
struct user {
    bool is_other; /* than the one we run as */
    uid_t uid;
    gid_t gid;
    gid_t groups[32];
    int n_groups;
    char name[64];
};

/* Whom PostgreSQL runs as: ourselves unless we are root, which it refuses; then the
 * owner of `data` if it is there, else postgres, else nobody.  False when none of them
 * exists. */
bool user_choose(const char *data, struct user *out);

/* Whether that user may go into the folder. */
bool user_can_reach(const struct user *user, const char *folder);

/* Runs argv[0], looked for in PATH, with its output going to `out`; -1 if it cannot.
 * Should it fail to start, the output says why. */
pid_t child_spawn(const struct user *user, char *const *argv, int out);

/* Waits for its end: true for exit status 0. */
bool child_succeeds(pid_t child);

/* The first line a program prints; false when it fails. */
bool child_ask(const struct user *user, char *const *argv, char *line, size_t size);
