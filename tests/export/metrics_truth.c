/* SPDX-License-Identifier: MIT */
/*
 * HAKMEM_METRICS says what the counters say: a child leaves both behind, its file of counters and
 * its metrics, and every line of these is made a second time here. Names that are no text, names of
 * files, formats, and what hinders.
 */
#include "support/promise.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counter_layout.h"

static char folder[] = "/tmp/metrics_truth.XXXXXX";
static struct hak_counter_header header;
static struct hak_counter_page sum;

static int work(const char *name)
{
    for (int i = 0; i < 3000; i++) {
        char *volatile block = malloc((size_t)i % 700);
        if (i % 3)
            free(block);
        free(realloc(calloc(1, 40), 4000));
    }
    *(volatile char *)malloc(200000) = 1;
    prctl(PR_SET_NAME, name);
    return 0;
}

/* The child's number; what it says on standard error is in `said`. */
static pid_t run(const char *metrics, const char *name, char *said, size_t room)
{
    int ends[2], status = -1;
    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        setenv("HAKMEM_COUNTERS_DIR", folder, 1);
        setenv("HAKMEM_METRICS", metrics, 1);
        dup2(ends[1], STDERR_FILENO);
        if (chdir(folder) == 0)
            execl("/proc/self/exe", "metrics_truth", "child", name, NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t got; (got = read(ends[0], said + length, room - 1 - length)) > 0;)
        length += (size_t)got;
    said[length] = '\0';
    close(ends[0]);
    waitpid(pid, &status, 0);
    return status == 0 ? pid : -1;
}

/* Removes the file, too. */
static char *read_whole(const char *path, size_t *bytes)
{
    char *text = malloc(1 << 20);
    int file = open(path, O_RDONLY);
    ssize_t got = file < 0 ? -1 : read(file, text, (1 << 20) - 1);
    if (file >= 0)
        close(file);
    unlink(path);
    *bytes = got < 0 ? 0 : (size_t)got;
    text[*bytes] = '\0';
    return text;
}

static bool read_counters(pid_t pid)
{
    char path[128];
    size_t bytes;
    snprintf(path, sizeof path, "%s/%d.0.counters", folder, pid);
    char *region = read_whole(path, &bytes);
    memcpy(&header, region, sizeof header);
    memset(&sum, 0, sizeof sum);
    for (uint32_t p = 0; bytes && p < header.page_count; p++) {
        const uint64_t *page =
            (uint64_t *)(region + HAK_COUNTER_HEADER_BYTES + p * HAK_COUNTER_PAGE_BYTES);
        for (size_t i = 0; i < sizeof sum / sizeof *page; i++)
            ((uint64_t *)&sum)[i] += page[i];
    }
    sum.count[HAK_COUNT_locks]--; /* taken when they had been added up */
    free(region);
    return bytes > 0;
}

static char labels[128];
static bool is_open; /* OpenMetrics */

static void expect_head(FILE *to, const char *name, const char *kind, const char *end,
                        const char *unit, const char *help)
{
    fprintf(to, "# TYPE hakmem_%s%s %s\n", name, is_open ? "" : end, kind);
    if (is_open && unit)
        fprintf(to, "# UNIT hakmem_%s %s\n", name, unit);
    fprintf(to, "# HELP hakmem_%s%s %s\n", name, is_open ? "" : end, help);
}

static void expect_counted(FILE *to, const char *name, const char *class, uint64_t value)
{
    fprintf(to, "hakmem_%s_total{%s%s} %" PRIu64 "\n", name, labels, class, value);
    if (is_open)
        fprintf(to, "hakmem_%s_created{%s%s} %" PRIu64 ".%03" PRIu64 "\n", name, labels, class,
                header.started_ns / 1000000000, header.started_ns / 1000000 % 1000);
}

static void expect_counter(FILE *to, const char *name, const char *help, uint64_t value)
{
    char own[64];
    const char *inner = strstr(name, "_bytes_");
    size_t length = strlen(name);
    snprintf(own, sizeof own, "%s", name);
    if (inner)
        snprintf(own, sizeof own, "%.*s%s_bytes", (int)(inner - name), name, inner + 6);
    bool has_unit = inner || (length > 6 && strcmp(name + length - 6, "_bytes") == 0);
    expect_head(to, own, "counter", "_total", has_unit ? "bytes" : NULL, help);
    expect_counted(to, own, "", value);
}

