/*
 * Nodes stand in the order in which they were added; linking finds parents and children
 * by two lists of indexes, one in order of id and one of code, which then serve to
 * find.  For the search, names and codes of all unions stand one behind the other in
 * one text, in lower case, so that one scan looks through everything.
 */
#include "rank/unions.h"

#include <stdlib.h>
#include <string.h>

#include "util/arena.h"
#include "util/memory.h"
#include "util/text.h"

struct unions {
    struct arena strings;
    struct union_node *nodes;
    int32_t *parent_ids;
    int n, capacity;
    int32_t *by_id, *by_code;
    int32_t *preorder; /* parents before their children */
    int64_t *members_below;
    int32_t first_top;
    struct text text; /* "name\ncode\n" of each */
    size_t *starts;   /* of each in the text; one more for the end */
};

struct unions *unions_new(void)
{
    struct unions *unions = memory_new(sizeof(*unions));

    arena_init(&unions->strings);
    unions->first_top = -1;
    return unions;
}

static void unlink_all(struct unions *unions)
{
    free(unions->by_id);
    free(unions->by_code);
    free(unions->preorder);
    free(unions->members_below);
    free(unions->starts);
    text_done(&unions->text);
}

void unions_free(struct unions *unions)
{
    if (!unions)
        return;
    unlink_all(unions);
    arena_done(&unions->strings);
    free(unions->nodes);
    free(unions->parent_ids);
    free(unions);
}

static void grow(struct unions *unions)
{
    size_t capacity = unions->capacity ? (size_t)unions->capacity * 2 : 16;

    unions->nodes = memory_resize(unions->nodes, capacity * sizeof(*unions->nodes));
    unions->parent_ids =
        memory_resize(unions->parent_ids, capacity * sizeof(*unions->parent_ids));
    unions->capacity = (int)capacity;
}

void unions_add(struct unions *unions, int32_t id, int32_t parent_id, const char *code,
                const char *name, const char *kind, const char *level, int32_t members)
{
    struct arena *strings = &unions->strings;

    if (unions->n == unions->capacity)
        grow(unions);
    unions->parent_ids[unions->n] = parent_id;
    unions->nodes[unions->n++] = (struct union_node){
        .id = id,
        .members = members,
        .code = arena_string(strings, code),
        .name = arena_string(strings, name),
        .kind = arena_string(strings, kind),
        .level = arena_string(strings, level),
    };
}

/* The old strings stay in the arena: changes are rare, and somebody may hold them. */
static const char *renewed(struct unions *unions, const char *old, const char *now)
{
    return old && now && !strcmp(old, now) ? old : arena_string(&unions->strings, now);
}

void unions_update(struct unions *unions, int index, const char *name, const char *kind,
                   const char *level, int32_t members)
{
    struct union_node *node = &unions->nodes[index];

    node->name = renewed(unions, node->name, name);
    node->kind = renewed(unions, node->kind, kind);
    node->level = renewed(unions, node->level, level);
    node->members = members;
}

static int compare_ids(const void *a, const void *b, void *nodes)
{
    const struct union_node *all = nodes;
    int32_t x = all[*(const int32_t *)a].id, y = all[*(const int32_t *)b].id;

    return (x > y) - (x < y);
}

static int compare_codes(const void *a, const void *b, void *nodes)
{
    const struct union_node *all = nodes;

    return strcmp(all[*(const int32_t *)a].code, all[*(const int32_t *)b].code);
}

typedef int (*compare_fn)(const void *a, const void *b, void *nodes);

static int32_t *sorted(const struct unions *unions, compare_fn compare)
{
    int32_t *list = memory_new((size_t)unions->n * sizeof(*list));

    for (int i = 0; i < unions->n; i++)
        list[i] = i;
    if (unions->n)
        qsort_r(list, (size_t)unions->n, sizeof(*list), compare, unions->nodes);
    return list;
}

