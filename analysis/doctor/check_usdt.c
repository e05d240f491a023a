/* SPDX-License-Identifier: MIT */
/*
 * USDT probes, tried live: is the red zone safe? Kernels from 6.18 on replace a 5-byte nop by a
 * call into a trampoline, which pushes its return address, and more, onto live values of a leaf
 * function.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "checks.h"
#include "collect/probe_trial.h"
#include "setting.h"

static const char group[] = "eBPF and probes";

static const char *const patches[] = {[PROBE_UNPATCHED] = "not patched",
                                      [PROBE_BREAKPOINT] = "breakpoint",
                                      [PROBE_CALL] = "optimised to a call",
                                      [PROBE_PATCHED] = "patched in a way that is not known"};

static void add_refused(struct doctor_report *report, const char *name, int error)
{
    struct doctor_line *line = doctor_add(report, group, name, DOCTOR_MISSING, "not tried: %s",
                                          error == ENOSYS   ? "not known for this processor"
                                          : error == ENODEV ? "the kernel has no uprobes"
                                                            : strerror(error));
    if (error == ENOSYS)
        doctor_remedy(line, "an x86-64 processor");
    else if (error == ENODEV)
        doctor_remedy(line, "a kernel with CONFIG_UPROBE_EVENTS");
    else
        doctor_remedy(line, "root, or setcap cap_perfmon,cap_sys_admin+ep %s", setting_own_path());
}

/* An alarm is ours, and a SIGKILL is of somebody who was short of memory: no fault of the probe. */
static enum doctor_state state_of(const struct probe_trial *trial)
{
    bool crashed = trial->signal && trial->signal != SIGALRM && trial->signal != SIGKILL;
    if (trial->damaged || crashed)
        return DOCTOR_UNSAFE;
    return trial->signal || !trial->hits ? DOCTOR_LIMITED : DOCTOR_OK;
}

static struct doctor_line *add_tried(struct doctor_report *report, const char *name,
                                     const struct probe_trial *trial)
{
    enum doctor_state state = state_of(trial);
    unsigned long long calls = trial->calls, hits = trial->hits, damaged = trial->damaged;
    struct doctor_line *line;
    if (trial->damaged)
        line = doctor_add(report, group, name, state,
                          "%s, red zone overwritten: %u of its %d words in %llu of %llu calls",
                          patches[trial->patch], trial->words, RED_ZONE_WORDS, damaged, calls);
    else if (trial->signal == SIGALRM)
        line = doctor_add(report, group, name, state, "not done in %d s", PROBE_TRIAL_SECONDS);
    else if (trial->signal)
        line = doctor_add(report, group, name, state, "the program died of %s after %llu calls",
                          strsignal(trial->signal), calls);
    else
        line = doctor_add(report, group, name, state,
                          "%s, red zone intact, %.0f ns a hit (%llu hits in %llu calls)",
                          patches[trial->patch], trial->ns_per_hit, hits, calls);
    doctor_figure(line, "calls", (double)trial->calls);
    doctor_figure(line, "hits", (double)trial->hits);
    doctor_figure(line, "damaged", (double)trial->damaged);
    doctor_figure(line, "ns_per_hit", trial->ns_per_hit);
    return line;
}

static void check_site(struct doctor_report *report, const char *name,
                       const struct probe_site *site, const char *remedy)
{
    struct probe_trial trial;
    probe_trial_run(site, &trial);
    if (trial.error)
        add_refused(report, name, trial.error);
    else
        doctor_remedy(add_tried(report, name, &trial), "%s",
                      state_of(&trial) == DOCTOR_UNSAFE ? remedy : "an idle machine, once more");
}

void check_usdt(struct doctor_report *report)
{
    check_site(report, "USDT, 1-byte nop", &processor_site_nop1,
               "attach no USDT probes on this kernel: hakmem-trace run --no-bpf");
    check_site(report, "USDT, 5-byte nop", &processor_site_nop5,
               "libhakmem uses none. In other programs: probes of 1-byte nops (Debian's "
               "systemtap-sdt-dev), or -mno-red-zone");
}
