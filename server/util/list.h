#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A doubly linked ring through its members; the head is a link too.  Nothing is allocated. */
struct link {
    struct link *prev, *next;
};

static inline void list_init(struct link *head)
{
    head->prev = head->next = head;
}

static inline bool list_is_empty(const struct link *head)
{
    return head->next == head;
}

static inline void list_append(struct link *head, struct link *link)
{
    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}

/* Safe to call again: a removed link is a ring of its own. */
static inline void list_remove(struct link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
    list_init(link);
}

/* All of `from` goes behind the last of `to`. */
static inline void list_move_all(struct link *to, struct link *from)
{
    if (list_is_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    list_init(from);
}

#define LIST_ITEM(link, type, member) \
    ((type *)((char *)(link) - offsetof(type, member)))
