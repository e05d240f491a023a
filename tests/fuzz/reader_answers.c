/* SPDX-License-Identifier: MIT */
/*
 * A reader that a file has taken over answers what it likes: attribute/reader_process, attribute,
 * attribute_contents, attribute_stack, attribute_allocator, mapped_file, answered_ranges,
 * address_space.
 *
 *     questions: a length, then (which, about where) ... | answers: (length, message) ...
 */
#include "attribute/attribute.h"
#include "attribute/lens.h"
#include "attribute/reader_process.h"
#include "attribute/unwind.h"
#include "attribute/unwind_rules.h"
#include "fuzz.h"
#include "world.h"

#define AT UINT64_C(0x550000000000)
enum { CODE_BYTES_MOST = 256, QUESTION_BYTES = 3, QUESTIONS_MOST = 64 };

static void check_attribution(const struct attribution *found)
{
    fuzz_check(found && found->source && *found->source && found->domain <= ATTRIBUTED_UNKNOWN);
    if (found->function)
        fuzz_check(strlen(found->function) <= READER_NAME_MOST);
}

static void ask_for_functions(struct attributor *attributor)
{
    size_t count = 0;
    struct attributed_function *list = attributor_functions(attributor, &count);
    for (size_t i = 0; list && i < count; i++)
        fuzz_check(list[i].name && list[i].bytes &&
                   (i == 0 || list[i].address > list[i - 1].address));
    free(list);
    const char *name = attributor_listed_name(attributor, "malloc");
    fuzz_check(!name || strlen(name) <= READER_NAME_MOST);
}

static void ask_for_stack(struct attributor *attributor, uint64_t address)
{
    uint64_t registers[UNWIND_REGISTERS] = {0}, addresses[16], stack[32];
    for (size_t i = 0; i < sizeof stack / sizeof stack[0]; i++)
        stack[i] = AT + 64 * i;
    registers[UNWIND_PC] = address;
    registers[UNWIND_SP] = registers[UNWIND_FP] = AT;
    const struct unwind_input input = {registers, stack, sizeof stack};
    fuzz_check(attributor_unwind(attributor, 1, &input, addresses, 16) <= 16);
}

static void ask_for_frames(struct attributor *attributor, uint64_t offset)
{
    enum { MOST = 8 };
    struct attributed_call frames[MOST];
    size_t count = attributor_call_chain(attributor, "/lib/a", offset, frames, MOST);
    fuzz_check(count <= MOST);
    for (size_t i = 0; i < count; i++)
        fuzz_check(frames[i].function && frames[i].line >= 0);
    attributor_build_id(attributor, "/lib/a");
}

static void ask(struct attributor *attributor, unsigned which, uint16_t where)
{
    const char *path = NULL;
    uint8_t code[CODE_BYTES_MOST];
    uint64_t address = AT + where, offset;
    time_t written;
    int line;
    switch (which % 10) {
    case 0:
        check_attribution(attributor_resolve(attributor, 1, address));
        break;
    case 1:
        attributor_symbol(attributor, 1, address);
        break;
    case 2:
        ask_for_functions(attributor);
        break;
    case 3:
        fuzz_check(attributor_code(attributor, "/lib/a", where, code, sizeof code) <= sizeof code);
        break;
    case 4:
        attributor_source_line(attributor, "/src", "a.c", where, &written);
        break;
    case 5:
        ask_for_stack(attributor, address);
        break;
    case 6:
        fuzz_check(!attributor_call_line(attributor, "/lib/a", where, &path, &line) ||
                   (path && line > 0));
        ask_for_frames(attributor, where);
        break;
    case 7:
        attributor_map(attributor, 1, address, where, where, which & 128 ? "/lib/b" : "[vdso]");
        break;
    case 8:
        attributor_fork(attributor, 1, 2);
        check_attribution(attributor_resolve(attributor, 2, address));
        attributor_locate(attributor, 1, address, &offset);
        attributor_place(attributor, 1, address, &path, &offset);
        break;
    default:
        attributor_exec(attributor, 1 + (where & 1));
        attributor_map(attributor, 1, AT, 65536, 0, "/proc/self/exe");
    }
}

static void ask_all(struct fuzz_input *questions)
{
    const char *path;
    struct attributor *attributor = attributor_create("/proc/self/exe");
    if (!attributor)
        return;
    attributor_map(attributor, 1, AT, 65536, 0, "/proc/self/exe");
    attributor_map(attributor, 1, AT + 0x4000, 0x1000, 0, "/lib/a");
    for (int i = 0; questions->left && i < QUESTIONS_MOST; i++) {
        uint16_t where;
        unsigned which = fuzz_take_byte(questions);
        fuzz_take(questions, &where, sizeof where);
        ask(attributor, which, where);
    }
    attributor_has_debug_information(attributor);
    attributor_is_separated(attributor);
    attributor_debug_package(attributor);
    for (size_t i = 0; attributor_other(attributor, i, &path); i++)
        fuzz_check(path);
    for (size_t i = 0; attributor_note(attributor, i); i++)
        fuzz_check(strlen(attributor_note(attributor, i)) > 0);
    attributor_destroy(attributor);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    size_t question_bytes;
    reader_process_patience = 1;
    const uint8_t *part = fuzz_take_part(&input, &question_bytes);
    struct fuzz_input questions = {part, question_bytes};
    world_set_answers(input.at, input.left);
    ask_all(&questions);
    world_clear();
    return 0;
}

