/* SPDX-License-Identifier: MIT */
/* hakmem-trace doctor: what this machine allows, and what would make it allow more. */
#include <stdio.h>

#include "commands.h"
#include "compare_progress.h"
#include "compare_write.h"
#include "doctor/checks.h"
#include "doctor_options.h"
#include "doctor_tier.h"
#include "report/doctor_json.h"
#include "report/doctor_text.h"

static const struct subject {
    const char *name;
    doctor_check *check;
    bool is_timed; /* left out by --quick */
} subjects[] = {
    {"hardware counters", check_counters, false},
    {"sampling", check_sampling, false},
    {"eBPF and probes", check_programs, false},
    {"USDT probes", check_usdt, false},
    {"permissions", check_permissions, false},
    {"debug information", check_symbols, false},
    {"memory", check_memory, false},
    {"machine", check_machine, false},
    {"limits", check_container, false},
    {"tools", check_tools, false},
    {"timing", check_timing, true},
    {"skid", check_skid, true},
    {"tier", doctor_tier_find, false},
};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

static void examine(struct doctor_report *report)
{
    struct compare_progress progress;
    compare_progress_start(&progress, SUBJECTS);
    progress.unit = "subjects";
    for (size_t i = 0; i < SUBJECTS; i++) {
        progress.label = subjects[i].name;
        progress.done = i;
        compare_progress_show(&progress);
        if (!report->quick || !subjects[i].is_timed)
            subjects[i].check(report);
    }
    compare_progress_clear(&progress);
}

static void print_text(const void *report, bool details, FILE *stream)
{
    doctor_print_text(report, stream);
}

static int print_json(const void *report, FILE *stream)
{
    return doctor_print_json(report, stream);
}

static int doctor_command(int argc, char **argv)
{
    static const struct compare_format format = {.print_text = print_text,
                                                 .print_json = print_json};
    static struct doctor_report report; /* too big for a stack that the user may have bounded */
    struct doctor_options options;
    struct compare_files files = {0};
    int code = doctor_options_parse(argc, argv, &options);
    if (code)
        return code;
    if (options.help) {
        fputs(doctor_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    const struct compare_options write = {.json = options.json};
    code = compare_write_open(&write, &files);
    if (code)
        return code;
    report.quick = options.quick;
    examine(&report);
    code = compare_write(&write, &format, &report, &files);
    compare_write_abandon(&files);
    return code;
}

const struct command command_doctor = {
    .name = "doctor",
    .summary = "say what this machine allows, and what would make it allow more",
    .help = doctor_help,
    .run = doctor_command,
};
