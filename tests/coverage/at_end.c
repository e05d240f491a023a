/* SPDX-License-Identifier: MIT */
/*
 * Linked into the library and into each test of a build for coverage: what was counted is written
 * when a process ends by _exit or abort, too, where gcov itself writes nothing. What SIGKILL ends,
 * or an exec replaces, is lost.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stddef.h>

extern void __gcov_dump(void);
/* Of the library, where this is linked into it. A process that is stopped inside it may hold any
 * lock, and gcov allocates. */
extern void hak_heap_unlock_all(void) __attribute__((weak));

typedef void end_function(int status);

static struct sigaction before;

/* The program's own comes first, then that of a preloaded library, then the C library's. */
__attribute__((visibility("default"))) _Noreturn void _exit(int status)
{
    end_function *next = (end_function *)dlsym(RTLD_NEXT, "_exit");
    __gcov_dump();
    next(status);
    __builtin_unreachable();
}

static void on_abort(int number)
{
    if (hak_heap_unlock_all) {
        hak_heap_unlock_all();
        __gcov_dump();
    }
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(number);
    signal(SIGABRT, SIG_DFL); /* as it would have ended */
    raise(number);
}

__attribute__((constructor)) static void start(void)
{
    struct sigaction action = {.sa_handler = on_abort};
    sigaction(SIGABRT, &action, &before);
}
