/* SPDX-License-Identifier: MIT */
/* What top shows of readings that were made up, and how it stands on the page. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "report/top_json.h"
#include "report/top_list.h"
#include "report/top_page.h"

static struct top_grid grid;
static struct top_history history;
static struct top_window window;
static struct top_moment moment;
static struct top_target target = {
    .pid = 4711,
    .program = "/usr/bin/a\033[31mname",
    .allocator = "hakmem",
    .is_hakmem = true,
    .event = "cpu-clock",
    .frequency = 199,
    .latencies = true,
    .interval_s = 1,
};

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void set_source(struct top_reading *reading, const char *name, enum report_group group,
                       double weight)
{
    struct top_source_reading *source = &reading->sources[reading->source_count++];
    snprintf(source->name, sizeof source->name, "%s", name);
    source->group = group;
    source->weight = weight;
}

static void set_class(struct top_reading *reading, const char *name, uint64_t bytes,
                      uint64_t mallocs, uint64_t frees)
{
    struct top_class_reading *class = &reading->classes[reading->class_count++];
    *class = (struct top_class_reading){.bytes = bytes, .mallocs = mallocs, .frees = frees};
    snprintf(class->name, sizeof class->name, "%s", name);
}

static struct top_event_reading *set_event(struct top_reading *reading, const char *name,
                                           double counted)
{
    struct top_event_reading *event = &reading->events[reading->event_count++];
    *event = (struct top_event_reading){.name = name, .unit = "ns", .counted = counted};
    return event;
}

/* At 10 s. */
static void first(struct top_reading *reading)
{
    *reading = (struct top_reading){
        .at_s = 10,
        .cpu_s = 5,
        .own_cpu_s = 1,
        .minor_faults = 100,
        .threads = 2,
        .counted = true,
        .operations = 1000,
        .samples = 50,
        .kernel_sampled = true,
        .separated = true,
        .sample_cost_s = 0.01,
    };
    reading->thread[0] = (struct top_thread_reading){4711, "main", 1000000000};
    reading->thread[1] = (struct top_thread_reading){4712, "worker", 2000000000};
    reading->thread_count = 2;
    set_source(reading, "application", REPORT_APPLICATION, 40);
    set_source(reading, "cache", REPORT_FACTOR, 10);
    set_class(reading, "16", 16, 500, 400);
    set_class(reading, "64", 64, 0, 0);
    set_class(reading, "huge", 0, 1, 0);
    struct top_event_reading *refill = set_event(reading, "refill", 100);
    refill->watched = true;
    refill->count = 10;
    refill->total = 1000;
    refill->buckets[6] = 10;
    set_event(reading, "purge", NAN);
}

/* Two seconds later. */
static void second(struct top_reading *reading)
{
    first(reading);
    reading->at_s = 12;
    reading->cpu_s = 6;
    reading->own_cpu_s = 1.01;
    reading->minor_faults = 150;
    reading->operations = 5000;
    reading->live = 1 << 20;
    reading->retained = 2 << 20;
    reading->mapped = 3 << 20;
    reading->resident = 5 << 20;
    reading->samples = 150;
    reading->sample_cost_s = 0.03;
    reading->thread[1].cpu_ns += 1000000000;
    reading->sources[0].weight = 65;
    reading->sources[1].weight = 60;
    set_source(reading, "kernel: page faults", REPORT_KERNEL_MALLOC, 25);
    reading->classes[0].mallocs = 1500;
    reading->classes[0].frees = 1000;
    reading->classes[1].mallocs = 3000;
    reading->events[0].counted = 600;
    reading->events[0].count = 110;
    reading->events[0].total = 101000;
    reading->events[0].buckets[6] = 60;
    reading->events[0].buckets[10] = 50;
}

static int watch(void **state)
{
    static struct top_reading reading;
    moment = (struct top_moment){0};
    first(&reading);
    assert_true(top_window_add(&window, &reading));
    assert_false(top_moment(&window, 10, &moment));
    second(&reading);
    assert_true(top_window_add(&window, &reading));
    assert_true(top_moment(&window, 10, &moment));
    history.count = 0;
    top_history_add(&history, &moment);
    return 0;
}

static int forget(void **state)
{
    top_window_finish(&window);
    return 0;
}

static void rates(void **state)
{
    assert_int_equal(moment.number, 1);
    assert_true(is_near(moment.seconds, 2) && is_near(moment.at_s, 2));
    assert_true(is_near(moment.operations, 2000));
    assert_int_equal(moment.operations_now, 4000);
    assert_true(is_near(moment.cores, 0.5));
    assert_true(is_near(moment.own, 0.005));
    assert_true(is_near(moment.cost, 0.02));
    assert_true(is_near(moment.minor_faults, 25));
    assert_int_equal(moment.live, 1 << 20);
}

