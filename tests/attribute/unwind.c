/* SPDX-License-Identifier: MIT */
/*
 * The unwinder finds the frames of a stack that is known, without frame pointers, and is not harmed
 * by stacks that were cut, by frames that lead in a circle, by registers and stacks of any bytes,
 * and by files whose rules for leaving frames are broken.
 *   unwind ROUNDS
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attribute/attribute.h"
#include "attribute/unwind.h"
#include "attribute/unwind_file.h"
#include "attribute/unwind_rules.h"
#include "elf_marks.h"
#include "follower/own_stack.h"
#include "support/apart.h"
#include "support/process.h"
#include "support/promise.h"

enum { STACK = 8192, MOST = 64, KNOWN = 4, MAPPINGS = 512 };

static struct {
    uint64_t registers[UNWIND_REGISTERS];
    char stack[STACK];
    size_t stack_bytes;
    uint64_t known[KNOWN]; /* where the functions below return to, the innermost first */
    struct mapping {
        uint64_t start, end, offset;
        const char *path;
    } mappings[MAPPINGS];
    size_t mapping_count;
} taken;

enum { PID = 1 };

/* Each needs more of the stack than the last, so that no two frames are alike. */
#define FRAME(name, next, at, bytes)                                                               \
    static APART int name(void)                                                                    \
    {                                                                                              \
        volatile char room[bytes];                                                                 \
        room[0] = 1;                                                                               \
        taken.known[at] = (uintptr_t)__builtin_return_address(0);                                  \
        return next + room[0];                                                                     \
    }

FRAME(innermost, (int)(taken.stack_bytes = own_stack_take(taken.registers, taken.stack, STACK)), 0,
      40)
FRAME(inner, innermost(), 1, 104)
FRAME(outer, inner(), 2, 1000)
FRAME(outermost, outer(), 3, 24)

static void read_own_maps(void)
{
    char line[4096], rights[8], path[4096];
    FILE *file = fopen("/proc/self/maps", "r");
    while (file && fgets(line, sizeof line, file) && taken.mapping_count < MAPPINGS) {
        struct mapping *mapping = &taken.mappings[taken.mapping_count];
        path[0] = '\0';
        sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %*s %*s %4095s", &mapping->start,
               &mapping->end, rights, &mapping->offset, path);
        if (strchr(rights, 'x')) {
            mapping->path = strdup(path);
            taken.mapping_count++;
        }
    }
    if (file)
        fclose(file);
}

/* With the same mappings as this process, but those of the file `from`, which are of `to`. */
static struct attributor *start(const char *from, const char *to)
{
    struct attributor *attributor = attributor_create(NULL);
    for (size_t i = 0; attributor && i < taken.mapping_count; i++) {
        const struct mapping *mapping = &taken.mappings[i];
        bool is_other = from && strcmp(mapping->path, from) == 0;
        attributor_map(attributor, PID, mapping->start, mapping->end - mapping->start,
                       mapping->offset, is_other ? to : mapping->path);
    }
    return attributor;
}

static size_t unwind_taken(struct attributor *attributor, size_t stack_bytes,
                           uint64_t addresses[MOST])
{
    const struct unwind_input input = {taken.registers, taken.stack, stack_bytes};
    return attributor_unwind(attributor, PID, &input, addresses, MOST);
}

/* In order, with no frame between them. */
static bool has_known(const uint64_t *addresses, size_t count)
{
    for (size_t i = 0; i + KNOWN <= count; i++) {
        if (memcmp(addresses + i, taken.known, sizeof taken.known) == 0)
            return true;
    }
    return false;
}

static void test_cut(struct attributor *attributor)
{
    uint64_t whole[MOST], addresses[MOST];
    size_t count = unwind_taken(attributor, taken.stack_bytes, whole);
    promise(has_known(whole, count), "the functions that were called are found, in order");
    bool is_less = true;
    size_t before = 0;
    for (size_t bytes = 0; bytes <= taken.stack_bytes; bytes++) {
        size_t found = unwind_taken(attributor, bytes, addresses);
        is_less &= found >= before && found <= count &&
                   memcmp(addresses, whole, found * sizeof *whole) == 0;
        before = found;
    }
    promise(is_less, "of a stack that was cut, the frames that are there");
    memset(addresses, 0, sizeof addresses);
    const struct unwind_input few = {taken.registers, taken.stack, taken.stack_bytes};
    promise(attributor_unwind(attributor, PID, &few, addresses, 2) == 2 && addresses[2] == 0,
            "no more than there is room for");
}

