/* SPDX-License-Identifier: MIT */
/*
 * A library cut short anywhere, or with bytes changed anywhere, may cost its names; it may not cost
 * the tool, nor stop the process that reads it. Each copy is asked for in a child, so that one
 * crash is one broken promise.
 *
 *     broken LIBRARY COPIES
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attribute/attribute.h"
#include "elf_marks.h"
#include "support/process.h"
#include "support/promise.h"

#define AT 0x550000000000u
enum { SECONDS = 20, BYTES_MOST = 1 << 22, QUESTIONS = 2048 };

static char path[64];
static unsigned char original[BYTES_MOST], damaged[BYTES_MOST];
static struct code_segment code;

static void __attribute__((noreturn)) read_and_ask(void)
{
    alarm(SECONDS);
    struct attributor *attributor = attributor_create(path);
    if (attributor) {
        attributor_map(attributor, 1, AT, code.bytes, code.offset, path);
        for (uint64_t i = 0; i < code.bytes; i += 1 + code.bytes / QUESTIONS)
            if (!attributor_resolve(attributor, 1, AT + i)->source)
                _exit(1);
        if (attributor_note(attributor, 0))
            _exit(2); /* the reader stopped */
        attributor_destroy(attributor);
    }
    struct attributor *all = attributor_create(NULL);
    attributor_map(all, 1, AT, code.bytes, code.offset, path);
    for (uint64_t i = 0; i < code.bytes; i += 64)
        attributor_resolve(all, 1, AT + i);
    attributor_destroy(all);
    _exit(0);
}

static bool survives(size_t bytes)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = descriptor >= 0 && write(descriptor, damaged, bytes) == (ssize_t)bytes;
    if (descriptor >= 0)
        close(descriptor);
    if (!written)
        return promise(false, "%s is written", path);

    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        read_and_ask();
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void expect_truncation(size_t bytes, size_t copies)
{
    size_t survived = 0;
    memcpy(damaged, original, bytes);
    for (size_t i = 0; i < copies; i++) {
        bool good = survives(bytes * i / copies);
        if (!good)
            note("cut to %zu of %zu bytes", bytes * i / copies, bytes);
        survived += good;
    }
    promise(survived == copies, "%zu of %zu truncated copies read without a crash", survived,
            copies);
}

/* Changes up to 16 bytes, half of the copies in the headers at both ends, half anywhere. */
static void expect_damage(size_t bytes, size_t copies)
{
    uint64_t random = 0x9e3779b97f4a7c15u;
    size_t survived = 0;
    for (size_t i = 0; i < copies; i++) {
        uint64_t seed = random;
        memcpy(damaged, original, bytes);
        for (size_t changes = 1 + random_next(&random) % 16; changes; changes--) {
            size_t at = random_next(&random) % (i % 2 ? bytes : bytes < 2048 ? bytes : 2048);
            if (i % 4 == 2)
                at = bytes - 1 - at;
            damaged[at] = (unsigned char)random_next(&random);
        }
        bool good = survives(bytes);
        if (!good)
            note("copy %zu, generator state %#llx", i, (unsigned long long)seed);
        survived += good;
    }
    promise(survived == copies, "%zu of %zu damaged copies read without a crash", survived, copies);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    char folder[] = "/tmp/hakmem-broken-XXXXXX";
    int descriptor = open(argv[1], O_RDONLY | O_CLOEXEC);
    ssize_t bytes = descriptor < 0 ? -1 : read(descriptor, original, sizeof original);
    if (!promise(bytes > 0 && bytes < BYTES_MOST, "the library is read") ||
        !promise(mkdtemp(folder) != NULL, "a folder for the copies"))
        return promises_end();
    close(descriptor);
    snprintf(path, sizeof path, "%s/copy.so", folder);
    code = elf_code_segment(argv[1]);

    size_t copies = strtoul(argv[2], NULL, 10);
    expect_truncation((size_t)bytes, copies);
    expect_damage((size_t)bytes, copies);
    unlink(path);
    rmdir(folder);
    return promises_end();
}
