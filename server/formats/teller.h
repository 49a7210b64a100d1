#pragma once
#include "formats/entry.h"

/* Telling what became of each entry; the inside of this room. */
struct teller {
    struct format_reading *reading;
    struct arena arena;  /* of one entry */
    json_t *ids, *twins; /* of the file so far: the row of each */
    const struct entry *entry;
    int n_wrong; /* of this entry */
};

const char *teller_said(const struct teller *teller,
                        enum part part); /* NULL: nothing */
/* Something is wrong with a part of the entry (-1: with none). */
void teller_wrong(struct teller *teller, int part, const char *zh, const char *en);

/* assemble.c: the question that the parts say, and what is filled in where nothing is
 * said. Mistakes are told on the way. */
json_t *entry_assemble(struct teller *teller);
void entry_complete(struct teller *teller, json_t *question);
