/* SPDX-License-Identifier: MIT */
/*
 * The longest chain of loads in a call in which the address of each needs what the one before has
 * loaded: what a call can't take less time than, however wide the processor. Values are followed
 * through registers, and through the slots of the stack that are named by the stack pointer.
 * Elsewhere in memory a value that was stored and loaded again begins anew; so it does where the
 * stack pointer was set to something that is not known. Arguments, segments, the instruction
 * pointer, mask and x87 registers are known from the beginning. Branches are taken for foreseen.
 */
#ifndef ANALYSIS_COUNT_CHAIN_H
#define ANALYSIS_COUNT_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "attribute/instruction_flow.h"

enum { CHAIN_SLOTS = 64 };

struct count_chain {
    uint32_t registers[FLOW_REGISTERS]; /* loads in the longest chain that a value came by */
    struct chain_slot {
        int64_t at; /* from where the stack pointer was when the call began */
        uint32_t loads;
    } slots[CHAIN_SLOTS]; /* the last ones written */
    size_t slot_count, next_slot;
    int64_t stack; /* the pointer, from there */
    uint32_t longest;
};

void count_chain_begin(struct count_chain *chain);
void count_chain_pass(struct count_chain *chain, const struct instruction_flow *flow);

#endif
