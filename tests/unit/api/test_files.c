#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/files.h"
#include "util/text.h"

static char folder[64];
static struct files *files;

static void put(const char *path, const char *bytes)
{
    TEXT(full);

    text_printf(&full, "%s/%s", folder, path);
    for (char *p = full.data + strlen(folder) + 1; (p = strchr(p, '/')); *p++ = '/') {
        *p = '\0';
        mkdir(full.data, 0755);
    }
    FILE *stream = fopen(full.data, "w");
    assert_non_null(stream);
    fputs(bytes, stream);
    fclose(stream);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), P_tmpdir "/jingda-files-XXXXXX");
    files = files_new();
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[100];

    (void)state;
    files_free(files);
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    return system(command);
}

static void a_tree_is_found_by_its_names(void **state)
{
    (void)state;
    put("app/index.html", "<p>");
    put("app/static/a/b.png", "png");
    put("other/x.js", "x");
    files_add_tree(files, folder, "app");
    const struct file *page = files_find(files, "app/index.html");
    assert_non_null(page);
    assert_string_equal(page->content_type, "text/html; charset=utf-8");
    assert_int_equal(page->plain.size, 3);
    assert_string_equal(page->plain.bytes, "<p>");
    assert_null(page->gzip.bytes);
    assert_string_equal(files_find(files, "app/static/a/b.png")->content_type, "image/png");
    assert_null(files_find(files, "other/x.js"));
    assert_null(files_find(files, "app"));
    assert_null(files_find(files, "app/index.htm"));
}

static void what_lies_beside_as_gz_is_another_form_of_it(void **state)
{
    (void)state;
    put("app/assets/a.js", "plain");
    put("app/assets/a.js.gz", "small");
    put("app/assets/alone.js.gz", "small");
    files_add_tree(files, folder, "app");
    const struct file *script = files_find(files, "app/assets/a.js");
    assert_string_equal(script->plain.bytes, "plain");
    assert_string_equal(script->gzip.bytes, "small");
    assert_int_not_equal(script->plain.tag, script->gzip.tag);
    assert_null(files_find(files, "app/assets/a.js.gz"));
    assert_null(files_find(files, "app/assets/alone.js"));
    assert_null(files_find(files, "app/assets/alone.js.gz"));
}

static void hidden_and_linked_files_are_passed_over(void **state)
{
    char link[200];

    (void)state;
    put("app/.secret", "x");
    put("app/.git/config", "x");
    put("outside/key", "x");
    snprintf(link, sizeof(link), "%s/app/link", folder);
    assert_int_equal(symlink("../outside/key", link), 0);
    snprintf(link, sizeof(link), "%s/app/tree", folder);
    assert_int_equal(symlink("../outside", link), 0);
    files_add_tree(files, folder, "app");
    assert_null(files_find(files, "app/.secret"));
    assert_null(files_find(files, "app/.git/config"));
    assert_null(files_find(files, "app/link"));
    assert_null(files_find(files, "app/tree/key"));
}

static void no_more_than_a_thousand_files_are_taken(void **state)
{
    char name[64];
    int n = 0;

    (void)state;
    for (int i = 0; i < 1100; i++) {
        snprintf(name, sizeof(name), "app/%d.txt", i);
        put(name, "x");
    }
    files_add_tree(files, folder, "app");
    for (int i = 0; i < 1100; i++) {
        snprintf(name, sizeof(name), "app/%d.txt", i);
        n += files_find(files, name) != NULL;
    }
    assert_int_equal(n, 1000);
}

static void a_tree_that_is_not_there_is_empty(void **state)
{
    (void)state;
    files_add_tree(files, folder, "app");
    files_add_tree(files, "/nowhere", "app");
    files_add(files, "index.html", folder, "index.html");
    assert_null(files_find(files, "app/index.html"));
    assert_null(files_find(files, "index.html"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_tree_is_found_by_its_names),
        TEST(what_lies_beside_as_gz_is_another_form_of_it),
        TEST(hidden_and_linked_files_are_passed_over),
        TEST(no_more_than_a_thousand_files_are_taken),
        TEST(a_tree_that_is_not_there_is_empty),
    };

    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
