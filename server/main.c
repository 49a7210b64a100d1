#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "log/log.h"
#include "util/memory.h"

static const struct command *const commands[] = {
    &serve_command,  &migrate_command, &import_command,  &export_command,
    &token_command,  &verify_command,  &correct_command, &read_questions_command,
};

enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void help(void)
{
    printf("竞答 jingda: knowledge contests for trade unions\n\nUsage: jingda COMMAND ...\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (commands[i]->summary) /* the others are for the server itself */
            printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf("\njingda COMMAND --help tells more.\n");
    config_help();
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (!strcmp(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static bool is_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "help");
}

/* Takes --config FILE and --setting VALUE out of the words; the rest is the command's. */
static bool take_settings(int *n, char **words, struct config *config, struct error *err)
{
    const char *file = NULL;
    int kept = 0;

    for (int i = 0; i + 1 < *n; i++)
        if (!strcmp(words[i], "--config"))
            file = words[i + 1];
    if (!config_read(file, config, err))
        return false;
    for (int i = 0; i < *n; i++) {
        char key[64];

        if (!strcmp(words[i], "--config") && i + 1 < *n) {
            i++;
            continue;
        }
        snprintf(key, sizeof(key), "%.60s", words[i] + (strncmp(words[i], "--", 2) ? 0 : 2));
        for (char *p = key; *p; p++)
            *p = *p == '-' ? '_' : *p;
        if (strncmp(words[i], "--", 2) || i + 1 == *n || !config_is_setting(key)) {
            words[kept++] = words[i];
            continue;
        }
        if (!config_set_option(config, key, words[i + 1], words[i], err))
            return false;
        i++;
    }
    *n = kept;
    return true;
}

static int run(const struct command *command, int n, char **words)
{
    struct config config;
    struct error err;
    int status = 2;

    if (!take_settings(&n, words, &config, &err))
        complain("jingda", &err);
    else if (!log_open(config.log, (enum log_level)config.log_level))
        fprintf(stderr, "jingda: cannot write %s\n", config.log);
    else
        status = command->run(&config, n, words);
    log_close();
    config_done(&config);
    return status;
}

int main(int argc, char **argv)
{
    memory_adopt();
    setlocale(LC_ALL, "C");
    if (argc < 2 || is_help(argv[1])) {
        help();
        return argc < 2 ? 2 : 0;
    }
    const struct command *command = find(argv[1]);
    if (!command) {
        fprintf(stderr, "jingda: there is no command \"%s\"\n\n", argv[1]);
        help();
        return 2;
    }
    for (int i = 2; i < argc; i++)
        if (is_help(argv[i])) {
            printf("%s", command->help);
            config_help();
            return 0;
        }
    return run(command, argc - 2, argv + 2);
}
