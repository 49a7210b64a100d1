/*
 * What clients carry for us: tickets, tokens, refresh tokens, cursors, and packed
 * answers. The first byte says which.  A token may also be given as header and claims
 * in plain text, a line each, and is signed here, because no fuzzer guesses a
 * signature.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/cursor.h"
#include "auth/ticket.h"
#include "auth/token.h"
#include "paper/paper.h"
#include "util/encode.h"
#include "util/text.h"

static struct secret secret;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char text[] =
        "paper 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
        "session k1 ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\n";
    int line;

    (void)argc, (void)argv;
    return secret_read(text, &secret, &line) ? 0 : 1;
}

static void read_ticket(const char *text, size_t size)
{
    struct ticket ticket;
    char again[TICKET_TEXT];

    (void)size;
    if (!ticket_read(&secret, text, &ticket))
        return;
    ticket_make(&secret, &ticket, again);
    assert(!strcmp(again, text));
}

static void read_refresh(const char *text, size_t size)
{
    struct refresh refresh;
    struct error err;
    char again[REFRESH_TEXT];

    (void)size;
    if (!refresh_read(&secret, text, &refresh, &err))
        return;
    refresh_make(&secret, &refresh, again);
    assert(!strcmp(again, text));
}

static void read_token(const char *text, size_t size)
{
    struct claims claims;
    struct error err;

    (void)size;
    if (token_read(&secret, text, 1777597200000, &claims, &err))
        assert(claims.person > 0 && claims.session > 0 &&
               claims.expires_at > 1777597200000);
    else
        assert(err.problem == PROBLEM_TOKEN_BAD ||
               err.problem == PROBLEM_TOKEN_EXPIRED);
}

static void append(struct text *out, const void *bytes, size_t n)
{
    encode_base64url(bytes, n, text_reserve(out, encode_base64url_size(n)));
    out->length += encode_base64url_size(n);
}

static void sign_token(const char *text, size_t size)
{
    size_t head = strcspn(text, "\n"), rest = head + (head < size);
    uint8_t mac[MAC_BYTES];
    TEXT(token);

    append(&token, text, head);
    text_char(&token, '.');
    append(&token, text + rest, size - rest);
    secret_mac(secret.session_keys[0].token, token.data, token.length, mac);
    text_char(&token, '.');
    append(&token, mac, sizeof(mac));
    read_token(token.data, token.length);
}

static void read_cursor(const char *text, size_t size)
{
    struct request req = { .n_query = 1, .query = { { "cursor", text } } };

    (void)size;
    for (int n = 1; n <= CURSOR_NUMBERS; n++) {
        int64_t numbers[CURSOR_NUMBERS];
        char again[CURSOR_TEXT];
        bool found;

        if (!cursor_read(&req, 'p', numbers, n, &found))
            continue;
        cursor_write('p', numbers, n, again);
        assert(found && !strcmp(again, text));
    }
}

static void unpack(const char *text, size_t size)
{
    static const int counts[] = { 0, 1, 2, 20, MAX_PAPER };
    struct answer answers[MAX_PAPER];
    struct arena arena;
    uint8_t *again;

    arena_init(&arena);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (!answers_unpack((const uint8_t *)text, size, &arena, answers, counts[i]))
            continue;
        size_t n = answers_pack(answers, counts[i], &arena, &again);
        assert(n == size && !memcmp(again, text, size));
    }
    arena_done(&arena);
}

static void read_key(const char *text, size_t size)
{
    uint8_t hash[API_KEY_HASH];
    struct secret other;
    int line;

    (void)size;
    if (api_key_hash(text, hash))
        assert(strlen(text) == API_KEY_TEXT - 1);
    if (secret_read(text, &other, &line))
        assert(other.n_session_keys >= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(const char *, size_t) = {
        read_ticket, read_refresh, read_token, sign_token,
        read_cursor, unpack,       read_key,
    };
    enum { N = sizeof(readers) / sizeof(readers[0]) };

    if (!size)
        return 0;
    char *text = malloc(size);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    readers[data[0] % N](text, size - 1);
    free(text);
    return 0;
}
