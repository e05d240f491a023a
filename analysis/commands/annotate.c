/* SPDX-License-Identifier: MIT */
/* hakmem-trace annotate: the machine code of hot functions with sources, counts and shares. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "annotate_options.h"
#include "annotate_report.h"
#include "annotate_sampled.h"
#include "collect/launch.h"
#include "commands.h"
#include "report/annotate_json.h"
#include "report/annotate_text.h"
#include "report/html/annotate_html.h"
#include "stepped.h"
#include "stepped_output.h"

enum { TICK_MS = 500 };

struct annotate {
    struct annotate_options options;
    struct allocator allocator;
    struct stepped_output output;
    struct attributor *attributor;
    struct annotate_choice choice;
    struct annotate_tally tally;
    struct compare_progress progress;
    struct stepped stepped;
    struct annotate_sampled sampled;
    struct count_places places;
    bool has_newer; /* sources than the library */
    struct annotate_report report;
};

static int fail(const char *what, const char *why)
{
    complain("annotate: %s: %s", what, why);
    return EXIT_TOOL_FAILED;
}

static int choose_functions(struct annotate *annotate)
{
    const struct annotate_options *options = &annotate->options;
    char why[512];
    if (!annotate_choice_start(&annotate->choice, annotate->attributor))
        return fail("no functions", strerror(errno));
    for (size_t i = 0; i < options->function_count; i++) {
        if (annotate_choice_add(&annotate->choice, annotate->attributor, options->functions[i], why,
                                sizeof why))
            continue;
        complain("annotate: %s", why);
        return EXIT_USAGE;
    }
    return annotate_tally_start(&annotate->tally, annotate->attributor, &annotate->choice)
               ? 0
               : fail("no tally", strerror(errno));
}

/* Everything that can be known to fail is made to fail before the command runs. */
static int prepare(struct annotate *annotate)
{
    char why[512];
    if (!allocator_find(annotate->options.stepped.with, &annotate->allocator, why, sizeof why)) {
        complain("annotate: %s", why);
        return EXIT_TOOL_FAILED;
    }
    if (annotate->allocator.is_own) {
        complain("annotate: name the allocator whose code is to be shown, or its file: --with "
                 "glibc, --with PATH (run --with own says which it is)");
        return EXIT_USAGE;
    }
    annotate->attributor = attributor_create(annotate->allocator.library);
    if (!annotate->attributor)
        return fail(annotate->allocator.library, strerror(errno));
    int code = choose_functions(annotate);
    if (code == 0)
        code = stepped_output_open(&annotate->output, "annotate", &annotate->options.stepped);
    return code ? code : stepped_prepare(&annotate->stepped, "annotate");
}

static int tick(void *context)
{
    struct annotate *annotate = context;
    compare_progress_show(&annotate->progress);
    return TICK_MS;
}

static int run_stepped(struct annotate *annotate, const struct stepped_wish *wish)
{
    annotate->progress.label = "stepping";
    int code = stepped_run(&annotate->stepped, wish);
    annotate->progress.done++;
    compare_progress_clear(&annotate->progress);
    return code;
}

static int run_sampled(struct annotate *annotate)
{
    struct annotate_sampled *sampled = &annotate->sampled;
    sampled->tally = &annotate->tally;
    sampled->progress = &annotate->progress;
    sampled->rights = stepped_rights(&annotate->stepped, &annotate->output);
    if (!annotate->options.samples || WIFSIGNALED(annotate->stepped.status)) {
        snprintf(sampled->why, sizeof sampled->why, "a signal ended the first run");
        return 0;
    }
    annotate->progress.label = "sampling";
    int code = annotate_sampled_run(sampled, annotate->options.stepped.command,
                                    &annotate->allocator, annotate->stepped.folder.path);
    compare_progress_clear(&annotate->progress);
    return code;
}

