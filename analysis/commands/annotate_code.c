/* SPDX-License-Identifier: MIT */
#include "annotate_code.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "attribute/growing.h"

struct writer {
    const struct annotate_code *code;
    struct annotate_function *function;
    size_t capacity;
};

static bool is_used(const struct annotate_code *code, uint64_t offset)
{
    const struct annotate_site *site = annotate_tally_site(code->tally, offset);
    return site && (site->executed || site->samples.count);
}

static bool part_is_used(const struct annotate_code *code, size_t part)
{
    const struct annotate_counts *counts = &code->tally->functions[part];
    return counts->executed || counts->samples.count;
}

/* The next place from `from` on that was executed or sampled, at most `end`. */
static uint64_t next_used(const struct annotate_code *code, uint64_t from, uint64_t end)
{
    while (from < end && !is_used(code, from))
        from++;
    return from;
}

/* "-> +0x40", "-> free.cold+0x8", "-> 0x2030": where a jump or call goes. */
static void write_target(const struct writer *writer, const struct attributed_function *part,
                         const struct instruction_text *text, struct annotate_instruction *to)
{
    const struct annotate_choice *choice = writer->code->choice;
    uint64_t offset = text->target - part->address + part->offset;
    size_t at = annotate_choice_at(choice, offset), room = sizeof to->text;
    to->target = text->target;
    if (at == SIZE_MAX) {
        snprintf(to->text, room, "%s -> 0x%jx", text->name, (uintmax_t)text->target);
        return;
    }
    const struct attributed_function *function = &choice->all[at];
    uintmax_t into = offset - function->offset;
    bool is_here = function->address == part->address;
    if (!is_here && into == 0)
        snprintf(to->text, room, "%s -> %s", text->name, function->name);
    else
        snprintf(to->text, room, "%s -> %s+0x%jx", text->name, is_here ? "" : function->name, into);
}

/* How long the instruction is; where there is none, a byte. */
static size_t write_text(struct writer *writer, const struct attributed_function *part,
                         uint64_t into, struct annotate_instruction *to)
{
    struct instruction_reader *reader = writer->code->places->reader;
    uint8_t bytes[INSTRUCTION_BYTES_MAX];
    struct instruction_text text;
    size_t left = part->bytes - into < sizeof bytes ? part->bytes - into : sizeof bytes;
    if (!reader)
        return 1;
    size_t count = attributor_code(writer->code->places->attributor, writer->code->library,
                                   part->offset + into, bytes, left);
    if (!instruction_write(reader, bytes, count, part->address + into, &text)) {
        snprintf(to->text, sizeof to->text, "(bad)");
        return 1;
    }
    if (text.has_target)
        write_target(writer, part, &text, to);
    else
        snprintf(to->text, sizeof to->text, "%s%s%s", text.name, *text.operands ? " " : "",
                 text.operands);
    return text.bytes;
}

static const char *source_line(const struct annotate_code *code, const struct attribution *found)
{
    time_t written;
    const char *text = attributor_source_line(code->places->attributor, found->row_folder,
                                              found->row_file, found->row_line, &written);
    *code->has_newer |= text && written > code->built;
    return text;
}

static bool describe(struct writer *writer, uint64_t offset, struct annotate_instruction *to)
{
    const struct annotate_code *code = writer->code;
    const struct annotate_site *site = annotate_tally_site(code->tally, offset);
    uint64_t address;
    if (!count_places_address(code->places, offset, &address)) {
        errno = EADDRNOTAVAIL;
        return false;
    }
    const struct count_place *place = count_places_find(code->places, address);
    if (!place)
        return false;
    const struct attribution *found =
        attributor_resolve(code->places->attributor, code->places->pid, address);
    to->label = place->name;
    to->group = place->group;
    to->effects = (struct count_effects){1, place->effect.loads, place->effect.stores,
                                         place->effect.branches};
    to->inlined = found->function;
    to->file = found->row_file;
    to->line = found->row_line;
    if (to->file)
        to->line_text = source_line(code, found);
    if (site) {
        to->executed = site->executed;
        to->samples = site->samples;
    }
    return true;
}

static bool add_instruction(struct writer *writer, const struct attributed_function *part,
                            uint64_t into, size_t *bytes)
{
    struct annotate_function *function = writer->function;
    if (!growing_reserve(&function->instructions, &writer->capacity, function->instruction_count,
                         sizeof *function->instructions))
        return false;
    struct annotate_instruction *to = &function->instructions[function->instruction_count++];
    *to = (struct annotate_instruction){.offset = into};
    *bytes = write_text(writer, part, into, to);
    return describe(writer, part->offset + into, to);
}

static bool add_instructions(struct writer *writer, const struct attributed_function *part)
{
    const struct annotate_code *code = writer->code;
    uint64_t at = part->offset, end = part->offset + part->bytes;
    bool by_use = !code->places->reader;
    for (at = by_use ? next_used(code, at, end) : at; at < end;) {
        size_t bytes;
        if (!add_instruction(writer, part, at - part->offset, &bytes))
            return false;
        at = next_used(code, at + 1, by_use || bytes > end - at ? end : at + bytes);
    }
    return true;
}

static bool add_part(struct writer *writer, const struct attributed_function *from, bool is_shown)
{
    struct annotate_function *function = writer->function;
    struct annotate_part *part = &function->parts[function->part_count++];
    *part = (struct annotate_part){.name = from->name,
                                   .address = from->address,
                                   .bytes = from->bytes,
                                   .first = function->instruction_count};
    if (is_shown && !add_instructions(writer, from))
        return false;
    part->count = function->instruction_count - part->first;
    return true;
}

static struct annotate_instruction *instruction_at(struct annotate_function *function,
                                                   uint64_t address)
{
    for (size_t p = 0; p < function->part_count; p++) {
        const struct annotate_part *part = &function->parts[p];
        struct annotate_instruction *first = function->instructions + part->first;
        size_t low = 0, high = part->count;
        if (address - part->address >= part->bytes)
            continue;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (first[middle].offset < address - part->address)
                low = middle + 1;
            else
                high = middle;
        }
        return low < part->count && first[low].offset == address - part->address ? &first[low]
                                                                                 : NULL;
    }
    return NULL;
}

static void mark_targets(struct annotate_function *function)
{
    for (size_t i = 0; i < function->instruction_count; i++) {
        const struct annotate_instruction *jump = &function->instructions[i];
        struct annotate_instruction *target =
            jump->target && jump->effects.branches ? instruction_at(function, jump->target) : NULL;
        if (target)
            target->is_target = true;
    }
}

bool annotate_code_fill(const struct annotate_code *code, const struct annotate_chosen *chosen,
                        struct annotate_function *function)
{
    struct writer writer = {.code = code, .function = function};
    function->parts = calloc(chosen->part_count, sizeof *function->parts);
    bool done = function->parts;
    for (size_t i = 0; done && i < chosen->part_count; i++) {
        size_t part = chosen->parts[i];
        done = add_part(&writer, &code->choice->all[part], i == 0 || part_is_used(code, part));
    }
    if (done)
        mark_targets(function);
    return done;
}
