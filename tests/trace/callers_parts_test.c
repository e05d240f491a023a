/* SPDX-License-Identifier: MIT */
/* The parts of `callers`: samples of made-up calls tell of all of them, followed blocks are found
 * once, advice comes where it should, and damaged files are read to an end. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/code_maps.h"
#include "collect/follow_file.h"
#include "commands/callers_advice.h"
#include "commands/callers_tally.h"
#include "follower/followed_blocks.h"
#include "follower/spacing.h"

/* Of a seed that stays: nothing here is left to chance. */
static uint64_t generator = 12345;

static void spacing_is_exponential(void **state)
{
    enum { DRAWS = 200000, MEAN = 65536 };
    double sum = 0, squares = 0;
    size_t beyond = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = (double)spacing_draw(&generator, MEAN);
        sum += x;
        squares += x * x;
        beyond += x > MEAN;
    }
    double mean = sum / DRAWS;
    assert_true(fabs(mean / MEAN - 1) < 0.01);
    assert_true(fabs(sqrt(squares / DRAWS - mean * mean) / MEAN - 1) < 0.02);
    assert_true(fabs((double)beyond / DRAWS - exp(-1)) < 0.005);
}

static void blocks_are_found_once(void **state)
{
    struct followed_blocks *blocks = calloc(1, sizeof *blocks);
    char *base = (char *)0x7f0000000000;
    assert_non_null(blocks);
    for (uintptr_t i = 0; i < FOLLOWED_MOST; i++)
        followed_blocks_add(blocks, base + 16 * i, (struct follow_sample *)(i + 1));
    followed_blocks_add(blocks, base - 16, (struct follow_sample *)1); /* one too many */
    assert_null(followed_blocks_take(blocks, base - 16));
    for (uintptr_t i = 0; i < FOLLOWED_MOST; i++) {
        assert_ptr_equal(followed_blocks_take(blocks, base + 16 * i), i + 1);
        assert_null(followed_blocks_take(blocks, base + 16 * i));
    }
    free(blocks);
}

/* Calls of one path, sampled as the follower does. */
struct population {
    int64_t left;
    uint64_t mean;
    double calls, bytes;
};

static void call(struct population *all, struct callers_tally *tally, size_t path,
                 struct follow_sample sample)
{
    all->calls++;
    all->bytes += (double)sample.size;
    all->left -= (int64_t)sample.size + FOLLOW_CALL_BYTES;
    if (all->left >= 0)
        return;
    sample.mean = all->mean;
    assert_true(callers_tally_call(tally, path, &sample));
    /* The mean may change: each sample weighs by its own. */
    all->mean = all->mean < 400000 ? all->mean + 100 : all->mean;
    all->left = spacing_draw(&generator, all->mean);
}

static bool covers(const struct estimate *estimate, double truth)
{
    return estimate->low < estimate->high &&
           fabs(estimate->value - truth) <= 2 * (estimate->high - estimate->value);
}

static void sums_are_estimated(void **state)
{
    struct callers_tally tally = {0};
    struct callers_report report = {0};
    struct callers_path paths[4] = {{.called = ""}, {.called = "a"}, {.called = "b"}};
    struct population small = {.mean = 30000}, large = {.mean = 30000};
    for (int i = 0; i < 200000; i++) {
        call(&small, &tally, 1, (struct follow_sample){.size = (uint64_t)(i % 100)});
        if (i % 100 == 0)
            call(&large, &tally, 2, (struct follow_sample){.size = (uint64_t)(1 << i / 100 % 20)});
    }
    assert_true(callers_tally_measure(&tally, paths, 4, &report));
    const struct callers_path *a = &report.paths[1], *b = &report.paths[2];
    assert_true(covers(&a->calls, small.calls) && covers(&a->bytes, small.bytes));
    assert_true(covers(&b->calls, large.calls) && covers(&b->bytes, large.bytes));
    assert_true(covers(&report.calls, small.calls + large.calls));
    assert_true(covers(&report.bytes, small.bytes + large.bytes));
    assert_true(a->size > 40 && a->size < 60);
    assert_true(fabs(a->live - 1) < 1e-9 && isnan(a->lifetime_ns));
    assert_int_equal(report.paths[3].samples, 0);
    assert_int_equal(report.by_bytes_count, 2);
    assert_int_equal(report.by_bytes[0], 2);
    callers_tally_finish(&tally);
    callers_report_finish(&report);
}

/* One path of `count` calls that are all sampled; what is advised of it. */
static struct callers_report advise(const struct follow_sample *samples, size_t kinds, size_t count)
{
    struct callers_tally tally = {0};
    struct callers_report report = {0};
    const struct callers_path paths[2] = {{.called = ""}, {.called = "malloc"}};
    for (size_t i = 0; i < count; i++) {
        struct follow_sample sample = samples[i % kinds];
        sample.mean = 1;
        assert_true(callers_tally_call(&tally, 1, &sample));
    }
    assert_true(callers_tally_measure(&tally, paths, 2, &report));
    callers_advise(&report);
    callers_tally_finish(&tally);
    callers_report_finish(&report);
    return report;
}

static void expect(struct callers_report report, enum callers_advice_kind kind)
{
    assert_int_equal(report.advice_count, 1);
    assert_int_equal(report.advice[0].kind, kind);
    assert_int_equal(report.no_advice[0], '\0');
}

