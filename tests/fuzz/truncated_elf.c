/* SPDX-License-Identifier: MIT */
/*
 * A library that gets shorter and longer while its names are read costs them: whoever asks is not
 * ended, and the reader gets no SIGBUS, since nothing is mapped.
 *
 *     truncated_elf LIBRARY SECONDS
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attribute/attribute.h"
#include "support/process.h"
#include "support/promise.h"

#define AT 0x550000000000u
enum { BYTES_MOST = 1 << 23, QUESTIONS = 64 };

static char path[64];
static char contents[BYTES_MOST];
static size_t bytes;
static _Atomic bool done;
static _Atomic unsigned cuts;

static void *cut_and_mend(void *unused)
{
    uint64_t random = 42;
    int file = open(path, O_WRONLY | O_CLOEXEC);
    while (file >= 0 && !atomic_load(&done)) {
        size_t kept = random_next(&random) % bytes;
        if (ftruncate(file, (off_t)kept) != 0)
            break;
        usleep(random_next(&random) % 500);
        if (pwrite(file, contents + kept, bytes - kept, (off_t)kept) < 0)
            break;
        usleep(random_next(&random) % 2000);
        atomic_fetch_add(&cuts, 1);
    }
    close(file);
    return NULL;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool is_bus_error(const struct attributor *attributor)
{
    for (size_t i = 0; attributor_note(attributor, i); i++) {
        if (strstr(attributor_note(attributor, i), "signal 7"))
            return true;
    }
    return false;
}

/* With the allocator's file open from the start, and by its path alone. */
static void ask(const char *allocator, unsigned *answered, unsigned *bus_errors)
{
    uint8_t code[16];
    struct attributor *attributor = attributor_create(allocator);
    if (!attributor)
        return;
    attributor_map(attributor, 1, AT, bytes, 0, path);
    for (size_t i = 0; i < QUESTIONS; i++) {
        const struct attribution *found =
            attributor_resolve(attributor, 1, AT + i * bytes / QUESTIONS);
        *answered += found->function != NULL;
        attributor_code(attributor, path, i * bytes / QUESTIONS, code, sizeof code);
    }
    *bus_errors += is_bus_error(attributor);
    attributor_destroy(attributor);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/hakmem-truncated-XXXXXX";
    pthread_t thread;
    unsigned answered = 0, asked = 0, bus_errors = 0;
    FILE *file = argc == 3 ? fopen(argv[1], "re") : NULL;
    if (!file)
        return 2;
    bytes = fread(contents, 1, sizeof contents, file);
    fclose(file);
    if (!promise(bytes > 0 && mkdtemp(folder), "a folder for the copy"))
        return promises_end();
    snprintf(path, sizeof path, "%s/copy.so", folder);
    file = fopen(path, "we");
    bool is_written = file && fwrite(contents, 1, bytes, file) == bytes;
    promise(file && fclose(file) == 0 && is_written, "a copy of the library");
    promise(pthread_create(&thread, NULL, cut_and_mend, NULL) == 0, "a thread that cuts it");
    for (double end = now() + atof(argv[2]); now() < end; asked++)
        ask(asked % 2 ? path : NULL, &answered, &bus_errors);
    atomic_store(&done, true);
    pthread_join(thread, NULL);
    unlink(path);
    rmdir(folder);
    promise(asked > 3 && atomic_load(&cuts) > 10, "read %u times while it was cut %u times", asked,
            atomic_load(&cuts));
    promise(answered > 0, "%u answers told a function", answered);
    promise(bus_errors == 0, "no reader got a SIGBUS");
    return promises_end();
}
