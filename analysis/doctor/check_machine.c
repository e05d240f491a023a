/* SPDX-License-Identifier: MIT */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "checks.h"
#include "setting.h"

static const char group[] = "machine";

/* 5.8 has CAP_BPF and CAP_PERFMON, and everything our eBPF programs use. */
enum { KERNEL_MAJOR = 5, KERNEL_MINOR = 8 };

static void check_kernel(struct doctor_report *report)
{
    struct utsname name = {.release = "unknown"};
    int major = 0, minor = 0;
    uname(&name);
    sscanf(name.release, "%d.%d", &major, &minor);
    bool recent = major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR);
    doctor_remedy(doctor_add(report, group, "kernel", recent ? DOCTOR_OK : DOCTOR_LIMITED,
                             "%.80s, %.40s", name.release, name.machine),
                  "Linux %d.%d or newer", KERNEL_MAJOR, KERNEL_MINOR);
}

static void check_processors(struct doctor_report *report)
{
    cpu_set_t set;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    int allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)online;
    struct doctor_line *line = doctor_add(
        report, group, "processors", allowed >= 2 && allowed >= online ? DOCTOR_OK : DOCTOR_LIMITED,
        "%ld online, %d allowed%s", online, allowed,
        allowed < 2 ? ": the watched program and the watcher take turns" : "");
    doctor_remedy(line, allowed < online ? "taskset -a, a wider cpuset, docker run without "
                                           "--cpuset-cpus"
                                         : "a machine with two processors or more");
    doctor_figure(line, "online", (double)online);
    doctor_figure(line, "allowed", allowed);
}

static void check_clock_source(struct doctor_report *report)
{
    static const char path[] = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    char name[64];
    bool known = setting_text(path, name, sizeof name);
    bool quick = strstr(name, "tsc") || strstr(name, "kvm-clock") || strstr(name, "hyperv") ||
                 strstr(name, "arch_sys_counter");
    doctor_remedy(doctor_add(report, group, "clock source", quick ? DOCTOR_OK : DOCTOR_LIMITED,
                             "%s%s", known ? name : "not told",
                             quick ? "" : ": reading the clock is a system call"),
                  "boot with tsc=reliable, or echo tsc > %s", path);
}

static void check_governor(struct doctor_report *report)
{
    char name[64];
    if (!setting_text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", name, sizeof name)) {
        doctor_remedy(doctor_add(report, group, "frequency governor", DOCTOR_LIMITED,
                                 "not told, as in most virtual machines"),
                      "ask the host; hakmem-trace compares in interleaved rounds and needs none");
        return;
    }
    doctor_remedy(doctor_add(report, group, "frequency governor",
                             strcmp(name, "performance") == 0 ? DOCTOR_OK : DOCTOR_LIMITED, "%s",
                             name),
                  "cpupower frequency-set -g performance (linux-cpupower)");
}

static void check_turbo(struct doctor_report *report)
{
    static const char intel[] = "/sys/devices/system/cpu/intel_pstate/no_turbo",
                      others[] = "/sys/devices/system/cpu/cpufreq/boost";
    long long value;
    bool is_intel = setting_number(intel, &value);
    if (!is_intel && !setting_number(others, &value)) {
        doctor_remedy(doctor_add(report, group, "turbo", DOCTOR_LIMITED,
                                 "not told, as in most virtual machines"),
                      "ask the host; hakmem-trace compares in interleaved rounds and needs none");
        return;
    }
    bool on = is_intel ? value == 0 : value != 0;
    doctor_remedy(doctor_add(report, group, "turbo", on ? DOCTOR_LIMITED : DOCTOR_OK, "%s",
                             on ? "on: the frequency follows heat and neighbours" : "off"),
                  "echo %d > %s", is_intel, is_intel ? intel : others);
}

void check_machine(struct doctor_report *report)
{
    check_kernel(report);
    check_processors(report);
    check_clock_source(report);
    check_governor(report);
    check_turbo(report);
}
