/* SPDX-License-Identifier: MIT */
/*
 * A million samples find their sources in less time than they were taken in: pairs of process and
 * address, nearly all distinct, in the allocator's code and in libc's. The time is printed; the
 * bound is lax, as a test's must be.
 *
 *     attribute_million LIBRARY
 */
#include <dlfcn.h>
#include <stdio.h>

#include "attribute/attribute.h"
#include "elf_marks.h"
#include "support/process.h"
#include "support/promise.h"

enum { SAMPLES = 1000000, PROCESSES = 100 };
static const double most_seconds = 10;

/* A library in every process, at another address in each. */
struct mapped {
    const char *path;
    struct code_segment code;
    uint64_t at;
};

static uint64_t address_in(const struct mapped *mapped, pid_t pid)
{
    return mapped->at + (uint64_t)pid * 0x10000000u;
}

static void map(struct attributor *attributor, struct mapped *mapped)
{
    mapped->code = elf_code_segment(mapped->path);
    for (pid_t pid = 1; pid <= PROCESSES; pid++)
        attributor_map(attributor, pid, address_in(mapped, pid), mapped->code.bytes,
                       mapped->code.offset, mapped->path);
}

/* Every other sample is the allocator's. How many were not found to be so. */
static size_t resolve(struct attributor *attributor, const struct mapped libraries[2], size_t count)
{
    uint64_t state = 1;
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct mapped *library = &libraries[i & 1];
        pid_t pid = (pid_t)(1 + random_next(&state) % PROCESSES);
        uint64_t address = address_in(library, pid) + random_next(&state) % library->code.bytes;
        const struct attribution *found = attributor_resolve(attributor, pid, address);
        /* libc has a malloc, too. */
        bool is_allocators = found->domain == ATTRIBUTED_ALLOCATOR && !found->other;
        wrong += is_allocators == (i & 1);
    }
    return wrong;
}

int main(int argc, char **argv)
{
    Dl_info libc;
    if (argc < 2 || !dladdr((void *)puts, &libc))
        return 2;
    struct mapped libraries[2] = {{.path = argv[1], .at = 0x7f0000000000u},
                                  {.path = libc.dli_fname, .at = 0x7e0000000000u}};
    double start = seconds_now();
    struct attributor *attributor = attributor_create(argv[1]);
    if (!promise(attributor != NULL, "the library is read"))
        return promises_end();
    map(attributor, &libraries[0]);
    map(attributor, &libraries[1]);
    resolve(attributor, libraries, 2); /* libraries are read when first met */
    double read = seconds_now();
    size_t wrong = resolve(attributor, libraries, SAMPLES);
    double end = seconds_now();
    note("both libraries were read in %.3f s, %d samples resolved in %.3f s", read - start, SAMPLES,
         end - read);
    promise(wrong == 0, "%zu samples of %d went to the wrong library", wrong, SAMPLES);
    promise(end - read < most_seconds, "in less than %.0f s", most_seconds);
    attributor_destroy(attributor);
    return promises_end();
}
