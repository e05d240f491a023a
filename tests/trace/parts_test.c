/* SPDX-License-Identifier: MIT */
/* The parts of hakmem-trace that need no program to run: intervals, records, order, output. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/followed.h"
#include "collect/held_samples.h"
#include "collect/overhead.h"
#include "collect/pending.h"
#include "collect/record.h"
#include "report/model.h"
#include "report/output.h"
#include "report/terminal.h"
#include "statistics/interval.h"

static bool is_near(double a, double b)
{
    return fabs(a - b) < 5e-5;
}

/* Figures of the literature: 81 of 263 is Newcombe's example, [0.2553, 0.3662]. */
static void intervals(void **state)
{
    struct interval interval = interval_of_share(81.0 / 263, 263, INTERVAL_95);
    assert_true(is_near(interval.low, 0.2553) && is_near(interval.high, 0.3662));
    interval = interval_of_share(0, 20, INTERVAL_95);
    assert_true(interval.low == 0 && is_near(interval.high, 0.1611));
    interval = interval_of_share(1, 29, INTERVAL_95);
    assert_true(interval.high == 1 && is_near(interval.low, 0.8830));
    interval = interval_of_share(0, 0, INTERVAL_95);
    assert_true(interval.low == 0 && interval.high == 1);
}

static void quantiles(void **state)
{
    uint64_t buckets[REPORT_BUCKETS] = {0};
    assert_true(isnan(report_quantile(buckets, 0.5)));
    buckets[10] = 100;
    double median = report_quantile(buckets, 0.5);
    assert_true(median > 1024 && median < 2048);
    buckets[20] = 1;
    assert_true(report_quantile(buckets, 0.5) < 2048);
    assert_true(report_quantile(buckets, 0.999) > 1 << 20);
}

static void frequencies(void **state)
{
    assert_int_equal(overhead_frequency(0, 0.01, 100000), 997);
    assert_int_equal(overhead_frequency(1000, 0.01, 100000), 997);
    assert_int_equal(overhead_frequency(20000, 0.01, 100000), 499);
    assert_int_equal(overhead_frequency(20000, 0.001, 100000), 37);
    assert_int_equal(overhead_frequency(1e9, 0.01, 100000), 0);
    assert_int_equal(overhead_frequency(1000, 0.01, 250), 199);
    assert_int_equal(overhead_frequency(1000, 0.01, 50), 37);
}

/* A record of any type, size and content is taken apart without reading past its end: it stands at
 * the end of its own allocation, where a memory checker sees one byte too many. */
static void records_of_any_content(void **state)
{
    srandom(2);
    for (int round = 0; round < 200000; round++) {
        size_t size = sizeof(struct perf_event_header) + 8 * ((size_t)random() % 20);
        struct perf_event_header *record = malloc(size);
        for (size_t i = 0; i < size; i++)
            ((unsigned char *)record)[i] = (unsigned char)(random() >> 8);
        record->size = (uint16_t)size;
        record->type = (uint32_t)random() % 12;
        struct time_sample sample;
        struct fault_sample fault;
        struct mapping_record mapping;
        struct task_record task;
        pid_t pid;
        record_time(record);
        record_identifier(record);
        record_time_sample(record, round & 1, &sample);
        record_fault_sample(record, &fault);
        if (record_mapping(record, &mapping))
            assert_true(strlen(mapping.path) < size);
        record_task(record, &task);
        record_exec(record, &pid);
        record_lost(record);
        free(record);
    }
}

/* A process is watched as long as one of its threads lives; a stranger's end changes nothing. */
static void processes_are_followed(void **state)
{
    struct followed followed = {0};
    assert_true(followed_add(&followed, 10));
    assert_true(followed_add(&followed, 10));
    assert_true(followed_add(&followed, 7));
    assert_false(followed_has(&followed, 8));
    followed_remove(&followed, 8);
    followed_remove(&followed, 10);
    assert_true(followed_has(&followed, 10));
    followed_remove(&followed, 10);
    assert_false(followed_has(&followed, 10));
    assert_true(followed_has(&followed, 7));
    followed_finish(&followed);
    assert_false(followed_has(&followed, 7));
}

