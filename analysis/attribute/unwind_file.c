/* SPDX-License-Identifier: MIT */
#include "unwind_file.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debug_file.h"

enum { SEGMENTS_MAX = 16, EXPRESSION_MAX = 64 };

struct unwind_file {
    Elf *elf;
    Dwarf_CFI *cfi; /* NULL: there are no rules */
    struct {
        uint64_t offset, bytes, address; /* of code, in the file and as it counts */
    } segments[SEGMENTS_MAX];
    size_t segment_count;
};

static bool is_for_us(Elf *elf)
{
    GElf_Ehdr header;
#if defined(__x86_64__)
    const uint16_t machine = EM_X86_64;
#else
    const uint16_t machine = EM_AARCH64;
#endif
    return gelf_getehdr(elf, &header) && header.e_machine == machine &&
           header.e_ident[EI_CLASS] == ELFCLASS64;
}

static void read_segments(struct unwind_file *file)
{
    size_t count;
    if (elf_getphdrnum(file->elf, &count) != 0)
        return;
    for (size_t i = 0; i < count && file->segment_count < SEGMENTS_MAX; i++) {
        GElf_Phdr header;
        if (!gelf_getphdr(file->elf, (int)i, &header) || header.p_type != PT_LOAD ||
            !(header.p_flags & PF_X))
            continue;
        size_t at = file->segment_count++;
        file->segments[at].offset = header.p_offset;
        file->segments[at].bytes = header.p_filesz;
        file->segments[at].address = header.p_vaddr;
    }
}

struct unwind_file *unwind_file_read(const char *path, int descriptor)
{
    struct elf_file opened;
    struct unwind_file *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    if ((descriptor >= 0 ? elf_file_open_again(&opened, descriptor)
                         : elf_file_open(&opened, path)) != 0) {
        free(file);
        return NULL;
    }
    file->elf = opened.elf;
    if (is_for_us(file->elf)) {
        read_segments(file);
        file->cfi = dwarf_getcfi_elf(file->elf);
    }
    /* libdw has read what it needs: programs may have more libraries than we descriptors. */
    elf_cntl(file->elf, ELF_C_FDDONE);
    close(opened.descriptor);
    return file;
}

void unwind_file_destroy(struct unwind_file *file)
{
    if (!file)
        return;
    if (file->cfi)
        dwarf_cfi_end(file->cfi);
    elf_end(file->elf);
    free(file);
}

static bool keep_expression(struct unwind_rules *rules, struct unwind_expression *expression,
                            const Dwarf_Op *operations, size_t count)
{
    if (count > EXPRESSION_MAX || rules->operation_count + count > UNWIND_OPERATIONS_MAX)
        return false;
    *expression = (struct unwind_expression){rules->operation_count, (uint16_t)count};
    for (size_t i = 0; i < count; i++)
        rules->operations[rules->operation_count++] = (struct unwind_operation){
            operations[i].number, operations[i].number2, operations[i].atom};
    return true;
}

/* The forms that libdw gives to everything but expressions: the frame's address, perhaps a sum, and
 * whether that is the value or where it is. */
static struct unwind_rule rule_of(struct unwind_rules *rules, const Dwarf_Op *operations,
                                  size_t count)
{
    struct unwind_rule rule = {.kind = RULE_SAVED};
    size_t at = 1;
    if (count == 1 && operations[0].atom == DW_OP_regx)
        return (struct unwind_rule){
            .kind = operations[0].number < UNWIND_REGISTERS ? RULE_REGISTER : RULE_UNDEFINED,
            .number = (int64_t)operations[0].number};
    bool is_sum = operations[0].atom == DW_OP_call_frame_cfa;
    if (is_sum && at < count && operations[at].atom == DW_OP_plus_uconst)
        rule.number = (int64_t)operations[at++].number;
    if (is_sum && at < count && operations[at].atom == DW_OP_stack_value) {
        rule.kind = RULE_SUM;
        at++;
    }
    if (is_sum && at == count)
        return rule;
    rule = (struct unwind_rule){.kind = RULE_EXPRESSION};
    if (!keep_expression(rules, &rule.expression, operations, count))
        rule.kind = RULE_UNDEFINED;
    return rule;
}

static struct unwind_rule read_rule(struct unwind_rules *rules, Dwarf_Frame *frame, int number)
{
    Dwarf_Op memory[3], *operations;
    size_t count;
    if (dwarf_frame_register(frame, number, memory, &operations, &count) != 0)
        return (struct unwind_rule){.kind = RULE_UNDEFINED};
    if (count == 0)
        return (struct unwind_rule){.kind = operations ? RULE_UNDEFINED : RULE_SAME};
    return rule_of(rules, operations, count);
}

static bool read_cfa(struct unwind_rules *rules, Dwarf_Frame *frame)
{
    Dwarf_Op *operations;
    size_t count;
    rules->cfa_register = -1;
    if (dwarf_frame_cfa(frame, &operations, &count) != 0 || count == 0)
        return false;
    if (count != 1 || operations[0].atom != DW_OP_bregx)
        return keep_expression(rules, &rules->cfa, operations, count);
    if (operations[0].number >= UNWIND_REGISTERS)
        return false;
    rules->cfa_register = (int16_t)operations[0].number;
    rules->cfa_offset = (int64_t)operations[0].number2;
    return true;
}

static bool read_rules(struct unwind_rules *rules, Dwarf_CFI *cfi, uint64_t address,
                       Dwarf_Addr *start, Dwarf_Addr *end)
{
    Dwarf_Frame *frame;
    bool is_signal;
    memset(rules, 0, sizeof *rules);
    if (dwarf_cfi_addrframe(cfi, address, &frame) != 0)
        return false;
    int back = dwarf_frame_info(frame, start, end, &is_signal);
    bool is_usable = back >= 0 && back < UNWIND_REGISTERS && read_cfa(rules, frame);
    rules->is_signal = is_signal;
    rules->return_register = (uint8_t)back;
    for (int i = 0; is_usable && i < UNWIND_REGISTERS; i++)
        rules->registers[i] = read_rule(rules, frame, i);
    free(frame);
    return is_usable;
}

/* The nearer of two ends; a broken file's segment reaches beyond the last offset there is. */
static uint64_t end_of(uint64_t offset, uint64_t rest, uint64_t rest_of_segment)
{
    uint64_t most = rest < rest_of_segment ? rest : rest_of_segment;
    return most < UINT64_MAX - offset ? offset + most : UINT64_MAX;
}

bool unwind_file_rules(const struct unwind_file *file, uint64_t offset, struct unwind_rules *rules,
                       uint64_t *low, uint64_t *high)
{
    Dwarf_Addr start = 0, end = 0;
    *low = file->cfi ? offset : 0;
    *high = file->cfi ? offset + 1 : UINT64_MAX;
    for (size_t i = 0; file->cfi && i < file->segment_count; i++) {
        uint64_t into = offset - file->segments[i].offset;
        if (offset < file->segments[i].offset || into >= file->segments[i].bytes)
            continue;
        uint64_t address = file->segments[i].address + into;
        bool is_read = read_rules(rules, file->cfi, address, &start, &end);
        /* Not from `start`: libdw forgets to set that where rules come back that were put aside. */
        if (is_read && address < end)
            *high = end_of(offset, end - address, file->segments[i].bytes - into);
        return is_read;
    }
    return false;
}
