/* SPDX-License-Identifier: MIT */
/* Debug information, looked for where attribution looks for it. */
#include <errno.h>
#include <string.h>

#include "attribute/attribute.h"
#include "checks.h"
#include "collect/allocator.h"

static const char group[] = "debug information";

static const struct subject {
    const char *name, *remedy, *package;
} subjects[] = {
    {"hakmem", "build it with -Dbuildtype=debugoptimized, and don't strip it",
     "meson compile, or name it in HAKMEM_LIBRARY"},
    {"glibc", "apt install libc6-dbg", "apt install libc6"},
    {"jemalloc", "apt install libjemalloc2-dbgsym (of debian-debug)", "apt install libjemalloc2"},
    {"mimalloc", "apt install libmimalloc2.0-dbgsym (of debian-debug)",
     "apt install libmimalloc2.0"},
    {"tcmalloc", "apt install libtcmalloc-minimal4-dbgsym (of debian-debug)",
     "apt install libtcmalloc-minimal4"},
};

static void check_allocator(struct doctor_report *report, const struct subject *subject)
{
    struct allocator allocator;
    char why[512];
    if (!allocator_find(subject->name, &allocator, why, sizeof why)) {
        doctor_remedy(
            doctor_add(report, group, subject->name, DOCTOR_MISSING, "no library: %s", why), "%s",
            subject->package);
        return;
    }
    struct attributor *attributor = attributor_create(allocator.library);
    int error = errno;
    bool has = attributor && attributor_has_debug_information(attributor);
    struct doctor_line *line =
        !attributor
            ? doctor_add(report, group, subject->name, DOCTOR_MISSING, "%s: %s", allocator.library,
                         strerror(error))
            : doctor_add(report, group, subject->name, has ? DOCTOR_OK : DOCTOR_LIMITED,
                         has ? "of %s" : "none of %s: functions by name only", allocator.library);
    doctor_remedy(line, "%s", subject->remedy);
    attributor_destroy(attributor);
}

void check_symbols(struct doctor_report *report)
{
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        check_allocator(report, &subjects[i]);
}
