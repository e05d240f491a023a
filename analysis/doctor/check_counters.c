/* SPDX-License-Identifier: MIT */
/* The processor's own counters: what opens, not what is listed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checks.h"
#include "collect/perf_event.h"
#include "setting.h"

enum { COUNTERS_MAX = 16, PRECISE_MAX = 3 };

static const char group[] = "hardware counters";
static const char no_pmu[] = "bare metal, or a virtual machine that is given the PMU (QEMU: -cpu "
                             "host,pmu=on; cloud: a metal or large instance)";

static int open_hardware(unsigned long config, unsigned precise, int leader)
{
    struct perf_event_attr attr = {.size = sizeof attr,
                                   .type = PERF_TYPE_HARDWARE,
                                   .config = config,
                                   .precise_ip = precise & 3,
                                   .exclude_kernel = 1,
                                   .exclude_hv = 1};
    if (precise)
        attr.sample_period = 1000000;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
}

/* A group is refused when it has more events than there are counters. */
static int count_counters(void)
{
    int events[COUNTERS_MAX], count = 0;
    while (count < COUNTERS_MAX) {
        events[count] = open_hardware(PERF_COUNT_HW_INSTRUCTIONS, 0, count ? events[0] : -1);
        if (events[count] < 0)
            break;
        count++;
    }
    for (int i = 0; i < count; i++)
        close(events[i]);
    return count;
}

static const char *remedy_of(int error)
{
    return error == EACCES || error == EPERM
               ? "what makes perf_event_paranoid ok below, then the same again"
               : no_pmu;
}

static void check_cycles(struct doctor_report *report, int event, int error)
{
    if (event < 0) {
        doctor_remedy(doctor_add(report, group, "cycles", DOCTOR_MISSING,
                                 "no hardware event opens: %s", strerror(error)),
                      "%s", remedy_of(error));
        return;
    }
    int counters = count_counters();
    struct doctor_line *line =
        doctor_add(report, group, "cycles", DOCTOR_OK, "they open; %d%s events count at a time",
                   counters, counters == COUNTERS_MAX ? " or more" : "");
    doctor_figure(line, "counters", counters);
}

static void check_precise(struct doctor_report *report, int error)
{
    char levels[32] = "";
    unsigned highest = 0;
    for (unsigned level = 1; level <= PRECISE_MAX; level++) {
        int event = open_hardware(PERF_COUNT_HW_CPU_CYCLES, level, -1);
        if (event < 0)
            continue;
        close(event);
        highest = level;
        snprintf(levels + strlen(levels), sizeof levels - strlen(levels), " %u", level);
    }
    struct doctor_line *line =
        highest
            ? doctor_add(report, group, "precise events", highest >= 2 ? DOCTOR_OK : DOCTOR_LIMITED,
                         "cycles open with precise_ip%s", levels)
            : doctor_add(report, group, "precise events", DOCTOR_MISSING,
                         "no precise_ip opens: samples lie behind what took the "
                         "time (skid)");
    doctor_remedy(line, "%s",
                  error ? remedy_of(error) : "a processor and kernel with IBS (AMD) or PEBS");
    doctor_figure(line, "precise_ip", highest);
}

static void check_facility(struct doctor_report *report)
{
    char vendor[128] = "", line[128];
    long long level = 0;
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file && !vendor[0] && fgets(line, sizeof line, file)) {
        if (strncmp(line, "vendor_id", 9) == 0)
            snprintf(vendor, sizeof vendor, "%s", line);
    }
    if (file)
        fclose(file);
    if (strstr(vendor, "AMD") || strstr(vendor, "Hygon")) {
        bool has = access("/sys/bus/event_source/devices/ibs_op", F_OK) == 0;
        doctor_remedy(doctor_add(report, group, "IBS", has ? DOCTOR_OK : DOCTOR_MISSING,
                                 has ? "AMD's precise sampling (ibs_op) is there"
                                     : "AMD's precise sampling (ibs_op) is not there"),
                      "bare metal; few hypervisors hand IBS to a guest");
    } else if (strstr(vendor, "Intel")) {
        bool has =
            (setting_number("/sys/bus/event_source/devices/cpu/caps/max_precise", &level) ||
             setting_number("/sys/bus/event_source/devices/cpu_core/caps/max_precise", &level)) &&
            level > 0;
        doctor_remedy(doctor_add(report, group, "PEBS", has ? DOCTOR_OK : DOCTOR_MISSING,
                                 has ? "Intel's precise sampling: up to precise_ip %lld"
                                     : "Intel's precise sampling is not there (max_precise %lld)",
                                 level),
                      "%s", no_pmu);
    } else {
        doctor_remedy(doctor_add(report, group, "IBS or PEBS", DOCTOR_MISSING,
                                 "neither an AMD nor an Intel processor"),
                      "an AMD processor with IBS or an Intel processor with PEBS");
    }
}

static void check_rdpmc(struct doctor_report *report, int event)
{
    long long setting = -1;
    char text[48] = "no setting";
    bool mapped = false, allowed = false;
    size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    if (setting_number("/sys/bus/event_source/devices/cpu/rdpmc", &setting))
        snprintf(text, sizeof text, "rdpmc is %lld", setting);
    void *start = event < 0 ? MAP_FAILED : mmap(NULL, bytes, PROT_READ, MAP_SHARED, event, 0);
    if (start != MAP_FAILED) {
        mapped = true;
        allowed = ((const struct perf_event_mmap_page *)start)->cap_user_rdpmc;
        munmap(start, bytes);
    }
    struct doctor_line *line =
        doctor_add(report, group, "rdpmc", allowed ? DOCTOR_OK : DOCTOR_MISSING,
                   allowed ? "counters can be read without a system call (%s)"
                           : "counters can't be read without a system call (%s)",
                   text);
    doctor_remedy(line, "%s",
                  mapped || setting == 0 ? "echo 1 > /sys/bus/event_source/devices/cpu/rdpmc"
                                         : no_pmu);
}

void check_counters(struct doctor_report *report)
{
    int event = open_hardware(PERF_COUNT_HW_CPU_CYCLES, 0, -1);
    int error = event < 0 ? errno : 0;
    check_cycles(report, event, error);
    check_precise(report, error);
    check_facility(report);
    check_rdpmc(report, event);
    if (event >= 0)
        close(event);
}
