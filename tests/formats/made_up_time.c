/* SPDX-License-Identifier: MIT */
/*
 * A timeline with more of everything than there is room for: threads, sources, time, points.
 *   formats_made_up_time FILE
 * prints the ns of processor time put in.
 */
#include <math.h>
#include <stdio.h>

#include "report/formats/chrome_trace.h"

enum { THREADS = 1000, SOURCES = 400, SECONDS = 100000, POINTS = 5000 };

static struct timeline timeline; /* too big for a stack that the user may have bounded */

/* One ns at a time, here and there. */
static double fill(void)
{
    static char names[SOURCES][32];
    double sum = 0;
    for (int i = 0; i < SOURCES; i++)
        snprintf(names[i], sizeof names[i], "source \x1b %d", i);
    for (int i = 0; i < THREADS * 10; i++) {
        const struct timeline_source source = {names[i * 7 % SOURCES], i % 5 ? NULL : "other \xff",
                                               (enum timeline_part)(i % TIMELINE_PARTS)};
        size_t thread = timeline_thread(&timeline, 1 + i % 3, 10 + i * 13 % THREADS);
        double at_s = (double)i * SECONDS / (THREADS * 10);
        timeline_add(&timeline, at_s, thread, timeline_source(&timeline, &source), 1 + i % 2);
        sum += 1 + i % 2;
    }
    /* Before the start, and more than a bin has room for. */
    size_t source = timeline_source(&timeline, &(struct timeline_source){names[0], NULL, 0});
    timeline_add(&timeline, -1, 0, source, 1);
    timeline_add(&timeline, SECONDS / 2.0, 1, source, 1e15);
    return sum + 1 + 1e15;
}

static void add_points(void)
{
    struct timeline_track *plain = timeline_track(&timeline, "plain"),
                          *rate = timeline_track(&timeline, "rate");
    plain->keys[0] = rate->keys[0] = "key";
    plain->key_count = rate->key_count = 1;
    rate->is_rate = true;
    for (int i = 0; i < POINTS; i++) {
        double value = i % 10 == 3 ? NAN : 7, sum = 3.0 * i;
        timeline_point(plain, i, &value);
        timeline_point(rate, i, &sum);
    }
}

int main(int argc, char **argv)
{
    char *command[] = {"made\nup", NULL};
    if (argc != 2)
        return 2;
    timeline_start(&timeline);
    double sum = fill();
    add_points();
    for (int i = 0; i < 2 * TIMELINE_TRACKS_MOST; i++)
        timeline_track(&timeline, "empty");
    FILE *stream = fopen(argv[1], "w");
    int failed = !stream || chrome_trace_print(&timeline, 1, command, stream) != 0;
    failed |= stream && fclose(stream) != 0;
    timeline_finish(&timeline);
    printf("%.0f\n", sum);
    return failed;
}
