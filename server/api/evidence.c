#include "api/evidence.h"

#include "api/app.h"
#include "auth/secret.h"

enum { MOST_MS = 86400000 };

/* Longer than two bytes can say is kept as the longest that they can. */
static void put(uint8_t *place, int64_t ms)
{
    int64_t units = ms / SPENT_UNIT_MS;

    if (units > UINT16_MAX)
        units = UINT16_MAX;
    place[0] = (uint8_t)(units >> 8);
    place[1] = (uint8_t)units;
}

static bool read_spent(struct evidence *evidence, struct request *req, int n_questions)
{
    struct error *err = &req->task.error;
    size_t n = (size_t)n_questions;
    uint8_t *bytes = arena_alloc(&req->arena, n * SPENT_BYTES);

    if (json_array_size(evidence->spent_ms) != n) {
        error_set(err, PROBLEM_FIELD_LENGTH, "spent_ms", n_questions, n_questions);
        return error_within(err, "/spent_ms");
    }
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_array_get(evidence->spent_ms, i);

        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > MOST_MS) {
            error_set(err, PROBLEM_FIELD_RANGE, "spent_ms", "0", "86400000");
            return error_within(err, "/spent_ms/%zu", i);
        }
        put(bytes + i * SPENT_BYTES, json_integer_value(value));
    }
    evidence->spent = (struct bytes){ bytes, n * SPENT_BYTES };
    return true;
}

bool evidence_read(struct evidence *evidence, struct request *req, int n_questions)
{
    if (evidence->spent_ms && !read_spent(evidence, req, n_questions))
        return false;
    if (evidence->device)
        evidence->device_hash = secret_device(&req->app->secret, evidence->device);
    return true;
}
