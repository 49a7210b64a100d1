#include "pg/prepared.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

struct prepared_entry {
    const char *sql; /* NULL: free */
    uint64_t signature;
    uint32_t number; /* 0: forgotten */
};

void prepared_done(struct prepared *prepared)
{
    free(prepared->entries);
    *prepared = (struct prepared){ 0 };
}

static struct prepared_entry *seek(struct prepared *prepared, const char *sql,
                                   uint64_t signature)
{
    uint64_t hash = ((uintptr_t)sql ^ signature) * 0x9e3779b97f4a7c15u;
    size_t i = (size_t)(hash >> 32) & (prepared->capacity - 1);

    for (;; i = (i + 1) & (prepared->capacity - 1)) {
        struct prepared_entry *entry = &prepared->entries[i];

        if (!entry->sql || (entry->sql == sql && entry->signature == signature))
            return entry;
    }
}

static void grow(struct prepared *prepared)
{
    struct prepared old = *prepared;

    prepared->capacity = old.capacity ? old.capacity * 2 : 64;
    prepared->entries = memory_new(prepared->capacity * sizeof(*prepared->entries));
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].sql)
            *seek(prepared, old.entries[i].sql, old.entries[i].signature) =
                old.entries[i];
    free(old.entries);
}

uint32_t prepared_number(struct prepared *prepared, const char *sql, uint64_t signature,
                         bool *is_new)
{
    if (prepared->n * 2 >= prepared->capacity)
        grow(prepared);
    struct prepared_entry *entry = seek(prepared, sql, signature);
    if (!entry->sql) {
        *entry = (struct prepared_entry){ .sql = sql, .signature = signature };
        prepared->n++;
    }
    *is_new = entry->number == 0;
    if (*is_new)
        entry->number = ++prepared->last;
    return entry->number;
}

void prepared_forget(struct prepared *prepared, const char *sql, uint64_t signature,
                     uint32_t number)
{
    struct prepared_entry *entry = seek(prepared, sql, signature);

    if (entry->sql && entry->number == number)
        entry->number = 0;
}

bool prepared_is_stale(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *where = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);

    return !strcmp(sqlstate, "26000") || (!strcmp(sqlstate, "0A000") && where &&
                                          !strcmp(where, "RevalidateCachedQuery"));
}
