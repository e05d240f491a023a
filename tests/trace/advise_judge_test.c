/* SPDX-License-Identifier: MIT */
/* What advise reads in other commands' JSON, and what it decides from figures that are given. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands/advise_judge.h"
#include "commands/advise_read.h"
#include "report/advise_text.h"

static char *command[] = {"program", "argument", NULL};
static struct advise_report report;

/* A program of 2 s, a fifth of it malloc, that runs on glibc; two others were tried. */
static void begin(void)
{
    advise_report_start(&report, command);
    report.seconds = 60;
    report.wall_s = report.cpu_s = 2;
    report.system_s = 0.1;
    report.max_rss_kb = 1e5;
    report.samples = 2000;
    report.malloc = (struct estimate){0.2, 0.18, 0.22};
    report.allocators[0] = (struct advise_allocator){"glibc", 0.2, 0};
    report.allocator_count = 1;
    report.is_replaced = 1;
    report.tried_count = 2;
    report.tried[0] = (struct advise_tried){.name = "one", .library = "/one.so", .faster = 1.01};
    report.tried[1] = (struct advise_tried){.name = "two", .library = "/two.so", .faster = 1.1};
    report.choice_rounds = 3;
}

/* Measured: faster by so much, against a control of [0.99, 1.01]. */
static enum advise_verdict judged(double low, double value, double high)
{
    report.best = advise_choose(&report);
    report.measured.rounds = 12;
    report.measured.faster = (struct estimate){value, low, high};
    report.measured.memory = (struct estimate){1, 1, 1};
    report.measured.control = (struct estimate){1, 0.99, 1.01};
    report.measured.alone_s = 2;
    report.measured.alone_system_s = report.measured.system_s = 0.1;
    advise_judge(&report);
    return report.verdict;
}

/* The advice as text, which stays on one screen of 80 columns. */
static const char *printed(void)
{
    static char text[8192];
    size_t lines = 0;
    FILE *stream = fmemopen(text, sizeof text, "w");
    advise_print_text(&report, stream);
    fclose(stream);
    for (const char *line = text; *line; lines++) {
        size_t length = strcspn(line, "\n");
        assert_in_range(length, 0, 80);
        line += length + (line[length] == '\n');
    }
    assert_in_range(lines, 1, ADVISE_LINES);
    return text;
}

static void assert_said(const char *words)
{
    char *text = strdup(printed());
    for (char *c = text; *c; c++) /* whatever line they break at */
        *c = *c == '\n' ? ' ' : *c;
    for (char *blanks; (blanks = strstr(text, "   ")) != NULL;)
        memmove(blanks, blanks + 2, strlen(blanks + 2) + 1);
    if (!strstr(text, words))
        print_message("no '%s' in: %s\n", words, text);
    assert_non_null(strstr(text, words));
    free(text);
}

static void by_the_interval(void **state)
{
    begin();
    assert_int_equal(judged(1.06, 1.07, 1.08), ADVISE_SWITCH);
    assert_said("Switch to two: 7.0 % faster [6.0, 8.0], as much memory");
    assert_said("LD_PRELOAD=/two.so");
    assert_false(report.is_indirect);
    assert_int_equal(judged(1.005, 1.07, 1.12), ADVISE_NOT_SURE); /* overlaps the control */
    assert_said("--seconds 320.");                                /* 60 s, times (0.115 / 0.05)^2 */
    assert_int_equal(judged(1.011, 1.015, 1.02), ADVISE_NOT_WORTH); /* true, and too little */
    assert_int_equal(judged(0.995, 1.008, 1.02), ADVISE_NOT_WORTH);
    assert_said("two, is 0.8 % faster [-0.5, 2.0], as much as");
    assert_int_equal(judged(0.9, 0.95, 0.97), ADVISE_NOT_WORTH);
    assert_said("two, is 5.0 % slower [3.0, 10.0].");
    assert_int_equal(judged(0.8, 1, 1.2), ADVISE_NOT_SURE);
    assert_int_equal(judged(NAN, 1.5, NAN), ADVISE_NOT_SURE);
}

