#pragma once
#include <stddef.h>

/* A few files read into memory at start and served from there, by name. */
struct files;

struct file {
    const char *name, *content_type;
    const char *bytes;
    size_t size;
};

struct files *files_new(void);
void files_free(struct files *files);
/* Reads a file, to be found by `name`; one that is missing is passed over. */
void files_add(struct files *files, const char *name, const char *folder, const char *path);
const struct file *files_find(const struct files *files, const char *name);
