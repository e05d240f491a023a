/* SPDX-License-Identifier: MIT */
#include "top_page.h"

#include <string.h>

#include "top_sections.h"
#include "top_value.h"

static const char *const section_names[TOP_SECTIONS] = {
    [TOP_ALL] = "all",
    [TOP_SOURCES_ALONE] = "time",
    [TOP_CLASSES_ALONE] = "sizes",
    [TOP_EVENTS_ALONE] = "slow path",
    [TOP_THREADS_ALONE] = "threads",
    [TOP_NOTES_ALONE] = "notes",
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static void draw_who(const struct top_area *area, const struct top_target *target,
                     const struct top_moment *moment, const struct top_view *view)
{
    int when = area->columns - 22;
    struct top_area name = top_area_part(area, 0, 0, 1, when - 1);
    int column = top_put(&name, 0, 0, TOP_BOLD, "%s", last_part(target->program));
    top_put(&name, 0, column, TOP_PLAIN, " (%d) on %s", target->pid, target->allocator);
    if (view->paused)
        top_put_right(area, 0, area->columns, TOP_CHOSEN, " PAUSED ");
    else if (moment)
        top_put_right(area, 0, area->columns, TOP_DIM, "%.0f s, every %g s", moment->at_s,
                      target->interval_s);
}

/* What is watched, and what that costs. */
static void draw_watched(const struct top_area *area, const struct top_target *target,
                         const struct top_moment *moment)
{
    int column = 0;
    if (target->event)
        column = top_put(area, 1, column, TOP_DIM, "%s %u Hz%s", target->event, target->frequency,
                         target->kernel_sampled ? "" : " (user)");
    if (moment && moment->counted)
        column = top_put(area, 1, column, TOP_DIM, "%scounters", column ? ", " : "");
    if (target->latencies)
        column = top_put(area, 1, column, TOP_DIM, "%sprobes", column ? ", " : "");
    if (target->note_count)
        top_put(area, 1, column, TOP_BOLD, "%s%zu note%s", column ? ", " : "", target->note_count,
                target->note_count == 1 ? "" : "s");
    if (moment)
        top_put_right(area, 1, area->columns, TOP_DIM, "costs it %s, top %s of a core",
                      top_percent(moment->cost).text, top_percent(moment->own).text);
}

static void draw_keys(const struct top_area *area, const struct top_view *view)
{
    int row = area->rows - 1;
    top_put(area, row, 0, TOP_DIM,
            "q quit  p %s  space now  s sort: %s  tab, arrows: %s (%d of %d)",
            view->paused ? "go on" : "pause", top_order_names[view->order],
            section_names[view->section], view->section + 1, TOP_SECTIONS);
}

static void draw_side_by_side(const struct top_area *area, const struct top_target *target,
                              const struct top_moment *moment, const struct top_view *view)
{
    int left = area->columns / 2, right = area->columns - left;
    int events = (int)moment->event_count + 1 + (target->latencies ? 0 : 1);
    int above = area->rows > events ? area->rows - events : 0;
    int threads = (int)moment->thread_count + 1 < area->rows / 3 ? (int)moment->thread_count + 1
                                                                 : area->rows / 3;
    struct top_area part = top_area_part(area, 0, 0, above, left);
    top_draw_sources(&part, target, moment);
    part = top_area_part(area, above, 0, events, left);
    top_draw_events(&part, target, moment);
    part = top_area_part(area, 0, left, area->rows - threads, right);
    top_draw_classes(&part, moment, view->order);
    part = top_area_part(area, area->rows - threads, left, threads, right);
    top_draw_threads(&part, moment);
}

/* A narrow screen: as much as there is room for. */
static void draw_in_a_column(const struct top_area *area, const struct top_target *target,
                             const struct top_moment *moment, const struct top_view *view)
{
    int sources = (int)moment->source_count + 1, events = (int)moment->event_count + 1;
    struct top_area part = top_area_part(area, 0, 0, sources, area->columns);
    top_draw_sources(&part, target, moment);
    part = top_area_part(area, sources, 0, events, area->columns);
    top_draw_events(&part, target, moment);
    part = top_area_part(area, sources + events, 0, area->rows, area->columns);
    top_draw_classes(&part, moment, view->order);
}

static void draw_body(const struct top_area *area, const struct top_target *target,
                      const struct top_moment *moment, const struct top_view *view)
{
    switch (view->section) {
    case TOP_SOURCES_ALONE:
        top_draw_sources(area, target, moment);
        break;
    case TOP_CLASSES_ALONE:
        top_draw_classes(area, moment, view->order);
        break;
    case TOP_EVENTS_ALONE:
        top_draw_events(area, target, moment);
        break;
    case TOP_THREADS_ALONE:
        top_draw_threads(area, moment);
        break;
    case TOP_NOTES_ALONE:
        top_draw_notes(area, target);
        break;
    default:
        if (area->columns >= TOP_PAGE_COLUMNS)
            draw_side_by_side(area, target, moment, view);
        else
            draw_in_a_column(area, target, moment, view);
    }
}

void top_page(struct top_grid *grid, const struct top_target *target,
              const struct top_moment *moment, const struct top_history *history,
              const struct top_view *view)
{
    enum { HEAD = 2 };
    struct top_area all = {grid, 0, 0, grid->rows, grid->columns};
    bool is_wide = grid->columns >= TOP_PAGE_COLUMNS;
    int overview = is_wide ? TOP_OVERVIEW_ROWS : 2 * TOP_OVERVIEW_ROWS;
    draw_who(&all, target, moment, view);
    draw_watched(&all, target, moment);
    if (view->keys)
        draw_keys(&all, view);
    int rows = grid->rows - HEAD - view->keys;
    struct top_area body = top_area_part(&all, HEAD, 0, rows, grid->columns);
    if (!moment && view->section != TOP_NOTES_ALONE) {
        top_put(&body, 1, 0, TOP_DIM, "the first figures come in %g s", target->interval_s);
        return;
    }
    if (view->section == TOP_ALL) {
        struct top_area part = top_area_part(&body, 0, 0, overview, grid->columns);
        top_draw_overview(&part, moment, history);
        body = top_area_part(&body, overview, 0, rows - overview, grid->columns);
    }
    draw_body(&body, target, moment, view);
}
