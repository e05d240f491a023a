/* SPDX-License-Identifier: MIT */
/*
 * The counters tell the truth: the test makes a known number of calls and reads the differences
 * from its own counter file while it runs. mallinfo2 and malloc_info are held against the same
 * calls. HAKMEM_STATS=1 prints at exit. A child counts into a file of its own.
 */
#include "support/child.h"
#include "support/counter_file.h"
#include "support/process.h"
#include "support/promise.h"

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static const char *folder;
static char self[4096];

/* The file is behind by what this thread did since its last slow paths; mallinfo2 brings it up to
 * date. */
static struct counter_totals read_now(void)
{
    opaque_size(mallinfo2().arena);
    return counter_file_read();
}

/* Differences between two moments. */
static struct counter_totals since(const struct counter_totals *before)
{
    struct counter_totals now = read_now();
    uint64_t *a = (uint64_t *)&now.page;
    const uint64_t *b = (const uint64_t *)&before->page;
    for (size_t i = 0; i < sizeof now.page / sizeof *a; i++)
        a[i] -= b[i];
    return now;
}

/* The class that serves a size: blocks end with what the smallest one, of 16 bytes, keeps back. */
static uint32_t class_of(const struct counter_totals *totals, size_t size)
{
    static size_t room = SIZE_MAX;
    if (room == SIZE_MAX)
        room = 16 - malloc_usable_size(malloc(1));
    size += room;
    for (uint32_t c = 0; c < totals->header.slab_classes; c++)
        if (totals->header.class_bytes[c] >= size)
            return c;
    return HAK_CLASS_LARGE;
}

static bool exactly(uint64_t found, uint64_t expected, const char *what)
{
    return promise(found == expected, "%s: counted %lu, made %lu", what, (unsigned long)found,
                   (unsigned long)expected);
}

static void counts_by_class(void)
{
    static const size_t sizes[] = {1, 16, 24, 100, 500, 1000, 3000, 20000, 100000, 3 << 20};
    static void *p[1000];
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        char what[64];
        struct counter_totals before = read_now();
        uint32_t c = class_of(&before, sizes[s]);
        before = read_now();
        unsigned n = 100 + 7 * (unsigned)s;
        for (unsigned i = 0; i < n; i++)
            p[i] = malloc(sizes[s]);
        for (unsigned i = 0; i < n / 2; i++)
            free(p[i]);
        struct counter_totals now = since(&before);
        snprintf(what, sizeof what, "mallocs of %zu bytes", sizes[s]);
        exactly(now.page.mallocs[c], n, what);
        snprintf(what, sizeof what, "frees of %zu bytes", sizes[s]);
        exactly(now.page.frees[c], n / 2, what);
        for (unsigned i = n / 2; i < n; i++)
            free(p[i]);
    }
}

static void counts_by_entry_point(void)
{
    struct counter_totals before = read_now();
    void *p[16];
    for (int i = 0; i < 16; i++)
        p[i] = calloc(1, 36);
    for (int i = 0; i < 16; i++)
        p[i] = realloc(p[i], 39); /* the same class, also with a canary behind */
    for (int i = 0; i < 16; i++)
        p[i] = realloc(p[i], 4000);
    for (int i = 0; i < 16; i++)
        opaque_size(malloc_usable_size(p[i]));
    for (int i = 0; i < 16; i++)
        free(p[i]);
    for (int i = 0; i < 16; i++)
        free(i % 2 ? aligned_alloc(64, 100) : memalign(4096, 10));
    free(opaque(malloc(opaque_size((size_t)1 << 50))));
    struct counter_totals now = since(&before);
    exactly(now.page.count[HAK_COUNT_calloc], 16, "calls of calloc");
    exactly(now.page.count[HAK_COUNT_realloc], 32, "calls of realloc");
    exactly(now.page.count[HAK_COUNT_realloc_in_place], 16, "reallocs in place");
    exactly(now.page.count[HAK_COUNT_realloc_moved], 16, "reallocs that moved");
    exactly(now.page.count[HAK_COUNT_usable_size], 16, "calls of malloc_usable_size");
    exactly(now.page.count[HAK_COUNT_aligned], 16, "aligned allocations");
    exactly(now.page.count[HAK_COUNT_out_of_memory], 1, "requests refused");
    uint64_t mallocs = 0, frees = 0;
    for (int c = 0; c < (int)HAK_COUNTER_CLASSES; c++) {
        mallocs += now.page.mallocs[c];
        frees += now.page.frees[c];
    }
    exactly(mallocs, 48, "blocks handed out by all of them");
    exactly(frees, 48, "blocks taken back");
}

static void *free_them(void *argument)
{
    void **p = argument;
    for (int i = 0; i < 1000; i++)
        free(p[i]);
    return NULL;
}

static void counts_remote(void)
{
    static void *p[1000];
    pthread_t thread;
    for (int i = 0; i < 1000; i++)
        p[i] = malloc(700);
    struct counter_totals before = read_now();
    pthread_create(&thread, NULL, free_them, p);
    pthread_join(thread, NULL);
    struct counter_totals now = since(&before);
    uint32_t c = class_of(&now, 700);
    promise(now.page.frees[c] >= 1000 && now.page.frees[c] <= 1010,
            "frees by another thread: counted %lu, made 1000 (libc's own besides)",
            (unsigned long)now.page.frees[c]);
    promise(now.page.count[HAK_COUNT_remote_frees] >= 1000 &&
                now.page.count[HAK_COUNT_remote_frees] <= 1010,
            "of these, remote: %lu", (unsigned long)now.page.count[HAK_COUNT_remote_frees]);
    exactly(now.page.count[HAK_COUNT_remote_blocks_published],
            now.page.count[HAK_COUNT_remote_frees], "all published when the thread has ended");
}

