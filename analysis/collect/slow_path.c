/* SPDX-License-Identifier: MIT */
/*
 * Attaches the programs of probes/slow_path_*.bpf.c to the probes of a library and to the kernel.
 * All is held by file descriptors alone, nothing is pinned: if this process is killed, the kernel
 * detaches.
 */
#include "slow_path.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "slow_path_cost.h"
#include "slow_path_holder.h"
#include "slow_path_state.h"

/* Kinds with probes and nothing else, and the programs on them. */
#define PROGRAM(name) offsetof(struct slow_path_programs, progs.slow_path_##name)
static const struct {
    const char *begin, *end; /* `begin` NULL: one probe, which is no time */
    size_t end_program;
} probes[] = {
    [WATCHED_REFILL] = {"refill_begin", "refill_end", PROGRAM(class_end)},
    [WATCHED_OVERFLOW] = {"overflow_begin", "overflow_end", PROGRAM(class_end)},
    [WATCHED_REMOTE_COLLECT] = {"remote_collect_begin", "remote_collect_end", PROGRAM(collect_end)},
    [WATCHED_REMOTE_PUBLISH] = {NULL, "remote_publish", PROGRAM(publish)},
    [WATCHED_ARENA] = {"arena_take_begin", "arena_take_end", PROGRAM(end)},
    [WATCHED_PURGE] = {"purge_begin", "purge_end", PROGRAM(purge_end)},
};
enum { KINDS_OF_PROBES = sizeof probes / sizeof probes[0] };

static const struct bpf_program *program_at(const struct slow_path *slow_path, size_t offset)
{
    return *(struct bpf_program *const *)((const char *)slow_path->programs + offset);
}

/* A kind whose probes the library lacks is left unwatched; other failures are errors. */
static int attach_kind(struct slow_path *slow_path, int kind)
{
    struct watch *watch = &slow_path->watch[kind];
    bool is_pair = probes[kind].begin;
    errno = 0;
    watch->end = probe_attach(program_at(slow_path, probes[kind].end_program), slow_path->library,
                              probes[kind].end, kind);
    if (watch->end.link && is_pair)
        watch->begin = probe_attach(slow_path->programs->progs.slow_path_begin, slow_path->library,
                                    probes[kind].begin, kind);
    watch->watched = watch->end.link && (watch->begin.link || !is_pair);
    if (watch->watched)
        return 0;
    int error = errno;
    probe_detach(&watch->begin);
    probe_detach(&watch->end);
    return error == ENOENT ? 0 : error;
}

static int attach_probes(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    int error = 0;
    for (int kind = 0; kind < KINDS_OF_PROBES && !error; kind++)
        error = attach_kind(slow_path, kind);
    if (!error)
        error = slow_path_attach_locks(slow_path);
    if (error)
        return error;
    slow_path->reserve =
        probe_attach(programs->progs.slow_path_reserve, slow_path->library, "arena_reserve", 0)
            .link;
    return slow_path->reserve || errno == ENOENT ? 0 : errno;
}

/* Learns the costs on this process. Where they cannot be learnt, watching would be unbounded. What
 * is in the kernel is attached here and stays, as its cost is the difference that it makes. */
static int attach_kernel(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    if (slow_path->reserve)
        slow_path_attach_faults(slow_path);
    else
        slow_path_how(slow_path, SLOW_PATH_BY_FAULTS, true, "the library has no such probe");
    slow_path_attach_calls(slow_path);
    slow_path->hit_ns = slow_path_cost_of_hit(
        programs->progs.slow_path_begin, programs->progs.slow_path_class_end, WATCHED_CALIBRATION);
    return slow_path->hit_ns < 0 ? errno : 0;
}

/* A switch is taken to cost as much as both programs on a fault: it was not measured. */
static void set_costs(struct slow_path *slow_path)
{
    double fault_ns = slow_path->watch[WATCHED_PAGE_FAULT].cost_ns;
    for (int kind = 0; kind < KINDS_OF_PROBES; kind++)
        slow_path->watch[kind].cost_ns = slow_path->hit_ns;
    slow_path->watch[WATCHED_LOCK_WAIT].cost_ns = slow_path->hit_ns;
    slow_path->watch[WATCHED_LOCK_OFF_CPU].cost_ns = slow_path_added_ns(0, fault_ns);
}

