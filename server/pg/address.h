#pragma once

/* Where the database is and how a connection introduces itself: the arguments of
 * PQconnectStartParams and PQconnectdbParams (with expand_dbname). */
enum { ADDRESS_KEYWORDS = 12 };

struct address {
    char *conninfo, *settings;
    const char *keywords[ADDRESS_KEYWORDS], *values[ADDRESS_KEYWORDS];
};

/* `settings`: more of the session's settings, as "-c name=value".  They stand behind
 * those that the operator put into the conninfo's `options`, so ours win; in everything
 * else the conninfo wins over our defaults. */
void address_init(struct address *address, const char *conninfo, const char *settings);
void address_done(struct address *address);
