#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The secrets of an installation, read from a text file of lines:
 *
 *     paper HEX64          never changes: papers are drawn from it
 *     session KID HEX64    signs access tokens, tickets and refresh tokens; the first line
 *                          signs, all verify, so a new one is put on top and an old one
 *                          taken away a day later
 *
 * 32 random bytes each, in hex.  What is used is never these bytes but an HMAC-SHA256 of
 * them with a label, so that a value made for one purpose is worth nothing for another.
 */
enum { SECRET_BYTES = 32, MAX_SESSION_KEYS = 8, MAC_BYTES = 32 };

struct session_key {
    char kid[17];
    uint8_t token[SECRET_BYTES], ticket[SECRET_BYTES], refresh[SECRET_BYTES];
};

struct secret {
    uint8_t paper[SECRET_BYTES];
    int n_session_keys;
    struct session_key session_keys[MAX_SESSION_KEYS];
};

/* Reads the file's text; false with the number of the wrong line (0: one is missing). */
bool secret_read(const char *text, struct secret *out, int *wrong_line)
    __attribute__((warn_unused_result));
/* A new file's text with fresh random secrets; the caller frees it. */
char *secret_make(void);

const struct session_key *secret_key(const struct secret *secret, const char *kid);

void secret_mac(const uint8_t key[SECRET_BYTES], const void *bytes, size_t n,
                uint8_t out[MAC_BYTES]);

/* Seeds of papers (paper/paper.h). */
void secret_person_seed(const struct secret *secret, int32_t campaign, int64_t person,
                        uint8_t out[MAC_BYTES]);
void secret_attempt_seed(const struct secret *secret, int32_t campaign, int64_t person,
                         int32_t ordinal, uint8_t out[MAC_BYTES]);

/* What is kept of what a client calls its device: enough to see that two are one.  Never 0. */
int64_t secret_device(const struct secret *secret, const char *name);

/* The seed of the order in which a question's choices are shown at one turn of practice. */
void secret_turn_seed(const struct secret *secret, int64_t person, const char *question,
                      int32_t turn, uint8_t out[MAC_BYTES]);

/* An organizer's key "jdk_...": made at random; only its SHA-256 is kept. */
enum { API_KEY_TEXT = 48, API_KEY_HASH = 32 };
void api_key_make(char out[API_KEY_TEXT]);
bool api_key_hash(const char *key, uint8_t out[API_KEY_HASH]); /* false: not of this form */