/* Of the 100 samples between the two, not of those before. */
static void shares(void **state)
{
    assert_int_equal(moment.source_count, 3);
    assert_string_equal(moment.sources[0].name, "application");
    assert_true(is_near(moment.sources[0].share, 0.25));
    assert_string_equal(moment.sources[1].name, "cache");
    assert_true(is_near(moment.sources[1].share, 0.5));
    assert_true(is_near(moment.malloc_share, 0.75));
    assert_int_equal(moment.samples, 100);
}

/* Three quarters of the time were the user's, which is all that the samples tell of. */
static void unsampled_kernel(void **state)
{
    window.readings[1]->kernel_sampled = false;
    window.readings[1]->user_s = 3;
    window.readings[1]->system_s = 1;
    assert_true(top_moment(&window, 10, &moment));
    assert_int_equal(moment.source_count, 4);
    assert_true(is_near(moment.malloc_share, 0.75 * 0.75));
    double sum = 0;
    for (size_t i = 0; i < moment.source_count; i++)
        sum += moment.sources[i].share;
    assert_true(is_near(sum, 1));
}

/* A share that can't be told is none. */
static void unseparated(void **state)
{
    window.readings[1]->separated = false;
    assert_true(top_moment(&window, 10, &moment));
    assert_true(isnan(moment.malloc_share) && moment.source_count == 3);
}

static void size_classes(void **state)
{
    assert_int_equal(moment.class_count, 3);
    assert_string_equal(moment.classes[0].name, "64");
    assert_true(is_near(moment.classes[0].mallocs, 1500));
    assert_string_equal(moment.classes[1].name, "16");
    assert_true(is_near(moment.classes[1].operations, 800));
    top_sort_classes(&moment, TOP_BY_LIVE);
    assert_string_equal(moment.classes[0].name, "64");
    assert_true(is_near(moment.classes[0].live, 3000 * 64));
    top_sort_classes(&moment, TOP_BY_SIZE);
    assert_string_equal(moment.classes[0].name, "16");
    assert_string_equal(moment.classes[2].name, "huge");
    assert_true(isnan(moment.classes[2].live));
}

/* Of the 100 between the two, half took 64 to 128 ns, half 1024 to 2048. */
static void latencies(void **state)
{
    assert_int_equal(moment.event_count, 2);
    assert_true(is_near(moment.events[0].per_s, 250));
    assert_true(is_near(moment.events[0].mean, 1000));
    assert_true(is_near(moment.events[0].p99, exp2(10 + 49.0 / 50)));
    assert_true(isnan(moment.events[1].per_s) && isnan(moment.events[1].mean));
}

/* Not watched any more: what was seen of it stays, and is called past. */
static void past_latencies(void **state)
{
    window.readings[1]->events[0].watched = false;
    assert_true(top_moment(&window, 10, &moment));
    assert_true(moment.events[0].past && is_near(moment.events[0].per_s, 250));
    assert_true(is_near(moment.events[0].mean, 101000.0 / 110));
    assert_true(!moment.events[1].past && isnan(moment.events[1].mean));
}

static void busiest_thread(void **state)
{
    assert_int_equal(moment.thread_count, 2);
    assert_int_equal(moment.thread[0].tid, 4712);
    assert_true(is_near(moment.thread[0].cores, 0.5));
}

/* Another program counts from its own beginning. */
static void counts_that_went_back(void **state)
{
    static struct top_reading reading;
    first(&reading);
    reading.at_s = 14;
    assert_true(top_window_add(&window, &reading));
    assert_true(top_moment(&window, 10, &moment));
    assert_int_equal(moment.operations_now, 0);
    assert_true(is_near(moment.operations, 0) && is_near(moment.minor_faults, 0));
    assert_int_equal(moment.class_count, 2);
}

/* Shares reach back until there are enough samples, and no further. */
static void window_of_samples(void **state)
{
    static struct top_reading reading;
    second(&reading);
    for (int i = 0; i < 2 * TOP_WINDOW; i++) {
        reading.at_s += 2;
        reading.samples += 300;
        reading.sources[0].weight += 300;
        assert_true(top_window_add(&window, &reading));
    }
    assert_true(top_moment(&window, 10, &moment));
    assert_int_equal(moment.samples, 1200);
    assert_true(is_near(moment.window_s, 8));
    assert_int_equal(window.count, TOP_WINDOW);
}

