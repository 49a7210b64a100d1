#include "api/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"
#include "util/memory.h"

enum { PLACES = 1024, MAX_BODY = 16384 };

struct place {
    char *address; /* NULL: empty */
    struct edition edition;
    uint64_t tag;
    int64_t *people;
    int n_people;
    char *body;
    size_t size;
};

struct shelf {
    struct place places[PLACES];
};

struct shelf *shelf_new(void)
{
    return memory_new(sizeof(struct shelf));
}

static void clear(struct place *place)
{
    free(place->address);
    free(place->people);
    free(place->body);
    *place = (struct place){ 0 };
}

void shelf_free(struct shelf *shelf)
{
    for (int i = 0; shelf && i < PLACES; i++)
        clear(&shelf->places[i]);
    free(shelf);
}

static struct place *place_of(const struct shelf *shelf, const char *address)
{
    return (struct place *)&shelf->places[hash_string(address) % PLACES];
}

static bool stands_on(const struct place *place, int64_t person)
{
    for (int i = 0; i < place->n_people; i++)
        if (place->people[i] == person)
            return true;
    return false;
}

static bool is_same(const struct edition *a, const struct edition *b)
{
    return a->league == b->league && a->period == b->period && a->version == b->version &&
           a->names_epoch == b->names_epoch;
}

bool shelf_find(const struct shelf *shelf, const char *address,
                const struct edition *edition, int64_t person, struct shelved *out)
{
    const struct place *place = place_of(shelf, address);

    if (!place->address || strcmp(place->address, address) ||
        !is_same(&place->edition, edition) || (person && stands_on(place, person)))
        return false;
    *out = (struct shelved){ place->body, place->size, place->tag };
    return true;
}

void shelf_put(struct shelf *shelf, const char *address, const struct edition *edition,
               const int64_t *people, int n, const struct text *body, uint64_t tag)
{
    struct place *place = place_of(shelf, address);

    clear(place);
    if (body->length > MAX_BODY)
        return;
    *place = (struct place){
        .address = memory_copy(address, strlen(address)),
        .edition = *edition,
        .tag = tag,
        .people = (int64_t *)memory_copy(people, (size_t)n * sizeof(*people)),
        .n_people = n,
        .body = memory_copy(body->data, body->length),
        .size = body->length,
    };
}