static void a_noisy_control(void **state)
{
    begin();
    judged(1.06, 1.07, 1.08);
    report.measured.control.high = 1.065;
    advise_judge(&report);
    assert_int_equal(report.verdict, ADVISE_NOT_SURE);
}

static void memory_pays(void **state)
{
    begin();
    judged(1.06, 1.07, 1.08);
    report.measured.memory = (struct estimate){1.4, 1.39, 1.41};
    assert_said("paid for with 40.0 % more memory [39.0, 41.0]");
    report.measured.memory = (struct estimate){0.97, 0.96, 0.98};
    assert_said("[6.0, 8.0], 3.0 % less memory [2.0, 4.0]");
}

/* All of malloc's time is 0.44 s at most; 2 s that become 1.25 are more. */
static void more_than_malloc_took(void **state)
{
    begin();
    assert_int_equal(judged(1.6, 1.7, 1.8), ADVISE_SWITCH);
    assert_true(report.is_indirect);
    assert_said("own accesses to memory must have become faster");
    report.measured.alone_user_s = 1.9;
    report.measured.user_s = 1.6; /* the rest of the time others had the processor */
    advise_judge(&report);
    assert_false(report.is_indirect);
    report.measured.user_s = 1.2;
    advise_judge(&report);
    assert_true(report.is_indirect);
    report.metric = "(.)"; /* of a figure it isn't known what it is time of */
    advise_judge(&report);
    assert_false(report.is_indirect);
}

static void no_malloc(void **state)
{
    begin();
    report.malloc = (struct estimate){0.004, 0.002, 0.008};
    report.system_s = 0.01;
    assert_int_equal(judged(0.9, 1, 1.2), ADVISE_NO_MALLOC);
    assert_said("No malloc can help: malloc is 0.4 % [0.2, 0.8] of the time");
    assert_int_equal(judged(1.1, 1.15, 1.2), ADVISE_SWITCH); /* but if it does, it does */
    report.system_s = 0.5;                                   /* the kernel's work may be malloc's */
    assert_int_equal(judged(0.9, 1, 1.2), ADVISE_NOT_SURE);
    report.kernel_for_malloc = 0.001; /* but is not */
    assert_int_equal(judged(0.9, 1, 1.2), ADVISE_NO_MALLOC);
    report.kernel_for_malloc = 0.1;
    assert_int_equal(judged(0.9, 1, 1.2), ADVISE_NOT_SURE);
    report.kernel_for_malloc = NAN;
    report.cpu_s = 0.02;
    report.system_s = 0.01;
    report.malloc = (struct estimate){NAN, NAN, NAN};
    assert_int_equal(judged(0.9, 1, 1.2), ADVISE_NO_MALLOC);
    assert_said("waits most of the time");
}

static void fixed(void **state)
{
    begin();
    report.is_replaced = 0;
    assert_int_equal(judged(1.1, 1.2, 1.3), ADVISE_FIXED);
    assert_said("linked statically");
    begin();
    report.allocators[0].stays = 0.19;
    assert_true(advise_is_fixed(&report));
    report.allocators[0].stays = 0.1; /* half of it went: two allocators */
    assert_false(advise_is_fixed(&report));
    judged(1.06, 1.07, 1.08);
    assert_said("glibc, of which 10.0 % stay when another is preloaded");
}

static void what_can_not_be_compared(void **state)
{
    begin();
    report.wall_s = 0.04;
    assert_int_equal(judged(1.1, 1.2, 1.3), ADVISE_TOO_SHORT);
    begin();
    strcpy(report.alone_failure, "exit code 3 in round 1");
    assert_int_equal(judged(1.1, 1.2, 1.3), ADVISE_NOT_AGAIN);
    assert_said("It can't be repeated: exit code 3 in round 1");
    begin();
    strcpy(report.tried[0].failure, "exit code 1");
    strcpy(report.tried[1].failure, "exit code 1");
    report.best = advise_choose(&report);
    assert_int_equal(report.best, ADVISE_NONE);
    advise_judge(&report);
    assert_int_equal(report.verdict, ADVISE_NOT_WORTH);
    assert_said("fails under every other allocator");
}

