/* SPDX-License-Identifier: MIT */
#include "bpf_ready.h"

#include <stdlib.h>
#include <unistd.h>

#include "slow_path_explain.h"

int bpf_print_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
    return 0;
}

bool bpf_ready(char why[256])
{
    if (!getenv("HAKMEM_TRACE_DEBUG"))
        libbpf_set_print(bpf_print_nothing);
    if (access("/sys/kernel/btf/vmlinux", R_OK) == 0)
        return true;
    slow_path_explain(why, "eBPF needs the kernel's type information: /sys/kernel/btf/vmlinux "
                           "(CONFIG_DEBUG_INFO_BTF)");
    return false;
}
