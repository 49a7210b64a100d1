#include "command/command.h"

static int run_migrate(struct config *config, int n, char **words)
{
    struct workplace at;

    (void)words;
    if (n)
        return misuse(&migrate_command, "it takes no words");
    if (!workplace_open(config, true, &at))
        return 1;
    bool ok = apply_migrations(at.session, config->schema);
    workplace_close(&at);
    return ok ? 0 : 1;
}

const struct command migrate_command = {
    .name = "migrate",
    .summary = "brings the schema of the database up to date",
    .help = "jingda migrate\n"
            "\n"
            "Applies the files of the schema folder that were not applied yet, in order,\n"
            "each in a transaction.  `serve` and `import` do the same first.\n",
    .run = run_migrate,
};
