/* SPDX-License-Identifier: MIT */
#include "slow_path_memory.h"

#include <errno.h>
#include <stdio.h>

#include "slow_path_cost.h"
#include "slow_path_tracepoint.h"

#if defined(__x86_64__)
#    define FUNCTION_PREFIX "__x64_sys_"
#elif defined(__aarch64__)
#    define FUNCTION_PREFIX "__arm64_sys_"
#elif defined(__riscv)
#    define FUNCTION_PREFIX "__riscv_sys_"
#else
#    define FUNCTION_PREFIX "__unknown_sys_" /* tracepoints are used instead */
#endif

struct call_programs slow_path_programs_of_call(struct slow_path_programs *programs, int call,
                                                char function[64])
{
    snprintf(function, 64, FUNCTION_PREFIX "%s", slow_path_call_names[call]);
    switch (call) {
    case WATCHED_MMAP:
        return (struct call_programs){programs->progs.slow_path_mmap_begin,
                                      programs->progs.slow_path_mmap_end};
    case WATCHED_MUNMAP:
        return (struct call_programs){programs->progs.slow_path_munmap_begin,
                                      programs->progs.slow_path_munmap_end};
    case WATCHED_MADVISE:
        return (struct call_programs){programs->progs.slow_path_madvise_begin,
                                      programs->progs.slow_path_madvise_end};
    case WATCHED_MPROTECT:
        return (struct call_programs){programs->progs.slow_path_mprotect_begin,
                                      programs->progs.slow_path_mprotect_end};
    default:
        return (struct call_programs){programs->progs.slow_path_mremap_begin,
                                      programs->progs.slow_path_mremap_end};
    }
}

void slow_path_how(struct slow_path *slow_path, enum slow_path_instrument instrument, bool best,
                   const char *how)
{
    struct slow_path_how *to = &slow_path->how[instrument];
    to->best = best;
    snprintf(to->how, sizeof to->how, "%s", how);
}

static bool attach_pair(struct watch *watch, const struct bpf_program *begin,
                        const struct bpf_program *end)
{
    if (!bpf_program__autoload(begin) || !bpf_program__autoload(end))
        return false;
    watch->begin = probe_attach_kernel(begin);
    if (watch->begin.link)
        watch->end = probe_attach_kernel(end);
    watch->watched = watch->begin.link && watch->end.link;
    if (!watch->watched) {
        probe_detach(&watch->begin);
        probe_detach(&watch->end);
    }
    return watch->watched;
}

/* The kernel's own faults have a tracepoint of their own, which may be missing. */
static bool attach_fault_tracepoints(struct slow_path *slow_path, struct watch *watch)
{
    struct slow_path_programs *programs = slow_path->programs;
    if (!bpf_program__autoload(programs->progs.slow_path_fault_user))
        return false;
    watch->begin = probe_attach_kernel(programs->progs.slow_path_fault_user);
    if (bpf_program__autoload(programs->progs.slow_path_fault_kernel))
        watch->end = probe_attach_kernel(programs->progs.slow_path_fault_kernel);
    watch->watched = watch->begin.link != NULL;
    return watch->watched;
}

void slow_path_attach_faults(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    struct watch *watch = &slow_path->watch[WATCHED_PAGE_FAULT];
    double before = slow_path_ns_of_fault();
    slow_path->faults_timed = attach_pair(watch, programs->progs.slow_path_fault_begin,
                                          programs->progs.slow_path_fault_end);
    if (slow_path->faults_timed)
        slow_path_how(slow_path, SLOW_PATH_BY_FAULTS, true,
                      "timed in the kernel's handle_mm_fault (fentry, fexit)");
    else if (attach_fault_tracepoints(slow_path, watch))
        slow_path_how(
            slow_path, SLOW_PATH_BY_FAULTS, false,
            "counted at tracepoints, as this kernel takes no fexit: their time is what the "
            "samples tell, \"kernel: page faults\"");
    else
        slow_path_how(
            slow_path, SLOW_PATH_BY_FAULTS, false,
            "not counted, as this kernel has neither fexit nor exceptions:page_fault_user: "
            "see the samples, \"kernel: page faults\"");
    if (watch->watched)
        watch->cost_ns = slow_path_added_ns(before, slow_path_ns_of_fault());
}

static void detach_calls(struct slow_path *slow_path)
{
    for (int call = 0; call < WATCHED_CALLS; call++) {
        struct watch *watch = &slow_path->watch[watched_call_kind(call)];
        probe_detach(&watch->begin);
        probe_detach(&watch->end);
        watch->watched = false;
    }
}

static bool attach_call_functions(struct slow_path *slow_path)
{
    char function[64];
    for (int call = 0; call < WATCHED_CALLS; call++) {
        struct call_programs pair = slow_path_programs_of_call(slow_path->programs, call, function);
        if (!attach_pair(&slow_path->watch[watched_call_kind(call)], pair.begin, pair.end))
            return false;
    }
    return true;
}

static bool attach_call_tracepoints(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    int numbers[2 * WATCHED_CALLS];
    if (slow_path_lacks("tracepoints") ||
        !bpf_program__autoload(programs->progs.slow_path_call_begin) ||
        !system_call_tracepoints(slow_path_call_names, WATCHED_CALLS, numbers))
        return false;
    for (int call = 0; call < WATCHED_CALLS; call++) {
        struct watch *watch = &slow_path->watch[watched_call_kind(call)];
        int enter = numbers[2 * call], leave = numbers[2 * call + 1];
        if (enter <= 0 || leave <= 0)
            return false;
        watch->begin = probe_attach_tracepoint(programs->progs.slow_path_call_begin, enter, call);
        watch->end = probe_attach_tracepoint(programs->progs.slow_path_call_end, leave, call);
        watch->watched = watch->begin.link && watch->end.link;
        if (!watch->watched)
            return false;
    }
    return true;
}

static bool attach_calls(struct slow_path *slow_path)
{
    if (attach_call_functions(slow_path)) {
        slow_path_how(slow_path, SLOW_PATH_BY_CALLS, true,
                      "timed in the kernel's functions (fentry, fexit)");
        return true;
    }
    detach_calls(slow_path);
    if (attach_call_tracepoints(slow_path)) {
        slow_path_how(
            slow_path, SLOW_PATH_BY_CALLS, false,
            "timed at tracepoints, as this kernel takes no fexit: meanwhile every system call "
            "of every process takes a little longer");
        return true;
    }
    detach_calls(slow_path);
    slow_path_how(
        slow_path, SLOW_PATH_BY_CALLS, false,
        "not watched: this kernel takes no fexit, and no tracepoints syscalls:* can be found");
    return false;
}

void slow_path_attach_calls(struct slow_path *slow_path)
{
    double before = slow_path_ns_of_call();
    if (!attach_calls(slow_path))
        return;
    double cost = slow_path_added_ns(before, slow_path_ns_of_call());
    for (int call = 0; call < WATCHED_CALLS; call++)
        slow_path->watch[watched_call_kind(call)].cost_ns = cost;
}
