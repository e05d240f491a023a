/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "checks.h"
#include "collect/processor.h"
#include "setting.h"

static const char group[] = "limits";

static void check_quota(struct doctor_report *report, const struct cgroup_limits *limits)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    bool limited = limits->processors > 0 && limits->processors < (double)online;
    struct doctor_line *line =
        limited ? doctor_add(report, group, "processor quota", DOCTOR_LIMITED,
                             "%.2f of %ld processors: the program stands still by turns",
                             limits->processors, online)
                : doctor_add(report, group, "processor quota", DOCTOR_OK, "none (cgroup v%d)",
                             limits->version);
    doctor_remedy(line,
                  limits->version == 2
                      ? "docker run --cpus %ld, or echo max > cpu.max of the control group"
                      : "docker run --cpus %ld, or echo -1 > cpu.cfs_quota_us of the "
                        "control group",
                  online);
}

static void check_memory_limit(struct doctor_report *report, const struct cgroup_limits *limits)
{
    double physical = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    bool limited = limits->memory_bytes > 0 && limits->memory_bytes < physical;
    struct doctor_line *line =
        limited ? doctor_add(report, group, "memory limit", DOCTOR_LIMITED,
                             "%.0f MiB of %.0f: a program that needs more is killed",
                             limits->memory_bytes / 1048576, physical / 1048576)
                : doctor_add(report, group, "memory limit", DOCTOR_OK,
                             "none below the %.0f MiB "
                             "there are (cgroup v%d)",
                             physical / 1048576, limits->version);
    doctor_remedy(line, limits->version == 2
                            ? "docker run --memory, or echo max > memory.max of the control group"
                            : "docker run --memory, or echo -1 > memory.limit_in_bytes of the "
                              "control group");
}

/* What engines leave where a container can see it. */
static const char *container_kind(void)
{
    const char *named = getenv("container");
    if (access("/.dockerenv", F_OK) == 0)
        return "docker";
    if (access("/run/.containerenv", F_OK) == 0)
        return "podman";
    if (access("/run/systemd/container", F_OK) == 0)
        return "of systemd's";
    return named && *named ? named : cgroup_engine(CGROUP_LIST);
}

static void check_virtual(struct doctor_report *report)
{
    char name[13], product[64] = "";
    bool is_virtual = processor_hypervisor(name);
    setting_text("/sys/class/dmi/id/product_name", product, sizeof product);
    doctor_remedy(doctor_add(report, group, "virtual machine",
                             is_virtual ? DOCTOR_LIMITED : DOCTOR_OK, "%s%s%s%s",
                             is_virtual ? "yes: " : "none is told of", name, product[0] ? ", " : "",
                             product),
                  "bare metal: samples cost 1 to 2 us there, up to 20 here, and neighbours don't "
                  "take time");
}

void check_container(struct doctor_report *report)
{
    struct cgroup_limits limits;
    cgroup_read(CGROUP_LIST, CGROUP_ROOT, &limits);
    check_quota(report, &limits);
    check_memory_limit(report, &limits);
    const char *kind = container_kind();
    doctor_remedy(doctor_add(report, group, "container", kind ? DOCTOR_LIMITED : DOCTOR_OK, "%s%s",
                             kind ? "yes: " : "none is told of", kind ? kind : ""),
                  "docker run --cap-add PERFMON --cap-add BPF --cap-add SYS_ADMIN "
                  "--security-opt seccomp=unconfined, or the host");
    check_virtual(report);
}
