/* SPDX-License-Identifier: MIT */
#include "bpf_trial.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf_type.h"

/* A function that exists in every kernel and is called seldom enough for a moment's watching. */
static const char watched_function[] = "commit_creds", watched_tracepoint[] = "sched_process_exit";

static int bpf(int command, union bpf_attr *attr)
{
    return (int)syscall(SYS_bpf, command, attr, sizeof *attr);
}

/* A descriptor, or -1 with errno. */
static int load(unsigned type, unsigned attach_type, unsigned function)
{
    static const struct bpf_insn nothing[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.prog_type = type;
    attr.expected_attach_type = attach_type;
    attr.attach_btf_id = function;
    attr.insns = (uintptr_t)nothing;
    attr.insn_cnt = sizeof nothing / sizeof nothing[0];
    attr.license = (uintptr_t) "GPL";
    return bpf(BPF_PROG_LOAD, &attr);
}

/* Takes over the program's descriptor; `name` NULL: the program knows what it attaches to. */
static int attach_for_a_moment(int program, const char *name)
{
    union bpf_attr attr;
    int error = errno;
    if (program < 0)
        return error;
    memset(&attr, 0, sizeof attr);
    attr.raw_tracepoint.name = (uintptr_t)name;
    attr.raw_tracepoint.prog_fd = (unsigned)program;
    int link = bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
    error = link < 0 ? errno : 0;
    if (link >= 0)
        close(link);
    close(program);
    return error;
}

int bpf_trial_load(void)
{
    int program = load(BPF_PROG_TYPE_KPROBE, 0, 0), error = errno;
    if (program < 0)
        return error;
    close(program);
    return 0;
}

int bpf_trial_tracepoint(void)
{
    return attach_for_a_moment(load(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0), watched_tracepoint);
}

int bpf_trial_fentry(void)
{
    int function = bpf_type_of_function(watched_function);
    if (function < 0)
        return -function;
    return attach_for_a_moment(load(BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, (unsigned)function),
                               NULL);
}
