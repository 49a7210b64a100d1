#pragma once
#include "util/error.h"

/* What an SQLSTATE means to us: serialization failures, deadlocks, lock and statement
 * time-outs are PROBLEM_BUSY; a lost or refused connection, a server that starts,
 * stops, is read-only or out of disk, memory or connections is PROBLEM_DATABASE_AWAY
 * (so is NULL: libpq gives none when the connection is gone); all else is
 * PROBLEM_BROKEN.  The full message goes to the log, never to the client. */
enum problem sqlstate_problem(const char *sqlstate);
