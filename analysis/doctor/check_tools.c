/* SPDX-License-Identifier: MIT */
/* Programs beside this one, and what this one was built with. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/instruction.h"
#include "built_with.h" /* written by meson.build */
#include "checks.h"
#include "collect/bpf_trial.h"
#include "report/formats/pprof.h"

static const char group[] = "tools";

static const struct tool {
    const char *name, *package, *use;
} tools[] = {
    {"clang", "clang", "builds the eBPF programs"},
    {"bpftool", "bpftool", "builds the eBPF programs"},
    {"bpftrace", "bpftrace", "libhakmem's probes by hand"},
    {"perf", "linux-perf", "hot paths by instruction"},
    {"valgrind", "valgrind", "ablate's model of the caches without a PMU"},
};

/* Debian keeps some in sbin, which ordinary users don't search. */
static bool find_tool(const char *name, char *path, size_t bytes)
{
    char folders[4096];
    const char *search = getenv("PATH");
    snprintf(folders, sizeof folders, "%s:/usr/sbin:/sbin", search ? search : "/usr/bin:/bin");
    for (char *rest = folders, *folder; (folder = strsep(&rest, ":"));) {
        snprintf(path, bytes, "%s/%s", *folder ? folder : ".", name);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

static void check_tool(struct doctor_report *report, const struct tool *tool)
{
    char path[4200];
    bool found = find_tool(tool->name, path, sizeof path);
    doctor_remedy(doctor_add(report, group, tool->name, found ? DOCTOR_OK : DOCTOR_MISSING,
                             "%.250s; %s", found ? path : "not found", tool->use),
                  "apt install %s", tool->package);
}

static void check_disassembly(struct doctor_report *report)
{
    struct instruction_reader *reader = instruction_reader_create();
    int error = errno;
    bool absent = !reader && error == ENOSYS;
    instruction_reader_destroy(reader);
    doctor_remedy(doctor_add(report, group, "built with capstone",
                             absent ? DOCTOR_MISSING : DOCTOR_OK,
                             absent ? "no: count tells no loads, stores, branches" : "yes"),
                  "apt install libcapstone-dev, and rebuild");
    doctor_remedy(doctor_add(report, group, "capstone library", reader ? DOCTOR_OK : DOCTOR_MISSING,
                             "%s",
                             reader   ? "loads"
                             : absent ? "not tried: built without it"
                                      : strerror(error)),
                  "apt install libcapstone4%s", absent ? " libcapstone-dev, and rebuild" : "");
}

void check_tools(struct doctor_report *report)
{
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
        check_tool(report, &tools[i]);
    doctor_remedy(doctor_add(report, group, "built with eBPF",
                             bpf_trial_is_built_in ? DOCTOR_OK : DOCTOR_MISSING,
                             bpf_trial_is_built_in ? "yes" : "no: run tells no slow paths"),
                  "apt install clang bpftool libbpf-dev systemtap-sdt-dev, and rebuild");
    check_disassembly(report);
    doctor_remedy(doctor_add(report, group, "built with ncurses",
                             BUILT_WITH_NCURSES ? DOCTOR_OK : DOCTOR_MISSING,
                             BUILT_WITH_NCURSES ? "yes" : "no"),
                  "apt install libncurses-dev, and rebuild");
    doctor_remedy(doctor_add(report, group, "built with protobuf-c",
                             pprof_obstacle() ? DOCTOR_MISSING : DOCTOR_OK,
                             pprof_obstacle() ? "no: no --pprof" : "yes"),
                  "apt install libprotobuf-c-dev protobuf-c-compiler zlib1g-dev, and rebuild");
}
