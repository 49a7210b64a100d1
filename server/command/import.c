#include "command/command.h"

#include <stdlib.h>
#include <string.h>

/* Takes an option that stands before its value; -1: it has none or a wrong one. */
static int take_option(struct loading *loading, const char *name, const char *value)
{
    struct format_presets *presets = &loading->presets;

    if (!strcmp(name, "--dry-run")) {
        loading->is_dry = true;
        return 1;
    }
    if (!value)
        return -1;
    if (!strcmp(name, "--format"))
        return format_find(value, &loading->format) ? 2 : -1;
    if (!strcmp(name, "--theme"))
        presets->theme = value;
    else if (!strcmp(name, "--topic"))
        presets->topic = value;
    else if (!strcmp(name, "--source"))
        presets->document = value;
    else if (!strcmp(name, "--difficulty") && strlen(value) == 1 && *value >= '1' &&
             *value <= '3')
        presets->difficulty = *value - '0';
    else
        return -1;
    return 2;
}

static int run_questions(struct workplace *at, int n, char **words)
{
    struct loading loading = { .format = FORMAT_AUTO };
    int n_paths = 0;

    for (int i = 0; i < n;) {
        int taken = 1;

        if (!strncmp(words[i], "--", 2))
            taken = take_option(&loading, words[i], i + 1 < n ? words[i + 1] : NULL);
        else
            words[n_paths++] = words[i];
        if (taken < 0)
            return misuse(&import_command,
                          "an option is not known or has a wrong value");
        i += taken;
    }
    if (!n_paths)
        return misuse(&import_command, "say which files");
    return load_questions(at->session, &loading, n_paths, words) ? 0 : 1;
}

static int run_kind(struct workplace *at, bool (*load)(struct session *, const char *),
                    int n, char **words)
{
    bool ok = true;

    for (int i = 0; ok && i < n; i++)
        ok = load(at->session, words[i]);
    return ok ? 0 : 1;
}

static int run_import(struct config *config, int n, char **words)
{
    static const struct {
        const char *name;
        bool (*load)(struct session *, const char *);
    } kinds[] = {
        { "unions", load_unions },
        { "roster", load_roster },
        { "questions", NULL },
        { "campaign", load_campaign },
    };
    struct workplace at;
    int status = 1;

    if (n < 2)
        return misuse(&import_command, "say what to import, and from which file");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(words[0], kinds[i].name))
            continue;
        if (!workplace_open(config, true, &at))
            return 1;
        if (apply_migrations(at.session, config->schema))
            status = kinds[i].load ? run_kind(&at, kinds[i].load, n - 1, words + 1)
                                   : run_questions(&at, n - 1, words + 1);
        workplace_close(&at);
        return status;
    }
    return misuse(&import_command, "it imports unions, roster, questions or campaign");
}

const struct command import_command = {
    .name = "import",
    .summary = "brings unions, rosters, questions or a campaign into the database",
    .help =
        "jingda import unions FILE.csv     code,name,parent_code,level,kind[,members]\n"
        "jingda import roster FILE.csv     union_code,staff_number,name\n"
        "jingda import questions [OPTION]... PATH...\n"
        "                                  files of questions, or folders of JSON\n"
        "jingda import campaign FILE.json  a rules document "
        "(schema/rules.schema.json)\n"
        "\n"
        "Questions may be JSON, CSV, XLSX (jingda export template FILE.xlsx), plain "
        "text,\n"
        "GIFT, Moodle XML or QTI 2.1; the format is found by the content.\n"
        "  --dry-run            tell what would happen, change nothing\n"
        "  --format FORMAT      json, csv, xlsx, plain, gift, moodle or qti\n"
        "  --theme THEME        ids are made from it where the file has none\n"
        "  --topic TOPIC        where the file names none (else the theme)\n"
        "  --difficulty 1|2|3   where the file says none (else 2)\n"
        "  --source DOCUMENT    where the file names none\n"
        "\n"
        "All that is named is taken whole or, if anything is wrong, not at all; every\n"
        "mistake is named.  Importing again changes only what differs.  Servers that\n"
        "run on the database take it up at once.\n",
    .run = run_import,
};