static struct fuzz_output output;

static void begin(const char *which, const uint16_t *where)
{
    size_t count = strlen(which);
    uint16_t bytes = (uint16_t)(QUESTION_BYTES * count);
    output.count = 0;
    fuzz_put(&output, &bytes, sizeof bytes);
    for (size_t i = 0; i < count; i++) {
        uint8_t number = (uint8_t)(which[i] - '0');
        fuzz_put(&output, &number, sizeof number);
        fuzz_put(&output, &where[i], sizeof where[i]);
    }
}

static void put_answer(struct reader_answer *answer, const void *text, size_t bytes)
{
    static uint8_t message[sizeof(struct reader_answer)];
    size_t start = offsetof(struct reader_answer, text);
    memcpy(message, answer, start);
    memcpy(message + start, text, bytes);
    fuzz_put_part(&output, message, start + bytes);
}

static void put_file(unsigned lens)
{
    struct reader_answer answer = {.has_debug_information = 1, .lens = (uint8_t)lens};
    put_answer(&answer, "", 0);
}

static struct reader_answer code_answer(uint64_t low, uint64_t high)
{
    return (struct reader_answer){
        .line = 12,
        .row_line = -5,
        .low = low,
        .high = high,
        .is_allocators = 1,
        .step = 1,
        .lens = 1,
        .bytes = {5, 6, 3, 6, READER_NO_NAME, 1},
    };
}

static void put_name(uint64_t address, uint64_t low, uint64_t high, const char *name)
{
    struct reader_answer answer = {
        .address = address, .low = low, .high = high, .bytes = {(uint16_t)strlen(name)}};
    answer.line = 3;
    put_answer(&answer, name, strlen(name));
}

static void put_rules(void)
{
    struct unwind_rules rules = {.return_register = UNWIND_PC, .cfa_register = UNWIND_SP};
    struct reader_answer answer = {.high = 65536};
    rules.cfa_offset = 16;
    rules.registers[UNWIND_PC] = (struct unwind_rule){.kind = RULE_SAVED, .number = -8};
    answer.bytes[0] = (uint16_t)unwind_rules_bytes(&rules);
    put_answer(&answer, &rules, unwind_rules_bytes(&rules));
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const char names[] = "cachemallocx.cmalloc/";
    static const uint16_t where[] = {0, 100, 5000, 5000, 9, 20000, 1, 0, 0x4100, 7, 8, 9};
    struct reader_answer answer = code_answer(0, 64);
    begin("0018", where);
    put_file(1);
    put_answer(&answer, names, sizeof names - 1);
    answer = code_answer(64, UINT64_MAX);
    put_answer(&answer, names, sizeof names - 1);
    answer.is_allocators = 0;
    put_answer(&answer, names, sizeof names - 1);
    keep("code", output.bytes, output.count);

    begin("2", where);
    put_file(0);
    put_name(0x10, 0x10, 0x20, "first");
    put_name(0x8, 0x8, 0x20, "before");
    put_name(0x20, 0x20, UINT64_MAX, "beyond");
    put_name(0x30, 0x30, 0x40, "");
    put_name(UINT64_MAX, 0x50, 0x60, "last");
    answer = (struct reader_answer){.error = 2};
    put_answer(&answer, "", 0);
    put_name(0, 0, 0, "__libc_malloc");
    keep("functions", output.bytes, output.count);

    begin("3465", where);
    put_file(0);
    put_name(0, 0, 0, "\x90\x90\xc3");
    put_name(0, 0, 0, "int main(void)");
    put_name(0, 0, 0, "a.c");
    put_rules();
    keep("contents", output.bytes, output.count);

    begin("555", where);
    put_file(0);
    put_rules();
    put_rules();
    keep("rules", output.bytes, output.count);

    begin("3", where);
    put_file(0);
    answer = (struct reader_answer){.bytes = {READER_NO_NAME}};
    put_answer(&answer, "", 0);
    keep("no_bytes", output.bytes, output.count);

    begin("7970018", where);
    put_file(255);
    answer = code_answer(5, 2);
    put_answer(&answer, names, sizeof names - 1);
    keep("odd_range", output.bytes, output.count);
    begin("0", where);
    put_file(0);
    answer = (struct reader_answer){.bytes = {60000}, .high = UINT64_MAX};
    put_answer(&answer, names, sizeof names);
    fuzz_put_part(&output, names, sizeof names);
    keep("nonsense", output.bytes, output.count);
}
