#pragma once
#include <stddef.h>
#include <stdint.h>

/* Files read into memory at start and served from there, by name. */
struct request;
struct files;

struct file_bytes {
    const char *bytes; /* NULL: there is none */
    size_t size;
    uint64_t tag; /* drawn from the bytes */
};

struct file {
    const char *name, *content_type;
    struct file_bytes plain;
    struct file_bytes gzip; /* the same, compressed: what lay beside it as NAME.gz */
};

struct files *files_new(void);
void files_free(struct files *files);
/* Reads a file, to be found by `name`; one that is missing is passed over. */
void files_add(struct files *files, const char *name, const char *folder, const char *path);
/* Reads all that is in FOLDER/TREE, to be found as "TREE/..."; at most a thousand files and
 * 64 MiB.  Hidden ones, and what is not a regular file, are passed over. */
void files_add_tree(struct files *files, const char *folder, const char *tree);
const struct file *files_find(const struct files *files, const char *name);

/* Answers with a file, compressed for who takes that, or 304.  The headers that say who may
 * keep it and what it may do are the caller's. */
void files_reply(struct request *req, const struct file *file);
