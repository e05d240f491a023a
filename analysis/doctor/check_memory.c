/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "setting.h"

#define HUGE_PAGES "/sys/kernel/mm/transparent_hugepage/"

enum { MAP_COUNT_USUAL = 65530 };

static const char group[] = "memory";

/* `disturbs`: the choice under which figures of memory depend on where blocks happen to lie. */
static void check_huge_pages(struct doctor_report *report, const char *name, const char *file,
                             const char *disturbs)
{
    char choice[128], path[128];
    snprintf(path, sizeof path, HUGE_PAGES "%s", file);
    if (!setting_choice(path, choice, sizeof choice)) {
        doctor_add(report, group, name, DOCTOR_OK, "the kernel has none");
        return;
    }
    bool disturbed = strcmp(choice, disturbs) == 0;
    doctor_remedy(doctor_add(report, group, name, disturbed ? DOCTOR_LIMITED : DOCTOR_OK, "%s%s",
                             choice,
                             disturbed ? ": resident memory and page faults depend on where blocks "
                                         "happen to lie"
                                       : ""),
                  "echo madvise > %s", path);
}

static void check_overcommit(struct doctor_report *report)
{
    static const char *const meanings[] = {"by estimate", "always", "never beyond the limit"};
    long long mode = -1, ratio = 0;
    setting_number("/proc/sys/vm/overcommit_memory", &mode);
    setting_number("/proc/sys/vm/overcommit_ratio", &ratio);
    doctor_remedy(doctor_add(report, group, "overcommit", mode == 2 ? DOCTOR_LIMITED : DOCTOR_OK,
                             "vm.overcommit_memory is %lld (%s), vm.overcommit_ratio %lld", mode,
                             mode >= 0 && mode <= 2 ? meanings[mode] : "not known", ratio),
                  "sysctl vm.overcommit_memory=0");
}

static void check_mappings(struct doctor_report *report)
{
    long long count = 0;
    setting_number("/proc/sys/vm/max_map_count", &count);
    struct doctor_line *line =
        doctor_add(report, group, "max_map_count",
                   count >= MAP_COUNT_USUAL ? DOCTOR_OK : DOCTOR_LIMITED, "%lld mappings", count);
    doctor_remedy(line, "sysctl vm.max_map_count=%d", MAP_COUNT_USUAL);
    doctor_figure(line, "mappings", (double)count);
}

void check_memory(struct doctor_report *report)
{
    check_huge_pages(report, "huge pages", "enabled", "always");
    check_huge_pages(report, "huge pages, defrag", "defrag", "always");
    check_huge_pages(report, "huge pages, shmem", "shmem_enabled", "always");
    check_overcommit(report);
    check_mappings(report);
}
