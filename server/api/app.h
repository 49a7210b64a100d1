#pragma once
#include "auth/secret.h"
#include "config/config.h"
#include "http/request.h"

/* What the acts work with, made by main and alive as long as the server. */
struct asides;
struct store;
struct server;
struct organizer;
struct readings;
struct files;
struct shelf;
struct throttle;
struct tokens;
struct walls;

struct app {
    const struct config *config;
    struct secret secret;
    struct store *store;
    struct server *server;
    struct files *docs;       /* the API document and its reader */
    struct files *clients;    /* the worker's app and the wall, if they were built */
    struct throttle *sign_ins; /* failures, by staff number */
    struct tokens *tokens;    /* verified lately */
    struct shelf *pages;      /* of public boards */
    struct walls *walls;      /* that are watched */
    struct readings *readings; /* files of questions on their way in */
    struct asides *asides;     /* files on their way out */
    int64_t started_at;       /* ms since 1970 */
};

/* Who asks: a worker, or an organizer by a key. */
struct session {
    int64_t person, id;                 /* of the worker's session */
    const struct organizer *organizer;  /* NULL: a worker */
};

/* The server's `before` act: signs in by the bearer token, checks what the route asks. */
void sign_in(struct request *req);

extern const struct route *const api_routes[];
