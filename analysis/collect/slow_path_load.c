/* SPDX-License-Identifier: MIT */
/* Opens the programs, leaves out those for which this kernel has no place, and loads the rest. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf_ready.h"
#include "slow_path_memory.h"
#include "slow_path_state.h"

bool slow_path_lacks(const char *feature)
{
    const char *list = getenv("HAKMEM_TRACE_LACKING");
    return list && strstr(list, feature);
}

static bool has_tracepoint(const char *name)
{
    return !slow_path_lacks(name) && libbpf_find_vmlinux_btf_id(name, BPF_TRACE_RAW_TP) > 0;
}

/* Functions may be known and programs on them refused: by a processor without trampolines, a kernel
 * without ftrace, or one that is locked down. */
static bool takes_programs_on_functions(void)
{
    const struct bpf_insn nothing[] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    int function = libbpf_find_vmlinux_btf_id("handle_mm_fault", BPF_TRACE_FEXIT);
    if (function <= 0 || slow_path_lacks("fexit"))
        return false;
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FEXIT,
                .attach_btf_id = (__u32)function);
    int program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "slow_path_test", "Dual MIT/GPL", nothing,
                                sizeof nothing / sizeof *nothing, &options);
    if (program < 0)
        return false;
    close(program);
    return true;
}

static bool has_function(const char *name)
{
    return libbpf_find_vmlinux_btf_id(name, BPF_TRACE_FEXIT) > 0;
}

static void choose_faults(struct slow_path_programs *programs, bool functions)
{
    bool timed = functions && has_function("handle_mm_fault");
    bpf_program__set_autoload(programs->progs.slow_path_fault_begin, timed);
    bpf_program__set_autoload(programs->progs.slow_path_fault_end, timed);
    bpf_program__set_autoload(programs->progs.slow_path_fault_user,
                              has_tracepoint("page_fault_user"));
    bpf_program__set_autoload(programs->progs.slow_path_fault_kernel,
                              has_tracepoint("page_fault_kernel"));
}

/* What is attached to; each has the former, too. */
enum reach { PROBES, TRACEPOINTS, FUNCTIONS };

/* What only some kernels have; the rest must be there. */
static void choose(struct slow_path_programs *programs, enum reach reach)
{
    bool functions = reach == FUNCTIONS && takes_programs_on_functions();
    choose_faults(programs, functions);
    for (int call = 0; call < WATCHED_CALLS; call++) {
        char function[64];
        struct call_programs pair = slow_path_programs_of_call(programs, call, function);
        bool is_there = functions && has_function(function);
        bpf_program__set_autoload(pair.begin, is_there);
        bpf_program__set_autoload(pair.end, is_there);
        if (is_there) {
            bpf_program__set_attach_target(pair.begin, 0, function);
            bpf_program__set_attach_target(pair.end, 0, function);
        }
    }
    bpf_program__set_autoload(programs->progs.slow_path_call_begin, reach >= TRACEPOINTS);
    bpf_program__set_autoload(programs->progs.slow_path_call_end, reach >= TRACEPOINTS);
    bpf_program__set_autoload(programs->progs.slow_path_switch,
                              reach >= TRACEPOINTS && has_tracepoint("sched_switch"));
}

/* For tests of full maps. */
static void shrink(struct slow_path_programs *programs)
{
    const char *wanted = getenv("HAKMEM_TRACE_MAP_ENTRIES");
    unsigned long entries = wanted ? strtoul(wanted, NULL, 10) : 0;
    struct bpf_map *maps[] = {programs->maps.processes, programs->maps.threads,
                              programs->maps.waits, programs->maps.sizes};
    for (size_t i = 0; entries && i < sizeof maps / sizeof maps[0]; i++)
        bpf_map__set_max_entries(maps[i], (__u32)entries);
}

static struct slow_path_programs *load(enum reach reach)
{
    struct slow_path_programs *programs = slow_path_programs__open();
    if (!programs)
        return NULL;
    choose(programs, reach);
    shrink(programs);
    int error = slow_path_programs__load(programs);
    if (!error)
        return programs;
    slow_path_programs__destroy(programs);
    errno = -error;
    return NULL;
}

struct slow_path_programs *slow_path_load(char why[SLOW_PATH_WHY])
{
    if (!bpf_ready(why))
        return NULL;
    /* A kernel may have a function and refuse a program on it; the rest is still worth it. */
    struct slow_path_programs *programs = load(FUNCTIONS);
    for (int reach = TRACEPOINTS; !programs && reach >= PROBES && errno != EPERM; reach--)
        programs = load((enum reach)reach);
    if (!programs)
        slow_path_explain_error(why, errno);
    return programs;
}