static void cut_short(void **state)
{
    begin();
    report.interrupted = true;
    report.choice_rounds = 0;
    report.tried[0].faster = report.tried[1].faster = NAN;
    advise_judge(&report);
    assert_int_equal(report.verdict, ADVISE_UNKNOWN);
    assert_said("Interrupted: the advice is from what was done by then. Other allocators were not");
    begin();
    report.interrupted = true;
    report.best = 1;
    advise_judge(&report);
    assert_int_equal(report.verdict, ADVISE_UNKNOWN);
    assert_said("two was the best in 3 rounds");
}

/* Whatever stands in it, it is one screen, and what others wrote reaches it safely. */
static void one_screen(void **state)
{
    begin();
    report.tried_count = ADVISE_TRIED_MAX;
    for (size_t i = 2; i < ADVISE_TRIED_MAX; i++) {
        report.tried[i] = (struct advise_tried){.faster = 1 - 0.01 * (double)i, .memory = 1};
        snprintf(report.tried[i].name, 200, "%0150zu", i);
    }
    strcpy(report.tried[3].failure, "killed by signal 11 (Segmentation fault) in round 1");
    for (int i = 0; i < 3; i++) {
        report.sites[i] = (struct advise_site){.kind = ADVISE_SITE_REUSE, .line = 7, .time = 0.3};
        memset(report.sites[i].path, 'f', 100);
        strcpy(report.sites[i].file, "file\033[31m.c");
    }
    report.site_count = 3;
    for (int i = 0; i < ADVISE_NOTES_MAX; i++)
        advise_note(&report, "jemalloc is not installed: apt install libjemalloc2 %d", i);
    judged(1.6, 1.7, 1.8);
    assert_null(strchr(printed(), '\033'));
    assert_said(": keep one block");
    assert_null(strstr(printed(), "Note:")); /* there is no room left */
    report.site_count = 0;
    assert_said("Note: jemalloc is not installed: apt install libjemalloc2 0.");
}

static json_t *json(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    assert_non_null(root);
    return root;
}

static void read_run(void **state)
{
    json_t *root = json(
        "{\"exit_code\": 0, \"signal\": null, \"wall_s\": 2.5, \"cpu_s\": 2, \"system_s\": 0.25,"
        "\"max_rss_kb\": 1000, \"malloc\": {\"share\": 0.3, \"ci_low\": 0.2, \"ci_high\": 0.4},"
        "\"sampling\": {\"samples\": 900}, \"sources\": ["
        "{\"name\": \"a\", \"other\": null, \"group\": \"application\", \"share\": 0.7},"
        "{\"name\": \"b\", \"other\": \"go\", \"group\": \"allocator\", \"share\": 0.05},"
        "{\"name\": \"c\", \"other\": \"glibc\", \"group\": \"allocator\", \"share\": 0.125},"
        "{\"name\": \"d\", \"other\": \"glibc\", \"group\": \"allocator\", \"share\": 0.125}]}");
    advise_report_start(&report, command);
    assert_int_equal(advise_read_run(root, &report), 0);
    json_decref(root);
    assert_true(report.wall_s == 2.5 && report.cpu_s == 2 && report.system_s == 0.25);
    assert_true(report.malloc.value == 0.3 && report.malloc.low == 0.2);
    assert_int_equal(report.allocator_count, 2);
    assert_string_equal(report.allocators[0].name, "glibc"); /* the greater share first */
    assert_true(report.allocators[0].share == 0.25 && report.allocators[1].share == 0.05);
    root = json(
        "{\"programs\": 1, \"sampling\": {\"kernel_for_malloc\": true}, \"sources\": ["
        "{\"name\": \"k\", \"other\": null, \"group\": \"kernel for malloc\", \"share\": 0.03},"
        "{\"name\": \"b\", \"other\": \"go\", \"group\": \"allocator\", \"share\": 0.06},"
        "{\"name\": \"x\", \"other\": null, \"group\": \"factor\", \"share\": 0.2}]}");
    advise_read_replaced(root, &report);
    json_decref(root);
    assert_int_equal(report.is_replaced, 1);
    assert_true(report.allocators[0].stays == 0 && report.allocators[1].stays == 0.06);
    assert_true(report.kernel_for_malloc == 0.03);
    root = json("{\"programs\": null, \"sources\": []}");
    advise_read_replaced(root, &report);
    json_decref(root);
    assert_int_equal(report.is_replaced, 0);
}

