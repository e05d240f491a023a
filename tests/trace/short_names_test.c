/* SPDX-License-Identifier: MIT */
/* How the columns of a suite name their allocators. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/compare_cells.h"
#include "report/compare_short_name.h"

static struct compare_report report;

/* The first stands twice, as the control. */
static void list(size_t count, const char *const *names)
{
    report.row_count = 0;
    for (size_t i = 0; i < count; i++) {
        for (int times = i == 0 ? 2 : 1; times > 0; times--)
            snprintf(report.rows[report.row_count++].name, sizeof report.rows[0].name, "%s",
                     names[i]);
    }
}

static void expect(size_t count, const char *const *names, const char *const *shorts)
{
    list(count, names);
    for (size_t i = 0; i < count; i++) {
        char name[COMPARE_SHORT_BYTES];
        compare_short_name(&report, i ? i + 1 : 0, name);
        assert_string_equal(name, shorts[i]);
    }
}

static void without_lib_and_so(void **state)
{
    static const char *const names[] = {"hakmem", "libmimalloc3.so", "libx.so.2.0",
                                        "plain",  "lib.so",          "libc.so.6"};
    static const char *const shorts[] = {"hakmem", "mimalloc3", "x", "plain", "lib", "libc"};
    expect(6, names, shorts);
}

static void versions_of_one_library(void **state)
{
    static const char *const names[] = {"libmimalloc.so.2", "libmimalloc.so.3", "glibc"};
    static const char *const shorts[] = {"libmimalloc.so.2", "libmimalloc.so.3", "glibc"};
    expect(3, names, shorts);
}

/* Rows whose files have one name are named by their paths. */
static void one_name_in_several_folders(void **state)
{
    static const char *const names[] = {"/opt/two/lib/libmi.so", "/opt/three/lib/libmi.so",
                                        "glibc"};
    static const char *const shorts[] = {"two", "three", "glibc"};
    expect(3, names, shorts);
    static const char *const near[] = {"/a/libmi.so", "/libmi.so", "/opt/a/libmi.so"};
    static const char *const near_shorts[] = {"mi", "mi", "opt"};
    expect(3, near, near_shorts);
}

static void room_for_a_name(void **state)
{
    char text[9];
    compare_name_text("tcmalloc", 8, text);
    assert_string_equal(text, "tcmalloc");
    compare_name_text("mimalloc-3.4", 8, text);
    assert_string_equal(text, "..oc-3.4");
    compare_name_text("a\033[1m", 8, text);
    assert_string_equal(text, "a?[1m");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_lib_and_so),
        cmocka_unit_test(versions_of_one_library),
        cmocka_unit_test(one_name_in_several_folders),
        cmocka_unit_test(room_for_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