static void advice_follows_from_figures(void **state)
{
    const struct follow_sample brief = {
        .size = 100, .end = FOLLOW_FREED, .end_allocations = 16, .time = 5, .end_time = 9};
    struct follow_sample late = brief, remote = brief, above = brief, moved = brief;
    late.end_allocations = 17;
    remote.end_thread = 1;
    above.end = FOLLOW_LIVE;
    above.usable = 112;
    above.below = 96;
    moved.end = FOLLOW_REALLOCATED;
    moved.before = 50;
    expect(advise(&brief, 1, 100), CALLERS_REUSE);
    expect(advise(&remote, 1, 100), CALLERS_REMOTE);
    expect(advise(&above, 1, 100), CALLERS_PADDING);
    const struct follow_sample chain[] = {moved, moved, moved, moved, moved, late};
    expect(advise(chain, 6, 1200), CALLERS_RESERVE);
    assert_int_equal(advise(&late, 1, 100).advice_count, 0);
    assert_non_null(strstr(advise(&late, 1, 100).no_advice, "no costly call path"));
    assert_non_null(
        strstr(advise(&brief, 1, CALLERS_ADVICE_SAMPLES - 1).no_advice, "too few samples"));
    /* Three quarters are not four fifths; nor are nine tenths of twenty surely more than that. */
    const struct follow_sample mixed[] = {brief, brief, brief, late};
    assert_int_equal(advise(mixed, 4, 400).advice_count, 0);
    const struct follow_sample most[] = {brief, brief, brief, brief, brief,
                                         brief, brief, brief, brief, late};
    assert_int_equal(advise(most, 10, 20).advice_count, 0);
    expect(advise(most, 10, 200), CALLERS_REUSE);
    above.below = 100; /* the class below holds it: nothing would be won */
    assert_int_equal(advise(&above, 1, 100).advice_count, 0);
}

enum { SAMPLES = 50, FILE_BYTES = 1 << 16 };

static const char lines[] = "1000-2000 r-xp 00001000 08:01 12    /usr/bin/a program\n"
                            "nonsense\n3000-4000 r-xp 00000000 00:00 0 \n";

/* A header, the mappings, and samples. */
static size_t make_file(char *to)
{
    struct follow_header *header = (void *)to;
    memset(to, 0, FOLLOW_RECORDS_AT + FILE_BYTES);
    memcpy(header->magic, FOLLOW_MAGIC, sizeof header->magic);
    header->version = FOLLOW_VERSION;
    char *at = to + FOLLOW_RECORDS_AT;
    struct follow_maps *maps = (void *)at;
    maps->record = (struct follow_record){sizeof *maps + 200, FOLLOW_MAPS};
    maps->text_bytes = sizeof lines - 1;
    memcpy(maps->text, lines, sizeof lines - 1);
    at += maps->record.bytes;
    for (int i = 0; i < SAMPLES; i++) {
        struct follow_sample *sample = (void *)at;
        sample->record = (struct follow_record){sizeof *sample + 64, FOLLOW_SAMPLE};
        sample->mean = 4096;
        sample->size = 10;
        sample->stack_bytes = 64;
        at += sample->record.bytes;
    }
    header->used = (uint64_t)(at - to) - FOLLOW_RECORDS_AT;
    return (size_t)(at - to);
}

static size_t read_file(const char *bytes, size_t count, bool must_open)
{
    struct follow_file file;
    struct follow_record *record;
    size_t samples = 0;
    int descriptor = memfd_create("samples", 0);
    assert_true(descriptor >= 0 && write(descriptor, bytes, count) == (ssize_t)count);
    bool is_open = follow_file_open(&file, descriptor, FOLLOW_MAGIC);
    assert_true(is_open || !must_open);
    while (is_open && (record = follow_file_next(&file))) {
        const struct follow_sample *sample = (void *)record;
        struct follow_maps *maps = (void *)record;
        struct code_mapping mapping;
        samples += record->kind == FOLLOW_SAMPLE;
        if (record->kind == FOLLOW_SAMPLE)
            assert_true(sample->stack_bytes <= record->bytes - sizeof *sample && sample->mean);
        else
            for (size_t at = 0; code_maps_next(maps->text, maps->text_bytes, &at, &mapping);)
                assert_true(mapping.length > 0);
    }
    follow_file_close(&file);
    close(descriptor);
    return samples;
}

static void files_are_read_to_an_end(void **state)
{
    static char whole[FOLLOW_RECORDS_AT + FILE_BYTES], damaged[FOLLOW_RECORDS_AT + FILE_BYTES];
    size_t bytes = make_file(whole);
    assert_int_equal(read_file(whole, bytes, true), SAMPLES);
    for (int round = 0; round < 3000; round++) {
        memcpy(damaged, whole, bytes);
        for (int change = 0; change <= round % 20; change++) {
            size_t at = (size_t)spacing_draw(&generator, 4000);
            at += round % 4 ? FOLLOW_RECORDS_AT : 0;
            if (at < bytes)
                damaged[at] = (char)spacing_draw(&generator, 100);
        }
        size_t left = round % 5 ? bytes : (size_t)spacing_draw(&generator, 40000) % bytes;
        assert_true(read_file(damaged, left, false) <= SAMPLES * 20);
    }
    /* A sample that was never finished is left out; a length that can't be is the end. */
    struct follow_record *second =
        (void *)(whole + FOLLOW_RECORDS_AT + sizeof(struct follow_maps) + 200);
    second->kind = FOLLOW_NONE;
    assert_int_equal(read_file(whole, bytes, true), SAMPLES - 1);
    second->bytes = 4;
    assert_int_equal(read_file(whole, bytes, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spacing_is_exponential),   cmocka_unit_test(blocks_are_found_once),
        cmocka_unit_test(sums_are_estimated),       cmocka_unit_test(advice_follows_from_figures),
        cmocka_unit_test(files_are_read_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
