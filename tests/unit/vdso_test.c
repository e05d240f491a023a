/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

#include "vdso.h"

static uint64_t nanoseconds(const struct timespec *time)
{
    return (uint64_t)time->tv_sec * 1000000000 + (uint64_t)time->tv_nsec;
}

/* Between two readings by the C library of the same clock. */
static void it_is_the_kernels_clock(void **state)
{
    if (getauxval(AT_SYSINFO_EHDR) == 0)
        skip(); /* no vDSO here, as under valgrind */
    hak_clock_function *clock = hak_vdso_clock(environ);
    struct timespec before, here, after;
    assert_non_null(clock);
    clock_gettime(CLOCK_MONOTONIC_COARSE, &before);
    assert_int_equal(clock(CLOCK_MONOTONIC_COARSE, &here), 0);
    clock_gettime(CLOCK_MONOTONIC_COARSE, &after);
    assert_true(nanoseconds(&before) <= nanoseconds(&here));
    assert_true(nanoseconds(&here) <= nanoseconds(&after));
}

/* An environment of one variable, and behind it the auxiliary vector. */
struct stack {
    char *environment[2];
    ElfW(auxv_t) vector[3];
};

static void without_a_vdso_there_is_none(void **state)
{
    char variable[] = "A=1";
    struct stack stack = {.environment = {variable, NULL},
                          .vector = {{.a_type = AT_PAGESZ}, {.a_type = AT_NULL}}};
    assert_null(hak_vdso_clock(stack.environment));
}

/* A program is an ELF image too, but has no such function; nor has a header alone. */
static void other_images_have_no_clock(void **state)
{
    ElfW(Ehdr) header = {.e_phoff = sizeof header, .e_phnum = 0};
    struct stack stack = {
        .environment = {NULL, NULL},
        .vector = {{.a_type = AT_SYSINFO_EHDR, .a_un.a_val = (uintptr_t)&header}}};
    /* The vector begins right behind the first NULL. */
    assert_null(hak_vdso_clock(&stack.environment[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_kernels_clock),
        cmocka_unit_test(without_a_vdso_there_is_none),
        cmocka_unit_test(other_images_have_no_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
