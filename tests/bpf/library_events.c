/* SPDX-License-Identifier: MIT */
/*
 * The kernel's count of libhakmem's slow paths and the allocator's own counters agree.
 *
 *     library_events LIBRARY PROGRAM      PROGRAM: this same test, run as `PROGRAM churn`
 */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <fcntl.h>

#include "counter_layout.h"
#include "support/process.h"
#include "support/promise.h"
#include "watched_run.h"

enum { BLOCKS = 5000, ROUNDS = 10 };

static void churn(void)
{
    static void *blocks[BLOCKS];
    uint64_t random = 1;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            free(blocks[i]);
            blocks[i] = malloc(1 + random_next(&random) % 1000);
            if (blocks[i])
                *(volatile char *)blocks[i] = 1;
        }
        for (int i = 0; i < BLOCKS; i++) {
            free(blocks[i]);
            blocks[i] = NULL;
        }
    }
}

static void *free_all(void *blocks)
{
    for (int i = 0; i < BLOCKS; i++)
        free(((void **)blocks)[i]);
    return NULL;
}

/* Freed by a thread that does not own them; then the owner looks for more. */
static void change_hands(void)
{
    static void *blocks[BLOCKS];
    pthread_t thread;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < BLOCKS; i++)
            blocks[i] = malloc(64);
        if (pthread_create(&thread, NULL, free_all, blocks) == 0)
            pthread_join(thread, NULL);
    }
}

/* Large blocks are taken from the arena, under its lock. */
static void *take_large(void *unused)
{
    for (int i = 0; i < BLOCKS; i++)
        free(realloc(malloc(100000), 300000));
    return unused;
}

static void contend(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, take_large, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static struct hak_counter_page *totals_of(const char *folder, struct hak_counter_page *total)
{
    DIR *entries = opendir(folder);
    struct hak_counter_page *found = NULL;
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        int descriptor = open(path, O_RDONLY | O_CLOEXEC);
        struct hak_counter_header header;
        if (strstr(entry->d_name, ".counters") &&
            pread(descriptor, &header, sizeof header, 0) == (ssize_t)sizeof header) {
            found = total;
            for (uint32_t i = 0; i < header.page_count; i++) {
                struct hak_counter_page page;
                if (pread(descriptor, &page, sizeof page,
                          HAK_COUNTER_HEADER_BYTES + (off_t)i * HAK_COUNTER_PAGE_BYTES) !=
                    (ssize_t)sizeof page)
                    continue;
                for (int counter = 0; counter < HAK_COUNT_END; counter++)
                    total->count[counter] += page.count[counter];
                for (unsigned c = 0; c < HAK_COUNTER_CLASSES; c++) {
                    total->mallocs[c] += page.mallocs[c];
                    total->frees[c] += page.frees[c];
                }
            }
            unlink(path);
        }
        if (descriptor >= 0)
            close(descriptor);
    }
    if (entries)
        closedir(entries);
    return found;
}

static void expect_equal(const struct slow_path_report *report, int kind, uint64_t counter)
{
    const struct slow_path_events *events = &report->kind[kind];
    promise(events->watched && events->count == counter, "%s: %llu by eBPF, %llu by the allocator",
            slow_path_names[kind], (unsigned long long)events->count, (unsigned long long)counter);
}

static void expect_calls(const struct slow_path_report *report,
                         const struct hak_counter_page *total)
{
    const uint64_t counted[SLOW_PATH_CALLS] = {
        [SLOW_PATH_MMAP] = total->count[HAK_COUNT_mmap],
        [SLOW_PATH_MUNMAP] = total->count[HAK_COUNT_munmap],
        [SLOW_PATH_MADVISE] = total->count[HAK_COUNT_madvise],
        [SLOW_PATH_MPROTECT] = total->count[HAK_COUNT_mprotect],
        [SLOW_PATH_MREMAP] = total->count[HAK_COUNT_mremap],
    };
    for (int call = 0; call < SLOW_PATH_CALLS; call++) {
        const struct slow_path_events *events = report->call[call];
        uint64_t count = events[SLOW_PATH_OF_ARENA].count + events[SLOW_PATH_OF_LIBRARY].count;
        if (events[0].watched)
            promise(count == counted[call], "%s: %llu by eBPF, %llu by the allocator",
                    slow_path_call_names[call], (unsigned long long)count,
                    (unsigned long long)counted[call]);
    }
}

