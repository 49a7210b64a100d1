#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/secret.h"
#include "auth/token.h"
#include "util/encode.h"

/* Runs a statement that gives one row; NULL after a message. */
static struct rows *one_row(struct session *session, const char *sql, int n,
                            const char *const *values)
{
    struct db_error err;
    struct rows *rows = session_query(session, sql, n, values, &err);

    if (rows && rows_next(rows))
        return rows;
    fprintf(stderr, "jingda token: %s\n", rows ? "nobody found" : err.text);
    if (rows)
        session_free(rows);
    return NULL;
}

static bool make_organizer(struct session *session, const char *label)
{
    char key[API_KEY_TEXT], hex[2 * API_KEY_HASH + 1];
    uint8_t hash[API_KEY_HASH];

    api_key_make(key);
    if (!api_key_hash(key, hash))
        return false;
    encode_hex(hash, sizeof(hash), hex);
    struct rows *rows = one_row(session,
                                "insert into api_key (hash, role, label)"
                                " values (decode($1, 'hex'), 'owner', $2) returning id",
                                2, (const char *const[]){ hex, label });
    if (!rows)
        return false;
    session_free(rows);
    printf("%s\n", key);
    return true;
}

static bool print_token(const struct config *config, int64_t person, int64_t session,
                        int64_t now)
{
    struct secret secret;
    char token[TOKEN_TEXT];

    if (!read_secret(config, &secret) ||
        !token_make(&secret,
                    &(struct claims){ .person = person, .session = session,
                                      .expires_at = now + TOKEN_LIFE_MS },
                    now, token))
        return false;
    printf("%s\n", token);
    return true;
}

/* A session begun for each person that the condition finds. */
static bool make_worker(const struct config *config, struct session *session,
                        const char *subject)
{
    struct rows *rows = one_row(session,
                                "insert into session (person, expires_at)"
                                " select person, now_ms() + 2592000000 from identity"
                                " where provider = 'roster' and subject = $1"
                                " returning person, id, now_ms()",
                                1, &subject);

    if (!rows)
        return false;
    int64_t person = rows_int64(rows), id = rows_int64(rows), now = rows_int64(rows);
    session_free(rows);
    return print_token(config, person, id, now);
}

static int run_token(struct config *config, int n, char **words)
{
    const char *subject = NULL, *label = "organizer";
    bool is_organizer = false, ok;
    struct workplace at;

    for (int i = 0; i < n; i++) {
        if (!strcmp(words[i], "--organizer"))
            is_organizer = true;
        else if (!strcmp(words[i], "--label") && i + 1 < n)
            label = words[++i];
        else if (!strcmp(words[i], "--person") && i + 1 < n)
            subject = words[++i];
        else
            return misuse(&token_command, "it does not know this option");
    }
    if (is_organizer == !!subject)
        return misuse(&token_command, "say --organizer or --person");
    if (!workplace_open(config, true, &at))
        return 1;
    ok = apply_migrations(at.session, config->schema) &&
         (is_organizer ? make_organizer(at.session, label)
                       : make_worker(config, at.session, subject));
    workplace_close(&at);
    return ok ? 0 : 1;
}

const struct command token_command = {
    .name = "token",
    .summary = "makes an organizer's key, or a worker's access token",
    .help = "jingda token --organizer [--label TEXT]\n"
            "    prints a new API key of the owner role; it is shown once, only its hash\n"
            "    is kept.  The label is written into the audit beside what the key does.\n"
            "jingda token --person UNION/STAFF_NUMBER\n"
            "    prints an access token, valid for two hours, of a person on the roster.\n",
    .run = run_token,
};
