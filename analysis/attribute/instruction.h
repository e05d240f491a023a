/* SPDX-License-Identifier: MIT */
/* What one instruction does to memory and to the flow of control, from its bytes. */
#ifndef ANALYSIS_INSTRUCTION_H
#define ANALYSIS_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INSTRUCTION_BYTES_MAX = 15 };

/*
 * Operands in memory that it reads and writes; push and pop are such, the return addresses of call
 * and ret are not. A branch is a jump, conditional or not, taken or not; call and ret are none.
 */
struct instruction {
    uint8_t loads, stores, branches;
};

struct instruction_reader;

/* NULL with errno; ENOSYS: built without a disassembler; ENOENT: its library is not installed. */
struct instruction_reader *instruction_reader_create(void);

/* How to get what is missing, by that errno: "apt install ...". */
const char *instruction_reader_remedy(int error);

void instruction_reader_destroy(struct instruction_reader *reader);

/* False: these bytes are no instruction. */
bool instruction_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                      struct instruction *instruction);

/* How it is written, as the GNU assembler does. */
struct instruction_text {
    size_t bytes;       /* its length */
    char name[32];      /* "movq", "lock cmpxchgq" */
    char operands[160]; /* "%rax, 8(%rdi)" */
    bool has_target;    /* a jump or call to a fixed place */
    uint64_t target;
};

/* `address` is where it stands. False: these bytes are no instruction. */
bool instruction_write(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                       uint64_t address, struct instruction_text *text);

#endif
