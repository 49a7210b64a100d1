#include "auth/token.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <jwt.h>

#include "auth/sealed.h"
#include "util/encode.h"
#include "util/fields.h"
#include "util/memory.h"

enum { MAX_TOKEN = 1024, MAX_PART = 768 };

static const char issuer[] = "jingda", audience[] = "jingda";

static bool add_claims(jwt_t *jwt, const struct claims *claims, int64_t now)
{
    char person[24], session[24];

    snprintf(person, sizeof(person), "%lld", (long long)claims->person);
    snprintf(session, sizeof(session), "%lld", (long long)claims->session);
    return !jwt_add_grant(jwt, "iss", issuer) && !jwt_add_grant(jwt, "aud", audience) &&
           !jwt_add_grant(jwt, "sub", person) && !jwt_add_grant(jwt, "sid", session) &&
           !jwt_add_grant_int(jwt, "iat", (long)(now / 1000)) &&
           !jwt_add_grant_int(jwt, "nbf", (long)(now / 1000)) &&
           !jwt_add_grant_int(jwt, "exp", (long)(claims->expires_at / 1000));
}

static void free_jwt(jwt_t **jwt)
{
    if (*jwt)
        jwt_free(*jwt);
}

bool token_make(const struct secret *secret, const struct claims *claims, int64_t now,
                char out[TOKEN_TEXT])
{
    const struct session_key *key = &secret->session_keys[0];
    AUTO(free_jwt) jwt_t *jwt = NULL;

    if (jwt_new(&jwt) || jwt_set_alg(jwt, JWT_ALG_HS256, key->token, SECRET_BYTES) ||
        jwt_add_header(jwt, "kid", key->kid) || !add_claims(jwt, claims, now))
        return false;
    AUTO(memory_freep) char *text = jwt_encode_str(jwt);
    return text && snprintf(out, TOKEN_TEXT, "%s", text) < TOKEN_TEXT;
}

/* Three parts of base64url characters, none empty, and not so long that libjwt's copy on
 * the stack could hurt. */
static bool has_form(const char *token, size_t ends[2])
{
    size_t n = 0, dots = 0;

    for (; token[n]; n++) {
        if (n >= MAX_TOKEN)
            return false;
        if (token[n] == '.') {
            if (dots == 2 || n == (dots ? ends[0] + 1 : 0))
                return false;
            ends[dots++] = n;
        } else if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                           "0123456789-_", token[n])) {
            return false;
        }
    }
    return dots == 2 && n > ends[1] + 1;
}

static json_t *part(const char *text, size_t n)
{
    char raw[MAX_PART];
    size_t size;
    struct error ignored;

    if (!decode_base64url(text, n, raw, sizeof(raw), &size))
        return NULL;
    return fields_parse(raw, size, 4, &ignored);
}

static const char *string_of(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value ? value : "";
}

/* The header names exactly our algorithm and one of our keys, and nothing critical. */
static const struct session_key *key_of(const struct secret *secret, const json_t *header)
{
    if (strcmp(string_of(header, "alg"), "HS256") || json_object_get(header, "crit"))
        return NULL;
    return secret_key(secret, string_of(header, "kid"));
}

static bool number_of(const json_t *object, const char *name, int64_t *out)
{
    const char *text = string_of(object, name);
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    return *text >= '1' && *text <= '9' && !*end && !errno;
}

/* Seconds since 1970, to the year 9999, as ms. */
static bool time_of(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    json_int_t seconds = json_integer_value(value);

    if (!json_is_integer(value) || seconds < 0 || seconds >= 253402300800)
        return false;
    *out = seconds * 1000;
    return true;
}

static bool read_claims(const json_t *grants, int64_t now, struct claims *out,
                        struct error *err)
{
    int64_t not_before;

    if (!time_of(grants, "exp", &out->expires_at) ||
        !time_of(grants, "nbf", &not_before) || not_before > now + TOKEN_LEEWAY_MS ||
        strcmp(string_of(grants, "iss"), issuer) ||
        strcmp(string_of(grants, "aud"), audience) ||
        !number_of(grants, "sub", &out->person) || !number_of(grants, "sid", &out->session))
        return error_set(err, PROBLEM_TOKEN_BAD);
    if (out->expires_at <= now)
        return error_set(err, PROBLEM_TOKEN_EXPIRED);
    return true;
}

bool token_read(const struct secret *secret, const char *token, int64_t now,
                struct claims *out, struct error *err)
{
    size_t ends[2];

    if (!has_form(token, ends))
        return error_set(err, PROBLEM_TOKEN_BAD);
    AUTO(json_decrefp) json_t *header = part(token, ends[0]);
    const struct session_key *key = header ? key_of(secret, header) : NULL;
    AUTO(free_jwt) jwt_t *jwt = NULL;
    if (!key || jwt_decode(&jwt, token, key->token, SECRET_BYTES) ||
        jwt_get_alg(jwt) != JWT_ALG_HS256)
        return error_set(err, PROBLEM_TOKEN_BAD);
    AUTO(json_decrefp) json_t *grants = part(token + ends[0] + 1, ends[1] - ends[0] - 1);
    if (!grants)
        return error_set(err, PROBLEM_TOKEN_BAD);
    return read_claims(grants, now, out, err);
}

struct packed_refresh {
    uint64_t session;
    uint32_t generation;
} __attribute__((packed));

void refresh_make(const struct secret *secret, const struct refresh *refresh,
                  char out[REFRESH_TEXT])
{
    struct packed_refresh packed = { htobe64((uint64_t)refresh->session),
                                     htobe32((uint32_t)refresh->generation) };

    sealed_make(secret, SEALED_REFRESH, &packed, sizeof(packed), out, REFRESH_TEXT);
}

bool refresh_read(const struct secret *secret, const char *text, struct refresh *out,
                  struct error *err)
{
    struct packed_refresh packed;

    if (!sealed_open(secret, SEALED_REFRESH, text, &packed, sizeof(packed)))
        return error_set(err, PROBLEM_TOKEN_BAD);
    out->session = (int64_t)be64toh(packed.session);
    out->generation = (int32_t)be32toh(packed.generation);
    return true;
}
