/* SPDX-License-Identifier: MIT */
/*
 * A program that wrote over the allocator's own records is stopped, with the record's name, when a
 * slow path comes by one: a magazine's link, a slab's record, a span's, a heap's, a word of the
 * table. The fast path looks at none of them.
 */
#include "corrupted.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "counters.h"
#include "export.h"
#include "misuse_line.h"
#include "support/child.h"

struct hak_heap *own_heap;
void *taken[MANY];

static int start(void **state)
{
    hakmem_free(hakmem_malloc(1));
    own_heap = hak_thread.heap;
    return own_heap ? 0 : -1;
}

void take_blocks(void)
{
    for (int i = 0; i < MANY; i++)
        taken[i] = hakmem_malloc(SIZE);
}

void free_blocks(void)
{
    for (int i = 0; i < MANY; i++)
        hakmem_free(taken[i]);
}

void judge(void (*act)(void *), const char *name, const char *start, const char *part)
{
    struct child_end end = child_run(act, NULL, 20);
    const char *newline = strchr(end.text, '\n');
    bool fine = end.signal == SIGABRT && strncmp(end.text, start, strlen(start)) == 0 &&
                strstr(end.text, part) && newline && newline[1] == '\0';
    printf("%-6s %-36s %s\n", fine ? "ok" : "BROKEN", name, child_describe(&end));
    assert_true(fine);
}

static void records_are_not_believed(void **state)
{
    for (const struct corrupted_case *c = corrupted_slabs; c->act; c++)
        judge(c->act, c->name, "hakmem: corrupted state: pointer 0x", c->what);
    for (const struct corrupted_case *c = corrupted_spans; c->act; c++)
        judge(c->act, c->name, "hakmem: corrupted state: pointer 0x", c->what);
}

/* Counters lead nowhere: written over, they are wrong and nothing else is. */
static void scramble_counters(void *unused)
{
    memset(hak_counters_page(1), 0xa5, 2 * HAK_COUNTER_PAGE_BYTES);
    for (int round = 0; round < 20; round++) {
        take_blocks();
        free_blocks();
        hak_heap_trim();
        hakmem_free(hakmem_realloc(hakmem_malloc(100000), 300000));
    }
}

static void counters_lead_nowhere(void **state)
{
    struct child_end end = child_run(scramble_counters, NULL, 20);
    assert_int_equal(end.exit_status, 0);
}

/* The mark may stand in a block in use, where the program put it: nobody is accused for that. */
static void a_mark_alone_is_no_proof(void **state)
{
    uint64_t *block = hakmem_malloc(SIZE);
    block[1] = (uintptr_t)block + 0x5bd1e995;
    assert_true(hak_heap_is_alone());
    hakmem_free(block);
    assert_ptr_equal(hakmem_malloc(SIZE), block);
}

static void a_line_ends_where_it_must(void **state)
{
    struct hak_line line = {.length = 0};
    for (int i = 0; i < 100; i++) {
        hak_line_add(&line, "0123456789");
        hak_line_add_number(&line, UINT64_MAX);
        hak_line_add_address(&line, UINTPTR_MAX);
    }
    assert_int_equal(line.length, sizeof line.text - 1);
    assert_memory_equal(line.text, "0123456789184467440737095516150xffffffffffffffff0123", 52);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_alone_is_no_proof),      cmocka_unit_test(records_are_not_believed),
        cmocka_unit_test(places_only_internals_lead_to), cmocka_unit_test(counters_lead_nowhere),
        cmocka_unit_test(a_line_ends_where_it_must),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
