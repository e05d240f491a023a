/* SPDX-License-Identifier: MIT */
/*
 * Counter files, raw traces, and the libraries that ablate --save tells apart, which get shorter
 * while they are read: refused or believed, and nobody gets a SIGBUS.
 *
 *     truncated_files SECONDS
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "collect/counters.h"
#include "collect/raw_trace.h"
#include "commands/ablate_save_lines.h"
#include "fuzz.h"
#include "seed_counters.h"
#include "world.h"

enum { PAGES = 200, RECORDS = 20000, LIBRARY_BYTES = 1 << 20 };

static struct {
    const uint8_t *bytes;
    size_t count;
    int file;
} cut[3];
static _Atomic bool done;
static uint8_t counters_file[HAK_COUNTER_HEADER_BYTES + PAGES * HAK_COUNTER_PAGE_BYTES];
static uint8_t raw_file[RAW_HEADER_BYTES + RECORDS * sizeof(struct raw_record)];
static uint8_t library[LIBRARY_BYTES];

static void *cut_and_mend(void *unused)
{
    for (unsigned i = 0; !atomic_load(&done); i++) {
        size_t which = i % 3, kept = i * 7919u % cut[which].count;
        int file = cut[which].file;
        fuzz_check(ftruncate(file, (off_t)kept) == 0);
        usleep(50);
        ssize_t written =
            pwrite(file, cut[which].bytes + kept, cut[which].count - kept, (off_t)kept);
        fuzz_check(written == (ssize_t)(cut[which].count - kept));
    }
    return NULL;
}

static void make(void)
{
    struct hak_counter_header header = seed_counter_header(PAGES);
    struct raw_header raw = {.version = RAW_VERSION,
                             .record_bytes = sizeof(struct raw_record),
                             .limit = RECORDS,
                             .next = RECORDS,
                             .threads = 1};
    struct raw_record record = {.address = 16, .bytes = 1, .kind = RAW_MALLOC};
    memcpy(counters_file, &header, sizeof header);
    for (size_t i = 0; i < PAGES; i++)
        counters_file[HAK_COUNTER_HEADER_BYTES + i * HAK_COUNTER_PAGE_BYTES] = 1;
    memcpy(raw.magic, RAW_MAGIC, sizeof raw.magic);
    memcpy(raw_file, &raw, sizeof raw);
    for (size_t i = 0; i < RECORDS; i++)
        memcpy(raw_file + RAW_HEADER_BYTES + i * sizeof record, &record, sizeof record);
    cut[0].bytes = counters_file;
    cut[0].count = sizeof counters_file;
    cut[1].bytes = raw_file;
    cut[1].count = sizeof raw_file;
    cut[2].bytes = library;
    cut[2].count = sizeof library;
    for (int i = 0; i < 3; i++)
        cut[i].file = world_file(cut[i].bytes, cut[i].count, 0);
}

static bool read_counters(void)
{
    struct counters counters = {0};
    bool believed = counters_add(&counters, cut[0].file);
    fuzz_check(counters_mallocs(&counters) <= PAGES);
    return believed;
}

static bool read_raw(void)
{
    static struct raw_trace raw;
    struct raw_record record;
    char why[256];
    int got = -1;
    if (raw_trace_open(&raw, dup(cut[1].file), why, sizeof why)) {
        while ((got = raw_trace_next(&raw, &record, why, sizeof why)) > 0)
            fuzz_check(record.kind < RAW_KINDS);
    }
    raw_trace_close(&raw);
    return got == 0;
}

/* The library's contents are a part of the line. */
static bool describe_library(void)
{
    static struct ablate_report report;
    static char *command[] = {NULL};
    report.runs.command = command;
    report.runs.row_count = 1;
    report.runs.rows[0].library = world_path(cut[2].file);
    char *line = ablate_save_description(&report);
    fuzz_check(line);
    bool is_whole = !strstr(line, "0000000000000000");
    free(line);
    return is_whole;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    unsigned read[3] = {0}, asked = 0;
    make();
    fuzz_check(pthread_create(&thread, NULL, cut_and_mend, NULL) == 0);
    for (double end = now() + (argc > 1 ? atof(argv[1]) : 1); now() < end; asked++) {
        read[0] += read_counters();
        read[1] += read_raw();
        read[2] += describe_library();
    }
    atomic_store(&done, true);
    pthread_join(thread, NULL);
    printf("each read %u times while it was cut; whole were %u counter files, %u raw traces, %u "
           "libraries\n",
           asked, read[0], read[1], read[2]);
    fuzz_check(asked > 10);
    return 0;
}