/* Code of no file, so frame pointers alone. */
static void test_pointers(struct attributor *attributor)
{
    enum { CODE = 0x10000, BASE = 0x700000 };
    uint64_t registers[UNWIND_REGISTERS] = {0}, addresses[MOST];
    uint64_t stack[] = {0, BASE + 32, CODE + 1, 0, BASE + 8, CODE + 2, 0, 0};
    registers[UNWIND_SP] = BASE;
    registers[UNWIND_FP] = BASE + 8;
    registers[UNWIND_PC] = CODE;
    const struct unwind_input input = {registers, stack, sizeof stack};
    attributor_map(attributor, PID + 1, CODE, CODE, 0, "/nosuch");
    promise(attributor_unwind(attributor, PID + 1, &input, addresses, MOST) == 3 &&
                addresses[1] == CODE + 1 && addresses[2] == CODE + 2,
            "frame pointers are followed where a file has no rules, and a circle is left");
    registers[UNWIND_FP] = UINT64_MAX - 7;
    promise(attributor_unwind(attributor, PID + 1, &input, addresses, MOST) == 1,
            "one that leads nowhere is not");
    registers[UNWIND_PC] = 3 * CODE;
    promise(attributor_unwind(attributor, PID + 1, &input, addresses, MOST) == 0,
            "nor is there code where none is");
}

static APART uint64_t where(volatile char *room)
{
    room[0] = 1;
    return (uintptr_t)__builtin_return_address(0);
}

/* Room of a size that only the run knows takes a frame pointer, and the rules are by that. */
static APART uint64_t in_function_with_pointer(size_t bytes)
{
    return where(__builtin_alloca(bytes)) + (bytes == 0);
}

/* A frame pointer that points at itself: each frame would be its own caller. */
static void test_circle(struct attributor *attributor)
{
    uint64_t stack[8], registers[UNWIND_REGISTERS] = {0}, addresses[MOST];
    const uint64_t base = 0x700000, pc = in_function_with_pointer(taken.stack_bytes);
    for (int i = 0; i < 8; i++)
        stack[i] = i % 2 ? pc : base + 16;
    registers[UNWIND_SP] = base;
    registers[UNWIND_FP] = base + 16;
    registers[UNWIND_PC] = pc;
    const struct unwind_input input = {registers, stack, sizeof stack};
    size_t count = attributor_unwind(attributor, PID, &input, addresses, MOST);
    promise(count == 2, "rules that lead in a circle are left, after %zu frames", count);
}

static uint64_t generator = 0x9e3779b97f4a7c15u;

static uint64_t random_number(void)
{
    return random_next(&generator);
}

/* Any registers and stack, with the real files; many addresses lead to code. */
static void test_garbage(struct attributor *attributor, long rounds)
{
    uint64_t registers[UNWIND_REGISTERS], stack[128], addresses[MOST];
    bool holds = true;
    for (long round = 0; round < rounds; round++) {
        for (int i = 0; i < UNWIND_REGISTERS; i++)
            registers[i] = taken.registers[UNWIND_SP] + random_number() % sizeof stack;
        for (size_t i = 0; i < 128; i++) {
            const struct mapping *any = &taken.mappings[random_number() % taken.mapping_count];
            stack[i] = random_number() % 2 ? any->start + random_number() % (any->end - any->start)
                                           : registers[random_number() % UNWIND_REGISTERS];
        }
        registers[UNWIND_PC] = stack[0];
        const struct unwind_input input = {registers, stack, sizeof stack};
        holds &= attributor_unwind(attributor, PID, &input, addresses, MOST) <= MOST;
    }
    promise(holds, "any registers and any stack come to an end");
}

static char *read_file(const char *path, size_t *bytes)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    char *text = file >= 0 && fstat(file, &status) == 0 ? malloc((size_t)status.st_size) : NULL;
    *bytes = text ? (size_t)read(file, text, (size_t)status.st_size) : 0;
    close(file);
    return text;
}

static void write_file(const char *path, const char *text, size_t bytes)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, text, bytes) != (ssize_t)bytes)
        exit(2);
    close(file);
}