static size_t mallinfo_live(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

/* The number behind `label` in malloc_info's text. */
static size_t info_live(void)
{
    char *text = NULL;
    size_t length = 0, live = 0;
    FILE *stream = open_memstream(&text, &length);
    malloc_info(0, stream);
    fclose(stream);
    const char *found = strstr(text, "type=\"live\" size=\"");
    if (found)
        live = strtoul(found + strlen("type=\"live\" size=\""), NULL, 10);
    free(text);
    return live;
}

static void reports_follow(void)
{
    enum { BLOCKS = 20000, SIZE = 1000, LARGE = 5 << 20 };
    static void *p[BLOCKS];
    size_t live = mallinfo_live(), info = info_live();
    for (int i = 0; i < BLOCKS; i++)
        p[i] = malloc(SIZE);
    void *large = malloc(LARGE);
    size_t asked = (size_t)BLOCKS * SIZE + LARGE, usable = malloc_usable_size(large);
    for (int i = 0; i < BLOCKS; i++)
        usable += malloc_usable_size(p[i]);
    size_t more = mallinfo_live() - live, info_more = info_live() - info;
    promise(more == usable, "mallinfo2: %zu bytes more in use, usable %zu, asked %zu", more, usable,
            asked);
    promise(info_more >= usable && info_more < usable + 8192,
            "malloc_info: %zu bytes more live (its own stream's among them)", info_more);
    for (int i = 0; i < BLOCKS; i++)
        free(p[i]);
    free(large);
    promise(mallinfo_live() == live, "mallinfo2: after the frees as before");
    struct counter_totals totals = read_now();
    struct mallinfo2 m = mallinfo2();
    promise(m.arena == totals.header.spans_bytes + totals.header.retained_bytes,
            "mallinfo2: arena is what the gauges say");
    promise(resident_kb() < (m.arena + m.hblkhd + totals.header.metadata_bytes) / 1024 + 4096,
            "gauges cover resident memory: %zu KiB", resident_kb());
}

/* A child that frees what its parent allocated must not count below zero. */
static void child_counts(void *blocks)
{
    void **p = blocks;
    for (int i = 0; i < 1000; i++)
        free(p[i]);
    if (!counter_file_open(folder, getpid()))
        _exit(2);
    if (mallinfo_live() > 1ul << 40 || info_live() > 1ul << 40)
        _exit(3);
    struct counter_totals before = read_now();
    for (int i = 0; i < 500; i++)
        p[i] = malloc(333);
    struct counter_totals now = since(&before);
    if (now.page.mallocs[class_of(&now, 333)] != 500)
        _exit(4);
}

static void forked_child(void)
{
    static const char *const says[] = {"fine", "died", "no file of its own",
                                       "live bytes below zero", "a wrong count"};
    static void *p[1000];
    for (int i = 0; i < 1000; i++)
        p[i] = malloc(5000);
    struct counter_totals before = read_now();
    struct child_end end = child_run(child_counts, p, 20);
    struct counter_totals now = since(&before);
    promise(end.exit_status == 0, "a child's counts are its own and right: %s",
            end.exit_status >= 0 && end.exit_status < 5 ? says[end.exit_status] : "died");
    exactly(now.page.mallocs[class_of(&now, 333)], 0, "a child's mallocs in the parent's file");
    for (int i = 0; i < 1000; i++)
        free(p[i]);
}

/* What this program, started again just to end, prints on stderr. */
static struct child_end start_and_end(const char *setting)
{
    char command[sizeof self + 256];
    snprintf(command, sizeof command, "%s $HAKMEM_TEST_RUNNER '%s' end 2>&1", setting, self);
    char *const arguments[] = {"/bin/sh", "-c", command, NULL};
    return child_start(arguments, environ, 20);
}

static void statistics_at_exit(void)
{
    struct child_end end = start_and_end("HAKMEM_STATS=1");
    promise(end.exit_status == 0 && strstr(end.text, "hakmem: statistics") &&
                strstr(end.text, "refills") && strstr(end.text, "blocks handed out"),
            "HAKMEM_STATS=1 prints the counters at exit");
    end = start_and_end("");
    promise(end.exit_status == 0 && end.length == 0, "without it nothing is printed");
}

static void remove_folder(void)
{
    char path[8192];
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(entries);
    rmdir(folder);
}

int main(int argc, char **argv)
{
    char template[] = "/tmp/hakmem-counters-XXXXXX";
    if (argc == 2 && strcmp(argv[1], "end") == 0)
        return opaque(malloc(100)) == NULL;
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return 2;
    folder = getenv("HAKMEM_COUNTERS_DIR");
    if (!under_hakmem()) {
        printf("counters_truth: needs libhakmem preloaded\n");
        return TEST_SKIPPED;
    }
    if (!folder) {
        int status;
        folder = mkdtemp(template);
        setenv("HAKMEM_COUNTERS_DIR", folder, 1);
        pid_t pid = fork();
        if (pid == 0) {
            execv("/proc/self/exe", argv);
            _exit(127);
        }
        waitpid(pid, &status, 0);
        remove_folder();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    /* This image is the process's second where a shell started it; only ours counts. */
    if (!promise(counter_file_open(folder, getpid()), "a counter file is there, with its header"))
        return promises_end();
    counts_by_class();
    counts_by_entry_point();
    counts_remote();
    reports_follow();
    forked_child();
    statistics_at_exit();
    return promises_end();
}