static void expect_classes(FILE *to, const char *name, const char *help, const uint64_t *counts)
{
    expect_head(to, name, "counter", "_total", NULL, help);
    for (uint32_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
        char class[32];
        snprintf(class, sizeof class, ",class=\"%u\"", c < 62 ? header.class_bytes[c] : 0);
        if (c >= 62)
            snprintf(class, sizeof class, ",class=\"%s\"", c == 62 ? "large" : "huge");
        if (sum.mallocs[c] || sum.frees[c])
            expect_counted(to, name, class, counts[c]);
    }
}

static void expect_gauge(FILE *to, const char *name, const char *help, uint64_t value)
{
    expect_head(to, name, "gauge", "", strstr(name, "_bytes") ? "bytes" : NULL, help);
    fprintf(to, "hakmem_%s{%s} %" PRIu64 "\n", name, labels, value);
}

static void expect_sums(FILE *to)
{
    uint64_t slab[2] = {0}, all[2] = {0}, live = 0;
    for (uint32_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
        all[0] += sum.mallocs[c];
        all[1] += sum.frees[c];
        slab[0] += c < 62 ? sum.mallocs[c] : 0;
        slab[1] += c < 62 ? sum.frees[c] : 0;
        live += c < 62 ? header.class_bytes[c] * (sum.mallocs[c] - sum.frees[c]) : 0;
    }
    live += sum.count[HAK_COUNT_large_bytes_allocated] - sum.count[HAK_COUNT_large_bytes_freed];
    expect_counter(to, "operations", "calls that had a block to give, take or look at",
                   all[0] + all[1] - 2 * sum.count[HAK_COUNT_realloc_moved] +
                       sum.count[HAK_COUNT_realloc] + sum.count[HAK_COUNT_usable_size]);
    expect_counter(to, "header_writes", "headers of blocks written",
                   slab[0] * header.header_writes_per_malloc);
    expect_counter(to, "header_reads", "headers of blocks read",
                   slab[1] * header.header_reads_per_free);
    expect_counter(to, "lut_hits", "size classes looked up in a table",
                   slab[0] * header.lut_hits_per_malloc);
    expect_counter(to, "metadata_lookups", "lookups of whose a block is",
                   all[1] * header.metadata_lookups_per_free + sum.count[HAK_COUNT_lookups]);
#define COUNTED(name, text) expect_counter(to, #name, text, sum.count[HAK_COUNT_##name]);
    HAK_COUNTERS(COUNTED)
#undef COUNTED
    expect_gauge(to, "mapped_bytes", "memory readable and writable: arena, huge blocks, metadata",
                 header.committed_bytes + header.huge_bytes + header.metadata_bytes);
    expect_gauge(to, "live_bytes", "memory in blocks handed out and not taken back", live);
}

/* All but the resident memory, which is between `least` and ten times that. */
static void expect_all(FILE *to)
{
    static const char *const factors[] = {"header",   "cache",    "metadata",
                                          "classify", "freelist", "check"};
    expect_head(to, "build", is_open ? "info" : "gauge", "_info", NULL,
                "libhakmem's version, and the level each factor is built with");
    fprintf(to, "hakmem_build_info{%s,version=\"%s\"", labels, header.release);
    for (int f = 0; f < 6; f++)
        fprintf(to, ",%s=\"%s\"", factors[f], header.levels[f]);
    fputs("} 1\n", to);
    expect_classes(to, "mallocs", "blocks handed out, by size class in bytes", sum.mallocs);
    expect_classes(to, "frees", "blocks taken back, by size class in bytes, by the freeing thread",
                   sum.frees);
    expect_sums(to);
    expect_gauge(to, "retained_bytes", "memory in free spans not yet given back to the kernel",
                 header.retained_bytes);
    expect_gauge(to, "metadata_bytes",
                 "memory of the allocator's own: heaps, slab records, magazines",
                 header.metadata_bytes);
    expect_gauge(to, "spans_bytes", "memory in slabs and large blocks", header.spans_bytes);
    expect_gauge(to, "huge_bytes", "memory in blocks that are mappings of their own",
                 header.huge_bytes);
    expect_gauge(to, "process_resident_bytes", "resident memory of the whole process", 0);
    expect_gauge(to, "counters_shared",
                 "1: more threads than pages of counters, so that some counts may be lost", 0);
    if (is_open)
        fputs("# EOF\n", to);
}