static bool watches_any(const struct slow_path *slow_path)
{
    for (int kind = 0; kind < KINDS_OF_PROBES; kind++) {
        if (slow_path->watch[kind].watched)
            return true;
    }
    return false;
}

static int attach_all(struct slow_path *slow_path, pid_t root)
{
    struct stat library;
    int error = slow_path_watch_self(slow_path, true);
    if (!error)
        error = attach_probes(slow_path);
    if (!error && watches_any(slow_path))
        error = attach_kernel(slow_path);
    slow_path_unwatch_self(slow_path);
    if (error || !watches_any(slow_path))
        return error;
    set_costs(slow_path);
    memset(slow_path->programs->bss, 0, sizeof *slow_path->programs->bss);
    if (stat(slow_path->library, &library) == 0)
        slow_path->programs->bss->library_inode = library.st_ino;
    error = slow_path_attach_processes(slow_path);
    return error ? error : slow_path_watch(slow_path, root);
}

/* Probes on every call would slow down whoever starts next on the library: they are waited for. */
static void destroy(struct slow_path *slow_path)
{
    int holder = slow_path->every_call ? -1 : holder_start(NULL, 0);
    for (int kind = 0; kind < WATCHED_KINDS; kind++) {
        bpf_link__destroy(slow_path->watch[kind].begin.link);
        bpf_link__destroy(slow_path->watch[kind].end.link);
    }
    bpf_link__destroy(slow_path->reserve);
    bpf_link__destroy(slow_path->fork);
    bpf_link__destroy(slow_path->exec);
    bpf_link__destroy(slow_path->exit);
    bpf_link__destroy(slow_path->lock_exit);
    slow_path_programs__destroy(slow_path->programs);
    holder_release(holder);
    free(slow_path->library);
    free(slow_path);
}

static struct slow_path *create(const char *library, double budget, char why[256])
{
    static const char *const names[SLOW_PATH_INSTRUMENTS] = {
        [SLOW_PATH_BY_FAULTS] = "page faults",
        [SLOW_PATH_BY_CALLS] = "system calls",
        [SLOW_PATH_BY_SWITCHES] = "waits off the processor",
    };
    struct slow_path *slow_path = calloc(1, sizeof *slow_path);
    if (slow_path)
        slow_path->library = strdup(library);
    if (!slow_path || !slow_path->library) {
        slow_path_explain_error(why, ENOMEM);
        free(slow_path);
        return NULL;
    }
    for (int i = 0; i < SLOW_PATH_INSTRUMENTS; i++)
        slow_path->how[i].name = names[i];
    slow_path->budget = budget;
    slow_path->programs = slow_path_load(why);
    if (slow_path->programs)
        return slow_path;
    destroy(slow_path);
    return NULL;
}

struct slow_path *slow_path_attach(const char *library, pid_t root, double budget, char why[256])
{
    if (access(library, R_OK) != 0) {
        slow_path_explain(why, "%s: %s", library, strerror(errno));
        return NULL;
    }
    struct slow_path *slow_path = create(library, budget, why);
    if (!slow_path)
        return NULL;
    int error = attach_all(slow_path, root);
    if (error)
        slow_path_explain_attach_error(why, error);
    else if (!watches_any(slow_path))
        slow_path_explain(
            why,
            "the library has no USDT probes of hakmem: build it with systemtap-sdt-dev installed");
    if (error || !watches_any(slow_path)) {
        destroy(slow_path);
        return NULL;
    }
    slow_path->attached_at = clock_seconds();
    return slow_path;
}

void slow_path_finish(struct slow_path *slow_path, struct slow_path_report *report)
{
    slow_path_read(slow_path, report);
    destroy(slow_path);
}
