#include "auth/secret.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "util/encode.h"
#include "util/text.h"

/* The context is made once: looking the algorithm up by name, as OpenSSL 3 does in each
 * one-shot call, takes three times as long as the hashing. */
void secret_mac(const uint8_t key[SECRET_BYTES], const void *bytes, size_t n,
                uint8_t out[MAC_BYTES])
{
    static EVP_MAC_CTX *context;
    size_t length = MAC_BYTES;

    if (!context) {
        EVP_MAC *mac = EVP_MAC_fetch(NULL, OSSL_MAC_NAME_HMAC, NULL);
        OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
                                    OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
                                OSSL_PARAM_construct_end() };

        context = EVP_MAC_CTX_new(mac);
        EVP_MAC_CTX_set_params(context, params);
        EVP_MAC_free(mac);
    }
    if (!EVP_MAC_init(context, key, SECRET_BYTES, NULL) ||
        !EVP_MAC_update(context, bytes, n) ||
        !EVP_MAC_final(context, out, &length, MAC_BYTES))
        abort(); /* a wrong seal must never look like a right one */
}

static void derive(const uint8_t key[SECRET_BYTES], const char *label,
                   uint8_t out[SECRET_BYTES])
{
    secret_mac(key, label, strlen(label), out);
}

static bool read_session(const char *kid, const char *hex, struct secret *out)
{
    uint8_t raw[SECRET_BYTES];
    struct session_key *key = &out->session_keys[out->n_session_keys];

    if (out->n_session_keys == MAX_SESSION_KEYS || !decode_hex(hex, raw, sizeof(raw)) ||
        secret_key(out, kid))
        return false;
    snprintf(key->kid, sizeof(key->kid), "%s", kid);
    derive(raw, "access token", key->token);
    derive(raw, "ticket", key->ticket);
    derive(raw, "refresh token", key->refresh);
    out->n_session_keys++;
    return true;
}

static bool read_line(const char *line, struct secret *out, bool *has_paper)
{
    char word[16], first[80], second[80], more;
    int n = sscanf(line, "%15s %79s %79s %c", word, first, second, &more);

    if (n <= 0 || word[0] == '#')
        return true;
    if (n == 2 && !strcmp(word, "paper") && !*has_paper)
        return *has_paper = decode_hex(first, out->paper, SECRET_BYTES);
    if (n == 3 && !strcmp(word, "session") && strlen(first) <= 16)
        return read_session(first, second, out);
    return false;
}

bool secret_read(const char *text, struct secret *out, int *wrong_line)
{
    bool has_paper = false;
    int line = 1;

    *out = (struct secret){ 0 };
    for (; *text; line++) {
        size_t n = strcspn(text, "\n");
        char copy[256];

        snprintf(copy, sizeof(copy), "%.*s", (int)n, text);
        if (n >= sizeof(copy) || !read_line(copy, out, &has_paper)) {
            *wrong_line = line;
            return false;
        }
        text += n + (text[n] == '\n');
    }
    *wrong_line = 0;
    return has_paper && out->n_session_keys;
}

static void random_hex(char out[2 * SECRET_BYTES + 1])
{
    uint8_t raw[SECRET_BYTES];

    if (RAND_bytes(raw, sizeof(raw)) != 1)
        abort(); /* without randomness nothing we sign is worth anything */
    encode_hex(raw, sizeof(raw), out);
}

char *secret_make(void)
{
    struct text text = { 0 };
    char paper[2 * SECRET_BYTES + 1], session[2 * SECRET_BYTES + 1];

    random_hex(paper);
    random_hex(session);
    text_printf(&text,
                "# Secrets of this installation.  Keep a copy; show them to nobody.\n"
                "paper %s\nsession 1 %s\n",
                paper, session);
    return text.data;
}

const struct session_key *secret_key(const struct secret *secret, const char *kid)
{
    for (int i = 0; i < secret->n_session_keys; i++)
        if (!strcmp(secret->session_keys[i].kid, kid))
            return &secret->session_keys[i];
    return NULL;
}

/* What a seed is for, big-endian; ordinal 0 is the person's own, of all attempts. */
struct seed_label {
    char kind[4];
    uint32_t campaign, ordinal;
    uint64_t person;
} __attribute__((packed));

static void make_seed(const struct secret *secret, int32_t campaign, int64_t person,
                      int32_t ordinal, uint8_t out[MAC_BYTES])
{
    struct seed_label label = { { 's', 'e', 'e', 'd' },
                                htobe32((uint32_t)campaign),
                                htobe32((uint32_t)ordinal),
                                htobe64((uint64_t)person) };

    secret_mac(secret->paper, &label, sizeof(label), out);
}

void secret_person_seed(const struct secret *secret, int32_t campaign, int64_t person,
                        uint8_t out[MAC_BYTES])
{
    make_seed(secret, campaign, person, 0, out);
}

void secret_attempt_seed(const struct secret *secret, int32_t campaign, int64_t person,
                         int32_t ordinal, uint8_t out[MAC_BYTES])
{
    make_seed(secret, campaign, person, ordinal, out);
}

int64_t secret_device(const struct secret *secret, const char *name)
{
    uint8_t key[SECRET_BYTES], mac[MAC_BYTES];
    int64_t out;

    secret_mac(secret->paper, "device", 6, key);
    secret_mac(key, name, strlen(name), mac);
    memcpy(&out, mac, sizeof(out));
    return out ? out : 1;
}

void secret_turn_seed(const struct secret *secret, int64_t person, const char *question,
                      int32_t turn, uint8_t out[MAC_BYTES])
{
    TEXT(label);

    text_printf(&label, "turn %lld %d %s", (long long)person, turn, question);
    secret_mac(secret->paper, label.data, label.length, out);
}

void api_key_make(char out[API_KEY_TEXT])
{
    uint8_t raw[SECRET_BYTES];

    if (RAND_bytes(raw, sizeof(raw)) != 1)
        abort();
    memcpy(out, "jdk_", 4);
    encode_base64url(raw, sizeof(raw), out + 4);
}

bool api_key_hash(const char *key, uint8_t out[API_KEY_HASH])
{
    uint8_t raw[SECRET_BYTES];
    size_t n;

    if (strncmp(key, "jdk_", 4) ||
        !decode_base64url(key + 4, strlen(key + 4), raw, sizeof(raw), &n) ||
        n != sizeof(raw))
        return false;
    SHA256(raw, sizeof(raw), out);
    return true;
}
