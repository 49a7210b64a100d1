#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "auth/secret.h"

/* Bytes that only we can have made, as text: base64url of kid, payload and the first 16
 * bytes of HMAC-SHA256 over both.  Not encrypted: what is inside is no secret. */
enum sealed_kind { SEALED_TICKET, SEALED_REFRESH };

void sealed_make(const struct secret *secret, enum sealed_kind kind, const void *payload,
                 size_t n, char *out, size_t capacity);
/* False unless the payload is exactly n bytes and the seal is right. */
bool sealed_open(const struct secret *secret, enum sealed_kind kind, const char *text,
                 void *payload, size_t n);
