/* SPDX-License-Identifier: MIT */
#include "ablate_libraries.h"

#include <stdio.h>

#include "commands.h"

static struct variant variant_of(const struct ablate_options *options, unsigned cell)
{
    struct variant variant = {{0}};
    for (size_t i = 0; i < options->factor_count; i++) {
        size_t f = options->factors[i];
        if (cell >> i & 1)
            variant.level[f] = options->far.level[f];
    }
    return variant;
}

/* Only all modern and all Phase 10, whatever they check, have a second copy of another layout. */
static bool has_copy(const struct variant *variant)
{
    bool is_end = variant->level[0] <= VARIANT_PHASE10;
    for (size_t f = 1; f < HAK_FACTOR_CHECK; f++)
        is_end &= variant->level[f] == variant->level[0];
    return is_end;
}

static int add_row(struct ablate_libraries *libraries, const struct ablate_options *options,
                   struct ablate_report *report, unsigned cell, bool again)
{
    char why[512];
    size_t index = report->runs.row_count;
    struct compare_row *row = &report->runs.rows[index];
    struct compare_allocator *library = &libraries->list[index];
    struct variant variant = variant_of(options, cell);
    if (!allocator_find_variant(&variant, again && has_copy(&variant), &library->found, why,
                                sizeof why)) {
        complain("%s", why);
        return EXIT_USAGE;
    }
    variant_name(&variant, row->name, sizeof row->name);
    row->library = library->found.library;
    report->cells[index] = cell;
    report->runs.row_count++;
    return compare_allocator_prepare(library);
}

/* The row of a cell, which is added where the design has none. */
static int find_end(struct ablate_libraries *libraries, const struct ablate_options *options,
                    struct ablate_report *report, unsigned cell, size_t *row)
{
    for (*row = 0; *row < report->runs.row_count; ++*row) {
        if (report->cells[*row] == cell)
            return 0;
    }
    return add_row(libraries, options, report, cell, false);
}

/* What the document compared with, in the same rounds. */
static int add_reference(struct ablate_libraries *libraries, struct ablate_report *report)
{
    char why[512];
    struct compare_row *row = &report->runs.rows[report->runs.row_count];
    struct compare_allocator *glibc = &libraries->list[report->runs.row_count];
    if (!allocator_find("glibc", &glibc->found, why, sizeof why)) {
        complain("%s", why);
        return EXIT_USAGE;
    }
    snprintf(row->name, sizeof row->name, "%s", glibc->found.name);
    row->library = glibc->found.library;
    report->reference = report->runs.row_count++;
    return compare_allocator_prepare(glibc);
}

int ablate_libraries_find(struct ablate_libraries *libraries, const struct ablate_options *options,
                          struct ablate_report *report)
{
    const struct factorial *factorial = &report->factorial;
    const unsigned ends[ABLATE_ENDS] = {0, (1u << options->factor_count) - 1};
    int error = 0;
    for (size_t i = 0; i < factorial->cell_count && !error; i++)
        error = add_row(libraries, options, report, factorial->cells[i], false);
    for (size_t i = 0; i < ABLATE_ENDS && !error; i++)
        error = find_end(libraries, options, report, ends[i], &report->ends[i]);
    report->controls = report->runs.row_count;
    for (size_t i = 0; i < ABLATE_ENDS && !error; i++)
        error = add_row(libraries, options, report, ends[i], true);
    return error ? error : add_reference(libraries, report);
}

void ablate_libraries_finish(struct ablate_libraries *libraries)
{
    for (size_t i = 0; i < COMPARE_ROWS_MAX; i++)
        compare_allocator_finish(&libraries->list[i]);
}
