/* SPDX-License-Identifier: MIT */
/*
 * The kernel's count of libhakmem's slow paths and the allocator's own counters agree.
 *
 *     library_events LIBRARY PROGRAM      PROGRAM: this same test, run as `PROGRAM churn`
 */
#include <dirent.h>
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

enum { BLOCKS = 20000, ROUNDS = 40 };

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

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "churn") == 0) {
        churn();
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
    bool watched = watched_run(library, library, 1000, (char *[]){argv[2], "churn", NULL}, &report,
                               &status, why);
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
    promise(report.kind[SLOW_PATH_PAGE_FAULT].watched &&
                report.kind[SLOW_PATH_PAGE_FAULT].count > 0,
            "page faults in the arena: %llu",
            (unsigned long long)report.kind[SLOW_PATH_PAGE_FAULT].count);
    return promises_end();
}