/* The first line that differs, but in what is resident; NULL: none. */
static const char *differing(char *found, char *expected)
{
    static const char resident[] = "hakmem_process_resident_bytes{";
    char *in_found, *in_expected;
    char *a = strtok_r(found, "\n", &in_found), *b = strtok_r(expected, "\n", &in_expected);
    for (; a && b; a = strtok_r(NULL, "\n", &in_found), b = strtok_r(NULL, "\n", &in_expected)) {
        bool is_resident = strncmp(a, resident, sizeof resident - 1) == 0;
        uint64_t bytes = is_resident ? strtoull(strrchr(a, ' '), NULL, 10) : 0;
        if (is_resident ? bytes < 1000000 || bytes > 1000000000 : strcmp(a, b) != 0)
            return a;
    }
    return a ? a : b;
}

static void says_what_counters_say(const char *pattern, const char *name, const char *label)
{
    char path[128], said[512];
    size_t bytes;
    pid_t pid = run(pattern, name, said, sizeof said);
    promise(pid > 0 && !said[0] && read_counters(pid), "the child ends as ever: %s", said);
    snprintf(path, sizeof path, "%s/m%%.%d%s", folder, pid, is_open ? "" : ".prom");
    snprintf(labels, sizeof labels, "pid=\"%d\",program=\"%s\"", pid, label);
    char *found = read_whole(path, &bytes), *expected;
    FILE *to = open_memstream(&expected, &bytes);
    expect_all(to);
    fclose(to);
    size_t wanted = strlen(expected), length = strlen(found);
    const char *line = differing(found, expected);
    promise(!line && length > wanted - 20 && length < wanted + 20,
            "%s: every line as the counters have it: %s", name, line ? line : "");
    free(found);
    free(expected);
}

static void says_what_hinders(const char *pattern, const char *line)
{
    char said[4096];
    pid_t pid = run(pattern, "x", said, sizeof said);
    promise(pid > 0 && strcmp(said, line) == 0, "%.20s: the program ends as ever, and one line: %s",
            pattern, said);
    read_counters(pid);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "child") == 0)
        return work(argv[2]);
    if (!mkdtemp(folder))
        return 1;
    char many[2000], path[64];
    memset(many, 'x', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    is_open = true;
    says_what_counters_say("m%%.%p", "plain", "plain");
    says_what_counters_say("m%%.%p", "a\"b\\c\x7f\x01", "a\\\"b\\\\c\\\\x7f\\\\x01");
    says_what_counters_say("m%%.%p", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\xa7 \xc2\xa0",
                           "\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\xa7 \xc2\xa0");
    says_what_counters_say(
        "m%%.%p", "\xc2\x9f\xe0\x80\xaf\xed\xa0\x80\xff\xc3",
        "\\\\xc2\\\\x9f\\\\xe0\\\\x80\\\\xaf\\\\xed\\\\xa0\\\\x80\\\\xff\\\\xc3");
    says_what_counters_say(
        "m%%.%p", "\xf4\x90\x80\x80\xf0\x8f\xbf\xbf\xc1\xbf",
        "\\\\xf4\\\\x90\\\\x80\\\\x80\\\\xf0\\\\x8f\\\\xbf\\\\xbf\\\\xc1\\\\xbf");
    says_what_counters_say("m%%.%p", "\xe0\xa4\x85\xf8\x80\x80\x80\xc0",
                           "\xe0\xa4\x85\\\\xf8\\\\x80\\\\x80\\\\x80\\\\xc0");
    is_open = false;
    says_what_counters_say("m%%.%p.prom", "plain", "plain");
    says_what_hinders("/no/such/x", "hakmem: HAKMEM_METRICS: /no/such/x: not written: error 2 of "
                                    "errno(3)\n");
    says_what_hinders(many, "hakmem: HAKMEM_METRICS: the name is too long\n");
    snprintf(path, sizeof path, "%s/folder", folder);
    promise(mkdir(path, 0700) == 0, "a folder stands there");
    says_what_hinders("folder",
                      "hakmem: HAKMEM_METRICS: folder: not written: error 21 of errno(3)\n");
    rmdir(path);
    says_what_hinders("", "");
    promise(rmdir(folder) == 0, "nothing else is left behind");
    return promises_end();
}
