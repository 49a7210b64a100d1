#include "formats/archive.h"

#include <zip.h>

#include "formats/entry.h"
#include "formats/formats.h"
#include "util/encode.h"
#include "util/memory.h"

enum {
    MOST_ENTRIES = FORMAT_MAX_QUESTIONS + 100,
    MOST_OF_ONE = 48 << 20,
    RATIO_FROM = 1 << 20, /* small ones may be packed as far as they like */
    MOST_RATIO = 200
};

struct archive {
    zip_t *zip;
    int n;
};

static bool is_bomb(const zip_stat_t *about)
{
    return about->size > MOST_OF_ONE ||
           (about->size > RATIO_FROM && about->size / MOST_RATIO > about->comp_size);
}

static bool is_sound(const struct archive *archive, struct error *err)
{
    zip_stat_t about;
    zip_uint64_t total = 0;

    if (archive->n > MOST_ENTRIES)
        return refuse(err, "压缩包里的文件太多", "the archive has too many files");
    for (int i = 0; i < archive->n; i++) {
        if (zip_stat_index(archive->zip, (zip_uint64_t)i, 0, &about) ||
            !(about.valid & ZIP_STAT_SIZE) || !(about.valid & ZIP_STAT_COMP_SIZE))
            return refuse(err, "压缩包已损坏", "the archive is damaged");
        if (is_bomb(&about) || (total += about.size) > FORMAT_MAX_UNPACKED)
            return refuse(err, "压缩包解开后过大，已拒绝（上限 64 MiB）",
                          "unpacked, the archive would be too large (64 MiB at most)");
    }
    return true;
}

struct archive *archive_open(const void *bytes, size_t n, struct error *err)
{
    struct archive *archive = memory_new(sizeof(*archive));
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, NULL);

    archive->zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (!archive->zip) {
        zip_source_free(source);
        refuse(err, "不是完好的压缩包（XLSX 或 QTI）",
               "not a sound archive (XLSX or QTI)");
        archive_close(archive);
        return NULL;
    }
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    archive->n = count > MOST_ENTRIES ? MOST_ENTRIES + 1 : (int)count;
    if (is_sound(archive, err))
        return archive;
    archive_close(archive);
    return NULL;
}

void archive_close(struct archive *archive)
{
    if (archive && archive->zip)
        zip_discard(archive->zip);
    memory_freep(&archive);
}

int archive_count(const struct archive *archive)
{
    return archive->n;
}

const char *archive_name(const struct archive *archive, int i)
{
    const char *name = zip_get_name(archive->zip, (zip_uint64_t)i, ZIP_FL_ENC_GUESS);

    return name ? name : "";
}

bool archive_has(const struct archive *archive, const char *name)
{
    return zip_name_locate(archive->zip, name, 0) >= 0;
}

/* What was declared may be a lie: no more than that is taken. */
static bool unpack(zip_file_t *file, zip_uint64_t size, struct text *out)
{
    zip_int64_t n = 1;

    text_clear(out);
    text_reserve(out, (size_t)size + 1);
    while (n > 0 && out->length <= size) {
        n = zip_fread(file, out->data + out->length, size + 1 - out->length);
        out->length += n > 0 ? (size_t)n : 0;
    }
    out->data[out->length] = '\0';
    return n == 0 && out->length == size;
}

bool archive_read(struct archive *archive, const char *name, struct text *out,
                  struct error *err)
{
    zip_stat_t about;
    zip_file_t *file = NULL;

    if (!zip_stat(archive->zip, name, 0, &about))
        file = zip_fopen_index(archive->zip, about.index, 0);
    bool ok = file && unpack(file, about.size, out);
    if (file)
        zip_fclose(file);
    return ok || refuse(err, "压缩包已损坏、有密码，或缺少必要的部分",
                        "the archive is damaged, has a password, or lacks a part");
}
