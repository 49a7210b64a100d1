#pragma once
#include <jansson.h>
#include "pg/session.h"

/* What the commands take out of the bank: the newest revision of every question, or of
 * those of a topic, or of these ("id,id"), by id; NULL narrows nothing.  A new array,
 * the caller's; NULL: the database failed. */
json_t *export_newest(struct session *session, const char *topic, const char *ids,
                      struct db_error *err);