/* One that a broken file would hold up ends alone. */
static bool survives(const char *from, const char *to, bool must_find)
{
    enum { SECONDS = 20 };
    uint64_t addresses[MOST];
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        struct attributor *attributor = start(from, to);
        size_t count = unwind_taken(attributor, taken.stack_bytes, addresses);
        attributor_destroy(attributor);
        _exit(count < 1 || count > MOST || (must_find && !has_known(addresses, count)));
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Bytes of the rules, of their index, or of the file's headers. */
static void damage(char *text, long round, const char *own)
{
    static const char *const names[] = {".eh_frame", ".eh_frame_hdr"};
    struct code_segment section = elf_section(own, names[round % 2]);
    for (uint64_t changes = 1 + random_number() % 64; changes; changes--) {
        size_t at = round % 8 && section.bytes ? section.offset + random_number() % section.bytes
                                               : random_number() % 1024;
        text[at] = (char)random_number();
    }
}

/* This program's own file with some bytes of it changed, in the place of the whole one. */
static void test_broken(long rounds)
{
    char folder[] = "/tmp/hakmem_unwind_XXXXXX", path[64], own[4096];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    size_t bytes = 0;
    long survived = 0;
    own[length > 0 ? length : 0] = '\0';
    char *whole = read_file(own, &bytes), *broken = malloc(bytes + 1);
    if (!promise(whole && broken && mkdtemp(folder), "there is a file to be broken"))
        return;
    snprintf(path, sizeof path, "%s/copy", folder);
    for (long round = 0; round < rounds; round++) {
        memcpy(broken, whole, bytes);
        if (round)
            damage(broken, round, own);
        write_file(path, broken, round % 16 == 15 ? random_number() % bytes : bytes);
        survived += survives(own, path, round == 0);
    }
    promise(survived == rounds, "%ld of %ld broken files cost frames and nothing else", survived,
            rounds);
    unlink(path);
    rmdir(folder);
    free(whole);
    free(broken);
}

static void test_no_files(void)
{
    static const char *const paths[] = {"/tmp",    "/dev/zero", "/etc/passwd",
                                        "/nosuch", "",          "[vdso]"};
    uint64_t addresses[MOST];
    bool holds = true;
    for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++) {
        struct attributor *attributor = attributor_create(NULL);
        for (size_t i = 0; i < taken.mapping_count; i++)
            attributor_map(attributor, PID, taken.mappings[i].start,
                           taken.mappings[i].end - taken.mappings[i].start,
                           taken.mappings[i].offset, paths[p]);
        holds &= unwind_taken(attributor, taken.stack_bytes, addresses) >= 1;
        attributor_destroy(attributor);
    }
    promise(holds, "what is no program's file is not read as one");
}

/* The processes that this one has started and that have not ended. */
static void kill_children(void)
{
    int pid;
    FILE *file = fopen("/proc/thread-self/children", "r");
    while (file && fscanf(file, "%d", &pid) == 1)
        kill(pid, SIGKILL);
    if (file)
        fclose(file);
}

/* What was asked before need not be known to the next reader. */
static void test_restarted(void)
{
    uint64_t addresses[MOST];
    struct attributor *attributor = start(NULL, NULL);
    const struct unwind_input input = {taken.registers, taken.stack, taken.stack_bytes};
    attributor_unwind(attributor, PID, &input, addresses, 3);
    kill_children();
    size_t count = unwind_taken(attributor, taken.stack_bytes, addresses);
    promise(has_known(addresses, count) && !attributor_note(attributor, 0),
            "a reader that was stopped is followed by one that can answer");
    attributor_destroy(attributor);
}

