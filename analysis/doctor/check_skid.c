/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "checks.h"
#include "collect/skid.h"

static const char group[] = "timing", name[] = "skid";

/* A share of samples on the slow instruction from which on lines of a profile can be believed. */
#define PRECISE_SHARE 0.9

static void add_refused(struct doctor_report *report, int error, const char *why)
{
    doctor_remedy(doctor_add(report, group, name, DOCTOR_MISSING, "%s",
                             error == ENOSYS ? "not known for this processor" : why),
                  error == ENOSYS ? "an x86-64 processor"
                                  : "what makes perf_event_paranoid ok above");
}

void check_skid(struct doctor_report *report)
{
    struct perf_choice choice;
    struct skid skid;
    char why[256];
    if (!perf_event_choose(0, 1, &choice, why, sizeof why)) {
        add_refused(report, EACCES, "no samples");
        return;
    }
    if (skid_measure(&choice, &processor_loop, &skid) != 0) {
        int error = errno;
        add_refused(report, error, strerror(error));
        return;
    }
    double all = skid.samples ? (double)skid.samples : 1, slow = (double)skid.slow / all,
           next = (double)skid.next / all, elsewhere = (double)skid.elsewhere / all;
    struct doctor_line *line = doctor_add(
        report, group, name, slow >= PRECISE_SHARE ? DOCTOR_OK : DOCTOR_LIMITED,
        "of %llu samples (%s) of a loop that is one division's: %.0f %% on it, %.0f %% on the "
        "instruction after, %.0f %% elsewhere",
        (unsigned long long)skid.samples, choice.name, 100 * slow, 100 * next, 100 * elsewhere);
    doctor_remedy(line, "precise events, which need hardware counters (above); till then read a "
                        "profile's instructions as one too late");
    doctor_figure(line, "samples", (double)skid.samples);
    doctor_figure(line, "share_slow", slow);
    doctor_figure(line, "share_next", next);
    doctor_figure(line, "share_elsewhere", elsewhere);
}
