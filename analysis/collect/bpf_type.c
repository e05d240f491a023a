/* SPDX-License-Identifier: MIT */
#include "bpf_type.h"

#include <bpf/libbpf.h>

#include "bpf_ready.h"
#include "bpf_trial.h"

const bool bpf_trial_is_built_in = true;

int bpf_type_of_function(const char *name)
{
    libbpf_print_fn_t before = libbpf_set_print(bpf_print_nothing);
    int function = libbpf_find_vmlinux_btf_id(name, BPF_TRACE_FENTRY);
    libbpf_set_print(before);
    return function;
}
