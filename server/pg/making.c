#include "pg/making.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"
#include "pg/cluster.h"
#include "pg/place.h"

/*
 *              mkdtemp             initdb, settings           rename
 *   (nothing) ---------> making-* ------------------> whole ---------> data
 *       ^                   |                           |
 *       +------ sweep ------+---------------------------+
 */

/* ALTER SYSTEM writes to the same file, so an operator can still change all of it. */
static const char settings[] = "fsync = on\n"
                               "synchronous_commit = on\n"
                               "full_page_writes = on\n"
                               "wal_compression = on\n"
                               "max_wal_size = 2GB\n"
                               "shared_buffers = 256MB\n"
                               "huge_pages = try\n"
                               "max_connections = 64\n"
                               "jit = off\n"
                               "timezone = 'UTC'\n"
                               "log_timezone = 'UTC'\n"
                               "log_filename = 'postgresql-%a.log'\n"
                               "log_rotation_age = 1d\n"
                               "log_rotation_size = 0\n"
                               "log_truncate_on_rotation = on\n";

static int remove_one(const char *path, const struct stat *st, int kind,
                      struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    return remove(path);
}

static void sweep(struct place *place)
{
    const char *pattern = "making-";
    const struct dirent *entry;
    DIR *dir = opendir(place->base);

    while (dir && (entry = readdir(dir)))
        if (!strncmp(entry->d_name, pattern, strlen(pattern)))
            nftw(arena_printf(&place->arena, "%s/%s", place->base, entry->d_name),
                 remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (dir)
        closedir(dir);
}

/* Order by bytes is order by code point in UTF-8, and costs no more than memcmp;
 * letters are still those of all scripts where the system knows them. */
static bool run_initdb(struct place *place, const char *bin, char *folder,
                       struct cluster_error *err)
{
    locale_t wide = newlocale(LC_ALL_MASK, "C.UTF-8", NULL);
    char *argv[] = { arena_printf(&place->arena, "%s/initdb", bin),
                     "--pgdata",
                     folder,
                     wide ? "--locale=C.UTF-8" : "--locale=C",
                     "--lc-collate=C",
                     "--lc-messages=C",
                     "--encoding=UTF8",
                     "--username=jingda",
                     "--auth=trust",
                     "--data-checksums",
                     NULL };

    if (wide)
        freelocale(wide);
    int out = place_start_log(place);
    if (out < 0)
        return cluster_fail(err, "cannot write %s: %s", place->start_log,
                            strerror(errno));
    bool is_good = child_succeeds(child_spawn(&place->user, argv, out));
    close(out);
    return is_good || place_report(place, "initdb failed", place->start_log, err);
}

static bool write_settings(struct place *place, const char *folder,
                           struct cluster_error *err)
{
    const char *path = arena_printf(&place->arena, "%s/postgresql.auto.conf", folder);
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : write(fd, settings, sizeof(settings) - 1);
    bool is_good = n == (ssize_t)sizeof(settings) - 1 && !fsync(fd);

    if (fd >= 0)
        close(fd);
    return is_good || cluster_fail(err, "cannot write %s: %s", path, strerror(errno));
}

/* The name on disk before anything is promised: initdb has synced what is inside. */
static bool finish(struct place *place, const char *folder, struct cluster_error *err)
{
    if (rename(folder, place->data))
        return cluster_fail(err, "cannot rename %s: %s", folder, strerror(errno));
    int fd = open(place->base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_good = fd >= 0 && !fsync(fd);
    if (fd >= 0)
        close(fd);
    return is_good ||
           cluster_fail(err, "cannot sync %s: %s", place->base, strerror(errno));
}

bool making_run(struct place *place, const char *bin, struct cluster_error *err)
{
    char *folder = arena_printf(&place->arena, "%s/making-XXXXXX", place->base);

    log_info("cluster", "making a database in %s", place->base);
    log_flush();
    sweep(place);
    if (!mkdtemp(folder))
        return cluster_fail(err, "cannot make a folder in %s: %s", place->base,
                            strerror(errno));
    if (!place_give(place, folder, err) || !run_initdb(place, bin, folder, err) ||
        !write_settings(place, folder, err) || !finish(place, folder, err))
        return false;
    /* an initdb that died with its jingda may have written on for a moment */
    sweep(place);
    return true;
}
