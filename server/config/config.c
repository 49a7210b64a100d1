#include "config/config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


enum kind { STRING, INT, INT64, NAME };

static const char *const level_names[] = { "debug", "info", "warn", "error", NULL };
static const char *const access_names[] = { "all", "errors", "off", NULL };

static const struct setting {
    const char *key;
    enum kind kind;
    size_t offset;
    int64_t min, max;
    const char *const *names;
    const char *preset; /* NULL: unset */
    const char *meaning;
} settings[] = {
#define AT(member) offsetof(struct config, member)
    { "database_url", STRING, AT(database_url), 0, 0, NULL, NULL,
      "PostgreSQL to use; without it a private one runs under var" },
    { "address", STRING, AT(address), 0, 0, NULL, "127.0.0.1", "address to listen on" },
    { "port", INT, AT(port), 0, 65535, NULL, "8080", "port to listen on; 0 takes a free one" },
    { "var", STRING, AT(var), 0, 0, NULL, "var", "folder for what the program writes" },
    { "secret_file", STRING, AT(secret_file), 0, 0, NULL, NULL,
      "file with the secrets; made as VAR/secret when missing" },
    { "questions", STRING, AT(questions), 0, 0, NULL, "questions", "folder of the bank" },
    { "schema", STRING, AT(schema), 0, 0, NULL, "schema", "folder of the migrations" },
    { "api_docs", STRING, AT(api_docs), 0, 0, NULL, "api-docs",
      "folder of the API document and its reader" },
    { "clients", STRING, AT(clients), 0, 0, NULL, "clients/dist",
      "folder of the app and the wall, as built by make clients" },
    { "workers", INT, AT(workers), 1, 64, NULL, "1", "processes that serve the port" },
    { "connections", INT, AT(connections), 1, 64, NULL, "4",
      "connections to PostgreSQL of each worker" },
    { "max_connections", INT, AT(max_connections), 10, 1000000, NULL, "20000",
      "clients connected at once" },
    { "max_requests", INT, AT(max_requests), 10, 1000000, NULL, "8192",
      "requests in flight; beyond it 503" },
    { "max_watchers", INT, AT(max_watchers), 1, 1000000, NULL, "8000",
      "clients that watch a wall, at most half of max_connections; beyond it 503" },
    { "trusted_proxy", STRING, AT(trusted_proxy), 0, 0, NULL, NULL,
      "address of the proxy whose X-Forwarded-For is believed" },
    { "log", STRING, AT(log), 0, 0, NULL, "-", "log file; - is standard error" },
    { "log_level", NAME, AT(log_level), 0, 0, level_names, "info",
      "debug, info, warn or error" },
    { "access_log", NAME, AT(access_log), 0, 0, access_names, "errors",
      "requests that are logged: all, errors or off" },
    { "clock_offset_ms", INT64, AT(clock_offset_ms), -4000000000000, 4000000000000, NULL,
      "0", "tests only: shifts the clock of the database sessions" },
#undef AT
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static const struct setting *find(const char *key)
{
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (!strcmp(settings[i].key, key))
            return &settings[i];
    return NULL;
}

bool config_is_setting(const char *key)
{
    return find(key);
}

static bool wrong(struct error *err, const char *source, int line, const char *zh,
                  const char *en)
{
    char where[200];

    snprintf(where, sizeof(where), line ? "%.180s:%d" : "%.180s", source, line);
    return error_set(err, PROBLEM_SETTING, where, zh, en);
}

static bool read_number(const struct setting *setting, const char *value, int64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(value, &end, 10);
    return !errno && end != value && !*end && *out >= setting->min && *out <= setting->max;
}

static int name_index(const char *const *names, const char *value)
{
    for (int i = 0; names[i]; i++)
        if (!strcmp(names[i], value))
            return i;
    return -1;
}

/* An empty value means the default, as if nothing had been said. */
static bool put(struct config *config, const struct setting *setting, const char *value)
{
    char *place = (char *)config + setting->offset;
    int64_t number;

    if (!*value)
        value = setting->preset;
    switch (setting->kind) {
    case STRING:
        *(const char **)place = arena_string(&config->arena, value);
        return true;
    case NAME:
        *(int *)place = name_index(setting->names, value);
        return *(int *)place >= 0;
    case INT:
    case INT64:
        if (!read_number(setting, value, &number))
            return false;
        if (setting->kind == INT)
            *(int *)place = (int)number;
        else
            *(int64_t *)place = number;
    }
    return true;
}

static bool set(struct config *config, const char *key, const char *value,
                const char *source, int line, struct error *err)
{
    const struct setting *setting = find(key);
    char zh[200], en[200];

    if (!setting) {
        snprintf(zh, sizeof(zh), "没有名为“%.60s”的设置", key);
        snprintf(en, sizeof(en), "there is no setting \"%.60s\"", key);
        return wrong(err, source, line, zh, en);
    }
    if (put(config, setting, value))
        return true;
    snprintf(zh, sizeof(zh), "%s 的值“%.60s”不对（%s）", key, value, setting->meaning);
    snprintf(en, sizeof(en), "\"%.60s\" is not a value for %s (%s)", value, key,
             setting->meaning);
    return wrong(err, source, line, zh, en);
}

bool config_set_option(struct config *config, const char *key, const char *value,
                       const char *word, struct error *err)
{
    if (!strcmp(key, "database_url"))
        return wrong(err, word, 0,
                     "命令行人人可见，而它可能带有密码：请用 JINGDA_DATABASE_URL 或设置文件",
                     "a command line is seen by everybody, and this may hold a password: "
                     "use JINGDA_DATABASE_URL or a file");
    return set(config, key, value, word, 0, err);
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1]))
        text[--n] = '\0';
    return text;
}

