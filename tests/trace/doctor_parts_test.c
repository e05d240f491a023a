/* SPDX-License-Identifier: MIT */
/* The doctor's instruments on code that is spoiled on purpose, and its lines on paper. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/clock_cost.h"
#include "collect/probe_trial.h"
#include "collect/skid.h"
#include "doctor/cgroup.h"
#include "report/doctor_text.h"

#if defined(__x86_64__)
/* As a leaf function on a kernel that pushes onto its red zone: the third word is overwritten
 * behind the nop. */
__asm__(".text\n.p2align 6\nspoiled:\n"
        "movq %rdi, -8(%rsp)\nmovq %rdi, -24(%rsp)\n"
        "spoiled_nop:\nnop\nmovq $0, -24(%rsp)\n"
        "xorl %eax, %eax\nxorl %edx, %edx\n"
        "cmpq %rdi, -8(%rsp)\nsetne %dl\naddl %edx, %eax\n"
        "cmpq %rdi, -24(%rsp)\nsetne %dl\naddl %edx, %eax\nret\n");
unsigned spoiled(uint64_t value);
extern const char spoiled_nop[];
static const struct probe_site spoiled_site = {spoiled, spoiled_nop, 1};
#else
static const struct probe_site spoiled_site;
#endif

/* Dies where the nop is no nop any more. */
static unsigned crash(uint64_t value)
{
    if (*(const volatile unsigned char *)spoiled_site.place != 0x90)
        abort();
    return spoiled_site.call(value) - 1;
}

static unsigned hang(uint64_t value)
{
    while (pause() == -1)
        continue;
    return 0;
}

static void run_or_skip(const struct probe_site *site, struct probe_trial *trial)
{
    probe_trial_run(site, trial);
    if (trial->error) {
        print_message("no probe here: %s\n", strerror(trial->error));
        skip();
    }
}

static void sees_a_spoiled_red_zone(void **state)
{
    struct probe_trial trial;
    run_or_skip(&spoiled_site, &trial);
    assert_int_equal(trial.signal, 0);
    assert_int_equal(trial.calls, PROBE_TRIAL_CALLS);
    assert_int_equal(trial.hits, PROBE_TRIAL_CALLS);
    assert_int_equal(trial.damaged, PROBE_TRIAL_CALLS);
    assert_int_equal(trial.words, 1);
}

/* What libhakmem's probes rely on. */
static void sees_a_sound_one(void **state)
{
    struct probe_trial trial;
    run_or_skip(&processor_site_nop1, &trial);
    assert_int_equal(trial.calls, PROBE_TRIAL_CALLS);
    assert_int_equal(trial.hits, PROBE_TRIAL_CALLS);
    assert_int_equal(trial.patch, PROBE_BREAKPOINT);
    assert_int_equal(trial.damaged, 0);
    assert_true(trial.ns_per_hit > 0);
}

/* An optimised site of five bytes and a sound red zone: no kernel has had both so far, and what is
 * found of one must fit the other. */
static void sees_what_becomes_of_a_long_nop(void **state)
{
    struct probe_trial trial;
    run_or_skip(&processor_site_nop5, &trial);
    assert_int_equal(trial.hits, PROBE_TRIAL_CALLS);
    assert_true(trial.patch == PROBE_BREAKPOINT || trial.patch == PROBE_CALL);
    if (trial.patch == PROBE_BREAKPOINT)
        assert_int_equal(trial.damaged, 0);
}

static void survives_a_crash(void **state)
{
    struct probe_trial trial;
    struct probe_site site = {spoiled_site.call ? crash : NULL, spoiled_site.place, 1};
    run_or_skip(&site, &trial);
    assert_int_equal(trial.signal, SIGABRT);
    assert_int_equal(trial.damaged, 0);
}

static void ends_what_hangs(void **state)
{
    struct probe_trial trial;
    struct probe_site site = {hang, (const void *)(uintptr_t)hang, 1};
    run_or_skip(&site, &trial);
    assert_int_equal(trial.signal, SIGALRM);
}

static void knows_no_such_site(void **state)
{
    struct probe_trial trial;
    struct probe_site site = {0};
    probe_trial_run(&site, &trial);
    assert_int_equal(trial.error, ENOSYS);
}

static void finds_the_slow_instruction(void **state)
{
    struct perf_choice choice;
    struct skid skid;
    char why[256];
    if (!processor_loop.call || !perf_event_choose(0, 1, &choice, why, sizeof why))
        skip();
    assert_int_equal(skid_measure(&choice, &processor_loop, &skid), 0);
    assert_true(skid.samples > 0);
    assert_int_equal(skid.slow + skid.next + skid.elsewhere, skid.samples);
    /* Of 17 instructions these two take nearly all; the rest is what the interrupt adds. */
    assert_true(5 * (skid.slow + skid.next) > 2 * skid.samples);
}

