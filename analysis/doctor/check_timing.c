/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "checks.h"
#include "collect/clock_cost.h"
#include "collect/overhead.h"

static const char group[] = "timing";

/* What a system call for the time costs at least; the vDSO takes a fraction of it. */
#define CLOCK_SLOW_NS    150
/* Of the rate asked for. */
#define DELIVERED_ENOUGH 0.9
/* At the default 997 Hz this is 2 % of the time. */
#define SAMPLE_DEAR_NS   20000

static const char slow_clock[] = "a clock source that the vDSO reads: tsc (see clock source)";

static void check_clocks(struct doctor_report *report)
{
    struct clock_cost cost;
    clock_cost_measure(&cost);
    struct doctor_line *line = doctor_add(
        report, group, "clock_gettime", cost.call_ns < CLOCK_SLOW_NS ? DOCTOR_OK : DOCTOR_LIMITED,
        "%.1f ns a call, steps of %.0f ns", cost.call_ns, cost.step_ns);
    doctor_remedy(line, "%s", slow_clock);
    doctor_figure(line, "ns_per_call", cost.call_ns);
    doctor_figure(line, "step_ns", cost.step_ns);
    if (isnan(cost.cycles_ns)) {
        doctor_remedy(
            doctor_add(report, group, "rdtsc", DOCTOR_MISSING, "not known for this processor"),
            "an x86-64 processor");
        return;
    }
    line = doctor_add(report, group, "rdtsc",
                      cost.cycles_ns < CLOCK_SLOW_NS ? DOCTOR_OK : DOCTOR_LIMITED,
                      "%.1f ns a call, counts %.3f a ns", cost.cycles_ns, cost.cycles_per_ns);
    doctor_remedy(line, "a hypervisor that does not trap rdtsc");
    doctor_figure(line, "ns_per_call", cost.cycles_ns);
    doctor_figure(line, "counts_per_ns", cost.cycles_per_ns);
}

static void check_delivery(struct doctor_report *report, const char *name, unsigned hz)
{
    double got = clock_samples_a_second(hz);
    int error = errno;
    struct doctor_line *line =
        got < 0 ? doctor_add(report, group, name, DOCTOR_MISSING, "refused: %s", strerror(error))
                : doctor_add(report, group, name,
                             got >= DELIVERED_ENOUGH * hz ? DOCTOR_OK : DOCTOR_LIMITED,
                             "%.0f samples a second of processor time", got);
    if (got >= 0)
        doctor_figure(line, "samples_a_second", got);
    if (got < 0 && error != EINVAL)
        doctor_remedy(line, "what makes perf_event_paranoid ok above");
    else
        doctor_remedy(line,
                      "sysctl kernel.perf_event_max_sample_rate=%u and "
                      "kernel.perf_cpu_time_max_percent=0; a kernel with "
                      "CONFIG_HIGH_RES_TIMERS; nothing beside it on the machine",
                      2 * hz);
}

static void check_sample_cost(struct doctor_report *report)
{
    struct perf_choice choice;
    char why[256];
    bool opens = perf_event_choose(0, 1, &choice, why, sizeof why);
    double cost = opens ? overhead_of_sample(&choice, NULL) : 0;
    struct doctor_line *line =
        !opens ? doctor_add(report, group, "cost of a sample", DOCTOR_MISSING, "no samples")
               : doctor_add(report, group, "cost of a sample",
                            cost < SAMPLE_DEAR_NS ? DOCTOR_OK : DOCTOR_LIMITED, "%.0f ns, of %s",
                            cost, choice.name);
    doctor_remedy(line, opens ? "bare metal, or a lower run --frequency"
                              : "what makes perf_event_paranoid ok above");
    if (opens)
        doctor_figure(line, "ns", cost);
}

void check_timing(struct doctor_report *report)
{
    check_clocks(report);
    check_delivery(report, "cpu-clock at 1 kHz", 1000);
    check_delivery(report, "cpu-clock at 10 kHz", 10000);
    check_delivery(report, "cpu-clock at 50 kHz", 50000);
    check_sample_cost(report);
}
