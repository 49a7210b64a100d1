#pragma once
#include <stdbool.h>
#include "config/config.h"
#include "formats/formats.h"
#include "pg/session.h"
#include "util/error.h"

/* What an operator may ask on the command line: one file per command, each with its help.
 * A command gets the settings and the words behind its name, and returns the exit status:
 * 0 well, 1 it failed or found something wrong, 2 it was called wrongly. */
struct command {
    const char *name, *summary, *help; /* summary NULL: not listed */
    int (*run)(struct config *config, int n_words, char **words);
};

extern const struct command serve_command, migrate_command, import_command, export_command,
    token_command, verify_command, correct_command, read_questions_command;

/* A database to work on: the one of the settings, or the embedded one.  A command works
 * beside a server that runs on the embedded one (`joins`), else it is started for as long as
 * the command takes.  False after a message to standard error. */
struct cluster;
struct workplace {
    struct cluster *cluster; /* NULL: the database of the settings */
    const char *conninfo;
    struct session *session;
};
bool workplace_open(const struct config *config, bool joins, struct workplace *out);
void workplace_close(struct workplace *workplace);

/* Messages for the operator, in Chinese if the terminal's language is, else in English. */
enum language operator_language(void);
void complain(const char *who, const struct error *err);
int misuse(const struct command *command, const char *why);

/* The secrets of the settings; made where none are. */
struct secret;
bool read_secret(const struct config *config, struct secret *out);

/* Loading, for `import` and for the demonstration. */
struct loading { /* of questions */
    struct format_presets presets;
    enum format format;
    bool is_dry; /* tells what would become of them, and changes nothing */
    bool is_demonstration; /* loaded at each start: only what is wrong is told, and what
                              was changed since stays as it is */
};
/* Files of any format, or folders of JSON files: all together, or none. */
bool load_questions(struct session *session, const struct loading *loading, int n,
                    char *const *paths);
bool load_campaign(struct session *session, const char *file);
bool load_unions(struct session *session, const char *file);
bool load_roster(struct session *session, const char *file);
bool apply_migrations(struct session *session, const char *folder);
