#include "store/export.h"

json_t *export_newest(struct session *session, const char *topic, const char *ids,
                      struct db_error *err)
{
    const char *values[] = { topic, ids };
    struct rows *rows = session_query(
        session,
        "select body::text from (select distinct on (id) id, body from question"
        " order by id, revision desc) q where ($1::text is null or body->>'topic' = "
        "$1::text)"
        " and ($2::text is null or id = any (string_to_array($2::text, ','))) order by "
        "id",
        2, values, err);

    if (!rows)
        return NULL;
    json_t *questions = json_array();
    while (rows_next(rows))
        json_array_append_new(questions, json_loads(rows_text(rows), 0, NULL));
    session_free(rows);
    return questions;
}
