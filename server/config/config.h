#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "util/arena.h"
#include "util/error.h"

/* The settings of a process.  Each has a default; a file of "key = value" lines overrides
 * it, the environment (JINGDA_KEY; DATABASE_URL) overrides the file, and an option of the
 * command line overrides both.  An empty value means the default.  Secrets are only ever
 * named by a file. */
struct config {
    struct arena arena; /* owns the strings */
    const char *database_url; /* NULL: the embedded PostgreSQL */
    const char *address;
    int port;
    const char *var;         /* what we write: embedded database, secret */
    const char *secret_file; /* default: var/secret */
    const char *questions, *schema, *api_docs, *clients; /* folders */
    int workers;             /* processes that serve the port */
    int connections;         /* to PostgreSQL, of each worker */
    int max_connections, max_requests, max_watchers;
    const char *trusted_proxy;
    const char *log;         /* a file; "-" is standard error */
    int log_level;           /* enum log_level */
    int access_log;          /* enum access_log */
    int64_t clock_offset_ms; /* tests only */
};

enum access_log { ACCESS_LOG_ALL, ACCESS_LOG_ERRORS, ACCESS_LOG_OFF };

/* Fills `out` with defaults, then file (NULL: none, but JINGDA_CONFIG is looked at), then
 * environment.  A mistake is told with its file and line, or the variable's name. */
bool config_read(const char *file, struct config *out, struct error *err)
    __attribute__((warn_unused_result));
bool config_is_setting(const char *key);
/* One setting by name; `word` is the option on the command line.  What may hold a password
 * is refused there. */
bool config_set_option(struct config *config, const char *key, const char *value,
                       const char *word, struct error *err)
    __attribute__((warn_unused_result));
void config_done(struct config *config);

/* Prints the settings with their meaning and default, for --help. */
void config_help(void);