/* Input that is a file is read twice from the same place. */
static int run_twice(struct annotate *annotate)
{
    off_t input = lseek(STDIN_FILENO, 0, SEEK_CUR);
    const struct stepped_wish wish = {.verb = "annotate",
                                      .options = &annotate->options.stepped,
                                      .allocator = &annotate->allocator,
                                      .output = &annotate->output,
                                      .tick = tick,
                                      .context = annotate};
    compare_progress_start(&annotate->progress, annotate->options.samples ? 2 : 1);
    int code = run_stepped(annotate, &wish);
    if (code)
        return code;
    if (input >= 0 && annotate->options.samples)
        lseek(STDIN_FILENO, input, SEEK_SET);
    code = run_sampled(annotate);
    return code ? code : stepped_open(&annotate->stepped, &wish);
}

/* The places of the stepped process come last: the sampled ones may have had one of its number. */
static bool count_steps(struct annotate *annotate)
{
    struct step_file *file = &annotate->stepped.file;
    annotate->places = (struct count_places){.stepper = annotate->stepped.stepper.library,
                                             .attributor = annotate->attributor};
    attributor_exec(annotate->attributor, file->header.pid);
    return count_places_start(&annotate->places, file) &&
           annotate_tally_steps(&annotate->tally, &annotate->places, file);
}

static int make_report(struct annotate *annotate)
{
    const struct annotate_sampled *sampled = &annotate->sampled;
    struct stat library = {0};
    stat(annotate->allocator.library, &library);
    const struct annotate_code code = {.choice = &annotate->choice,
                                       .tally = &annotate->tally,
                                       .places = &annotate->places,
                                       .library = annotate->allocator.library,
                                       .built = library.st_mtime,
                                       .has_newer = &annotate->has_newer};
    const struct annotate_facts facts = {.options = &annotate->options,
                                         .allocator = &annotate->allocator,
                                         .header = &annotate->stepped.file.header,
                                         .code = &code,
                                         .tally = &annotate->tally,
                                         .sampling = &sampled->sampling,
                                         .totals = &sampled->totals,
                                         .rights_note = sampled->note,
                                         .not_sampled = *sampled->why ? sampled->why : NULL,
                                         .status = annotate->stepped.status,
                                         .sampled_status = sampled->status};
    if (!count_steps(annotate))
        return fail("no report", strerror(errno));
    if (!count_places_has_mapped(&annotate->places, annotate->allocator.library))
        return fail(annotate->allocator.library,
                    "it is not mapped in the program: another malloc was counted");
    return annotate_report_fill(&annotate->report, &facts) ? 0 : fail("no report", strerror(errno));
}

static int write_reports(struct annotate *annotate)
{
    annotate_print_text(&annotate->report, stepped_output_text(&annotate->output));
    int code = stepped_output_end_text(&annotate->output);
    FILE *json = stepped_output_json(&annotate->output);
    FILE *html = stepped_output_html(&annotate->output);
    if (code == 0 && json)
        code = stepped_output_end_json(&annotate->output,
                                       annotate_print_json(&annotate->report, json));
    if (code == 0 && html)
        code = stepped_output_end_html(&annotate->output,
                                       annotate_print_html(&annotate->report, html));
    return code;
}

static void clean_up(struct annotate *annotate)
{
    annotate_report_release(&annotate->report);
    annotate_sampled_finish(&annotate->sampled);
    count_places_finish(&annotate->places);
    annotate_tally_finish(&annotate->tally);
    annotate_choice_finish(&annotate->choice);
    attributor_destroy(annotate->attributor);
    stepped_finish(&annotate->stepped);
    stepped_output_close(&annotate->output);
    watcher_rights_end();
}

static int annotate_command(int argc, char **argv)
{
    static struct annotate annotate; /* too big for a stack that the user may have bounded */
    int code = annotate_options_parse(argc, argv, &annotate.options);
    if (code == 0 && annotate.options.stepped.help) {
        fputs(annotate_help, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_TOOL_FAILED;
    }
    stepped_start(&annotate.stepped);
    if (code == 0)
        code = prepare(&annotate);
    if (code == 0)
        code = run_twice(&annotate);
    if (code == 0)
        code = make_report(&annotate);
    if (code == 0)
        code = write_reports(&annotate);
    clean_up(&annotate);
    int commands_own = launch_exit_code(annotate.stepped.status);
    return commands_own ? commands_own : code;
}

const struct command command_annotate = {
    .name = "annotate",
    .summary = "show the machine code of malloc and free: source, counts and time",
    .help = annotate_help,
    .run = annotate_command,
};
