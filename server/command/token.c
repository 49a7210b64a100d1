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

/* The token of the session in the row: person, session, now. */
static bool print_token(const struct secret *secret, struct rows *rows)
{
    struct claims claims = { .person = rows_int64(rows), .session = rows_int64(rows) };
    int64_t now = rows_int64(rows);
    char token[TOKEN_TEXT];

    claims.expires_at = now + TOKEN_LIFE_MS;
    if (!token_make(secret, &claims, now, token))
        return false;
    printf("%s\n", token);
    return true;
}

/* Begins a session for each person that the statement finds, and prints their tokens. */
static bool make_workers(const struct config *config, struct session *session,
                         const char *sql, const char *value)
{
    struct secret secret;
    bool ok = read_secret(config, &secret);
    struct rows *rows = ok ? one_row(session, sql, 1, &value) : NULL;

    if (!rows)
        return false;
    do
        ok = print_token(&secret, rows);
    while (ok && rows_next(rows));
    session_free(rows);
    return ok;
}

static bool make_worker(const struct config *config, struct session *session,
                        const char *subject)
{
    return make_workers(config, session,
                        "insert into session (person, expires_at)"
                        " select person, now_ms() + 2592000000 from identity"
                        " where provider = 'roster' and subject = $1"
                        " returning person, id, now_ms()",
                        subject);
}

/* In one go, since a load test wants a hundred thousand. */
static bool make_crowd(const struct config *config, struct session *session,
                       const char *people)
{
    return make_workers(config, session,
                        "with begun as (insert into session (person, expires_at)"
                        " select person, now_ms() + 2592000000 from (select distinct person"
                        " from identity where provider = 'roster' order by person"
                        " limit $1::bigint) first returning person, id)"
                        " select person, id, now_ms() from begun order by person",
                        people);
}

static bool is_number(const char *text)
{
    return *text && strlen(text) < 10 && strspn(text, "0123456789") == strlen(text);
}

static int run_token(struct config *config, int n, char **words)
{
    const char *subject = NULL, *people = NULL, *label = "organizer";
    bool is_organizer = false, ok;
    struct workplace at;

    for (int i = 0; i < n; i++) {
        if (!strcmp(words[i], "--organizer"))
            is_organizer = true;
        else if (!strcmp(words[i], "--label") && i + 1 < n)
            label = words[++i];
        else if (!strcmp(words[i], "--person") && i + 1 < n)
            subject = words[++i];
        else if (!strcmp(words[i], "--people") && i + 1 < n && is_number(words[i + 1]))
            people = words[++i];
        else
            return misuse(&token_command, "it does not know this option");
    }
    if (is_organizer + !!subject + !!people != 1)
        return misuse(&token_command, "say --organizer, --person or --people");
    if (!workplace_open(config, true, &at))
        return 1;
    ok = apply_migrations(at.session, config->schema) &&
         (is_organizer ? make_organizer(at.session, label)
          : subject    ? make_worker(config, at.session, subject)
                       : make_crowd(config, at.session, people));
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
            "    prints an access token, valid for two hours, of a person on the roster.\n"
            "jingda token --people N\n"
            "    prints one for each of the first N people of the roster: for load tests.\n",
    .run = run_token,
};
