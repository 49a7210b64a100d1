#include "pg/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "log/log.h"
#include "pg/cluster.h"
#include "util/memory.h"

enum { SOCKET_PATH_MAX = 100 }; /* sun_path holds 108 */

#define ELSEWHERE "/var/lib/jingda"

static bool exists(const char *path)
{
    struct stat st;

    return !lstat(path, &st);
}

/* FNV-1a: names a folder by another's path; nobody gains by finding a second path for
 * it. */
static const char *hash(struct arena *arena, const char *path)
{
    uint64_t h = 0xcbf29ce484222325;

    for (; *path; path++)
        h = (h ^ (unsigned char)*path) * 0x100000001b3;
    return arena_printf(arena, "%016llx", (unsigned long long)h);
}

bool place_has_data(const struct place *place)
{
    return exists(place->data);
}

/* Neither a link nor a pipe put in a file's place is followed or waited for. */
static int open_file(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

bool place_line(const char *path, char *out, size_t size)
{
    int fd = open_file(path);
    ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);

    if (fd >= 0)
        close(fd);
    if (n < 0)
        return false;
    out[n] = '\0';
    out[strcspn(out, "\n")] = '\0';
    return true;
}

/* The end of a file from the beginning of a line, as one line. */
static void tail(const char *path, char *out, size_t size)
{
    int fd = open_file(path);
    off_t length = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    off_t from = length < (off_t)size ? 0 : length - (off_t)size + 1;
    ssize_t n = fd < 0 ? 0 : pread(fd, out, size - 1, from);

    if (fd >= 0)
        close(fd);
    while (n > 0 && out[n - 1] == '\n')
        n--;
    out[n > 0 ? n : 0] = '\0';
    char *line = from ? strchr(out, '\n') : NULL;
    if (line)
        memmove(out, line + 1, strlen(line + 1) + 1);
    for (char *p = out; (p = strchr(p, '\n'));)
        *p = '|';
}

bool place_report(const struct place *place, const char *what, const char *path,
                  struct cluster_error *err)
{
    char said[400];

    tail(path, said, sizeof(said));
    return cluster_fail(err, "%s in %s: %s", what, place->base, said);
}