static void expect_every_call(const struct slow_path_report *report,
                              const struct hak_counter_page *total)
{
    uint64_t mallocs = 0, frees = 0, sized = 0;
    for (unsigned c = 0; c < HAK_COUNTER_CLASSES; c++) {
        mallocs += total->mallocs[c];
        frees += total->frees[c];
    }
    for (size_t i = 0; i < report->size_count; i++)
        sized += report->sizes[i].count;
    expect_equal(report, SLOW_PATH_MALLOC, mallocs);
    expect_equal(report, SLOW_PATH_FREE, frees);
    expect_equal(report, SLOW_PATH_REALLOC, total->count[HAK_COUNT_realloc]);
    promise(sized == mallocs && report->lost == 0, "every block handed out is told by its size");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "churn") == 0) {
        churn();
        change_hands();
        contend();
        return 0;
    }
    if (argc < 3)
        return 2;
    char folder[] = "/tmp/hakmem-events-XXXXXX", why[256] = "", *library = realpath(argv[1], NULL);
    struct slow_path_report report;
    struct hak_counter_page total = {0};
    int status;
    if (!promise(library && mkdtemp(folder), "a folder for the counters"))
        return promises_end();
    setenv("HAKMEM_COUNTERS_DIR", folder, 1);
    struct watched_program program = {.library = library,
                                      .preload = library,
                                      .budget = 1000,
                                      .every_call = true,
                                      .arguments = (char *[]){argv[2], "churn", NULL}};
    bool watched = watched_run(&program, &report, &status, why);
    bool counted = totals_of(folder, &total);
    rmdir(folder);
    free(library);
    if (!watched && (is_not_permitted(why) || strstr(why, "no USDT probes"))) {
        note("%s", why);
        return TEST_SKIPPED;
    }
    if (!promise(watched && status == 0, "the program is watched %s", why) ||
        !promise(counted, "the allocator left its counters"))
        return promises_end();

    promise(total.count[HAK_COUNT_refills] > 0 && total.count[HAK_COUNT_overflows] > 0,
            "slow paths were taken");
    expect_equal(&report, SLOW_PATH_REFILL, total.count[HAK_COUNT_refills]);
    expect_equal(&report, SLOW_PATH_OVERFLOW, total.count[HAK_COUNT_overflows]);
    expect_equal(&report, SLOW_PATH_ARENA, total.count[HAK_COUNT_span_takes]);
    expect_equal(&report, SLOW_PATH_PURGE, total.count[HAK_COUNT_purges]);
    expect_equal(&report, SLOW_PATH_REMOTE_PUBLISH, total.count[HAK_COUNT_remote_publishes]);
    expect_equal(&report, SLOW_PATH_REMOTE_COLLECT, total.count[HAK_COUNT_remote_collects]);
    expect_equal(&report, SLOW_PATH_LOCK_WAIT, total.count[HAK_COUNT_locks_contended]);
    promise(report.kind[SLOW_PATH_REMOTE_PUBLISH].total ==
                    total.count[HAK_COUNT_remote_blocks_published] &&
                report.kind[SLOW_PATH_REMOTE_FOUND].total ==
                    total.count[HAK_COUNT_remote_blocks_collected],
            "and the blocks in remote batches, both ends");
    promise(report.kind[SLOW_PATH_PURGE].bytes == total.count[HAK_COUNT_purged_bytes],
            "and the bytes purged");
    expect_calls(&report, &total);
    expect_every_call(&report, &total);
    promise(report.kind[SLOW_PATH_PAGE_FAULT].watched &&
                report.kind[SLOW_PATH_PAGE_FAULT].count > 0,
            "page faults in the arena: %llu",
            (unsigned long long)report.kind[SLOW_PATH_PAGE_FAULT].count);
    return promises_end();
}
