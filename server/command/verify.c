#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "store/verify.h"

static void tell(const char *what, void *context)
{
    (void)context;
    printf("%s\n", what);
}

static int run_verify(struct config *config, int n, char **words)
{
    const char *slug = NULL;
    struct workplace at;
    struct db_error err;
    int n_differences;

    if (n == 2 && !strcmp(words[0], "--campaign"))
        slug = words[1];
    else if (n)
        return misuse(&verify_command, "it does not know this option");
    if (!workplace_open(config, true, &at))
        return 1;
    bool ok = verify(at.session, slug, tell, NULL, &n_differences, &err);
    workplace_close(&at);
    if (!ok)
        fprintf(stderr, "jingda verify: %s\n", err.text);
    else if (n_differences)
        printf("%d differences\n", n_differences);
    else
        printf("clean\n");
    return ok && !n_differences ? 0 : 1;
}

const struct command verify_command = {
    .name = "verify",
    .summary = "computes every board and sum anew and compares",
    .help = "jingda verify [--campaign NAME]\n"
            "\n"
            "Recomputes standings, union sums, counters and the feed's last word from the\n"
            "attempts alone, and names every difference.  Exit status 0: none; 1: some.\n",
    .run = run_verify,
};
