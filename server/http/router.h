#pragma once
#include "http/request.h"

/* Which route a method and a path mean.  A literal step is preferred to a {name}, and
 * that to {rest...}.  Paths with empty, "." or ".." steps, with an escaped slash or
 * control character, or not UTF-8, are refused, however they are written. */
struct router;

/* The routes are kept; mistakes in them (two for the same method and path) are
 * asserted. */
struct router *router_new(const struct route *const *routes);
void router_free(struct router *router);

/* Finds req->route by req->method and req->path and fills req->params.  False sets
 * req->task.error, and *allow when the path knows other methods. */
bool router_find(const struct router *router, struct request *req, const char **allow);
