#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "auth/secret.h"
#include "log/log.h"
#include "pg/cluster.h"
#include "store/import_questions.h"
#include "store/migrate.h"
#include "util/memory.h"

enum language operator_language(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return strncmp(value, "zh", 2) ? ENGLISH : CHINESE;
    }
    return ENGLISH;
}

void complain(const char *who, const struct error *err)
{
    fprintf(stderr, "%s: %s%s%s\n", who, err->where, *err->where ? ": " : "",
            err->detail[operator_language()]);
}

int misuse(const struct command *command, const char *why)
{
    fprintf(stderr, "jingda %s: %s\n\n%s", command->name, why, command->help);
    return 2;
}

bool workplace_open(const struct config *config, bool joins, struct workplace *out)
{
    struct cluster_error why;
    struct db_error err;

    *out = (struct workplace){ .conninfo = config->database_url };
    if (!out->conninfo) {
        out->cluster = joins ? cluster_join(config->var) : NULL;
        if (!out->cluster)
            out->cluster = cluster_start(config->var, &why);
        if (!out->cluster) {
            fprintf(stderr, "jingda: %s\n", why.text);
            return false;
        }
        out->conninfo = cluster_conninfo(out->cluster);
    }
    out->session = session_open(out->conninfo, &err);
    if (!out->session) {
        fprintf(stderr, "jingda: cannot reach the database: %s\n", err.text);
        workplace_close(out);
        return false;
    }
    return true;
}

void workplace_close(struct workplace *workplace)
{
    session_close(workplace->session);
    if (workplace->cluster)
        cluster_stop(workplace->cluster);
    *workplace = (struct workplace){ 0 };
}

static void tell_applied(const char *file, void *context)
{
    (void)context;
    log_info("migrate", "applied %s", file);
}

bool apply_migrations(struct session *session, const char *folder)
{
    struct db_error err;

    if (migrate(session, folder, tell_applied, NULL, &err) && import_fill_twins(session, &err))
        return true;
    fprintf(stderr, "jingda: %s\n", err.text);
    return false;
}

/* Written beside and moved into place, so that a crash leaves a whole file or none. */
static bool make_secret(const char *path)
{
    char beside[4096];
    AUTO(memory_freep) char *text = secret_make();
    size_t n = strlen(text);

    snprintf(beside, sizeof(beside), "%.4080s.new", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write(fd, text, n) == (ssize_t)n && !fsync(fd);
    return !close(fd) && ok && !link(beside, path) && !unlink(beside);
}

static bool read_whole(const char *path, char *out, size_t size)
{
    FILE *stream = fopen(path, "re");

    if (!stream)
        return false;
    size_t n = fread(out, 1, size - 1, stream);
    out[n] = '\0';
    fclose(stream);
    return true;
}

bool read_secret(const struct config *config, struct secret *out)
{
    char path[4096], text[8192];
    int line;

    if (config->secret_file) {
        snprintf(path, sizeof(path), "%s", config->secret_file);
    } else {
        mkdir(config->var, 0755);
        snprintf(path, sizeof(path), "%.4000s/secret", config->var);
        if (access(path, F_OK) && !make_secret(path)) {
            fprintf(stderr, "jingda: cannot make %s: %s\n", path, strerror(errno));
            return false;
        }
    }
    if (!read_whole(path, text, sizeof(text))) {
        fprintf(stderr, "jingda: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    bool ok = secret_read(text, out, &line);
    explicit_bzero(text, sizeof(text));
    if (!ok && line)
        fprintf(stderr, "jingda: %s, line %d: expected \"paper HEX64\" or \"session KID"
                        " HEX64\"\n", path, line);
    else if (!ok)
        fprintf(stderr, "jingda: %s: a paper or a session secret is missing\n", path);
    return ok;
}
