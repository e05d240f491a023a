/* SPDX-License-Identifier: MIT */
#include "count_cells.h"

const char count_cells_heading[] = "  instr  loads stores branch";

void count_cells_start(struct count_column columns[COUNT_CELLS], uint64_t calls)
{
    for (int i = 0; i < COUNT_CELLS; i++)
        columns[i] = (struct count_column){.calls = calls};
}

static void print_cell(struct count_column *column, uint64_t value, bool is_known, FILE *stream)
{
    if (!column->calls || !is_known) {
        fprintf(stream, " %6s", "-");
        return;
    }
    column->sum += value;
    uint64_t before = column->shown;
    column->shown = (uint64_t)(100.0 * (double)column->sum / (double)column->calls + 0.5);
    fprintf(stream, " %6.2f", (double)(column->shown - before) / 100);
}

void count_cells_print(struct count_column columns[COUNT_CELLS],
                       const struct count_effects *effects, bool disassembled, FILE *stream)
{
    print_cell(&columns[0], effects->instructions, true, stream);
    print_cell(&columns[1], effects->loads, disassembled, stream);
    print_cell(&columns[2], effects->stores, disassembled, stream);
    print_cell(&columns[3], effects->branches, disassembled, stream);
}