/* Neighbours in a sorted list that are the same: the code of one, or NULL. */
static const char *find_twin(const struct unions *unions, const int32_t *list,
                             compare_fn compare)
{
    for (int i = 1; i < unions->n; i++)
        if (compare(&list[i - 1], &list[i], unions->nodes) == 0)
            return unions->nodes[list[i]].code;
    return NULL;
}

int unions_find(const struct unions *unions, int32_t id)
{
    int low = 0, high = unions->by_id ? unions->n : 0;

    while (low < high) {
        int middle = (low + high) / 2;
        int32_t own = unions->nodes[unions->by_id[middle]].id;

        if (own == id)
            return unions->by_id[middle];
        if (own < id)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

int unions_find_code(const struct unions *unions, const char *code)
{
    int low = 0, high = unions->by_code ? unions->n : 0;

    while (low < high) {
        int middle = (low + high) / 2;
        int order = strcmp(unions->nodes[unions->by_code[middle]].code, code);

        if (order == 0)
            return unions->by_code[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

/* NULL, or the code of a union whose parent is missing. */
static const char *link_parents(struct unions *unions)
{
    for (int i = 0; i < unions->n; i++) {
        int32_t id = unions->parent_ids[i];

        unions->nodes[i].parent = id > 0 ? unions_find(unions, id) : -1;
        if (id > 0 && unions->nodes[i].parent < 0)
            return unions->nodes[i].code;
    }
    return NULL;
}

/* From the last code to the first, each put before its siblings. */
static void link_children(struct unions *unions)
{
    unions->first_top = -1;
    for (int i = 0; i < unions->n; i++)
        unions->nodes[i].first_child = -1;
    for (int i = unions->n - 1; i >= 0; i--) {
        struct union_node *node = &unions->nodes[unions->by_code[i]];
        int32_t *first = node->parent < 0 ? &unions->first_top
                                          : &unions->nodes[node->parent].first_child;

        node->next_sibling = *first;
        *first = unions->by_code[i];
    }
}

/* The one behind `index` when each is followed by its children; -1 at the end. */
static int32_t step(const struct unions *unions, int32_t index)
{
    const struct union_node *nodes = unions->nodes;

    if (nodes[index].first_child >= 0)
        return nodes[index].first_child;
    while (index >= 0 && nodes[index].next_sibling < 0)
        index = nodes[index].parent;
    return index < 0 ? -1 : nodes[index].next_sibling;
}

/* Goes through the trees from their tops, noting the depth; returns how many it met. */
static int descend(struct unions *unions)
{
    int n = 0;

    for (int i = 0; i < unions->n; i++)
        unions->nodes[i].depth = -1;
    for (int32_t at = unions->first_top; at >= 0; at = step(unions, at)) {
        int32_t parent = unions->nodes[at].parent;

        unions->nodes[at].depth = parent < 0 ? 0 : unions->nodes[parent].depth + 1;
        unions->preorder[n++] = at;
    }
    return n;
}

/* Whoever the descent did not meet stands in a circle or below one: enough steps
 * upwards lead into it. */
static const char *find_circle(const struct unions *unions)
{
    int32_t at = 0;

    while (unions->nodes[at].depth >= 0)
        at++;
    for (int i = 0; i < unions->n; i++)
        at = unions->nodes[at].parent;
    return unions->nodes[at].code;
}

/* -1 stands for "not known", which adds nothing. */
static int64_t add_known(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 ? a : a + b;
}

static void sum_up(struct unions *unions)
{
    for (int i = 0; i < unions->n; i++) {
        int32_t members = unions->nodes[i].members;

        unions->nodes[i].n_below = 0;
        unions->members_below[i] = members < 0 ? -1 : members;
    }
    for (int i = unions->n - 1; i >= 0; i--) {
        int32_t at = unions->preorder[i], parent = unions->nodes[at].parent;

        if (parent < 0)
            continue;
        unions->nodes[parent].n_below += unions->nodes[at].n_below + 1;
        unions->members_below[parent] =
            add_known(unions->members_below[parent], unions->members_below[at]);
    }
}

/* Only ASCII has a lower case here; the bytes of other characters stay as they are. */
static void lower(char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
}

static void write_text(struct unions *unions)
{
    for (int i = 0; i < unions->n; i++) {
        unions->starts[i] = unions->text.length;
        text_string(&unions->text, unions->nodes[i].name);
        text_char(&unions->text, '\n');
        text_string(&unions->text, unions->nodes[i].code);
        text_char(&unions->text, '\n');
    }
    unions->starts[unions->n] = unions->text.length;
    lower(unions->text.data, unions->text.length);
}

static const char *link_trees(struct unions *unions)
{
    const char *culprit = find_twin(unions, unions->by_id, compare_ids);

    if (!culprit)
        culprit = find_twin(unions, unions->by_code, compare_codes);
    if (!culprit)
        culprit = link_parents(unions);
    if (culprit)
        return culprit;
    link_children(unions);
    return descend(unions) < unions->n ? find_circle(unions) : NULL;
}

bool unions_link(struct unions *unions, const char **culprit)
{
    size_t n = (size_t)unions->n;

    unlink_all(unions);
    unions->by_id = sorted(unions, compare_ids);
    unions->by_code = sorted(unions, compare_codes);
    unions->preorder = memory_new(n * sizeof(*unions->preorder));
    unions->members_below = memory_new(n * sizeof(*unions->members_below));
    unions->starts = memory_new((n + 1) * sizeof(*unions->starts));
    unions->text = (struct text){ 0 };
    const char *code = link_trees(unions);
    if (code) {
        *culprit = code;
        return false;
    }
    sum_up(unions);
    write_text(unions);
    return true;
}

int unions_count(const struct unions *unions)
{
    return unions->n;
}

const struct union_node *unions_at(const struct unions *unions, int index)
{
    return &unions->nodes[index];
}

int unions_first_top(const struct unions *unions)
{
    return unions->first_top;
}

bool unions_is_within(const struct unions *unions, int index, int ancestor)
{
    while (index >= 0 && index != ancestor)
        index = unions->nodes[index].parent;
    return index >= 0;
}

int64_t unions_members_below(const struct unions *unions, int index)
{
    return unions->members_below[index];
}

/* Cuts the next word off; false when there is none. */
static bool cut_word(const char **rest, const char **word, size_t *n)
{
    *word = *rest + strspn(*rest, " \t\r\n");
    *n = strcspn(*word, " \t\r\n");
    *rest = *word + *n;
    return *n > 0;
}

static bool has_all(const struct unions *unions, int index, const char *words)
{
    const char *text = unions->text.data + unions->starts[index], *word;
    size_t length = unions->starts[index + 1] - unions->starts[index], n;

    while (cut_word(&words, &word, &n))
        if (!memmem(text, length, word, n))
            return false;
    return true;
}

/* Whose part of the text has the byte at an offset. */
static int owner(const struct unions *unions, size_t offset)
{
    int low = 0, high = unions->n - 1;

    while (low < high) {
        int middle = (low + high + 1) / 2;

        if (unions->starts[middle] <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* The first union from `index` on that has the word; n when none has. */
static int scan(const struct unions *unions, int index, const char *word, size_t n)
{
    const char *text = unions->text.data, *hit;
    size_t from = unions->starts[index];

    hit = memmem(text + from, unions->text.length - from, word, n);
    return hit ? owner(unions, (size_t)(hit - text)) : unions->n;
}

int unions_search(const struct unions *unions, const char *part, int after, int limit,
                  int *out)
{
    AUTO(memory_freep) char *words = memory_copy(part, strlen(part));
    const char *rest = words, *word;
    size_t length;
    int n = 0;

    lower(words, strlen(words));
    cut_word(&rest, &word, &length);
    for (int i = after < 0 ? 0 : after + 1; n < limit && i < unions->n; i++) {
        i = scan(unions, i, word, length);
        if (i < unions->n && has_all(unions, i, rest))
            out[n++] = i;
    }
    return n;
}
