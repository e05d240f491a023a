/* SPDX-License-Identifier: MIT */
#include "call_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#if defined __x86_64__
enum { PROCESSOR = (int)AUDIT_ARCH_X86_64, OTHER_NUMBERS = 0x40000000 }; /* x32's begin there */
#elif defined __aarch64__
enum { PROCESSOR = (int)AUDIT_ARCH_AARCH64, OTHER_NUMBERS = 0x7fffffff };
#else
enum { PROCESSOR = 0, OTHER_NUMBERS = 0x7fffffff };
#endif

/* Both processors keep the lower half first. */
#define DATA(field) ((uint32_t)offsetof(struct seccomp_data, field))

enum { FRAME = 8, EACH = 5 };

static struct sock_filter *put(struct sock_filter *at, uint16_t code, uint8_t yes, uint8_t no,
                               uint32_t operand)
{
    *at = (struct sock_filter){code, yes, no, operand};
    return at + 1;
}

static struct sock_filter *answer(struct sock_filter *at, uint32_t what)
{
    return put(at, BPF_RET | BPF_K, 0, 0, what);
}

static struct sock_filter *allow(struct sock_filter *at, const struct allowed_call *call)
{
    at = put(at, BPF_JMP | BPF_JEQ | BPF_K, 0, call->forbidden ? 4 : 1, (uint32_t)call->number);
    if (call->forbidden) {
        at = put(at, BPF_LD | BPF_W | BPF_ABS, 0, 0,
                 DATA(args) + (uint32_t)call->argument * (uint32_t)sizeof(uint64_t));
        at = put(at, BPF_JMP | BPF_JSET | BPF_K, 0, 1, call->forbidden);
        at = answer(at, SECCOMP_RET_KILL_PROCESS);
    }
    return answer(at, SECCOMP_RET_ALLOW);
}

int call_filter_set(const struct allowed_call *calls, size_t count)
{
    struct sock_filter filter[FRAME + EACH * ALLOWED_CALLS_MOST], *at = filter;
    if (!PROCESSOR || count > ALLOWED_CALLS_MOST) {
        errno = ENOSYS;
        return -1;
    }
    at = put(at, BPF_LD | BPF_W | BPF_ABS, 0, 0, DATA(arch));
    at = put(at, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, (uint32_t)PROCESSOR);
    at = answer(at, SECCOMP_RET_KILL_PROCESS);
    at = put(at, BPF_LD | BPF_W | BPF_ABS, 0, 0, DATA(nr));
    at = put(at, BPF_JMP | BPF_JGE | BPF_K, 0, 1, OTHER_NUMBERS);
    at = answer(at, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < count; i++)
        at = allow(at, &calls[i]);
    at = answer(at, SECCOMP_RET_KILL_PROCESS);
    struct sock_fprog program = {(unsigned short)(at - filter), filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
