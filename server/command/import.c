#include "command/command.h"

#include <string.h>

static int run_import(struct config *config, int n, char **words)
{
    static const struct {
        const char *name;
        bool (*load)(struct session *, const char *);
    } kinds[] = {
        { "unions", load_unions }, { "roster", load_roster },
        { "questions", load_questions }, { "campaign", load_campaign },
    };
    struct workplace at;

    if (n < 2)
        return misuse(&import_command, "say what to import, and from which file");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(words[0], kinds[i].name))
            continue;
        if (!workplace_open(config, true, &at))
            return 1;
        bool ok = apply_migrations(at.session, config->schema);
        for (int w = 1; ok && w < n; w++)
            ok = kinds[i].load(at.session, words[w]);
        workplace_close(&at);
        return ok ? 0 : 1;
    }
    return misuse(&import_command, "it imports unions, roster, questions or campaign");
}

const struct command import_command = {
    .name = "import",
    .summary = "brings unions, rosters, questions or a campaign into the database",
    .help = "jingda import unions FILE.csv     code,name,parent_code,level,kind[,members]\n"
            "jingda import roster FILE.csv     union_code,staff_number,name\n"
            "jingda import questions PATH...   JSON files, or a folder of them\n"
            "jingda import campaign FILE.json  a rules document (schema/rules.schema.json)\n"
            "\n"
            "Each file is taken whole or, if anything in it is wrong, not at all; every\n"
            "mistake is named.  Importing again changes only what differs.  Servers that\n"
            "run on the database take it up at once.\n",
    .run = run_import,
};
