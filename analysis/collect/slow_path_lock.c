/* SPDX-License-Identifier: MIT */
/* Waits for libhakmem's own locks. */
#include <errno.h>

#include "slow_path_state.h"

static void attach_switches(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    struct watch *watch = &slow_path->watch[WATCHED_LOCK_OFF_CPU];
    if (bpf_program__autoload(programs->progs.slow_path_switch))
        watch->begin = probe_attach_kernel(programs->progs.slow_path_switch);
    watch->watched = watch->begin.link != NULL;
    if (watch->watched)
        slow_path_how(slow_path, SLOW_PATH_BY_SWITCHES, true,
                      "told by the tracepoint sched:sched_switch");
    else
        slow_path_how(slow_path, SLOW_PATH_BY_SWITCHES, false,
                      "not told apart from spinning, this kernel's sched:sched_switch takes no "
                      "eBPF program");
}

int slow_path_attach_locks(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    struct watch *watch = &slow_path->watch[WATCHED_LOCK_WAIT];
    watch->end = probe_attach(programs->progs.slow_path_lock_end, slow_path->library,
                              "lock_wait_end", WATCHED_LOCK_WAIT);
    if (watch->end.link)
        watch->begin = probe_attach(programs->progs.slow_path_lock_begin, slow_path->library,
                                    "lock_wait_begin", WATCHED_LOCK_WAIT);
    watch->watched = watch->end.link && watch->begin.link;
    if (!watch->watched) {
        int error = errno;
        probe_detach(&watch->end);
        slow_path_how(slow_path, SLOW_PATH_BY_SWITCHES, true, "the library has no such probes");
        return error == ENOENT ? 0 : error;
    }
    slow_path->lock_exit = bpf_program__attach(programs->progs.slow_path_lock_exit);
    if (!slow_path->lock_exit)
        return errno;
    attach_switches(slow_path);
    return 0;
}
