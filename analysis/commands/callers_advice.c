/* SPDX-License-Identifier: MIT */
#include "callers_advice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double cost_of(const struct callers_path *path)
{
    double time = isnan(path->time_share.value) ? 0 : path->time_share.value;
    return path->samples ? fmax(time, fmax(path->call_share.value, path->byte_share.value)) : time;
}

struct judged {
    struct callers_advice advice;
    double cost;
};

/* No comparison with NAN holds. */
static size_t judge(const struct callers_path *path, size_t at, struct judged *judged)
{
    const struct {
        enum callers_advice_kind kind;
        struct estimate measure;
        double least;
    } rules[] = {
        {CALLERS_REUSE, path->brief, CALLERS_REUSE_LEAST},
        {CALLERS_RESERVE, path->grown, CALLERS_RESERVE_LEAST},
        {CALLERS_REMOTE, path->remote, CALLERS_REMOTE_LEAST},
        {CALLERS_PADDING, path->above, CALLERS_PADDING_LEAST},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].measure.low >= rules[i].least)
            judged[count++] = (struct judged){{.kind = rules[i].kind,
                                               .path = at,
                                               .samples = path->samples,
                                               .measure = rules[i].measure},
                                              cost_of(path)};
    }
    return count;
}

static int by_cost(const void *a, const void *b)
{
    const struct judged *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? 1 : -1;
    return (int)x->advice.kind - (int)y->advice.kind;
}

static void explain_none(struct callers_report *report, double most)
{
    if (report->samples == 0)
        snprintf(report->no_advice, sizeof report->no_advice, "no call was sampled");
    else if (most < CALLERS_ADVICE_SAMPLES)
        snprintf(report->no_advice, sizeof report->no_advice,
                 "too few samples: no costly call path has the %d that advice needs (--bytes)",
                 CALLERS_ADVICE_SAMPLES);
    else
        snprintf(report->no_advice, sizeof report->no_advice,
                 "no costly call path shows what advice follows from");
}

void callers_advise(struct callers_report *report)
{
    /* At most one path in 1 / CALLERS_ADVICE_COST can be costly in each of three ways. */
    enum { JUDGED_MAX = 4 * 3 * 50 };
    static struct judged judged[JUDGED_MAX + 4];
    size_t count = 0;
    double most = 0;
    report->advice_count = 0;
    report->no_advice[0] = '\0';
    for (size_t i = 1; i < report->path_count && count < JUDGED_MAX; i++) {
        const struct callers_path *path = &report->paths[i];
        if (!path->samples || cost_of(path) < CALLERS_ADVICE_COST)
            continue;
        most = fmax(most, path->effective);
        if (path->effective >= CALLERS_ADVICE_SAMPLES)
            count += judge(path, i, &judged[count]);
    }
    qsort(judged, count, sizeof *judged, by_cost);
    for (size_t i = 0; i < count && i < CALLERS_ADVICE_MAX; i++)
        report->advice[report->advice_count++] = judged[i].advice;
    if (count == 0)
        explain_none(report, most);
}
