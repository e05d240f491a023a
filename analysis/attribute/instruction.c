/* SPDX-License-Identifier: MIT */
#include "instruction.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instruction_reader.h"

#define TEXT_OF(x)   #x
#define NUMBER_OF(x) TEXT_OF(x)
#define LIBRARY      "libcapstone.so." NUMBER_OF(CS_API_MAJOR)

static bool load(struct capstone *capstone)
{
    const struct {
        const char *name;
        void *to;
    } functions[] = {
        {"cs_open", &capstone->open},
        {"cs_close", &capstone->close},
        {"cs_option", &capstone->option},
        {"cs_malloc", &capstone->malloc},
        {"cs_free", &capstone->free},
        {"cs_disasm_iter", &capstone->disasm_iter},
        {"cs_insn_group", &capstone->insn_group},
    };
    capstone->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    bool done = capstone->library != NULL;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0] && done; i++) {
        void *symbol = dlsym(capstone->library, functions[i].name);
        memcpy(functions[i].to, &symbol, sizeof symbol);
        done = symbol != NULL;
    }
    return done;
}

struct instruction_reader *instruction_reader_create(void)
{
    struct instruction_reader *reader = calloc(1, sizeof *reader);
    errno = ENOMEM;
    if (!reader)
        return NULL;
    if (!load(&reader->capstone)) {
        instruction_reader_destroy(reader);
        errno = ENOENT;
        return NULL;
    }
    if (reader->capstone.open(CS_ARCH_X86, CS_MODE_64, &reader->handle) == CS_ERR_OK) {
        reader->capstone.option(reader->handle, CS_OPT_DETAIL, CS_OPT_ON);
        reader->place = reader->capstone.malloc(reader->handle);
    }
    if (reader->place)
        return reader;
    instruction_reader_destroy(reader);
    errno = ENOMEM;
    return NULL;
}

const char *instruction_reader_remedy(int error)
{
    return error == ENOENT ? "apt install libcapstone" NUMBER_OF(CS_API_MAJOR) : "memory is out";
}

void instruction_reader_destroy(struct instruction_reader *reader)
{
    if (!reader)
        return;
    if (reader->place)
        reader->capstone.free(reader->place, 1);
    if (reader->handle)
        reader->capstone.close(&reader->handle);
    if (reader->capstone.library)
        dlclose(reader->capstone.library);
    free(reader);
}

bool instruction_touches_nothing(const char *name)
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

uint8_t instruction_memory_access(const char *name, size_t at, uint8_t told)
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
        uint8_t access = instruction_memory_access(name, i, details->operands[i].access);
        instruction->loads += access & CS_AC_READ ? 1 : 0;
        instruction->stores += access & CS_AC_WRITE ? 1 : 0;
    }
}

const char *instruction_name(const cs_insn *read)
{
    const char *blank = strrchr(read->mnemonic, ' ');
    return blank ? blank + 1 : read->mnemonic;
}

bool instruction_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                      struct instruction *instruction)
{
    uint64_t address = 0;
    *instruction = (struct instruction){0};
    if (!reader->capstone.disasm_iter(reader->handle, &bytes, &count, &address, reader->place))
        return false;
    const char *name = instruction_name(reader->place);
    if (!instruction_touches_nothing(name))
        add_operands(reader->place, name, instruction);
    instruction->stores += strncmp(name, "push", 4) == 0;
    instruction->loads += strncmp(name, "pop", 3) == 0 && strncmp(name, "popcnt", 6) != 0;
    instruction->loads += strcmp(name, "leave") == 0;
    instruction->branches =
        reader->capstone.insn_group(reader->handle, reader->place, CS_GRP_JUMP) ||
        strncmp(name, "loop", 4) == 0;
    return true;
}

static bool is_direct(const cs_x86 *details)
{
    return details->op_count == 1 && details->operands[0].type == X86_OP_IMM;
}

/* AT&T syntax for this one alone: instruction_read knows Intel's names. */
bool instruction_write(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                       uint64_t address, struct instruction_text *text)
{
    const struct capstone *capstone = &reader->capstone;
    const cs_insn *read = reader->place;
    uint64_t next = address;
    *text = (struct instruction_text){0};
    capstone->option(reader->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    bool done = capstone->disasm_iter(reader->handle, &bytes, &count, &next, reader->place);
    capstone->option(reader->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_INTEL);
    if (!done)
        return false;
    text->bytes = read->size;
    snprintf(text->name, sizeof text->name, "%s", read->mnemonic);
    snprintf(text->operands, sizeof text->operands, "%s", read->op_str);
    text->has_target = (capstone->insn_group(reader->handle, read, CS_GRP_JUMP) ||
                        capstone->insn_group(reader->handle, read, CS_GRP_CALL)) &&
                       is_direct(&read->detail->x86);
    if (text->has_target)
        text->target = (uint64_t)read->detail->x86.operands[0].imm;
    return true;
}
