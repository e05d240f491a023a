/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "setting.h"

static const char group[] = "permissions";

static const struct right {
    const char *name;
    unsigned number;
    const char *use;
} rights[] = {
    {"CAP_PERFMON", CAP_PERFMON, "samples of whole processors and of the kernel"},
    {"CAP_BPF", CAP_BPF, "loading eBPF programs"},
    {"CAP_SYS_ADMIN", CAP_SYS_ADMIN, "probes in programs"},
    {"CAP_SYS_PTRACE", CAP_SYS_PTRACE, "memory of other users' programs"},
    {"CAP_SYS_RESOURCE", CAP_SYS_RESOURCE, "eBPF's memory limit on kernels before 5.11"},
};

/* A right in the bounding set can be given; any other the container or its starter withholds. */
static void check_right(struct doctor_report *report, const struct right *right)
{
    bool effective = setting_has_capability("CapEff:", right->number);
    bool bounding = setting_has_capability("CapBnd:", right->number);
    char lower[32];
    size_t i = 0;
    for (; right->name[i] && i < sizeof lower - 1; i++)
        lower[i] = (char)tolower((unsigned char)right->name[i]);
    lower[i] = '\0';
    struct doctor_line *line = doctor_add(report, group, right->name,
                                          effective  ? DOCTOR_OK
                                          : bounding ? DOCTOR_LIMITED
                                                     : DOCTOR_MISSING,
                                          "%s; for %s",
                                          effective  ? "effective"
                                          : bounding ? "not effective, could be given"
                                                     : "not effective, not in the bounding set",
                                          right->use);
    if (bounding)
        doctor_remedy(line, "root, or setcap %s+ep %s", lower, setting_own_path());
    else
        doctor_remedy(line, "start outside of what withholds it; docker run --cap-add %s",
                      right->name + strlen("CAP_"));
}

static void check_lockdown(struct doctor_report *report)
{
    char mode[64];
    if (!setting_choice("/sys/kernel/security/lockdown", mode, sizeof mode)) {
        doctor_add(report, group, "lockdown", DOCTOR_OK, "no lockdown is told of");
        return;
    }
    bool tight = strcmp(mode, "confidentiality") == 0;
    doctor_remedy(doctor_add(report, group, "lockdown", tight ? DOCTOR_LIMITED : DOCTOR_OK, "%s%s",
                             mode, tight ? ": eBPF may not read memory, perf not the kernel" : ""),
                  "boot with lockdown=integrity or without lockdown=");
}

static void check_ptrace(struct doctor_report *report)
{
    static const char *const meanings[] = {"any process of the user's", "descendants only",
                                           "CAP_SYS_PTRACE only", "nobody"};
    long long scope;
    if (!setting_number("/proc/sys/kernel/yama/ptrace_scope", &scope)) {
        doctor_add(report, group, "ptrace", DOCTOR_OK, "no yama: any process of the user's");
        return;
    }
    bool passed = scope < 3 && setting_has_capability("CapEff:", CAP_SYS_PTRACE);
    doctor_remedy(doctor_add(report, group, "ptrace",
                             scope == 0 || passed ? DOCTOR_OK : DOCTOR_LIMITED,
                             "yama's ptrace_scope is %lld: %s%s", scope,
                             scope >= 0 && scope <= 3 ? meanings[scope] : "not known",
                             passed ? "; passed over" : ""),
                  "sysctl kernel.yama.ptrace_scope=0 (3 stays until the next boot); commands that "
                  "hakmem-trace starts itself are its descendants");
}

static void check_seccomp(struct doctor_report *report)
{
    char mode[16], filters[16], gain[16];
    bool known = setting_of_process("Seccomp:", mode, sizeof mode);
    setting_of_process("Seccomp_filters:", filters, sizeof filters);
    bool free_of_it = !known || strcmp(mode, "0") == 0;
    doctor_remedy(doctor_add(report, group, "seccomp", free_of_it ? DOCTOR_OK : DOCTOR_LIMITED,
                             free_of_it ? "no filter"
                                        : "mode %s, %s filters: some system calls "
                                          "may be refused",
                             mode, filters),
                  "docker run --security-opt seccomp=unconfined, or a profile that allows "
                  "perf_event_open and bpf");
    setting_of_process("NoNewPrivs:", gain, sizeof gain);
    bool barred = strcmp(gain, "1") == 0;
    doctor_remedy(doctor_add(report, group, "no_new_privs", barred ? DOCTOR_LIMITED : DOCTOR_OK,
                             barred ? "set: setcap and setuid have no effect" : "not set"),
                  "start without it (systemd: NoNewPrivileges=no; docker: without "
                  "--security-opt no-new-privileges)");
}

void check_permissions(struct doctor_report *report)
{
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++)
        check_right(report, &rights[i]);
    check_lockdown(report);
    check_ptrace(report);
    check_seccomp(report);
}
