#include "store/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/sha.h>

#include "util/arena.h"
#include "util/encode.h"
#include "util/memory.h"
#include "util/text.h"

enum { CHECKSUM = 2 * SHA256_DIGEST_LENGTH + 1 };

struct migration {
    const char *file;
    char *sql;
    char checksum[CHECKSUM];
};

static bool fail(struct db_error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct db_error *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    err->sqlstate[0] = '\0';
    return false;
}

static int is_migration(const struct dirent *entry)
{
    const char *name = entry->d_name, *dot = strrchr(name, '.');

    return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) &&
           isdigit((unsigned char)name[2]) && name[3] == '_' && dot && !strcmp(dot, ".sql");
}

static bool read_file(const char *path, struct arena *arena, struct migration *out)
{
    FILE *stream = fopen(path, "re");
    unsigned char hash[SHA256_DIGEST_LENGTH];
    TEXT(text);
    size_t n;

    if (!stream)
        return false;
    do {
        n = fread(text_reserve(&text, 16384), 1, 16384, stream);
        text.length += n;
    } while (n);
    fclose(stream);
    out->sql = arena_copy(arena, text.data, text.length);
    SHA256((const unsigned char *)text.data, text.length, hash);
    encode_hex(hash, sizeof(hash), out->checksum);
    return true;
}

static bool read_folder(const char *folder, struct arena *arena, struct migration **out,
                        int *n_out, struct db_error *err)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, is_migration, alphasort);
    bool ok = n > 0;

    if (n < 0)
        return fail(err, "%s: %s", folder, strerror(errno));
    *out = arena_alloc(arena, (size_t)n * sizeof(**out));
    for (int i = 0; i < n; i++) {
        (*out)[i].file = arena_string(arena, entries[i]->d_name);
        if (ok && !read_file(arena_printf(arena, "%s/%s", folder, entries[i]->d_name), arena,
                             &(*out)[i]))
            ok = fail(err, "%s: %s", entries[i]->d_name, strerror(errno));
        free(entries[i]);
    }
    free(entries);
    *n_out = n;
    return ok || (n ? false : fail(err, "%s: no migrations there", folder));
}

static struct migration *find(struct migration *all, int n, const char *file)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(all[i].file, file))
            return &all[i];
    return NULL;
}

/* What was applied must still be there, unchanged; it is marked by taking away its SQL. */
static bool check_applied(struct session *session, struct migration *all, int n,
                          struct db_error *err)
{
    struct rows *rows = session_query(
        session, "select file, checksum from migration order by file", 0, NULL, err);
    bool ok = rows;

    while (ok && rows_next(rows)) {
        const char *file = rows_text(rows), *checksum = rows_text(rows);
        struct migration *migration = find(all, n, file);

        if (!migration)
            ok = fail(err, "the database has the migration %s, which is not here: it belongs"
                           " to a newer version", file);
        else if (strcmp(migration->checksum, checksum))
            ok = fail(err, "%s was changed after it had been applied (%s)", file,
                      migration->checksum);
        else
            migration->sql = NULL;
    }
    if (rows)
        session_free(rows);
    return ok;
}

static bool apply(struct session *session, const struct migration *migration,
                  struct db_error *err)
{
    const char *values[] = { migration->file, migration->checksum };
    char reason[401];
    struct rows *rows;

    if (session_run(session, "begin", err) && session_run(session, migration->sql, err) &&
        (rows = session_query(session,
                              "insert into migration (file, checksum) values ($1, $2)", 2,
                              values, err))) {
        session_free(rows);
        if (session_run(session, "commit", err))
            return true;
    }
    snprintf(reason, sizeof(reason), "%.400s", err->text);
    struct db_error ignored;
    if (!session_run(session, "rollback", &ignored))
        return false;
    return fail(err, "%s: %s", migration->file, reason);
}

static bool apply_missing(struct session *session, struct migration *all, int n,
                          void (*applied)(const char *, void *), void *context,
                          struct db_error *err)
{
    if (!session_run(session,
                     "create table if not exists migration (file text primary key,"
                     " checksum text not null, applied_at timestamptz not null default now())",
                     err) ||
        !check_applied(session, all, n, err))
        return false;
    for (int i = 0; i < n; i++) {
        if (!all[i].sql)
            continue;
        if (!apply(session, &all[i], err))
            return false;
        applied(all[i].file, context);
    }
    return true;
}

bool migrate(struct session *session, const char *folder,
             void (*applied)(const char *, void *), void *context, struct db_error *err)
{
    struct arena arena;
    struct migration *all = NULL;
    struct db_error ignored;
    int n = 0;

    arena_init(&arena);
    bool ok = read_folder(folder, &arena, &all, &n, err) &&
              session_run(session, "select pg_advisory_lock(7360001)", err);
    if (ok) {
        ok = apply_missing(session, all, n, applied, context, err);
        if (!session_run(session, "select pg_advisory_unlock(7360001)", &ignored))
            ok = false; /* then the connection is gone, and the lock with it */
    }
    arena_done(&arena);
    return ok;
}
