/* SPDX-License-Identifier: MIT */
#include "instruction.h"

#include <capstone/capstone.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct instruction_reader {
    csh capstone;
    cs_insn *place;
};

struct instruction_reader *instruction_reader_create(void)
{
    struct instruction_reader *reader = calloc(1, sizeof *reader);
    if (reader && cs_open(CS_ARCH_X86, CS_MODE_64, &reader->capstone) == CS_ERR_OK) {
        cs_option(reader->capstone, CS_OPT_DETAIL, CS_OPT_ON);
        reader->place = cs_malloc(reader->capstone);
        if (reader->place)
            return reader;
        cs_close(&reader->capstone);
    }
    free(reader);
    errno = ENOMEM;
    return NULL;
}

void instruction_reader_destroy(struct instruction_reader *reader)
{
    if (!reader)
        return;
    cs_free(reader->place, 1);
    cs_close(&reader->capstone);
    free(reader);
}

/* These name a place in memory and leave it alone. */
static bool touches_nothing(const char *name)
{
    return strcmp(name, "lea") == 0 || strcmp(name, "nop") == 0 ||
           strncmp(name, "prefetch", 8) == 0 || strncmp(name, "clflush", 7) == 0;
}

/* Capstone 4 takes most of these, with memory as their destination, for loads. */
static bool only_stores(const char *name)
{
    static const char *const starts[] = {
        "mov",    "vmov",    "maskmov",  "vmaskmov",  "vpmaskmov",  "vpmov", "pextr",
        "vpextr", "extract", "vextract", "vcompress", "vpcompress", "fst",   "fist",
        "fnst",   "stmxcsr", "vstmxcsr", "fxsave",    "xsave",
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    }
    return false;
}

static uint8_t access_of(const char *name, size_t at, uint8_t told)
{
    if (strstr(name, "cmpxchg"))
        return CS_AC_READ | CS_AC_WRITE;
    if (strcmp(name, "test") == 0)
        return CS_AC_READ;
    if (at == 0 && only_stores(name))
        return CS_AC_WRITE;
    return told;
}

static void add_operands(const cs_insn *read, const char *name, struct instruction *instruction)
{
    const cs_x86 *details = &read->detail->x86;
    for (uint8_t i = 0; i < details->op_count; i++) {
        if (details->operands[i].type != X86_OP_MEM)
            continue;
        uint8_t access = access_of(name, i, details->operands[i].access);
        instruction->loads += access & CS_AC_READ ? 1 : 0;
        instruction->stores += access & CS_AC_WRITE ? 1 : 0;
    }
}

/* Prefixes are a part of capstone's mnemonic: "rep stosb". */
static const char *name_of(const cs_insn *read)
{
    const char *blank = strrchr(read->mnemonic, ' ');
    return blank ? blank + 1 : read->mnemonic;
}

bool instruction_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                      struct instruction *instruction)
{
    uint64_t address = 0;
    *instruction = (struct instruction){0};
    if (!cs_disasm_iter(reader->capstone, &bytes, &count, &address, reader->place))
        return false;
    const char *name = name_of(reader->place);
    if (!touches_nothing(name))
        add_operands(reader->place, name, instruction);
    instruction->stores += strncmp(name, "push", 4) == 0;
    instruction->loads += strncmp(name, "pop", 3) == 0 && strncmp(name, "popcnt", 6) != 0;
    instruction->loads += strcmp(name, "leave") == 0;
    instruction->branches = cs_insn_group(reader->capstone, reader->place, CS_GRP_JUMP) ||
                            strncmp(name, "loop", 4) == 0;
    return true;
}
