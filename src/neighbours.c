/* SPDX-License-Identifier: MIT */
/*
 * A sanitizer's run-time library brings a malloc of its own and counts on it: it knows of every
 * block what may be done to it. Where that malloc comes first ours is never called, and nothing has
 * to be done. Where ours comes first, the program would run with reports that are wrong or missing,
 * so it is stopped with one line, as AddressSanitizer does itself.
 *
 * Not in the un-interposed build, which is nobody's malloc.
 */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "compiler.h"
#include "export.h"
#include "os.h"

/* Each has one of these, and nothing else has. */
extern void __asan_init(void) __attribute__((weak));
extern void __hwasan_init(void) __attribute__((weak));
extern void __lsan_init(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

/* The linker's, around what this file was linked into. */
extern HAK_HIDDEN const char __ehdr_start[];
extern HAK_HIDDEN const char _etext[];

static const char *sanitizer(void)
{
    if (__asan_init)
        return "AddressSanitizer";
    if (__hwasan_init)
        return "HWAddressSanitizer";
    if (__lsan_init)
        return "LeakSanitizer";
    if (__msan_init)
        return "MemorySanitizer";
    if (__tsan_init)
        return "ThreadSanitizer";
    return NULL;
}

/* The process's free, as the dynamic linker found it, is in here. */
static bool come_first(void)
{
    uintptr_t start = (uintptr_t)__ehdr_start;
    return (uintptr_t)free - start < (uintptr_t)_etext - start;
}

__attribute__((constructor)) static void stand_aside(void)
{
    static const char before[] = "hakmem: ",
                      after[] = " needs a malloc of its own, and libhakmem is in its place: "
                                "run this program without libhakmem\n";
    const char *name = sanitizer();
    if (!name || !come_first())
        return;
    char line[sizeof before + sizeof after + 32];
    strcpy(line, before);
    strcat(line, name);
    strcat(line, after);
    hak_os_write_error(line, strlen(line));
    _exit(1);
}
