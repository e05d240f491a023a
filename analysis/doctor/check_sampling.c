/* SPDX-License-Identifier: MIT */
/* What perf_event_open grants, and the settings that bound it. */
#include <linux/capability.h>
#include <stdio.h>
#include <unistd.h>

#include "checks.h"
#include "collect/perf_event.h"
#include "setting.h"

/* A ring of 64 pages and its first one, as the sampler maps for each processor. */
enum { RING_PAGES = 65, FREQUENCY_DEFAULT = 997 };

static const char group[] = "sampling";

static bool is_privileged(void)
{
    return setting_has_capability("CapEff:", CAP_PERFMON) ||
           setting_has_capability("CapEff:", CAP_SYS_ADMIN);
}

/* Refused to those who have the right: then it is no question of paranoia. */
static void remedy_access(struct doctor_line *line)
{
    if (is_privileged())
        doctor_remedy(line, "a container whose seccomp profile allows perf_event_open: docker run "
                            "--cap-add PERFMON, or --security-opt seccomp=PROFILE");
    else
        doctor_remedy(line, "sysctl kernel.perf_event_paranoid=0, or setcap cap_perfmon+ep %s",
                      setting_own_path());
}

static void check_access(struct doctor_report *report)
{
    struct perf_choice choice;
    char why[256], value[32] = "unknown";
    setting_text("/proc/sys/kernel/perf_event_paranoid", value, sizeof value);
    bool opens = perf_event_choose(0, 1, &choice, why, sizeof why);
    const char *who = is_privileged() ? ", passed over by CAP_PERFMON or CAP_SYS_ADMIN" : "";
    struct doctor_line *line;
    if (!opens)
        line = doctor_add(report, group, "perf_event_paranoid", DOCTOR_MISSING,
                          "%s%s: no event opens", value, who);
    else
        line = doctor_add(report, group, "perf_event_paranoid",
                          choice.kernel && choice.processors ? DOCTOR_OK : DOCTOR_LIMITED,
                          "%s%s: %s opens for %s, %s", value, who, choice.name,
                          choice.processors ? "whole processors" : "own threads only",
                          choice.kernel ? "kernel included" : "user part only");
    remedy_access(line);
}

static void check_locked_memory(struct doctor_report *report)
{
    long long value = 0, wanted = RING_PAGES * sysconf(_SC_PAGESIZE) / 1024;
    bool known = setting_number("/proc/sys/kernel/perf_event_mlock_kb", &value);
    bool passed = setting_has_capability("CapEff:", CAP_IPC_LOCK);
    struct doctor_line *line =
        known ? doctor_add(report, group, "perf_event_mlock_kb",
                           passed || value >= wanted ? DOCTOR_OK : DOCTOR_LIMITED,
                           "%lld KiB a processor%s; a ring takes %lld", value,
                           passed ? ", passed over by CAP_IPC_LOCK" : "", wanted)
              : doctor_add(report, group, "perf_event_mlock_kb", DOCTOR_MISSING,
                           "the kernel has no such setting: no perf events");
    doctor_remedy(line, known ? "sysctl kernel.perf_event_mlock_kb=516"
                              : "a kernel with CONFIG_PERF_EVENTS");
    doctor_figure(line, "kb", (double)value);
}

static void check_rate(struct doctor_report *report)
{
    unsigned rate = perf_event_highest_frequency();
    struct doctor_line *line =
        doctor_add(report, group, "max_sample_rate",
                   rate >= FREQUENCY_DEFAULT ? DOCTOR_OK
                   : rate                    ? DOCTOR_LIMITED
                                             : DOCTOR_MISSING,
                   rate ? "at most %u samples a second" : "no bound is told (%u)", rate);
    doctor_remedy(line, rate ? "sysctl kernel.perf_event_max_sample_rate=100000 (the kernel lowers "
                               "it by itself: kernel.perf_cpu_time_max_percent)"
                             : "a kernel with CONFIG_PERF_EVENTS");
    doctor_figure(line, "hz", rate);
}

void check_sampling(struct doctor_report *report)
{
    check_access(report);
    check_locked_memory(report);
    check_rate(report);
}
