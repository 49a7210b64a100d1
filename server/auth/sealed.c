#include "auth/sealed.h"

#include <assert.h>
#include <string.h>
#include <openssl/crypto.h>

#include "util/encode.h"

enum { SEAL = 16, KID = 16, MAX_PAYLOAD = 96, MAX_SEALED = KID + MAX_PAYLOAD + SEAL };

static const uint8_t *key_for(const struct session_key *key, enum sealed_kind kind)
{
    return kind == SEALED_TICKET ? key->ticket : key->refresh;
}

void sealed_make(const struct secret *secret, enum sealed_kind kind, const void *payload,
                 size_t n, char *out, size_t capacity)
{
    const struct session_key *key = &secret->session_keys[0];
    uint8_t raw[MAX_SEALED], mac[MAC_BYTES];

    assert(n <= MAX_PAYLOAD && encode_base64url_size(KID + n + SEAL) < capacity);
    memset(raw, 0, KID);
    memcpy(raw, key->kid, strlen(key->kid));
    memcpy(raw + KID, payload, n);
    secret_mac(key_for(key, kind), raw, KID + n, mac);
    memcpy(raw + KID + n, mac, SEAL);
    encode_base64url(raw, KID + n + SEAL, out);
}

bool sealed_open(const struct secret *secret, enum sealed_kind kind, const char *text,
                 void *payload, size_t n)
{
    uint8_t raw[MAX_SEALED], mac[MAC_BYTES];
    char kid[KID + 1] = "";
    size_t size, length = strlen(text);

    if (length != encode_base64url_size(KID + n + SEAL) ||
        !decode_base64url(text, length, raw, sizeof(raw), &size) || size != KID + n + SEAL)
        return false;
    memcpy(kid, raw, KID);
    const struct session_key *key = secret_key(secret, kid);
    if (!key)
        return false;
    secret_mac(key_for(key, kind), raw, KID + n, mac);
    if (CRYPTO_memcmp(mac, raw + KID + n, SEAL))
        return false;
    memcpy(payload, raw + KID, n);
    return true;
}
