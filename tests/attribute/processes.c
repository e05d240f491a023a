/* SPDX-License-Identifier: MIT */
/* Mappings come, go, overlap and are inherited; files vanish; whatever is mapped, an answer is
 * given. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attribute/attribute.h"
#include "elf_marks.h"
#include "support/promise.h"

#define AT 0x550000000000u

static bool is(struct attributor *a, pid_t pid, uint64_t address, enum attribution_domain domain)
{
    return attributor_resolve(a, pid, address)->domain == domain;
}

static void expect_inheritance(struct attributor *a, const char *library,
                               const struct code_segment *code)
{
    attributor_map(a, 20, AT, code->bytes, code->offset, library);
    attributor_fork(a, 20, 21);
    promise(is(a, 21, AT, ATTRIBUTED_ALLOCATOR), "a child has its parent's mappings");
    attributor_map(a, 21, AT, code->bytes, 0, "//anon");
    promise(is(a, 21, AT, ATTRIBUTED_APPLICATION), "a new mapping replaces the old one");
    promise(is(a, 20, AT, ATTRIBUTED_ALLOCATOR), "and the parent keeps its own");
    attributor_fork(a, 20, 22);
    attributor_exec(a, 22);
    promise(is(a, 22, AT, ATTRIBUTED_UNKNOWN), "after exec nothing is mapped");
    promise(is(a, 20, AT, ATTRIBUTED_ALLOCATOR), "and the parent keeps its own");
    attributor_fork(a, 20, 20);
    promise(is(a, 20, AT, ATTRIBUTED_ALLOCATOR), "a new thread changes nothing");
    promise(is(a, 99, AT, ATTRIBUTED_UNKNOWN), "a process nobody told of is unknown");
}

static void expect_overlaps(struct attributor *a, const char *library)
{
    attributor_map(a, 30, AT, 0x9000, 0, library);
    attributor_map(a, 30, AT + 0x3000, 0x1000, 0, "[vdso]");
    promise(is(a, 30, AT + 0x2fff, ATTRIBUTED_ALLOCATOR), "a hole leaves what is before it");
    promise(is(a, 30, AT + 0x3000, ATTRIBUTED_APPLICATION), "the hole is another's");
    promise(is(a, 30, AT + 0x3fff, ATTRIBUTED_APPLICATION), "to its last byte");
    promise(is(a, 30, AT + 0x4000, ATTRIBUTED_ALLOCATOR), "a hole leaves what is after it");
    attributor_map(a, 30, AT - 0x1000, 0x20000, 0, "/memfd:jit (deleted)");
    promise(is(a, 30, AT + 0x4000, ATTRIBUTED_APPLICATION), "a wide mapping covers them all");
    promise(is(a, 30, AT + 0x1f000, ATTRIBUTED_UNKNOWN), "and ends where it ends");
}

static void expect_names(struct attributor *a, const char *library, const struct code_segment *code)
{
    char link[] = "/tmp/hakmem-attribute-XXXXXX", removed[4096];
    if (promise(mkdtemp(link) != NULL, "a folder for a symbolic link")) {
        char path[64];
        snprintf(path, sizeof path, "%s/link.so", link);
        promise(symlink(library, path) == 0, "a symbolic link to the library");
        attributor_map(a, 40, AT, code->bytes, code->offset, path);
        promise(is(a, 40, AT, ATTRIBUTED_ALLOCATOR), "the library under another name");
        unlink(path);
        rmdir(link);
    }
    snprintf(removed, sizeof removed, "%s (deleted)", library);
    attributor_map(a, 41, AT, code->bytes, code->offset, removed);
    promise(is(a, 41, AT, ATTRIBUTED_ALLOCATOR), "the library, removed while it was mapped");

    static const char *const odd[] = {
        "",  "[heap]",        "//anon",         "/dev/zero",
        "/", "/no/such/file", "/proc/self/mem", "name with \x1b[31m control characters"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        attributor_map(a, 42, AT, 0x1000, 0, odd[i]);
        const struct attribution *answer = attributor_resolve(a, 42, AT + 8);
        promise(answer->domain == ATTRIBUTED_APPLICATION && !answer->function,
                "mapping %zu is application", i);
    }
    promise(attributor_map(a, 42, AT, 0, 0, "x") == -1 && errno == EINVAL,
            "an empty mapping is refused");
    promise(attributor_map(a, 42, UINT64_MAX, 2, 0, "x") == -1 && errno == EINVAL,
            "one past the end, too");
}

static void expect_no_allocator(const char *library, const struct code_segment *code)
{
    struct attributor *a = attributor_create(NULL);
    attributor_map(a, 50, AT, code->bytes, code->offset, library);
    uint64_t address = elf_symbol(library, "fixture_refill", NULL) - code->address;
    const struct attribution *answer = attributor_resolve(a, 50, AT + address);
    promise(answer->domain == ATTRIBUTED_APPLICATION, "without an allocator all is application");
    promise(strcmp(answer->source, "application") == 0, "by that name");
    promise(answer->function && strcmp(answer->function, "fixture_refill") == 0,
            "with the function's symbol");
    promise(!attributor_has_debug_information(a), "and no debug information of an allocator");
    attributor_destroy(a);

    promise(!attributor_create("/no/such/library.so") && errno == ENOENT,
            "a missing allocator is refused");
    promise(!attributor_create("/dev/null") && errno == ENOEXEC, "a device is no allocator");
    promise(!attributor_create("/etc/passwd") && errno == ENOEXEC, "a text is no allocator");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    char *library = realpath(argv[1], NULL); /* as the kernel tells it */
    if (!promise(library != NULL, "the library is there"))
        return promises_end();
    struct code_segment code = elf_code_segment(library);
    struct attributor *attributor = attributor_create(argv[1]);
    if (!promise(attributor != NULL, "the library is read"))
        return promises_end();
    expect_inheritance(attributor, library, &code);
    expect_overlaps(attributor, library);
    expect_names(attributor, library, &code);
    attributor_destroy(attributor);
    expect_no_allocator(library, &code);
    free(library);
    return promises_end();
}
