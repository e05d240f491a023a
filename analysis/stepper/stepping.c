/* SPDX-License-Identifier: MIT */
/*
 * Each thread counts its calls; the first one that has made those to be skipped is stepped from
 * then on. The mapping that holds the state is emptied by the kernel in a child of fork, and zero
 * is OFF.
 */
#include "stepping.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "clock.h"
#include "own_process.h"
#include "recorder/own_files.h"
#include "steps.h"
#include "trap.h"

enum state { OFF, WAITING, COUNTING };

static uint32_t *state; /* by atomic access alone; NULL: nothing is to be counted */

static struct {
    bool is_done;
    uint64_t skip, calls;
    char folder[PATH_MAX - 64];
} setup;

static __thread struct {
    bool is_inside; /* of a call of the program's */
    bool is_counted;
    uint64_t calls;
} thread __attribute__((tls_model("initial-exec")));

static bool read_variable(void)
{
    char value[PATH_MAX], *end;
    if (!own_variable(STEP_VARIABLE, value, sizeof value))
        return false;
    setup.skip = strtoull(value, &end, 10);
    if (*end != ':')
        return false;
    setup.calls = strtoull(end + 1, &end, 10);
    const char *name = end + 1, *folder = *end == ':' ? strchr(name, '/') : NULL;
    if (!folder || strlen(folder) >= sizeof setup.folder)
        return false;
    strcpy(setup.folder, folder);
    return (name == folder || own_name_is(name, (size_t)(folder - name))) &&
           setup.skip <= STEP_NUMBER_MAX && setup.calls <= STEP_NUMBER_MAX;
}

/* The first call of all comes while the process has one thread. */
static __attribute__((noinline)) void set_up(void)
{
    int error = errno;
    uint32_t *mapping = NULL;
    setup.is_done = true;
    if (read_variable())
        mapping = own_memory(sizeof *mapping, PROT_READ | PROT_WRITE);
    if (mapping && madvise(mapping, sizeof *mapping, MADV_WIPEONFORK) == 0) {
        *mapping = WAITING;
        state = mapping;
    }
    errno = error;
}

static void finish(void)
{
    __atomic_store_n(state, OFF, __ATOMIC_RELEASE);
    trap_remove();
}

static bool start(void)
{
    if (!steps_start(setup.folder))
        return false;
    clock_stop();
    if (!trap_install())
        steps_stop(STEP_SIGNAL_TAKEN);
    return !steps_have_stopped();
}

static __attribute__((noinline)) bool become_the_counted(void)
{
    uint32_t expected = WAITING;
    if (!__atomic_compare_exchange_n(state, &expected, COUNTING, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED))
        return false;
    int error = errno;
    thread.is_counted = start();
    if (!thread.is_counted)
        finish();
    errno = error;
    return thread.is_counted;
}

/* Whether this call of the thread is to be stepped. */
static bool is_due(void)
{
    if (!state)
        return false;
    switch (__atomic_load_n(state, __ATOMIC_ACQUIRE)) {
    case WAITING:
        return ++thread.calls > setup.skip && become_the_counted();
    case COUNTING:
        return thread.is_counted;
    default:
        return false;
    }
}

static bool begin(enum step_kind kind, size_t bytes)
{
    int error = errno, why = trap_is_hindered();
    if (why)
        steps_stop(why);
    bool begins = steps_begin(kind, bytes);
    if (!begins)
        finish();
    errno = error;
    return begins;
}

static void end(void)
{
    int error = errno;
    steps_end();
    if (steps_calls() == setup.calls)
        steps_stop(STEP_DONE);
    if (steps_have_stopped())
        finish();
    errno = error;
}

/* Also when an exception passes through. */
static void leave(bool **is_inside)
{
    trap_forget();
    **is_inside = false;
}

uintptr_t stepping_call(enum step_kind kind, size_t bytes, step_function *function, uintptr_t first,
                        uintptr_t second, uintptr_t third)
{
    typedef uintptr_t whole_function(uintptr_t, uintptr_t, uintptr_t);
    if (thread.is_inside)
        return ((whole_function *)function)(first, second, third);
    __attribute__((cleanup(leave))) bool *is_inside = &thread.is_inside;
    *is_inside = true; /* whatever setting up calls is not the program's */
    if (!setup.is_done)
        set_up();
    if (!is_due() || !begin(kind, bytes))
        return ((whole_function *)function)(first, second, third);
    uintptr_t result = trap_call(function, first, second, third);
    end();
    return result;
}
