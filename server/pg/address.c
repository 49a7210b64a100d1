#include "pg/address.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/text.h"

static const struct pair {
    const char *keyword, *value;
} defaults[] = {
    { "fallback_application_name", "jingda" },
    { "client_encoding", "UTF8" },
    { "gssencmode", "disable" }, /* saves a round trip */
    { "connect_timeout", "10" },
    { "keepalives_idle", "30" },
    { "keepalives_interval", "10" },
    { "keepalives_count", "3" },
    { "tcp_user_timeout", "15000" },
};

/* Notices below a warning are for people at a prompt; JIT costs our short queries more
 * than it gives. */
static const char common[] = " -c timezone=UTC -c datestyle=ISO -c jit=off"
                             " -c client_min_messages=warning";

/* Says nothing of a conninfo that cannot be read: dialling it will. */
static void add_options(struct text *settings, const char *conninfo)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

    for (PQconninfoOption *option = options; option && option->keyword; option++)
        if (!strcmp(option->keyword, "options") && option->val)
            text_string(settings, option->val);
    PQconninfoFree(options);
}

static void add(struct address *address, int *n, const char *keyword, const char *value)
{
    address->keywords[*n] = keyword;
    address->values[(*n)++] = value;
}

void address_init(struct address *address, const char *conninfo, const char *settings)
{
    struct text all = { 0 };
    int n = 0;

    add_options(&all, conninfo);
    text_string(&all, common);
    text_string(&all, settings);
    *address = (struct address){ .conninfo = memory_copy(conninfo, strlen(conninfo)),
                                 .settings = all.data };
    for (size_t i = 0; i < sizeof(defaults) / sizeof(*defaults); i++)
        add(address, &n, defaults[i].keyword, defaults[i].value);
    add(address, &n, "dbname", address->conninfo);
    add(address, &n, "options", address->settings);
}

void address_done(struct address *address)
{
    free(address->conninfo);
    free(address->settings);
}
