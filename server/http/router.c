/*
 * A tree of steps, built once.  A path is cut and decoded into steps, then the tree is
 * walked depth first: literal children, the {name} child, the {rest...} child.  Each
 * node is met at most once, so that a look-up is bounded by the size of the tree.
 */
#include "http/router.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "http/room.h"
#include "util/memory.h"

enum { MAX_STEPS = 24, MAX_METHODS = 8 };

struct node {
    char *step; /* NULL for {name} and {rest...} */
    struct node *literals, *named, *rest;
    struct node *next; /* among the literals of the parent */
    const struct route *routes[MAX_METHODS];
    int n_routes;
    struct text allow;
};

struct router {
    struct node root;
};

/* A path being looked up. */
struct walk {
    struct request *req;
    int n_steps;
    char *steps[MAX_STEPS];       /* decoded */
    const char *tails[MAX_STEPS]; /* all that follows, undecoded: for {rest...} */
    int n_params;
    const struct node *other; /* the best place that lacks the method */
};

static struct node *node_new(const char *step, size_t n)
{
    struct node *node = memory_new(sizeof(*node));

    node->step = step ? memory_copy(step, n) : NULL;
    return node;
}

static void node_free(struct node *node)
{
    if (!node)
        return;
    for (struct node *child = node->literals, *next; child; child = next) {
        next = child->next;
        node_free(child);
    }
    node_free(node->named);
    node_free(node->rest);
    text_done(&node->allow);
    free(node->step);
    free(node);
}

static struct node *child_literal(struct node *node, const char *step, size_t n)
{
    struct node *child = node->literals;

    while (child && (strlen(child->step) != n || memcmp(child->step, step, n)))
        child = child->next;
    if (!child) {
        child = node_new(step, n);
        child->next = node->literals;
        node->literals = child;
    }
    return child;
}

static struct node *child(struct node *node, const char *step, size_t n)
{
    bool is_rest = n > 4 && !memcmp(step + n - 4, "...}", 4);
    struct node **place = is_rest ? &node->rest : &node->named;

    if (step[0] != '{')
        return child_literal(node, step, n);
    if (!*place)
        *place = node_new(NULL, 0);
    return *place;
}

static void put(struct node *node, const struct route *route)
{
    assert(node->n_routes < MAX_METHODS);
    for (int i = 0; i < node->n_routes; i++)
        assert(strcmp(node->routes[i]->method, route->method));
    node->routes[node->n_routes++] = route;
    text_printf(&node->allow, "%s%s%s", node->allow.length ? ", " : "", route->method,
                strcmp(route->method, "GET") ? "" : ", HEAD");
}

static void add(struct router *router, const struct route *route)
{
    struct node *node = &router->root;

    assert(route->path[0] == '/');
    for (const char *p = route->path + 1; *p;) {
        size_t n = strcspn(p, "/");

        node = child(node, p, n);
        p += p[n] ? n + 1 : n;
    }
    put(node, route);
}

struct router *router_new(const struct route *const *routes)
{
    struct router *router = memory_new(sizeof(*router));

    for (; routes && *routes; routes++)
        add(router, *routes);
    return router;
}

void router_free(struct router *router)
{
    if (!router)
        return;
    for (struct node *child = router->root.literals, *next; child; child = next) {
        next = child->next;
        node_free(child);
    }
    node_free(router->root.named);
    node_free(router->root.rest);
    text_done(&router->root.allow);
    free(router);
}

static bool is_plain_step(const char *step)
{
    return strcmp(step, ".") && strcmp(step, "..") && !strchr(step, '/');
}

/* Only the last step may be empty: "/board/". */
static bool cut(struct walk *walk, const char *path)
{
    for (const char *p = path + 1; *p || p[-1] == '/';) {
        size_t n = strcspn(p, "/");
        char *step = arena_alloc(&walk->req->arena, n + 1);

        if (walk->n_steps == MAX_STEPS || (!n && *p) ||
            !query_decode(p, n, false, step) || !is_plain_step(step))
            return false;
        walk->tails[walk->n_steps] = p;
        walk->steps[walk->n_steps++] = step;
        if (!p[n])
            return true;
        p += n + 1;
    }
    return true;
}

static bool serves(const struct route *route, const char *method)
{
    return !strcmp(route->method, method) ||
           (!strcmp(method, "HEAD") && !strcmp(route->method, "GET"));
}

static const struct route *by_method(struct walk *walk, const struct node *node)
{
    for (int i = 0; i < node->n_routes; i++)
        if (serves(node->routes[i], walk->req->method))
            return node->routes[i];
    if (node->n_routes && !walk->other)
        walk->other = node;
    return NULL;
}

static const struct route *look(struct walk *walk, const struct node *node, int step);

/* A parameter is taken back when nothing below fits. */
static const struct route *look_with(struct walk *walk, const struct node *node,
                                     int step, const char *param)
{
    if (!node || walk->n_params == MAX_PARAMS)
        return NULL;
    walk->req->params[walk->n_params++] = param;
    const struct route *route = look(walk, node, step);
    if (!route)
        walk->req->params[--walk->n_params] = NULL;
    return route;
}

static const struct route *look_rest(struct walk *walk, const struct node *node,
                                     int step)
{
    const char *tail = walk->tails[step];
    size_t n = strlen(tail);

    if (!node->rest)
        return NULL;
    char *rest = arena_alloc(&walk->req->arena, n + 1);
    query_decode(tail, n, false, rest);
    return look_with(walk, node->rest, walk->n_steps, rest);
}

static const struct route *look(struct walk *walk, const struct node *node, int step)
{
    const struct route *route = NULL;

    if (step == walk->n_steps)
        return by_method(walk, node);
    const char *name = walk->steps[step];
    for (const struct node *child = node->literals; child; child = child->next)
        if (!strcmp(child->step, name)) {
            route = look(walk, child, step + 1);
            break;
        }
    if (!route && *name)
        route = look_with(walk, node->named, step + 1, name);
    return route ? route : look_rest(walk, node, step);
}

bool router_find(const struct router *router, struct request *req, const char **allow)
{
    struct walk walk = { .req = req };

    if (!cut(&walk, req->path))
        return error_set(&req->task.error, PROBLEM_HTTP_TARGET);
    /* "/" is one empty step for a {rest...}, and no step for a route of its own */
    if (walk.n_steps == 1 && !*walk.steps[0])
        req->route = by_method(&walk, &router->root);
    if (!req->route)
        req->route = look(&walk, &router->root, 0);
    if (req->route)
        return true;
    if (!walk.other)
        return error_set(&req->task.error, PROBLEM_NO_ROUTE);
    *allow = walk.other->allow.data;
    return error_set(&req->task.error, PROBLEM_METHOD, *allow);
}
