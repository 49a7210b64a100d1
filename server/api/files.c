#include "api/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/arena.h"
#include "util/memory.h"
#include "util/text.h"

enum { MAX_FILES = 16 };

struct files {
    struct arena arena;
    size_t n;
    struct file all[MAX_FILES];
};

struct files *files_new(void)
{
    struct files *files = memory_new(sizeof(*files));

    arena_init(&files->arena);
    return files;
}

void files_free(struct files *files)
{
    if (!files)
        return;
    arena_done(&files->arena);
    free(files);
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        { ".html", "text/html; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".css", "text/css; charset=utf-8" },
        { ".yaml", "application/yaml; charset=utf-8" },
        { ".png", "image/png" },
        { ".svg", "image/svg+xml" },
    };
    const char *dot = strrchr(name, '.');

    for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++)
        if (!strcmp(dot, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

static void read_all(FILE *stream, struct text *out)
{
    size_t n;

    do {
        n = fread(text_reserve(out, 65536), 1, 65536, stream);
        out->length += n;
    } while (n);
}

void files_add(struct files *files, const char *name, const char *folder, const char *path)
{
    const char *full = arena_printf(&files->arena, "%s/%s", folder, path);
    FILE *stream = fopen(full, "re");
    TEXT(bytes);

    if (!stream)
        return;
    read_all(stream, &bytes);
    fclose(stream);
    if (files->n < MAX_FILES)
        files->all[files->n++] = (struct file){
            .name = arena_string(&files->arena, name),
            .content_type = type_of(name),
            .bytes = arena_copy(&files->arena, bytes.data, bytes.length),
            .size = bytes.length,
        };
}

const struct file *files_find(const struct files *files, const char *name)
{
    for (size_t i = 0; i < files->n; i++)
        if (!strcmp(files->all[i].name, name))
            return &files->all[i];
    return NULL;
}
