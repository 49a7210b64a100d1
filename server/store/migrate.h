#pragma once
#include <stdbool.h>
#include "pg/session.h"

/* Brings the schema up to date: every file NNN_name.sql of the folder that was not applied
 * yet, in order, each in a transaction, under a lock so that two processes do not meet.
 * What was applied is recorded with its SHA-256; a file that changed since, or one that is
 * gone, is refused. */
bool migrate(struct session *session, const char *folder,
             void (*applied)(const char *file, void *context), void *context,
             struct db_error *err) __attribute__((warn_unused_result));