/* A malloc that was not found in the first run is found in the second. */
static void read_share_on_hakmem(void **state)
{
    json_t *root = json("{\"exit_code\": 0, \"wall_s\": 1, \"malloc\": {\"share\": null},"
                        "\"sampling\": {\"samples\": 900}, \"sources\": []}");
    advise_report_start(&report, command);
    advise_read_run(root, &report);
    json_decref(root);
    assert_true(isnan(report.malloc.value));
    root =
        json("{\"programs\": 2, \"malloc\": {\"share\": 0.25, \"ci_low\": 0.2, \"ci_high\": 0.3},"
             "\"sampling\": {\"samples\": 800}, \"sources\": []}");
    advise_read_replaced(root, &report);
    assert_true(report.is_of_hakmem && report.malloc.value == 0.25 && report.samples == 800);
    begin();
    advise_read_replaced(root, &report); /* but what was found stays */
    json_decref(root);
    assert_true(report.malloc.value == 0.2 && !report.is_of_hakmem);
}

/* No samples: nothing is known of the share. Values of another kind than expected: nothing, too. */
static void read_nothing(void **state)
{
    json_t *root =
        json("{\"exit_code\": 139, \"signal\": 11, \"wall_s\": \"long\", \"sampling\": null,"
             "\"malloc\": {\"share\": 0}, \"sources\": [3, {\"other\": \"x\"}]}");
    advise_report_start(&report, command);
    assert_int_equal(advise_read_run(root, &report), 11);
    advise_read_callers(root, &report);
    json_decref(root);
    assert_true(isnan(report.wall_s) && isnan(report.malloc.value));
    assert_int_equal(report.allocator_count, 0);
    assert_int_equal(report.site_count, 0);
}

static void read_callers(void **state)
{
    json_t *root =
        json("{\"paths\": ["
             "{\"file\": \"/src/a.c\", \"line\": 3, \"frames\": [{\"function\": \"f\"}]},"
             "{\"file\": \"/src/a.c\", \"line\": 3, \"frames\": [{\"function\": \"f\"}],"
             " \"time_share\": {\"value\": 0.5}, \"call_share\": {\"value\": 0.25}},"
             "{\"file\": null, \"line\": null, \"frames\": []},"
             "{\"file\": null, \"line\": null, \"frames\": [{\"function\": \"g\"}, {\"function\": "
             "\"h\"}]}],"
             "\"by_time\": [0, 2, 3, 99],"
             "\"advice\": [{\"kind\": \"reserve\", \"path\": 1}, {\"kind\": \"new kind\", "
             "\"path\": 0}]}");
    advise_report_start(&report, command);
    advise_read_callers(root, &report);
    json_decref(root);
    assert_int_equal(report.site_count, 2); /* one path is one site, and nobody is none */
    assert_int_equal(report.sites[0].kind, ADVISE_SITE_RESERVE);
    assert_string_equal(report.sites[0].file, "a.c");
    assert_string_equal(report.sites[1].path, "g < h");
    assert_true(report.sites[0].time == 0.5 && report.sites[0].calls == 0.25);
    assert_int_equal(report.sites[1].kind, ADVISE_SITE_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_the_interval),
        cmocka_unit_test(a_noisy_control),
        cmocka_unit_test(memory_pays),
        cmocka_unit_test(more_than_malloc_took),
        cmocka_unit_test(no_malloc),
        cmocka_unit_test(fixed),
        cmocka_unit_test(what_can_not_be_compared),
        cmocka_unit_test(cut_short),
        cmocka_unit_test(one_screen),
        cmocka_unit_test(read_run),
        cmocka_unit_test(read_share_on_hakmem),
        cmocka_unit_test(read_nothing),
        cmocka_unit_test(read_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
