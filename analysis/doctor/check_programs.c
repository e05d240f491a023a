/* SPDX-License-Identifier: MIT */
/* Where programs and probes may be attached: each kind is tried. */
#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checks.h"
#include "collect/bpf_trial.h"
#include "collect/perf_event.h"
#include "collect/uprobe.h"
#include "setting.h"

static const char group[] = "eBPF and probes";
static const char kernel_folder[] = "/sys/kernel/tracing",
                  debug_folder[] = "/sys/kernel/debug/tracing";

static bool has_rights(void)
{
    return setting_has_capability("CapEff:", CAP_SYS_ADMIN) &&
           setting_has_capability("CapEff:", CAP_BPF) &&
           setting_has_capability("CapEff:", CAP_PERFMON);
}

/* What brings a right that was refused. */
static void remedy_right(struct doctor_line *line, int error, const char *otherwise)
{
    if (error != EPERM && error != EACCES)
        doctor_remedy(line, "%s", otherwise);
    else if (has_rights())
        doctor_remedy(line,
                      "refused with every right: a kernel, a security module or a seccomp "
                      "profile that allows it (docker run --security-opt seccomp=unconfined)");
    else
        doctor_remedy(line,
                      "root, or setcap cap_bpf,cap_perfmon,cap_sys_admin+ep %s; in a container: "
                      "docker run --cap-add SYS_ADMIN --cap-add BPF --cap-add PERFMON",
                      setting_own_path());
}

static void add_trial(struct doctor_report *report, const char *name, int error, const char *works,
                      const char *otherwise)
{
    struct doctor_line *line =
        error ? doctor_add(report, group, name, DOCTOR_MISSING, "refused: %s", strerror(error))
              : doctor_add(report, group, name, DOCTOR_OK, "%s", works);
    remedy_right(line, error, otherwise);
}

static void check_unprivileged(struct doctor_report *report)
{
    static const char *const meanings[] = {"any user may load some programs",
                                           "only CAP_BPF, until the next boot", "only CAP_BPF"};
    long long value;
    if (!setting_number("/proc/sys/kernel/unprivileged_bpf_disabled", &value))
        doctor_remedy(doctor_add(report, group, "unprivileged_bpf", DOCTOR_MISSING,
                                 "the kernel has no such setting: no eBPF"),
                      "a kernel with CONFIG_BPF_SYSCALL");
    else /* no setting of it is worse for us: our kinds of programs need CAP_BPF in any case */
        doctor_add(report, group, "unprivileged_bpf", DOCTOR_OK,
                   "kernel.unprivileged_bpf_disabled is %lld: %s", value,
                   value >= 0 && value <= 2 ? meanings[value] : "a value of a newer kernel");
}

static void check_types(struct doctor_report *report)
{
    static const char path[] = "/sys/kernel/btf/vmlinux";
    struct stat status;
    if (access(path, R_OK) == 0 && stat(path, &status) == 0)
        doctor_add(report, group, "BTF", DOCTOR_OK, "%s, %lld KiB", path,
                   (long long)status.st_size / 1024);
    else
        doctor_remedy(
            doctor_add(report, group, "BTF", DOCTOR_MISSING, "%s: %s", path, strerror(errno)),
            "a kernel with CONFIG_DEBUG_INFO_BTF");
}

static const char *tracing_folder(void)
{
    static const char *const folders[] = {kernel_folder, debug_folder};
    char path[64];
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/events", folders[i]);
        if (access(path, R_OK) == 0)
            return folders[i];
    }
    return NULL;
}

