/* SPDX-License-Identifier: MIT */
#include "top_list.h"

#include <math.h>
#include <stdlib.h>

#include "top_value.h"

static int by_interest(const void *a, const void *b)
{
    const struct top_process *x = a, *y = b;
    double of_x = isnan(x->cores) ? 0 : x->cores, of_y = isnan(y->cores) ? 0 : y->cores;
    if (x->is_hakmem != y->is_hakmem)
        return y->is_hakmem - x->is_hakmem;
    return of_x != of_y ? (of_x < of_y) - (of_x > of_y) : (x->pid > y->pid) - (x->pid < y->pid);
}

void top_list_sort(struct top_list *list)
{
    qsort(list->processes, list->count, sizeof list->processes[0], by_interest);
}

enum { PID = 8, PROGRAM = 10, ALLOCATOR = 42, CORES = 62, RESIDENT = 74 };

static void draw_process(const struct top_area *area, int row, const struct top_process *process,
                         enum top_style style)
{
    if (style == TOP_CHOSEN)
        top_put(area, row, 0, style, "%*s", area->columns, "");
    top_put_right(area, row, PID, style, "%d", process->pid);
    struct top_area name = top_area_part(area, row, PROGRAM, 1, ALLOCATOR - PROGRAM - 1);
    top_put(&name, 0, 0, style, "%s", process->program);
    name = top_area_part(area, row, ALLOCATOR, 1, 12);
    top_put(&name, 0, 0, style, "%s", process->allocator);
    top_put_right(area, row, CORES, style, "%s", top_percent(process->cores).text);
    top_put_right(area, row, RESIDENT, style, "%s", top_bytes((double)process->resident).text);
}

void top_list_page(struct top_grid *grid, const struct top_list *list, size_t chosen, bool keys)
{
    enum { HEAD = 3 };
    struct top_area all = {grid, 0, 0, grid->rows, grid->columns};
    int rows = grid->rows - HEAD - keys;
    size_t first =
        rows > 0 && chosen < list->count && chosen >= (size_t)rows ? chosen - (size_t)rows + 1 : 0;
    top_put(&all, 0, 0, TOP_BOLD, "processes whose malloc is known: %zu", list->count);
    if (list->hidden)
        top_put_right(&all, 0, grid->columns, TOP_DIM, "%zu are other users'", list->hidden);
    top_put_right(&all, 2, PID, TOP_TITLE, "pid");
    top_put(&all, 2, PROGRAM, TOP_TITLE, "program");
    top_put(&all, 2, ALLOCATOR, TOP_TITLE, "allocator");
    top_put_right(&all, 2, CORES, TOP_TITLE, "processor");
    top_put_right(&all, 2, RESIDENT, TOP_TITLE, "resident");
    for (size_t i = first; i < list->count && (int)(i - first) < rows; i++)
        draw_process(&all, HEAD + (int)(i - first), &list->processes[i],
                     i == chosen ? TOP_CHOSEN : TOP_PLAIN);
    if (keys)
        top_put(&all, grid->rows - 1, 0, TOP_DIM, "arrows, k, j choose  Enter watch  q quit");
}
