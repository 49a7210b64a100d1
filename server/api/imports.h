#pragma once
#include <stdbool.h>
#include "http/request.h"

/* Questions belong to all: who may bring them in or take them out holds a key for
 * everything, not for a subtree.  False sets the request's error. */
bool bank_is_allowed(struct request *req);