static uint64_t passed[8];
static size_t passed_count;

static void note(void *context, const struct perf_event_header *record)
{
    passed[passed_count++] = *(const uint64_t *)(record + 1);
}

static void in_the_order_of_time(void **state)
{
    struct pending pending = {0};
    struct {
        struct perf_event_header header;
        uint64_t mark;
    } record = {.header = {.size = sizeof record}};
    static const uint64_t times[] = {50, 10, 30, 30, 20, 60};
    for (uint64_t i = 0; i < 6; i++) {
        record.mark = i;
        assert_true(pending_add(&pending, &record.header, times[i]));
    }
    pending_pass(&pending, 30, note, NULL);
    assert_int_equal(passed_count, 4);
    assert_int_equal(passed[0], 1);
    assert_int_equal(passed[1], 4);
    assert_int_equal(passed[2], 2);
    assert_int_equal(passed[3], 3);
    record.mark = 6;
    assert_true(pending_add(&pending, &record.header, 55));
    pending_pass(&pending, UINT64_MAX, note, NULL);
    assert_int_equal(passed_count, 7);
    assert_int_equal(passed[4], 0);
    assert_int_equal(passed[5], 6);
    assert_int_equal(passed[6], 5);
    pending_finish(&pending);
}

static void output_whole_or_not_at_all(void **state)
{
    char folder[] = "/tmp/output-test-XXXXXX", path[64], text[16] = "";
    struct output output;
    struct stat status;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/report", folder);

    assert_int_equal(output_open(&output, path), 0);
    fputs("half", output.stream);
    assert_int_equal(access(path, F_OK), -1);
    output_abandon(&output);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(mkdir(folder, 0700), 0);

    umask(022);
    assert_int_equal(output_open(&output, path), 0);
    fputs("whole", output.stream);
    assert_int_equal(output_commit(&output), 0);
    output_abandon(&output);
    int file = open(path, O_RDONLY);
    assert_int_equal(read(file, text, sizeof text), 5);
    assert_int_equal(fstat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    close(file);

    assert_int_equal(output_open(&output, "/dev/full"), 0);
    fputs("lost", output.stream);
    assert_int_equal(output_commit(&output), -1);
    assert_int_equal(errno, ENOSPC);
    unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

static void shown_safely(void **state)
{
    struct terminal terminal;
    char *text;
    size_t bytes;
    FILE *stream = open_memstream(&text, &bytes);
    terminal_start(&terminal, stream);
    assert_false(terminal.colour);
    terminal_text(&terminal, "a\033[31m\n\x7f\xff b");
    terminal_text(&terminal, "\xc2\x9b");
    fclose(stream);
    assert_string_equal(text, "a\\x1b[31m\\x0a\\x7f\\xff b\\xc2\\x9b");
    free(text);
}

static void add_count(void *context, const struct time_sample *sample)
{
    *(uint64_t *)context += sample->count;
}

static void held_until_their_image(void **state)
{
    struct held_samples held = {0};
    uint64_t count = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        struct time_sample sample = {.pid = 10 + (pid_t)(i % 2), .count = 3};
        assert_true(held_add(&held, &sample, 100 * (i % 4))); /* of 10: 0, 200; of 11: 100, 300 */
    }
    held_pass(&held, 10, 200, add_count, &count);
    assert_int_equal(count, 3 * 250); /* what began at that very moment is not before it */
    held_pass(&held, 10, 200, add_count, &count);
    assert_int_equal(count, 3 * 250);
    held_pass(&held, 0, 201, add_count, &count);
    assert_int_equal(count, 3 * 750);
    held_pass(&held, 0, UINT64_MAX, add_count, &count);
    assert_int_equal(count, 3 * 1000);
    held_finish(&held);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals),
        cmocka_unit_test(quantiles),
        cmocka_unit_test(frequencies),
        cmocka_unit_test(records_of_any_content),
        cmocka_unit_test(processes_are_followed),
        cmocka_unit_test(in_the_order_of_time),
        cmocka_unit_test(held_until_their_image),
        cmocka_unit_test(output_whole_or_not_at_all),
        cmocka_unit_test(shown_safely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