static void check_tracing_folder(struct doctor_report *report)
{
    const char *folder = tracing_folder();
    struct doctor_line *line;
    if (folder) {
        doctor_add(report, group, "tracefs", DOCTOR_OK, "mounted at %s", folder);
        return;
    }
    errno = 0;
    struct stat status;
    bool hidden = stat(kernel_folder, &status) == 0 && (status.st_mode & 0077) == 0 && geteuid();
    line = doctor_add(report, group, "tracefs", DOCTOR_LIMITED,
                      hidden ? "%s is root's alone" : "%s is not mounted or has no events",
                      kernel_folder);
    doctor_remedy(line,
                  hidden ? "root, or mount -o remount,mode=755 %s"
                         : "mount -t tracefs tracefs %s; hakmem-trace itself needs none",
                  kernel_folder);
}

/* By perf, which must know the number that tracefs tells. */
static void check_tracepoint_event(struct doctor_report *report)
{
    char path[96];
    long long number = 0;
    const char *folder = tracing_folder();
    snprintf(path, sizeof path, "%s/events/sched/sched_process_exit/id",
             folder ? folder : kernel_folder);
    if (!setting_number(path, &number)) {
        doctor_remedy(doctor_add(report, group, "tracepoints by perf", DOCTOR_MISSING,
                                 "not tried: tracefs can't be read"),
                      "what makes tracefs ok above");
        return;
    }
    struct perf_event_attr attr = {
        .size = sizeof attr, .type = PERF_TYPE_TRACEPOINT, .config = (unsigned long)number};
    int event = perf_event_open_on(&attr, 0, -1), error = event < 0 ? errno : 0;
    if (event >= 0)
        close(event);
    add_trial(report, "tracepoints by perf", error, "sched_process_exit opens",
              "a kernel with CONFIG_EVENT_TRACING");
}

static void check_kprobe(struct doctor_report *report)
{
    static const char function[] = "commit_creds", remedy[] = "a kernel with CONFIG_KPROBES and "
                                                              "CONFIG_KPROBE_EVENTS; hakmem-trace "
                                                              "itself needs none";
    long long type;
    if (!setting_number("/sys/bus/event_source/devices/kprobe/type", &type)) {
        doctor_remedy(doctor_add(report, group, "kprobes", DOCTOR_MISSING,
                                 "the kernel was built without them"),
                      "%s", remedy);
        return;
    }
    struct perf_event_attr attr = {
        .size = sizeof attr, .type = (unsigned)type, .config1 = (unsigned long)function};
    int event = perf_event_open_on(&attr, -1, 0), error = event < 0 ? errno : 0;
    if (event >= 0)
        close(event);
    add_trial(report, "kprobes", error, "one on commit_creds opens", remedy);
}

static void check_fentry(struct doctor_report *report)
{
    int error = bpf_trial_fentry();
    if (error == ENOSYS && !bpf_trial_is_built_in) {
        doctor_remedy(
            doctor_add(report, group, "fentry", DOCTOR_MISSING, "not tried: built without libbpf"),
            "apt install libbpf-dev clang bpftool systemtap-sdt-dev, and rebuild");
        return;
    }
    add_trial(report, "fentry", error, "one on commit_creds attaches",
              "a kernel with CONFIG_DEBUG_INFO_BTF and CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS; "
              "hakmem-trace itself needs none");
}

/* On a function of this program that is not called meanwhile. */
static void check_uprobe(struct doctor_report *report)
{
    int event = uprobe_open((const void *)(uintptr_t)check_programs, 0);
    int error = event < 0 ? errno : 0;
    uprobe_close(event);
    add_trial(report, "uprobes", error, "one on this program opens",
              "a kernel with CONFIG_UPROBE_EVENTS");
}

void check_programs(struct doctor_report *report)
{
    add_trial(report, "program load", bpf_trial_load(), "a program for probes loads",
              "a kernel with CONFIG_BPF_SYSCALL");
    check_unprivileged(report);
    check_types(report);
    add_trial(report, "tracepoints by eBPF", bpf_trial_tracepoint(), "sched_process_exit attaches",
              "a kernel with CONFIG_BPF_EVENTS");
    check_fentry(report);
    check_tracing_folder(report);
    check_tracepoint_event(report);
    check_kprobe(report);
    check_uprobe(report);
}
