#include "store/people.h"

#include "store/inside.h"

static bool read_person(struct rows *rows, void *out, struct error *err)
{
    struct person *person = out;

    (void)err;
    if (!rows_next(rows))
        return true;
    person->id = rows_int64(rows);
    person->name = arena_string(person->arena, rows_text(rows));
    person->shows_name = rows_bool(rows);
    person->home_union = rows_int32(rows);
    return true;
}

#define PERSON_COLUMNS                                                              \
    "p.id, p.name, p.shows_name, coalesce((select u.id from identity i"             \
    " join org_union u on u.code = split_part(i.subject, '/', 1)"                   \
    " where i.person = p.id and i.provider = 'roster' order by i.subject limit 1), 0)"

void store_person_get(struct store *store, struct task *task, int64_t id,
                      struct person *out)
{
    struct query *query = query_new(store->pool, task,
                                    "select " PERSON_COLUMNS " from person p where id = $1");

    query_bind_int64(query, id);
    query_send(query, read_person, out);
}

/* Our own boards do not wait for the notice. */
static bool read_renamed(struct rows *rows, void *out, struct error *err)
{
    struct person *person = out;

    if (!read_person(rows, out, err))
        return false;
    name_cache_forget(person->store->names, person->id);
    return true;
}

void store_person_show_name(struct store *store, struct task *task, int64_t id, bool shows,
                            struct person *out)
{
    struct query *query = query_new(store->pool, task,
                                    "with p as (update person set shows_name = $2"
                                    " where id = $1 returning id, name, shows_name)"
                                    " select " PERSON_COLUMNS " from p,"
                                    " pg_notify('jingda_person', $1::text)");

    out->store = store;
    query_bind_int64(query, id);
    query_bind_bool(query, shows);
    query_send(query, read_renamed, out);
}

void store_roster_find(struct store *store, struct task *task, const char *subject,
                       struct person *out)
{
    struct query *query = query_new(store->pool, task,
                                    "select " PERSON_COLUMNS
                                    " from identity i join person p on p.id = i.person"
                                    " where i.provider = 'roster' and i.subject = $1");

    query_bind_text(query, subject);
    query_send(query, read_person, out);
}

/* What was asked before a change was heard may be old: it is shown once, not kept. */
static bool read_names(struct rows *rows, void *out, struct error *err)
{
    struct names *names = out;
    struct name_cache *cache = names->store->names;
    bool is_fresh = names->epoch == name_cache_epoch(cache);

    (void)err;
    while (rows_next(rows)) {
        size_t i = (size_t)rows_int32(rows) - 1;
        struct name *name = &names->out[i];

        name->name = arena_string(names->arena, rows_text(rows));
        name->shows_name = rows_bool(rows);
        if (is_fresh)
            name_cache_put(cache, names->people[i], name->name, name->shows_name);
    }
    return true;
}

/* True if every name was in memory. */
static bool find_kept(struct store *store, struct names *names)
{
    bool has_all = true;

    for (size_t i = 0; i < names->n; i++) {
        struct name *name = &names->out[i];

        name->name = arena_string(
            names->arena, name_cache_find(store->names, names->people[i],
                                          &name->shows_name));
        has_all &= name->name != NULL;
    }
    return has_all;
}

void store_names_get(struct store *store, struct task *task, struct names *names)
{
    names->store = store;
    names->epoch = name_cache_epoch(store->names);
    if (find_kept(store, names))
        return;
    struct query *query = query_new(
        store->pool, task,
        "select i.idx::integer, p.name, p.shows_name"
        " from unnest($1::bigint[]) with ordinality i(person, idx)"
        " join person p on p.id = i.person");

    query_bind_int64_array(query, names->people, names->n);
    query_send(query, read_names, names);
}

uint64_t store_names_epoch(const struct store *store)
{
    return name_cache_epoch(store->names);
}

static bool read_id(struct rows *rows, void *out, struct error *err)
{
    if (!rows_next(rows))
        return error_set(err, PROBLEM_BROKEN, "-");
    *(int64_t *)out = rows_int64(rows);
    return true;
}

void store_session_begin(struct store *store, struct task *task, int64_t person,
                         int64_t expires_at, int64_t *id_out)
{
    struct query *query = query_new(
        store->pool, task,
        "insert into session (person, expires_at) values ($1, $2) returning id");

    query_bind_int64(query, person);
    query_bind_int64(query, expires_at);
    query_send(query, read_id, id_out);
}

static bool read_renewal(struct rows *rows, void *out, struct error *err)
{
    struct renewal *renewal = out;

    (void)err;
    renewal->outcome = RENEW_ENDED;
    if (!rows_next(rows))
        return true;
    renewal->outcome = rows_int32(rows);
    renewal->generation = rows_int32(rows);
    renewal->person = rows_int64(rows);
    renewal->name = arena_string(renewal->arena, rows_text(rows));
    return true;
}

void store_session_renew(struct store *store, struct task *task, struct renewal *renewal)
{
    struct query *query = query_new(store->pool, task,
                                    "select outcome, generation, person, name"
                                    " from renew_session($1, $2)");

    query_bind_int64(query, renewal->session);
    query_bind_int32(query, renewal->generation);
    query_send(query, read_renewal, renewal);
}

void store_session_end(struct store *store, struct task *task, int64_t session)
{
    struct query *query = query_new(store->pool, task, "select end_session($1)");

    query_bind_int64(query, session);
    query_send(query, NULL, NULL);
    revoked_add(&store->revoked, session, store_now(store));
}

/* This process does not wait for its own notices. */
static bool read_ended(struct rows *rows, void *out, struct error *err)
{
    struct store *store = out;

    (void)err;
    while (rows_next(rows))
        revoked_add(&store->revoked, rows_int64(rows), store_now(store));
    return true;
}

/* Those that are over by themselves are left alone, but for as long as an access token of
 * theirs can live.  They are locked in order, so that two who do this at once do not wait for
 * each other. */
void store_sessions_end(struct store *store, struct task *task, int64_t person)
{
    struct query *query =
        query_new(store->pool, task,
                  "with alive as (select id from session where person = $1"
                  " and revoked_at is null and expires_at > now_ms() - 7500000"
                  " order by id for update),"
                  " ended as (update session s set revoked_at = now_ms() from alive"
                  " where s.id = alive.id returning s.id)"
                  " select id from ended, pg_notify('jingda_session', id::text)");

    query_bind_int64(query, person);
    query_send(query, read_ended, store);
}

bool store_session_is_over(const struct store *store, int64_t session)
{
    return revoked_has(&store->revoked, session);
}

static bool read_organizer(struct rows *rows, void *out, struct error *err)
{
    struct organizer *organizer = out;

    if (!rows_next(rows))
        return error_set(err, PROBLEM_TOKEN_BAD);
    organizer->key = rows_int32(rows);
    organizer->union_id = rows_int32(rows);
    organizer->label = arena_string(organizer->arena, rows_text(rows));
    return true;
}

void store_organizer_find(struct store *store, struct task *task, const uint8_t *hash,
                          size_t n, struct organizer *out)
{
    struct query *query = query_new(store->pool, task,
                                    "select id, coalesce(union_id, 0), label from api_key"
                                    " where hash = $1 and revoked_at is null");

    query_bind_bytes(query, hash, n);
    query_send(query, read_organizer, out);
}