static bool read_line(struct config *config, char *text, const char *file, int line,
                      struct error *err)
{
    char *key = trimmed(text), *equals = strchr(key, '=');

    if (!*key || *key == '#')
        return true;
    if (!equals)
        return wrong(err, file, line, "应写成“设置 = 值”", "expected \"key = value\"");
    *equals = '\0';
    return set(config, trimmed(key), trimmed(equals + 1), file, line, err);
}

static bool read_file(struct config *config, const char *file, struct error *err)
{
    FILE *stream = fopen(file, "re");
    char line[4096];
    bool ok = true;

    if (!stream)
        return error_set(err, PROBLEM_FILE_UNREADABLE, file, strerror(errno));
    for (int n = 1; ok && fgets(line, sizeof(line), stream); n++)
        ok = strlen(line) == sizeof(line) - 1
                 ? wrong(err, file, n, "这一行太长", "this line is too long")
                 : read_line(config, line, file, n, err);
    fclose(stream);
    return ok;
}

static bool read_environment(struct config *config, struct error *err)
{
    for (size_t i = 0; i < N_SETTINGS; i++) {
        char name[64] = "JINGDA_";
        size_t n = strlen(name);

        for (const char *p = settings[i].key; *p; p++)
            name[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
        name[n] = '\0';
        const char *value = getenv(name);
        if (!strcmp(settings[i].key, "database_url") && !value)
            value = getenv("DATABASE_URL");
        if (value && !set(config, settings[i].key, value, name, 0, err))
            return false;
    }
    return true;
}

bool config_read(const char *file, struct config *out, struct error *err)
{
    *out = (struct config){ 0 };
    arena_init(&out->arena);
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (settings[i].preset && !put(out, &settings[i], settings[i].preset))
            return wrong(err, settings[i].key, 0, "默认值不对", "bad default");
    if (!file)
        file = getenv("JINGDA_CONFIG");
    if (file && !read_file(out, file, err))
        return false;
    if (!read_environment(out, err))
        return false;
    return true;
}

void config_done(struct config *config)
{
    arena_done(&config->arena);
}

void config_help(void)
{
    printf("\nSettings (file of \"key = value\" lines by --config FILE or JINGDA_CONFIG; "
           "environment\nJINGDA_KEY; option --key VALUE, but for database_url; later ones win):\n");
    for (size_t i = 0; i < N_SETTINGS; i++)
        printf("  %-16s %s%s%s%s\n", settings[i].key, settings[i].meaning,
               settings[i].preset ? " [" : "", settings[i].preset ? settings[i].preset : "",
               settings[i].preset ? "]" : "");
}
