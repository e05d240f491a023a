/* SPDX-License-Identifier: MIT */
/*
 * The file of ablate --save: commands/ablate_save_lines, and what is computed and printed from runs
 * that it makes up. The input is its lines behind the first, or (first byte 0) the first.
 */
#include <unistd.h>

#include "commands/ablate_save_lines.h"
#include "commands/ablate_summary.h"
#include "fuzz.h"
#include "report/ablate_json.h"
#include "report/ablate_text.h"

enum { FACTORS = 2, CELLS = 4, ROWS = CELLS + 3 };

static struct ablate_report report;
static struct compare_run runs[ROWS][COMPARE_ROUNDS_MAX];
static char *command[] = {(char[]){"a program"}, NULL};

static void start_report(void)
{
    static const char *const libraries[ROWS] = {"/proc/self/exe", "/nosuch", "/dev/null", "/lib/d",
                                                "/lib/e",         "/lib/f",  NULL};
    report = (struct ablate_report){
        .ends = {0, CELLS - 1},
        .controls = CELLS,
        .reference = CELLS + 2,
        .failed = ROWS,
        .factors = {{"header", "none", "inline"}, {"cache", "magazine", "tcache"}}};
    factorial_make(&report.factorial, FACTORIAL_FULL, FACTORS);
    report.level = factorial_level(report.factorial.term_count);
    report.rounds_needed = 2;
    report.runs.command = command;
    report.runs.metric = "([0-9.]+) M ops/s";
    report.runs.higher_is_better = true;
    report.runs.rounds = 10;
    report.runs.core = -1;
    report.runs.row_count = ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        struct compare_row *row = &report.runs.rows[i];
        snprintf(row->name, sizeof row->name, "row %zu", i);
        row->library = libraries[i];
        row->runs = runs[i];
        report.cells[i] = (unsigned)i % CELLS;
    }
}

static void print(void)
{
    char *text = NULL;
    size_t bytes = 0, least = COMPARE_ROUNDS_MAX;
    for (size_t i = 0; i < ROWS; i++)
        least = report.runs.rows[i].run_count < least ? report.runs.rows[i].run_count : least;
    report.runs.rounds_done = (unsigned)least;
    ablate_summary_fill(&report);
    FILE *stream = open_memstream(&text, &bytes);
    fuzz_check(stream);
    ablate_print_text(&report, true, stream);
    fuzz_check(ablate_print_json(&report, stream) == 0);
    fclose(stream);
    free(text);
}

static void take_lines(char *text)
{
    bool fits = true;
    for (char *line; fits && (line = strsep(&text, "\n"));)
        fits = ablate_save_take_run(line, &report);
    for (size_t i = 0; i < ROWS; i++)
        fuzz_check(report.runs.rows[i].run_count <= COMPARE_ROUNDS_MAX);
    print();
}

static void compare_first(const char *text)
{
    char why[128] = "", *own = ablate_save_description(&report);
    fuzz_check(own);
    ablate_save_difference(own, text, why, sizeof why);
    fuzz_check(*why);
    free(own);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    bool is_first = fuzz_take_byte(&input) == 0;
    char *text = fuzz_text(&input);
    start_report();
    if (is_first)
        compare_first(text);
    else
        take_lines(text);
    free(text);
    return 0;
}

static struct fuzz_output output;

static void put_text(const char *text)
{
    fuzz_put(&output, text, strlen(text));
}

/* Lines as the command writes them. */
static void put_rounds(unsigned rounds, double figure)
{
    for (unsigned round = 1; round <= rounds; round++) {
        for (size_t row = 0; row < ROWS; row++) {
            struct compare_row *of = &report.runs.rows[row];
            of->runs[of->run_count++] = (struct compare_run){.round = round,
                                                             .position = 1,
                                                             .wall_s = 1,
                                                             .figure = figure + (double)row,
                                                             .max_rss_kb = 1000};
            char *line = ablate_save_run_line(&report, row);
            fuzz_check(line);
            put_text(line);
            free(line);
        }
    }
}

void fuzz_seeds(fuzz_keep *keep)
{
    start_report();
    char *own = ablate_save_description(&report);
    fuzz_check(own);
    output.count = 0;
    fuzz_put(&output, "\0", 1);
    put_text(own);
    free(own);
    keep("first", output.bytes, output.count);
    char *seed = memmem(output.bytes, output.count, "\"seed\":0", 8);
    fuzz_check(seed);
    seed[7] = '1';
    keep("other_first", output.bytes, output.count);
    keep("no_file", "\0{\"schema\":1}", 13);

    output.count = 0;
    fuzz_put(&output, "1", 1);
    put_rounds(3, 100);
    keep("rounds", output.bytes, output.count);
    start_report();
    output.count = 1;
    put_rounds(3, 1e300);
    keep("great_figures", output.bytes, output.count);
    start_report();
    output.count = 1;
    put_rounds(3, 5e-324);
    keep("small_figures", output.bytes, output.count);
    keep("no_run", "1{\"row\":7}\n", 11);
    keep("not_json", "1{\n", 3);
}
