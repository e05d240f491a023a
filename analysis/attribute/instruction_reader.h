/* SPDX-License-Identifier: MIT */
/* What the files that read instructions share of capstone; for these alone. */
#ifndef ANALYSIS_INSTRUCTION_READER_H
#define ANALYSIS_INSTRUCTION_READER_H

#include <capstone/capstone.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Loaded when it is needed: linked to this program, its megabytes of tables would count as memory
 * of every command that `compare` starts, which begins as a fork. */
struct capstone {
    void *library;
    __typeof__(&cs_open) open;
    __typeof__(&cs_close) close;
    __typeof__(&cs_option) option;
    __typeof__(&cs_malloc) malloc;
    __typeof__(&cs_free) free;
    __typeof__(&cs_disasm_iter) disasm_iter;
    __typeof__(&cs_insn_group) insn_group;
};

struct instruction_reader {
    struct capstone capstone;
    csh handle;
    cs_insn *place;
};

/* These name a place in memory and leave it alone. */
bool instruction_touches_nothing(const char *name);

/* CS_AC_READ and CS_AC_WRITE of the operand `at`, which is in memory; capstone says `told`. */
uint8_t instruction_memory_access(const char *name, size_t at, uint8_t told);

/* Prefixes are a part of capstone's mnemonic: "rep stosb". */
const char *instruction_name(const cs_insn *read);

#endif
