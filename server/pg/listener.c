#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "pg/address.h"
#include "pg/wire.h"
#include "pg/inside.h"
#include "pg/pool.h"
#include "util/memory.h"

enum { LIMIT_MS = 10000 };

struct listener {
    struct address address;
    struct wire *wire;
    void (*on_notify)(const char *channel, const char *payload, void *context);
    void (*on_listening)(void *context);
    void *context;
    int n_channels, n_heard;
    char **commands; /* one for each channel; they live as long as the connection */
};

static void ask(void *context)
{
    struct listener *listener = context;

    listener->n_heard = 0;
    for (int i = 0; i < listener->n_channels && wire_is_ready(listener->wire); i++)
        wire_send(listener->wire, query_new(NULL, NULL, listener->commands[i]));
}

static void on_lost(void *context)
{
    (void)context; /* on_listening tells when it is back */
}

/* A connection that does not listen (to a standby, say) is no use: another try may find
 * the primary. */
static void on_asked(struct query *query, const struct error *err, void *context)
{
    struct listener *listener = context;

    query_end(query, err);
    if (err)
        wire_cut(listener->wire, "it cannot listen");
    else if (++listener->n_heard == listener->n_channels)
        listener->on_listening(listener->context);
}

static void on_notify(const char *channel, const char *payload, void *context)
{
    struct listener *listener = context;

    listener->on_notify(channel, payload, listener->context);
}

static const struct wire_hooks hooks = { ask, on_lost, on_asked, on_notify };

static char *command(const char *channel)
{
    struct text text = { 0 };

    text_string(&text, "listen \"");
    for (; *channel; channel++) {
        if (*channel == '"')
            text_char(&text, '"');
        text_char(&text, *channel);
    }
    text_char(&text, '"');
    return text.data;
}

struct listener *listener_open(struct event_base *base, const char *conninfo,
                               const char *const *channels,
                               void (*notified)(const char *channel,
                                                const char *payload, void *context),
                               void (*listening)(void *context), void *context)
{
    struct listener *listener = memory_new(sizeof(*listener));

    listener->on_notify = notified;
    listener->on_listening = listening;
    listener->context = context;
    while (channels[listener->n_channels])
        listener->n_channels++;
    listener->commands =
        memory_new((size_t)listener->n_channels * sizeof(*listener->commands));
    for (int i = 0; i < listener->n_channels; i++)
        listener->commands[i] = command(channels[i]);
    address_init(&listener->address, conninfo, "");
    listener->wire = wire_open(base, &listener->address, LIMIT_MS, &hooks, listener);
    return listener;
}

void listener_close(struct listener *listener)
{
    if (!listener)
        return;
    wire_close(listener->wire);
    address_done(&listener->address);
    for (int i = 0; i < listener->n_channels; i++)
        free(listener->commands[i]);
    free(listener->commands);
    free(listener);
}
