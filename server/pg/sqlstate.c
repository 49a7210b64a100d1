#include "pg/sqlstate.h"

#include <stddef.h>
#include <string.h>

/* A whole code, or the first characters of several. */
static const struct meaning {
    const char *prefix;
    enum problem problem;
} meanings[] = {
    { "40001", PROBLEM_BUSY },          /* serialization failure */
    { "40P01", PROBLEM_BUSY },          /* deadlock */
    { "55P03", PROBLEM_BUSY },          /* lock time-out */
    { "57014", PROBLEM_BUSY },          /* statement time-out */
    { "08", PROBLEM_DATABASE_AWAY },    /* connection */
    { "25006", PROBLEM_DATABASE_AWAY }, /* read-only: a standby */
    { "25P03", PROBLEM_DATABASE_AWAY }, /* idle too long in a transaction */
    { "53", PROBLEM_DATABASE_AWAY },    /* out of disk, memory, connections */
    { "57P", PROBLEM_DATABASE_AWAY },   /* starts, stops, was killed */
    { "58030", PROBLEM_DATABASE_AWAY }, /* I/O error */
};

enum problem sqlstate_problem(const char *sqlstate)
{
    if (!sqlstate)
        return PROBLEM_DATABASE_AWAY;
    for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
        if (!strncmp(sqlstate, meanings[i].prefix, strlen(meanings[i].prefix)))
            return meanings[i].problem;
    return PROBLEM_BROKEN;
}
