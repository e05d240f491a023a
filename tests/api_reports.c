/* SPDX-License-Identifier: MIT */
/* api_probe's cases about names, settings and reports. */
#include "api_cases.h"
#include "support/process.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAY(...) snprintf(answer, API_ANSWER_BYTES, __VA_ARGS__)

/* Where does the name resolve, for a program that calls it? */
static void exported(char *answer, const char *word)
{
    Dl_info of_malloc, of_name;
    void *name = dlsym(RTLD_DEFAULT, word);
    if (!name) {
        SAY("absent");
        return;
    }
    dladdr(dlsym(RTLD_DEFAULT, "malloc"), &of_malloc);
    dladdr(name, &of_name);
    SAY(of_malloc.dli_fbase == of_name.dli_fbase ? "with malloc" : "elsewhere");
}

static void settings(char *answer, const char *word)
{
    int known[] = {M_MXFAST,   M_TRIM_THRESHOLD, M_TOP_PAD,    M_MMAP_THRESHOLD,
                   M_MMAP_MAX, M_PERTURB,        M_ARENA_TEST, M_ARENA_MAX};
    int values[] = {64, 128 * 1024, 128 * 1024, 128 * 1024, 65536, 0, 2, 8};
    for (int i = 0; i < 8; i++) {
        if (mallopt(known[i], values[i]) != 1) {
            SAY("mallopt(%d) fails", known[i]);
            return;
        }
    }
    SAY("1");
}

static void trim(char *answer, const char *word)
{
    void *p[1000];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++)
            memset(p[i] = malloc((size_t)i * 50), 1, (size_t)i * 50);
        for (int i = 0; i < 1000; i++)
            free(p[i]);
        int result = malloc_trim(0);
        if (result != 0 && result != 1) {
            SAY("%d", result);
            return;
        }
    }
    SAY("0 or 1");
}

static void in_use_follows(char *answer, const char *word)
{
    enum { BLOCKS = 1000, BYTES = 5000, LARGE = 8 << 20 };
    static void *p[BLOCKS];
    size_t start = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (int i = 0; i < BLOCKS; i++)
        p[i] = malloc(BYTES);
    void *large = malloc(LARGE);
    size_t full = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (int i = 0; i < BLOCKS; i++)
        free(p[i]);
    free(large);
    size_t end = mallinfo2().uordblks + mallinfo2().hblkhd;
    size_t asked = (size_t)BLOCKS * BYTES + LARGE;
    if (full - start < asked || full - start > asked + asked / 4)
        SAY("%zu for %zu", full - start, asked);
    else if (end > start + asked / 100)
        SAY("%zu left after free", end - start);
    else
        SAY("yes");
}

static void arena_holds_use(char *answer, const char *word)
{
    void *p = malloc(100000);
    struct mallinfo2 m = mallinfo2();
    SAY(m.uordblks <= m.arena && m.uordblks + m.fordblks <= m.arena + m.hblkhd
            ? "yes"
            : "no: arena %zu used %zu free %zu",
        m.arena, m.uordblks, m.fordblks);
    free(p);
}

static void old_mallinfo(char *answer, const char *word)
{
    void *p = malloc(3 << 20);
    struct mallinfo old = mallinfo();
    struct mallinfo2 now = mallinfo2();
    SAY((size_t)old.uordblks == now.uordblks && (size_t)old.arena == now.arena ? "as mallinfo2"
                                                                               : "differs");
    free(p);
}

static void info_is_xml(char *answer, const char *word)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    int result = malloc_info(0, stream);
    fclose(stream);
    bool whole = text && strncmp(text, "<malloc version=", 16) == 0 && strstr(text, "</malloc>\n");
    SAY("%d, %s", result, whole ? "xml" : "not xml");
    free(text);
}

static void info_options(char *answer, const char *word)
{
    errno = 0;
    int result = malloc_info(1, stdout);
    SAY(result == EINVAL || (result == -1 && errno == EINVAL) ? "EINVAL" : "%d", result);
}

static void stats_print(char *answer, const char *word)
{
    char text[64];
    int ends[2], saved = dup(STDERR_FILENO);
    if (pipe2(ends, O_NONBLOCK) != 0)
        return;
    dup2(ends[1], STDERR_FILENO);
    malloc_stats();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    SAY(read(ends[0], text, sizeof text) > 0 ? "prints" : "silent");
}

#define NAME(name)                                                                                 \
    {                                                                                              \
        "exports " name, exported, name, "with malloc"                                             \
    }

const struct api_case api_surface[] = {
    NAME("malloc"),
    NAME("free"),
    NAME("calloc"),
    NAME("realloc"),
    NAME("reallocarray"),
    NAME("aligned_alloc"),
    NAME("memalign"),
    NAME("posix_memalign"),
    NAME("valloc"),
    NAME("pvalloc"),
    NAME("malloc_usable_size"),
    NAME("cfree"),
    NAME("free_sized"),
    NAME("free_aligned_sized"),
    NAME("mallinfo"),
    NAME("mallinfo2"),
    NAME("mallopt"),
    NAME("malloc_trim"),
    NAME("malloc_stats"),
    NAME("malloc_info"),
    NAME("__libc_malloc"),
    NAME("__libc_free"),
    NAME("__libc_calloc"),
    NAME("__libc_realloc"),
    NAME("__libc_memalign"),
    NAME("__libc_valloc"),
    NAME("__libc_pvalloc"),
    {NULL, NULL, NULL, NULL},
};

const struct api_case api_reports[] = {
    {"mallopt of known parameters", settings, "", "1"},
    {"malloc_trim(0)", trim, "", "0 or 1"},
    {"mallinfo2: bytes in use follow", in_use_follows, "", "yes"},
    {"mallinfo2: arena holds what is used", arena_holds_use, "", "yes"},
    {"mallinfo", old_mallinfo, "", "as mallinfo2"},
    {"malloc_info(0)", info_is_xml, "", "0, xml"},
    {"malloc_info(1)", info_options, "", "EINVAL"},
    {"malloc_stats", stats_print, "", "prints"},
    {NULL, NULL, NULL, NULL},
};
