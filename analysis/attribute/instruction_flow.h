/* SPDX-License-Identifier: MIT */
/* From which registers to which an instruction carries values. */
#ifndef ANALYSIS_INSTRUCTION_FLOW_H
#define ANALYSIS_INSTRUCTION_FLOW_H

#include "instruction.h"

/* A bit for each register, whatever part of it is meant: the sixteen general ones, the vector
 * registers, the flags. Segments, masks and the x87's are left out. */
enum { FLOW_STACK = 4, FLOW_VECTORS = 16, FLOW_FLAGS = 48, FLOW_REGISTERS = 49 };

struct instruction_flow {
    uint64_t address; /* what the place in memory that it loads from is reckoned from */
    uint64_t reads;   /* whose values go into what it writes */
    uint64_t writes;
    bool loads, stores;
    bool on_stack; /* what it loads or stores is at `slot` from the stack pointer before it moves */
    bool stack_moves; /* by `stack_by`, if that is known */
    bool stack_lost;  /* where it points afterwards is not known */
    int64_t slot, stack_by;
};

/* False: these bytes are no instruction. */
bool instruction_flow_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                           struct instruction_flow *flow);

#endif