/* The page as text; the caller frees it. */
static char *page(int columns, int rows, const struct top_view *view, const struct top_moment *of)
{
    char *text = NULL;
    size_t bytes;
    top_grid_clear(&grid, columns, rows, false);
    top_page(&grid, &target, of, &history, view);
    FILE *stream = open_memstream(&text, &bytes);
    assert_non_null(stream);
    top_grid_print(&grid, stream);
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

static void page_of_a_terminal(void **state)
{
    struct top_view view = {.keys = true};
    char *text = page(80, 24, &view, &moment);
    static const char *const parts[] = {"a?[31mname (4711) on hakmem",
                                        "costs it 2.0 %, top 0.5 % of a core",
                                        "operations      2.0 k/s",
                                        "malloc           75.0 %",
                                        "live            1.0 MiB",
                                        "retained        2.0 MiB",
                                        "mapped          3.0 MiB",
                                        "0.50 cores",
                                        "page faults        25/s",
                                        "time by source",
                                        "cache                 50.0 % #####",
                                        "ops/s",
                                        "1.5 k",
                                        "187.5 KiB",
                                        "slow path",
                                        "refill",
                                        "1.0 us",
                                        "thread",
                                        "worker",
                                        "q quit",
                                        "s sort: ops/s"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        has(text, parts[i]);
    int lines = 0;
    for (const char *line = text; *line; lines++) {
        size_t length = strcspn(line, "\n");
        assert_in_range(length, 0, 80);
        line += length + 1;
    }
    assert_int_equal(lines, 24);
    free(text);
}

/* No size is too small to draw in. */
static void pages_of_all_sizes(void **state)
{
    while (moment.event_count < TOP_EVENTS)
        moment.events[moment.event_count++] = moment.events[0];
    for (int section = 0; section < TOP_SECTIONS; section++) {
        for (int columns = 0; columns < 240; columns += 7) {
            for (int rows = 0; rows < 140; rows += 5) {
                struct top_view view = {.section = section, .keys = true, .paused = rows % 2};
                free(page(columns, rows, &view, rows % 3 ? &moment : NULL));
            }
        }
    }
}

static void sections_alone(void **state)
{
    struct top_view view = {.section = TOP_NOTES_ALONE};
    top_note(&target, "no latencies: eBPF needs %s, which %060d", "root", 0);
    char *text = page(40, 10, &view, &moment);
    has(text, "notes");
    has(text, "- no latencies: eBPF needs root, which");
    free(text);
    view.section = TOP_THREADS_ALONE;
    text = page(80, 24, &view, &moment);
    has(text, "worker");
    assert_null(strstr(text, "slow path"));
    free(text);
}

static void line_of_json(void **state)
{
    char *text = NULL;
    size_t bytes;
    FILE *stream = open_memstream(&text, &bytes);
    assert_int_equal(top_print_json(&target, &moment, stream), 0);
    fclose(stream);
    assert_ptr_equal(strchr(text, '\n'), text + bytes - 1);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    double per_s, share;
    json_int_t count;
    const char *program;
    assert_int_equal(json_unpack(root, "{s:s, s:{s:F, s:I}, s:{s:F}}", "program", &program,
                                 "operations", "per_s", &per_s, "count", &count, "sampling",
                                 "malloc_share", &share),
                     0);
    assert_string_equal(program, target.program);
    assert_true(is_near(per_s, 2000) && count == 4000 && is_near(share, 0.75));
    assert_true(json_is_null(
        json_object_get(json_array_get(json_object_get(root, "slow_path"), 1), "mean")));
    json_decref(root);
    free(text);
}

static void list_of_processes(void **state)
{
    static struct top_list list = {.count = 3, .hidden = 2};
    list.processes[0] = (struct top_process){7, "seven", "glibc", false, 0.9, 1 << 20};
    list.processes[1] = (struct top_process){8, "eight", "hakmem", true, 0.1, 1 << 20};
    list.processes[2] = (struct top_process){9, "nine\tx", "jemalloc", false, NAN, 1 << 20};
    top_list_sort(&list);
    assert_int_equal(list.processes[0].pid, 8);
    assert_int_equal(list.processes[1].pid, 7);
    char text[TOP_COLUMNS_MAX * 8] = "";
    top_grid_clear(&grid, 80, 6, false);
    top_list_page(&grid, &list, 2, true); /* two rows have room: the chosen one is in sight */
    FILE *stream = fmemopen(text, sizeof text, "w");
    top_grid_print(&grid, stream);
    fclose(stream);
    has(text, "nine?x");
    assert_null(strstr(text, "eight"));
    has(text, "2 are other users'");
    assert_int_equal(grid.cells[4][0].style, TOP_CHOSEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WATCHED(name) cmocka_unit_test_setup_teardown(name, watch, forget)
        WATCHED(rates),
        WATCHED(shares),
        WATCHED(unsampled_kernel),
        WATCHED(unseparated),
        WATCHED(size_classes),
        WATCHED(latencies),
        WATCHED(past_latencies),
        WATCHED(busiest_thread),
        WATCHED(counts_that_went_back),
        WATCHED(window_of_samples),
        WATCHED(page_of_a_terminal),
        WATCHED(pages_of_all_sizes),
        WATCHED(sections_alone),
        WATCHED(line_of_json),
        cmocka_unit_test(list_of_processes),
#undef WATCHED
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