static void measures_the_clock(void **state)
{
    struct clock_cost cost;
    clock_cost_measure(&cost);
    assert_true(cost.call_ns > 0 && cost.step_ns > 0);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make_folder(const char *root, const char *name, char path[256])
{
    snprintf(path, 256, "%s/%s", root, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

/* The limits of a group, of the one above it, and none. */
static void reads_control_groups(void **state)
{
    char root[] = "/tmp/doctor_parts.XXXXXX", path[256], command[64];
    struct cgroup_limits limits;
    assert_non_null(mkdtemp(root));
    snprintf(path, sizeof path, "%s/list", root);
    char *list = strdup(path);
    write_file(root, "list", "3:memory:/a/b\n2:cpu:/a/b\n1:pids:/a\n0::/a/b\n");
    cgroup_read(list, root, &limits);
    assert_int_equal(limits.version, 0);

    make_folder(root, "memory", path);
    make_folder(root, "memory/a", path);
    write_file(path, "memory.limit_in_bytes", "1048576\n");
    make_folder(root, "memory/a/b", path);
    write_file(path, "memory.limit_in_bytes", "9223372036854771712\n");
    make_folder(root, "cpu", path);
    make_folder(root, "cpu/a", path);
    write_file(path, "cpu.cfs_quota_us", "-1\n");
    make_folder(root, "cpu/a/b", path);
    write_file(path, "cpu.cfs_quota_us", "150000\n");
    write_file(path, "cpu.cfs_period_us", "100000\n");
    cgroup_read(list, root, &limits);
    assert_int_equal(limits.version, 1);
    assert_true(limits.processors == 1.5 && limits.memory_bytes == 1048576);

    write_file(root, "list", "0::/docker/x\n");
    write_file(root, "cgroup.controllers", "cpu memory\n");
    make_folder(root, "docker", path);
    write_file(path, "cpu.max", "50000 100000\n");
    make_folder(root, "docker/x", path);
    write_file(path, "cpu.max", "max 100000\n");
    write_file(path, "memory.max", "max\n");
    cgroup_read(list, root, &limits);
    assert_int_equal(limits.version, 2);
    assert_true(limits.processors == 0.5 && limits.memory_bytes == 0);
    assert_string_equal(cgroup_engine(list), "docker");
    free(list);
    snprintf(command, sizeof command, "rm -r %s", root);
    assert_int_equal(system(command), 0);
}

/* Lines of the text no longer than 80 columns, whatever is in it, and nothing of it lost. */
static void text_fits(void **state)
{
    static struct doctor_report report;
    char *text = NULL, long_path[201], found[400] = "";
    size_t bytes, letters = 0;
    memset(long_path, 'p', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    for (int i = 0; i < 30; i++)
        strcat(found, i % 2 ? "word " : "longer-word ");
    doctor_remedy(doctor_add(&report, "one", "a line", DOCTOR_UNSAFE, "%s", found), "%s",
                  long_path);
    doctor_remedy(doctor_add(&report, "one", "a good line", DOCTOR_OK, "fine"), "nothing");
    assert_string_equal(report.lines[1].remedy, "");
    FILE *stream = open_memstream(&text, &bytes);
    assert_non_null(stream);
    doctor_print_text(&report, stream);
    fclose(stream);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
    for (const char *c = text; *c; c++)
        letters += *c == 'p';
    assert_true(letters >= sizeof long_path - 1);
    assert_non_null(strstr(text, "1 ok, 0 limited, 0 missing, 1 unsafe"));
    assert_non_null(strstr(text, "tier: no sampling: counters only"));
    free(text);
}

static void tier_is_told(void **state)
{
    char text[160];
    struct doctor_tier tier = {
        .event = "cpu-clock", .frequency = 997, .processors = true, .kernel = true};
    doctor_tier_text(&tier, text, sizeof text);
    assert_string_equal(text,
                        "whole processors, cpu-clock at 997 Hz, kernel included, no slow paths");
    tier = (struct doctor_tier){.event = "cycles", .frequency = 100, .slow_path = true};
    doctor_tier_text(&tier, text, sizeof text);
    assert_string_equal(text,
                        "own threads only, cycles at 100 Hz, user part only, eBPF slow paths");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_a_spoiled_red_zone),
        cmocka_unit_test(sees_a_sound_one),
        cmocka_unit_test(sees_what_becomes_of_a_long_nop),
        cmocka_unit_test(survives_a_crash),
        cmocka_unit_test(ends_what_hangs),
        cmocka_unit_test(knows_no_such_site),
        cmocka_unit_test(finds_the_slow_instruction),
        cmocka_unit_test(measures_the_clock),
        cmocka_unit_test(reads_control_groups),
        cmocka_unit_test(text_fits),
        cmocka_unit_test(tier_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
