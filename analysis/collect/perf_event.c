/* SPDX-License-Identifier: MIT */
#include "perf_event.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "user_registers.h"

/* Below this rate every page fault is recorded; one costs about a tenth of a sample of the clock.
 */
enum { FAULT_FREQUENCY = 997 };

int perf_event_open_on(const struct perf_event_attr *attr, pid_t pid, int cpu)
{
    return (int)syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/* What both of our events have in common. One clock for all processors, so that records of
 * different rings can be put in order, and of eBPF programs, so that what these tell can, too. */
static void prepare(struct perf_event_attr *attr, unsigned frequency,
                    const struct perf_choice *choice)
{
    memset(attr, 0, sizeof *attr);
    attr->size = sizeof *attr;
    attr->freq = 1;
    attr->sample_freq = frequency;
    attr->sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID |
                        PERF_SAMPLE_TIME | PERF_SAMPLE_PERIOD;
    attr->disabled = 1;
    attr->inherit = !choice->processors;
    attr->enable_on_exec = !choice->processors;
    attr->exclude_idle = choice->processors;
    attr->exclude_kernel = !choice->kernel;
    attr->exclude_hv = 1;
    attr->sample_id_all = 1;
    attr->use_clockid = 1;
    attr->clockid = CLOCK_MONOTONIC;
}

static void describe(struct perf_choice *choice, unsigned frequency, const char *name,
                     unsigned type, unsigned long config, unsigned precise)
{
    struct perf_event_attr *attr = &choice->attr;
    prepare(attr, frequency, choice);
    choice->name = name;
    attr->type = type;
    attr->config = config;
    attr->precise_ip = precise & 3;
    attr->mmap = 1;
    attr->mmap2 = 1;
    attr->comm = 1;
    attr->comm_exec = 1;
    attr->task = 1;
    if (choice->kernel) {
        attr->sample_type |= PERF_SAMPLE_REGS_USER;
        attr->sample_regs_user = USER_REGISTERS;
    }
}

void perf_event_page_faults(struct perf_event_attr *attr, const struct perf_choice *choice)
{
    prepare(attr, FAULT_FREQUENCY, choice);
    attr->type = PERF_TYPE_SOFTWARE;
    attr->config = PERF_COUNT_SW_PAGE_FAULTS;
    attr->sample_type |= PERF_SAMPLE_ADDR;
}

static bool opens(const struct perf_choice *choice, pid_t pid)
{
    int descriptor = choice->processors ? perf_event_open_on(&choice->attr, -1, 0)
                                        : perf_event_open_on(&choice->attr, pid, -1);
    if (descriptor < 0 && errno == EINVAL && choice->attr.inherit) {
        /* Some kernels refuse inherited events that are bound to no processor. */
        descriptor = perf_event_open_on(&choice->attr, pid, 0);
    }
    if (descriptor < 0)
        return false;
    close(descriptor);
    return true;
}

static int setting(const char *path)
{
    int value = -1;
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    if (fscanf(file, "%d", &value) != 1)
        value = -1;
    fclose(file);
    return value;
}

unsigned perf_event_highest_frequency(void)
{
    int rate = setting("/proc/sys/kernel/perf_event_max_sample_rate");
    return rate > 0 ? (unsigned)rate : 0;
}

static void explain(int error, char *why, size_t why_bytes)
{
    int paranoid = setting("/proc/sys/kernel/perf_event_paranoid");
    if (error == EACCES || error == EPERM) {
        snprintf(why, why_bytes,
                 "the kernel refuses perf_event_open (kernel.perf_event_paranoid is %d): sysctl "
                 "kernel.perf_event_paranoid=2, or CAP_PERFMON, or a container that allows it",
                 paranoid);
    } else {
        snprintf(why, why_bytes, "perf_event_open: %s", strerror(error));
    }
}

bool perf_event_choose(pid_t pid, unsigned frequency, struct perf_choice *choice, char *why,
                       size_t why_bytes)
{
    static const struct {
        const char *name;
        unsigned type;
        unsigned long config;
        unsigned precise;
    } events[] = {
        {"cycles:pp", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, 2},
        {"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, 0},
        {"cpu-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, 0},
    };
    int error = ENOENT;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        for (int kind = 3; kind >= 0; kind--) {
            choice->kernel = kind & 2;
            choice->processors = kind & 1;
            describe(choice, frequency, events[i].name, events[i].type, events[i].config,
                     events[i].precise);
            if (opens(choice, pid))
                return true;
            error = errno;
            if (error != EACCES && error != EPERM)
                break;
        }
    }
    explain(error, why, why_bytes);
    return false;
}
