#include "auth/ticket.h"

#include <endian.h>
#include <string.h>

#include "auth/sealed.h"

/* Fixed layout, big-endian: a ticket may be checked by another machine of ours. */
struct packed_ticket {
    uint64_t person, started_at, deadline_at;
    uint32_t campaign, ordinal, revision;
} __attribute__((packed));

void ticket_make(const struct secret *secret, const struct ticket *ticket,
                 char out[TICKET_TEXT])
{
    struct packed_ticket packed = {
        .person = htobe64((uint64_t)ticket->person),
        .started_at = htobe64((uint64_t)ticket->started_at),
        .deadline_at = htobe64((uint64_t)ticket->deadline_at),
        .campaign = htobe32((uint32_t)ticket->campaign),
        .ordinal = htobe32((uint32_t)ticket->ordinal),
        .revision = htobe32((uint32_t)ticket->revision),
    };

    sealed_make(secret, SEALED_TICKET, &packed, sizeof(packed), out, TICKET_TEXT);
}

bool ticket_read(const struct secret *secret, const char *text, struct ticket *out)
{
    struct packed_ticket packed;

    if (!sealed_open(secret, SEALED_TICKET, text, &packed, sizeof(packed)))
        return false;
    *out = (struct ticket){
        .person = (int64_t)be64toh(packed.person),
        .started_at = (int64_t)be64toh(packed.started_at),
        .deadline_at = (int64_t)be64toh(packed.deadline_at),
        .campaign = (int32_t)be32toh(packed.campaign),
        .ordinal = (int32_t)be32toh(packed.ordinal),
        .revision = (int32_t)be32toh(packed.revision),
    };
    return true;
}
