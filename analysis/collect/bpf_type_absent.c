/* SPDX-License-Identifier: MIT */
/* bpf_type.h where eBPF was not built in. */
#include "bpf_type.h"

#include <errno.h>

#include "bpf_trial.h"

const bool bpf_trial_is_built_in = false;

int bpf_type_of_function(const char *name)
{
    return -ENOSYS;
}
