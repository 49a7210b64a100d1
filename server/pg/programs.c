#include "pg/programs.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/arena.h"

#define SIDE_BY_SIDE "/usr/lib/postgresql/"

/* pg_config comes with libpq, so what it names need not be there. */
static bool has_server(const char *bin, struct arena *arena)
{
    return !access(arena_printf(arena, "%s/postgres", bin), X_OK) &&
           !access(arena_printf(arena, "%s/initdb", bin), X_OK);
}

static int major_of(const struct user *user, const char *bin, struct arena *arena)
{
    char *program = arena_printf(arena, "%s/postgres", bin), said[256];
    char *argv[] = { program, "--version", NULL };

    if (!child_ask(user, argv, said, sizeof(said)))
        return 0;
    const char *digits = strpbrk(said, "0123456789");
    return digits ? atoi(digits) : 0;
}

static const char *configured(const struct user *user, int wanted, struct arena *arena)
{
    char *argv[] = { "pg_config", "--bindir", NULL }, bin[1024];

    if (!child_ask(user, argv, bin, sizeof(bin)) || !has_server(bin, arena) ||
        (wanted && major_of(user, bin, arena) != wanted))
        return NULL;
    return arena_string(arena, bin);
}

static const char *newest(int wanted, struct arena *arena)
{
    const char *best = NULL;
    int best_major = 0;
    glob_t found;

    if (glob(SIDE_BY_SIDE "*/bin", 0, NULL, &found))
        return NULL;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        int major = atoi(found.gl_pathv[i] + strlen(SIDE_BY_SIDE));

        if (major <= best_major || (wanted && major != wanted) ||
            !has_server(found.gl_pathv[i], arena))
            continue;
        best_major = major;
        best = arena_string(arena, found.gl_pathv[i]);
    }
    globfree(&found);
    return best;
}

const char *programs_find(const struct user *user, int wanted, struct arena *arena)
{
    const char *bin = configured(user, wanted, arena);

    return bin ? bin : newest(wanted, arena);
}
