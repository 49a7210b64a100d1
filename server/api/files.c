#include "api/files.h"

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/reply.h"
#include "log/log.h"
#include "util/arena.h"
#include "util/memory.h"
#include "util/text.h"

enum { MAX_FILES = 1000, MAX_BYTES = 64 << 20 };

struct files {
    struct arena arena;
    struct file *all;
    size_t n, bytes;
    bool is_full; /* which was said */
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
    free(files->all);
    free(files);
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        { ".html", "text/html; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".css", "text/css; charset=utf-8" },
        { ".json", "application/json" },
        { ".webmanifest", "application/manifest+json" },
        { ".yaml", "application/yaml; charset=utf-8" },
        { ".txt", "text/plain; charset=utf-8" },
        { ".png", "image/png" },
        { ".jpg", "image/jpeg" },
        { ".webp", "image/webp" },
        { ".svg", "image/svg+xml" },
        { ".ico", "image/x-icon" },
        { ".woff2", "font/woff2" },
        { ".mp3", "audio/mpeg" },
        { ".wav", "audio/wav" },
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
    } while (n && out->length <= MAX_BYTES);
}

static bool has_room(struct files *files, const char *name, size_t size)
{
    if (files->n < MAX_FILES && files->bytes + size <= MAX_BYTES)
        return true;
    if (!files->is_full)
        log_warn("files", "too many or too large: \"%s\" and others are left out", name);
    files->is_full = true;
    return false;
}

static void put(struct files *files, const char *name, const struct text *bytes)
{
    if (!has_room(files, name, bytes->length))
        return;
    files->all = memory_resize(files->all, (files->n + 1) * sizeof(*files->all));
    files->all[files->n++] = (struct file){
        .name = arena_string(&files->arena, name),
        .content_type = type_of(name),
        .plain = { .bytes = arena_copy(&files->arena, bytes->data, bytes->length),
                   .size = bytes->length,
                   .tag = reply_tag(bytes->data, bytes->length) },
    };
    files->bytes += bytes->length;
}

static void read_file(struct files *files, const char *name, const char *path)
{
    FILE *stream = fopen(path, "re");
    TEXT(bytes);

    if (!stream)
        return;
    read_all(stream, &bytes);
    fclose(stream);
    put(files, name, &bytes);
}

void files_add(struct files *files, const char *name, const char *folder, const char *path)
{
    read_file(files, name, arena_printf(&files->arena, "%s/%s", folder, path));
}

static struct file *find(const struct files *files, const char *name, size_t n)
{
    for (size_t i = 0; i < files->n; i++)
        if (!strncmp(files->all[i].name, name, n) && !files->all[i].name[n])
            return &files->all[i];
    return NULL;
}

const struct file *files_find(const struct files *files, const char *name)
{
    return find(files, name, strlen(name));
}

/* How long a name is without ".gz"; 0 when it does not end so. */
static size_t length_without_gz(const char *name)
{
    size_t n = strlen(name);

    return n > 3 && !strcmp(name + n - 3, ".gz") ? n - 3 : 0;
}

/* x.js.gz is another form of x.js, not a file of its own. */
static void pair_compressed(struct files *files)
{
    size_t n = 0;

    for (size_t i = 0; i < files->n; i++) {
        size_t length = length_without_gz(files->all[i].name);
        struct file *plain = length ? find(files, files->all[i].name, length) : NULL;

        if (plain)
            plain->gzip = files->all[i].plain;
    }
    for (size_t i = 0; i < files->n; i++)
        if (!length_without_gz(files->all[i].name))
            files->all[n++] = files->all[i];
    files->n = n;
}

void files_add_tree(struct files *files, const char *folder, const char *tree)
{
    char *top = arena_printf(&files->arena, "%s/%s", folder, tree);
    FTS *walk = fts_open((char *const[]){ top, NULL }, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    size_t skip = strlen(folder) + 1;

    for (FTSENT *entry; walk && (entry = fts_read(walk));) {
        bool is_hidden = entry->fts_level > 0 && entry->fts_name[0] == '.';

        if (is_hidden && entry->fts_info == FTS_D)
            fts_set(walk, entry, FTS_SKIP);
        else if (!is_hidden && entry->fts_info == FTS_F)
            read_file(files, entry->fts_path + skip, entry->fts_path);
    }
    if (walk)
        fts_close(walk);
    pair_compressed(files);
}

void files_reply(struct request *req, const struct file *file)
{
    bool is_gzip = file->gzip.bytes && req->takes_gzip;
    const struct file_bytes *body = is_gzip ? &file->gzip : &file->plain;

    if (file->gzip.bytes)
        reply_header(req, "Vary", "Accept-Encoding");
    if (reply_if_unchanged(req, body->tag))
        return;
    if (is_gzip)
        reply_header(req, "Content-Encoding", "gzip");
    reply_bytes(req, 200, file->content_type, body->bytes, body->size);
}
