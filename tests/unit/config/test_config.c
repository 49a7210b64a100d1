#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "log/log.h"

static struct config config;
static char file[64];

static const char *const names[] = {
    "JINGDA_CONFIG",    "DATABASE_URL",  "JINGDA_DATABASE_URL",
    "JINGDA_ADDRESS",   "JINGDA_PORT",   "JINGDA_VAR",
    "JINGDA_LOG_LEVEL", "JINGDA_SCHEMA", "JINGDA_CLOCK_OFFSET_MS",
};

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
    snprintf(file, sizeof(file), P_tmpdir "/jingda-config-XXXXXX");
    int fd = mkstemp(file);
    if (fd < 0)
        return -1;
    close(fd);
    config = (struct config){ 0 };
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    config_done(&config);
    unlink(file);
    return 0;
}

static void write_file(const char *text)
{
    FILE *stream = fopen(file, "w");

    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static void read_all(void)
{
    struct error err;

    if (!config_read(file, &config, &err))
        fail_msg("%s", err.detail[ENGLISH]);
}

static void everything_has_a_default(void **state)
{
    struct error err;

    (void)state;
    assert_true(config_read(NULL, &config, &err));
    assert_null(config.database_url);
    assert_string_equal(config.address, "127.0.0.1");
    assert_int_equal(config.port, 8080);
    assert_string_equal(config.var, "var");
    assert_null(config.secret_file);
    assert_string_equal(config.schema, "schema");
    assert_string_equal(config.log, "-");
    assert_int_equal(config.log_level, LOG_INFO);
    assert_int_equal(config.access_log, ACCESS_LOG_ERRORS);
    assert_int_equal(config.clock_offset_ms, 0);
}

static void a_file_overrides_the_defaults(void **state)
{
    (void)state;
    write_file("# settings\n\n  port=9000\naddress = 0.0.0.0 \r\n"
               "database_url = postgresql://a:b@c/d?x=y\n\taccess_log\t=\tall\n"
               "clock_offset_ms = -86400000\nlog_level = debug");
    read_all();
    assert_int_equal(config.port, 9000);
    assert_string_equal(config.address, "0.0.0.0");
    assert_string_equal(config.database_url, "postgresql://a:b@c/d?x=y");
    assert_int_equal(config.access_log, ACCESS_LOG_ALL);
    assert_int_equal(config.clock_offset_ms, -86400000);
    assert_int_equal(config.log_level, LOG_DEBUG);
}

static void the_environment_overrides_the_file(void **state)
{
    (void)state;
    write_file("port = 9000\naddress = 0.0.0.0\n");
    setenv("JINGDA_PORT", "9001", 1);
    setenv("DATABASE_URL", "one", 1);
    read_all();
    assert_int_equal(config.port, 9001);
    assert_string_equal(config.address, "0.0.0.0");
    assert_string_equal(config.database_url, "one");
}

static void our_own_name_of_a_variable_goes_first(void **state)
{
    (void)state;
    setenv("DATABASE_URL", "one", 1);
    setenv("JINGDA_DATABASE_URL", "two", 1);
    read_all();
    assert_string_equal(config.database_url, "two");
}

static void the_file_may_be_named_by_the_environment(void **state)
{
    struct error err;

    (void)state;
    write_file("port = 9002\n");
    setenv("JINGDA_CONFIG", file, 1);
    assert_true(config_read(NULL, &config, &err));
    assert_int_equal(config.port, 9002);
}

static void the_command_line_overrides_all(void **state)
{
    struct error err;

    (void)state;
    setenv("JINGDA_PORT", "9001", 1);
    read_all();
    assert_true(config_set_option(&config, "port", "0", "--port", &err));
    assert_int_equal(config.port, 0);
}

static void what_may_hold_a_password_is_no_option(void **state)
{
    struct error err;

    (void)state;
    read_all();
    assert_true(config_is_setting("database_url"));
    assert_false(config_is_setting("help"));
    assert_false(config_is_setting(""));
    assert_true(config_set_option(&config, "secret_file", "s", "--secret-file", &err));
    assert_false(config_set_option(&config, "database_url", "host=a password=b",
                                   "--database-url", &err));
    assert_non_null(strstr(err.detail[ENGLISH], "JINGDA_DATABASE_URL"));
    assert_null(strstr(err.detail[ENGLISH], "password=b"));
}

/* An empty variable, as a compose file passes for one that is not set, is no value. */
static void an_empty_value_means_the_default(void **state)
{
    (void)state;
    write_file("schema =\ndatabase_url =\n");
    setenv("JINGDA_ADDRESS", "", 1);
    setenv("JINGDA_PORT", "", 1);
    read_all();
    assert_string_equal(config.address, "127.0.0.1");
    assert_int_equal(config.port, 8080);
    assert_string_equal(config.schema, "schema");
    assert_null(config.database_url);
}

static void assert_wrong(const char *text, const char *said)
{
    struct error err = { 0 };

    write_file(text);
    if (config_read(file, &config, &err))
        fail_msg("%s is taken", text);
    assert_int_equal(err.problem, PROBLEM_SETTING);
    if (!strstr(err.detail[ENGLISH], said) || !strstr(err.detail[ENGLISH], file))
        fail_msg("%s", err.detail[ENGLISH]);
    config_done(&config);
}

static void a_mistake_in_the_file_is_told_with_its_line(void **state)
{
    (void)state;
    assert_wrong("port = 1\nport = x\n", ":2: \"x\" is not a value for port");
    assert_wrong("\n\nprot = 1\n", ":3: there is no setting \"prot\"");
    assert_wrong("port\n", ":1: expected \"key = value\"");
    assert_wrong("= 1\n", ":1: there is no setting \"\"");
    assert_wrong("PORT = 1\n", ":1: there is no setting \"PORT\"");
}

static void numbers_are_whole_and_in_range(void **state)
{
    static const char *const bad[] = {
        "-1", "65536", "80x", "8 0", "0x50", "80.5", "99999999999999999999"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char text[64];

        snprintf(text, sizeof(text), "port = %s\n", bad[i]);
        assert_wrong(text, "is not a value for port");
    }
    assert_wrong("connections = 0\n", "connections");
    assert_wrong("log_level = loud\n", "log_level");
}

static void a_mistake_in_a_variable_is_told_with_its_name(void **state)
{
    struct error err;

    (void)state;
    setenv("JINGDA_PORT", "many", 1);
    assert_false(config_read(NULL, &config, &err));
    assert_non_null(strstr(err.detail[ENGLISH], "JINGDA_PORT"));
}

static void a_file_that_is_not_there_is_told(void **state)
{
    struct error err;

    (void)state;
    assert_false(config_read("/nowhere/at/all", &config, &err));
    assert_int_equal(err.problem, PROBLEM_FILE_UNREADABLE);
    assert_non_null(strstr(err.detail[ENGLISH], "/nowhere/at/all"));
}

static void a_line_too_long_is_a_mistake_and_not_two_lines(void **state)
{
    static char text[6000];

    (void)state;
    memset(text, ' ', sizeof(text) - 1);
    memcpy(text, "var = x", 7);
    memcpy(text + 4200, "port = 9000", 11);
    assert_wrong(text, ":1: ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_has_a_default),
        TEST(a_file_overrides_the_defaults),
        TEST(the_environment_overrides_the_file),
        TEST(our_own_name_of_a_variable_goes_first),
        TEST(the_file_may_be_named_by_the_environment),
        TEST(the_command_line_overrides_all),
        TEST(what_may_hold_a_password_is_no_option),
        TEST(an_empty_value_means_the_default),
        TEST(a_mistake_in_the_file_is_told_with_its_line),
        TEST(numbers_are_whole_and_in_range),
        TEST(a_mistake_in_a_variable_is_told_with_its_name),
        TEST(a_file_that_is_not_there_is_told),
        TEST(a_line_too_long_is_a_mistake_and_not_two_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
