/* SPDX-License-Identifier: MIT */
#include "html_flame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "html_text.h"

enum { ROW = 20 };
#define LEAST_SHARE 0.001

struct frames {
    const struct html_flame_path *paths; /* sorted, so that those that begin alike are neighbours */
    double sum;
    svg_tick_text *text;
    struct svg svg;
    size_t deepest; /* rows drawn */
};

/* A run of paths that share their first `depth` frames. */
struct run {
    size_t first, end, depth;
    double value;
};

static int by_frames(const void *a, const void *b)
{
    const struct html_flame_path *x = a, *y = b;
    for (size_t i = 0; i < x->depth && i < y->depth; i++) {
        int order = strcmp(x->frames[i], y->frames[i]);
        if (order != 0)
            return order;
    }
    return (x->depth > y->depth) - (x->depth < y->depth);
}

static int by_value(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

/* What follows a frame, the costliest first. NULL: nothing, or no memory. */
static struct run *runs_below(const struct frames *frames, const struct run *above, size_t *count)
{
    struct run *runs = calloc(above->end - above->first, sizeof *runs);
    *count = 0;
    for (size_t i = above->first; runs && i < above->end; i++) {
        const struct html_flame_path *path = &frames->paths[i];
        if (path->depth <= above->depth)
            continue;
        struct run *last = *count ? &runs[*count - 1] : NULL;
        if (!last || strcmp(frames->paths[last->first].frames[above->depth],
                            path->frames[above->depth]) != 0)
            *(last = &runs[(*count)++]) = (struct run){.first = i, .depth = above->depth + 1};
        last->end = i + 1;
        last->value += path->value;
    }
    if (runs)
        qsort(runs, *count, sizeof *runs, by_value);
    return runs;
}

static size_t tone_of(const char *name)
{
    size_t sum = 0;
    for (; *name; name++)
        sum = 31 * sum + (unsigned char)*name;
    return sum % 4;
}

/* A name stands in a picture of its own, which cuts it where the frame ends, at any width. */
static void draw_frame(struct frames *frames, const char *name, double at, const struct run *run)
{
    struct svg *svg = &frames->svg;
    char value[64], class[32];
    double share = run->value / frames->sum, y = (double)(run->depth * ROW);
    svg_mark_begin(svg, "%s: %s, %.2f %% of all", name,
                   frames->text(run->value, value, sizeof value), 100 * share);
    snprintf(class, sizeof class, run->depth ? "f-%zu" : "f-all", tone_of(name));
    svg_rect(svg, class, 100 * at, y, 100 * share, ROW - 1);
    fprintf(svg->stream,
            "<svg class=\"name\" aria-hidden=\"true\" x=\"%.5g%%\" y=\"%.5g\" width=\"%.5g%%\" "
            "height=\"%d\"><text x=\"4\" y=\"13.5\">",
            100 * at, y, 100 * share, ROW);
    html_text(svg->stream, name);
    fputs("</text></svg>", svg->stream);
    svg_mark_end(svg);
    if (run->depth + 1 > frames->deepest)
        frames->deepest = run->depth + 1;
}

static void draw_below(struct frames *frames, double at, const struct run *above)
{
    size_t count;
    struct run *runs = runs_below(frames, above, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = frames->paths[runs[i].first].frames[above->depth];
        if (runs[i].value < LEAST_SHARE * frames->sum)
            break;
        draw_frame(frames, name, at, &runs[i]);
        draw_below(frames, at, &runs[i]);
        at += runs[i].value / frames->sum;
    }
    free(runs);
}

int html_flame(struct html_page *page, const char *title, const char *description, const char *all,
               struct html_flame_path *paths, size_t count, svg_tick_text *text)
{
    struct frames frames = {.paths = paths, .text = text};
    struct svg svg;
    char *marks = NULL;
    size_t length, kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(paths[i].value) && paths[i].value > 0) {
            frames.sum += paths[i].value;
            paths[kept++] = paths[i];
        }
    }
    frames.svg.stream = open_memstream(&marks, &length);
    if (!frames.svg.stream)
        return -1;
    if (kept > 0) {
        const struct run whole = {.end = kept, .value = frames.sum};
        qsort(paths, kept, sizeof *paths, by_frames);
        draw_frame(&frames, all, 0, &whole);
        draw_below(&frames, 0, &whole);
    }
    if (fclose(frames.svg.stream) != 0) {
        free(marks);
        return -1;
    }
    fputs("<div class=\"flame\">\n<div class=\"frames\">\n", page->stream);
    svg_begin(&svg, page, (double)(frames.deepest * ROW), title, description);
    fwrite(marks, 1, length, page->stream);
    svg_end(&svg);
    fputs("</div>\n</div>\n", page->stream);
    free(marks);
    page->has_flame = true;
    return 0;
}