int place_start_log(const struct place *place)
{
    return open(place->start_log,
                O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* With its parents; those it makes are open to passing through, whatever our umask. */
static bool make_folder(struct arena *arena, const char *path)
{
    char *part = arena_string(arena, path);

    for (char *end = part; end;) {
        end = strchr(end + 1, '/');
        if (end)
            *end = '\0';
        if (!mkdir(part, 0755))
            chmod(part, 0755);
        else if (errno != EEXIST)
            return false;
        if (end)
            *end = '/';
    }
    return true;
}

static bool move_away(struct place *place, const char *away, struct cluster_error *err)
{
    if (!make_folder(&place->arena, away))
        return cluster_fail(err, "cannot make the folder %s: %s", away,
                            strerror(errno));
    log_info("cluster",
             "user %s, as whom PostgreSQL runs, has no way into %s: its data is in %s",
             place->user.name, place->base, away);
    place->base = away;
    return true;
}

/* Data once made is never left behind for a new and empty database because permissions
 * changed meanwhile. */
static bool choose_base(struct place *place, struct cluster_error *err)
{
    struct arena *arena = &place->arena;
    const char *base = place->base;
    const char *away = arena_printf(arena, ELSEWHERE "/%s", hash(arena, base));
    bool is_here = exists(arena_printf(arena, "%s/data", base));
    bool is_away = exists(arena_printf(arena, "%s/data", away));

    if (!is_here && is_away)
        return move_away(place, away, err);
    if (user_can_reach(&place->user, base))
        return true;
    if (!is_here)
        return move_away(place, away, err);
    return cluster_fail(
        err,
        "user %s, as whom PostgreSQL runs, cannot reach its data in %s: "
        "open the folders above it for passing through (chmod a+x)",
        place->user.name, base);
}

static bool find_base(struct place *place, const char *folder,
                      struct cluster_error *err)
{
    AUTO(memory_freep) char *whole = NULL;

    if (make_folder(&place->arena, folder))
        whole = realpath(folder, NULL);
    if (!whole)
        return cluster_fail(err, "cannot make the folder %s: %s", folder,
                            strerror(errno));
    place->base = arena_string(&place->arena, whole);
    if (!user_choose(arena_printf(&place->arena, "%s/data", whole), &place->user))
        return cluster_fail(err,
                            "PostgreSQL must not run as root, and there is neither a "
                            "user postgres nor a user nobody to run it as");
    return !place->user.is_other || choose_base(place, err);
}

/* Commas, quotes and blanks mean something in a connection string and in the setting.
 */
static bool is_plain(const char *path)
{
    for (; *path; path++)
        if ((unsigned char)*path <= ' ' || strchr(",'\"\\\x7f", *path))
            return false;
    return true;
}

static void name_parts(struct place *place)
{
    struct arena *arena = &place->arena;
    const char *base = place->base;

    place->data = arena_printf(arena, "%s/data", base);
    place->log = arena_printf(arena, "%s/log", base);
    place->start_log = arena_printf(arena, "%s/start.log", base);
    place->socket = arena_printf(arena, "%s/socket", base);
    if (strlen(place->socket) + strlen("/" PLACE_SOCKET_NAME) > SOCKET_PATH_MAX ||
        !is_plain(place->socket))
        place->socket = arena_printf(arena, "/tmp/jingda-%s", hash(arena, base));
}

static bool take_lock(struct place *place, struct cluster_error *err)
{
    const char *path = arena_printf(&place->arena, "%s/lock", place->base);
    char owner[16] = "";
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

    if (fd < 0)
        return cluster_fail(err, "cannot open %s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        place_line(path, owner, sizeof(owner));
        return cluster_fail(err, "another jingda (process %s) is using %s", owner,
                            place->base);
    }
    place->lock = fd;
    if (ftruncate(fd, 0) || dprintf(fd, "%d\n", (int)getpid()) < 0)
        return cluster_fail(err, "cannot write %s: %s", path, strerror(errno));
    return true;
}

/* The checks and the change are made on the open folder: it cannot be exchanged
 * between. */
static bool give_open(const struct place *place, int fd, const char *path,
                      struct cluster_error *err)
{
    const struct user *user = &place->user;
    struct stat st;

    if (fd < 0 || fstat(fd, &st))
        return cluster_fail(err, "cannot open the folder %s: %s", path,
                            strerror(errno));
    if (st.st_uid != user->uid && st.st_uid != geteuid())
        return cluster_fail(err,
                            "%s belongs to user number %u, not to %u: start jingda as "
                            "that user, or give it to the other with chown",
                            path, (unsigned)st.st_uid, (unsigned)user->uid);
    if (fchown(fd, user->uid, user->gid) || fchmod(fd, 0700))
        return cluster_fail(err, "cannot hand over the folder %s: %s", path,
                            strerror(errno));
    return true;
}

bool place_give(const struct place *place, const char *path, struct cluster_error *err)
{
    if (mkdir(path, 0700) && errno != EEXIST)
        return cluster_fail(err, "cannot make the folder %s: %s", path,
                            strerror(errno));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool is_good = give_open(place, fd, path, err);
    if (fd >= 0)
        close(fd);
    return is_good;
}

bool place_open(struct place *place, const char *folder, struct cluster_error *err)
{
    *place = (struct place){ .lock = -1 };
    arena_init(&place->arena);
    if (!find_base(place, folder, err))
        return false;
    name_parts(place);
    return take_lock(place, err) && place_give(place, place->log, err) &&
           place_give(place, place->socket, err);
}

bool place_is_held(struct place *place, const char *folder)
{
    struct cluster_error ignored;

    *place = (struct place){ .lock = -1 };
    arena_init(&place->arena);
    if (!find_base(place, folder, &ignored))
        return false;
    name_parts(place);
    int fd = open(arena_printf(&place->arena, "%s/lock", place->base),
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool is_held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB);
    if (fd >= 0)
        close(fd);
    return is_held;
}

/* Also where a forked process still has it open. */
void place_unlock(struct place *place)
{
    if (place->lock < 0)
        return;
    if (!strncmp(place->socket, "/tmp/", 5))
        rmdir(place->socket);
    flock(place->lock, LOCK_UN);
}

void place_close(struct place *place)
{
    if (place->lock >= 0)
        close(place->lock);
    arena_done(&place->arena);
}