/* Of any bytes that pass for rules, none leads out of what there is. */
static void test_forged(long rounds)
{
    struct unwind_rules rules;
    long passed = 0, refused = 0;
    for (long round = 0; round < rounds; round++) {
        for (size_t i = 0; i < sizeof rules; i++)
            ((uint8_t *)&rules)[i] = (uint8_t)(random_number() % (round % 2 ? 4 : 256));
        rules.operation_count = (uint16_t)(random_number() % (UNWIND_OPERATIONS_MAX + 2));
        rules.cfa_register = (int16_t)(random_number() % (UNWIND_REGISTERS + 2)) - 1;
        rules.return_register = (uint8_t)(random_number() % (UNWIND_REGISTERS + 1));
        for (int i = 0; i < UNWIND_REGISTERS; i++) {
            rules.registers[i].kind = (uint8_t)(random_number() % (RULE_EXPRESSION + 1));
            rules.registers[i].number = (int64_t)(random_number() % (UNWIND_REGISTERS + (i == 3)));
        }
        struct unwind_frame frame = {.known = UINT64_MAX};
        const struct unwind_stack stack = {taken.stack, taken.registers[UNWIND_SP],
                                           taken.stack_bytes};
        size_t bytes = sizeof rules;
        if (rules.operation_count <= UNWIND_OPERATIONS_MAX)
            bytes = unwind_rules_bytes(&rules);
        if (!unwind_rules_are_valid(&rules, bytes)) {
            refused++;
            continue;
        }
        passed++;
        unwind_rules_apply(&rules, &stack, &frame);
    }
    promise(passed && refused, "forged rules are refused (%ld) or do no harm (%ld)", refused,
            passed);
    memset(&rules, 0, sizeof rules);
    promise(unwind_rules_are_valid(&rules, unwind_rules_bytes(&rules)), "rules may be few");
    rules.operation_count = UNWIND_OPERATIONS_MAX + 1;
    promise(!unwind_rules_are_valid(&rules, unwind_rules_bytes(&rules)), "but not too many");
    rules.operation_count = 1;
    rules.registers[1] = (struct unwind_rule){.kind = RULE_EXPRESSION, .expression = {0, 2}};
    promise(!unwind_rules_are_valid(&rules, unwind_rules_bytes(&rules)), "nor beyond their end");
    rules.registers[1] = (struct unwind_rule){.kind = RULE_REGISTER, .number = UNWIND_REGISTERS};
    promise(!unwind_rules_are_valid(&rules, unwind_rules_bytes(&rules)), "nor of no register");
}

/* But for expressions. */
static bool is_same(const struct unwind_rules *a, const struct unwind_rules *b)
{
    bool is_same = a->cfa_register == b->cfa_register && a->cfa_offset == b->cfa_offset &&
                   a->operation_count == b->operation_count;
    for (int i = 0; i < UNWIND_REGISTERS; i++)
        is_same &= a->registers[i].kind == b->registers[i].kind &&
                   a->registers[i].number == b->registers[i].number;
    return is_same;
}

/* In the C library, as there are functions that put rules aside and take them back. */
static void test_stretches(void)
{
    enum { PLACES = 100000 };
    struct unwind_rules rules[2];
    uint64_t low, high = 0, low_here, high_here;
    const struct mapping *libc = taken.mappings;
    while (libc < taken.mappings + taken.mapping_count && !strstr(libc->path, "/libc.so"))
        libc++;
    if (libc == taken.mappings + taken.mapping_count)
        return;
    struct unwind_file *file = unwind_file_read(libc->path, -1);
    long wrong = 0, stretches = 0;
    bool holds = true, is_there = false;
    for (uint64_t at = libc->offset; file && at < libc->offset + PLACES; at++) {
        if (at >= high) {
            is_there = unwind_file_rules(file, at, &rules[0], &low, &high);
            wrong += at < low || at >= high;
            stretches++;
            high = high > at ? high : at + 1;
            for (uint64_t before = low; before < at; before++)
                wrong += !unwind_file_rules(file, before, &rules[1], &low_here, &high_here) ||
                         !is_same(&rules[0], &rules[1]);
        }
        holds = unwind_file_rules(file, at, &rules[1], &low_here, &high_here) == is_there &&
                (!is_there || is_same(&rules[0], &rules[1]));
        wrong += !holds;
    }
    promise(stretches > 1000 && wrong == 0, "rules hold for all of their stretch, %ld times",
            stretches);
    unwind_file_destroy(file);
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 200;
    if (outermost() == 0)
        return 2;
    read_own_maps();
    struct attributor *attributor = start(NULL, NULL);
    if (!attributor)
        return 2;
    test_cut(attributor);
    test_pointers(attributor);
    test_circle(attributor);
    test_garbage(attributor, rounds * 20);
    test_forged(rounds * 50);
    test_stretches();
    test_no_files();
    test_broken(rounds);
    attributor_destroy(attributor);
    test_restarted();
    return promises_end();
}
