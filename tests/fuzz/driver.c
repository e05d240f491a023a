/* SPDX-License-Identifier: MIT */
/*
 * Runs a harness without libFuzzer: on every file of its corpus, on its seeds, and on mutations of
 * these, the same in every run with the same seed.
 *
 *     HARNESS [--runs N] [--seconds S] [--seed N] [FILE | FOLDER]...
 *     HARNESS --write-seeds FOLDER
 *
 * The input that breaks something is left behind in the current folder, as `crash-HARNESS`.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"
#include "mutate.h"

enum { INPUT_BYTES_MOST = 1 << 17, SECONDS_OF_ONE = 30, AT_ONCE = 64 };

struct item {
    uint8_t *bytes;
    size_t count;
};

static struct {
    struct item *items;
    size_t count, capacity;
} corpus;

static const char *own_name;
static const uint8_t *current;
static size_t current_count;
static uint64_t current_run;

/* Called where the process can't be trusted any more: system calls alone. */
static void leave_input(void)
{
    char path[256], line[512];
    if (!current)
        return; /* what leaked shows in the end */
    snprintf(path, sizeof path, "crash-%s", own_name);
    FILE *file = fopen(path, "w");
    if (file) {
        fwrite(current, 1, current_count, file);
        fclose(file);
    }
    int length = snprintf(line, sizeof line, "%s: broken in run %llu, by %zu bytes, left in %s\n",
                          own_name, (unsigned long long)current_run, current_count, path);
    ssize_t written = write(STDERR_FILENO, line, (size_t)length);
    (void)written;
}

static void take_too_long(int number)
{
    static const char text[] = "an input takes too long\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    leave_input();
    _exit(1);
}

#if defined(__SANITIZE_ADDRESS__)
#    define SANITIZED 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define SANITIZED 1
#    endif
#endif
#ifdef SANITIZED
#    include <sanitizer/common_interface_defs.h>

/* Memory that is out is an answer as any other: a parser must take it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "handle_abort=1:allocator_may_return_null=1:max_allocation_size_mb=4096:"
           "detect_stack_use_after_return=1";
}

static void watch_for_its_end(void)
{
    __sanitizer_set_death_callback(leave_input);
}
#else
static void break_off(int number)
{
    leave_input();
    signal(number, SIG_DFL);
    raise(number);
}

static void watch_for_its_end(void)
{
    signal(SIGABRT, break_off);
    signal(SIGSEGV, break_off);
    signal(SIGBUS, break_off);
}
#endif

static struct item copy_of(const void *bytes, size_t count)
{
    struct item item = {malloc(count + !count), count};
    fuzz_check(item.bytes);
    if (count)
        memcpy(item.bytes, bytes, count);
    return item;
}

static void add(const char *name, const void *bytes, size_t count)
{
    if (corpus.count == corpus.capacity) {
        corpus.capacity = 2 * corpus.capacity + 64;
        corpus.items = reallocarray(corpus.items, corpus.capacity, sizeof *corpus.items);
        fuzz_check(corpus.items);
    }
    corpus.items[corpus.count++] = copy_of(bytes, count);
}

static bool add_file(const char *path)
{
    static uint8_t bytes[INPUT_BYTES_MOST];
    FILE *file = fopen(path, "re");
    if (!file) {
        fprintf(stderr, "%s: %s: %s\n", own_name, path, strerror(errno));
        return false;
    }
    add(path, bytes, fread(bytes, 1, sizeof bytes, file));
    fclose(file);
    return true;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool add_path(const char *path)
{
    struct stat status;
    struct dirent **list;
    bool done = true;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return add_file(path);
    int count = scandir(path, &list, is_shown, alphasort);
    for (int i = 0; i < count; i++) {
        char *name;
        done = asprintf(&name, "%s/%s", path, list[i]->d_name) >= 0 && add_file(name) && done;
        free(name);
        free(list[i]);
    }
    free(list);
    return done && count >= 0;
}

/* In a block of its own size, so that every byte beyond it is seen. */
static void run(const uint8_t *bytes, size_t count)
{
    struct item input = copy_of(bytes, count);
    if (current_run % AT_ONCE == 0)
        alarm(SECONDS_OF_ONE);
    current = input.bytes;
    current_count = count;
    current_run++;
    LLVMFuzzerTestOneInput(input.bytes, count);
    current = NULL;
    free(input.bytes);
}

static void run_mutant(uint64_t *random)
{
    static uint8_t bytes[INPUT_BYTES_MOST];
    const struct item *from = &corpus.items[mutate_random(random) % corpus.count];
    const struct item *other = &corpus.items[mutate_random(random) % corpus.count];
    struct mutant mutant = {bytes, from->count, sizeof bytes};
    memcpy(bytes, from->bytes, from->count);
    mutate(&mutant, other->bytes, other->count, random);
    run(mutant.bytes, mutant.count);
}

static const char *seed_folder;

static void write_seed(const char *name, const void *bytes, size_t count)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", seed_folder, name);
    FILE *file = fopen(path, "we");
    if (!file || fwrite(bytes, 1, count, file) != count || fclose(file) != 0) {
        fprintf(stderr, "%s: %s: %s\n", own_name, path, strerror(errno));
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void run_all(uint64_t runs, double seconds, uint64_t seed)
{
    double begin = now(), shown = begin;
    uint64_t random = seed * 0x9e3779b97f4a7c15u + 1;
    for (size_t i = 0; i < corpus.count; i++)
        run(corpus.items[i].bytes, corpus.items[i].count);
    for (uint64_t i = 0; i < runs || (seconds > 0 && now() - begin < seconds); i++) {
        run_mutant(&random);
        if (i % 1024 == 0 && now() - shown > 5) {
            shown = now();
            printf("%s: %llu runs in %.0f s\n", own_name, (unsigned long long)i, shown - begin);
            fflush(stdout);
        }
    }
    printf("%s: %zu inputs of corpus and seeds, %llu runs in all, %.1f s\n", own_name, corpus.count,
           (unsigned long long)current_run, now() - begin);
}

int main(int argc, char **argv)
{
    uint64_t runs = 0, seed = 1;
    double seconds = 0;
    bool done = true;
    const char *slash = strrchr(argv[0], '/');
    own_name = slash ? slash + 1 : argv[0];
    fuzz_seeds(add);
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--write-seeds") == 0) {
            seed_folder = value;
            fuzz_seeds(write_seed);
            return 0;
        }
        if (strcmp(argv[i], "--runs") == 0)
            runs = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seconds") == 0)
            seconds = atof(argv[++i]);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[++i], NULL, 10);
        else
            done = add_path(argv[i]) && done;
    }
    if (!done || !corpus.count)
        return 2;
    signal(SIGALRM, take_too_long);
    watch_for_its_end();
    run_all(runs, seconds, seed);
    for (size_t i = 0; i < corpus.count; i++)
        free(corpus.items[i].bytes);
    free(corpus.items);
    return 0;
}
