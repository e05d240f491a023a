/* SPDX-License-Identifier: MIT */
/* The programs that time system calls at the kernel's functions. */
#ifndef ANALYSIS_SLOW_PATH_MEMORY_H
#define ANALYSIS_SLOW_PATH_MEMORY_H

#include "slow_path_state.h"

struct call_programs {
    struct bpf_program *begin, *end;
};

/* Of one of enum watched_call; and the kernel's function, whose name differs between processors. */
struct call_programs slow_path_programs_of_call(struct slow_path_programs *programs, int call,
                                                char function[64]);

#endif
