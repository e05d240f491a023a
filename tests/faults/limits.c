/* SPDX-License-Identifier: MIT */
/*
 * Programs under limits and in odd places, on glibc and on hakmem, side by side.
 *
 *     limits LIBHAKMEM              tries both, prints the table, fails where hakmem does
 *     limits --enter CASE [LIB]     enters the place and executes this program there, with LIB
 *     limits --live CASE            lives there; prints what was broken
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "limit_cases.h"
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"

enum { SECONDS = 60, NOT_HERE = 3 };

extern char **environ;
static char self[4096];

static int enter(const struct limit_case *limit, const char *number, const char *library)
{
    char *const arguments[] = {self, "--live", (char *)number, NULL};
    unsetenv("LD_PRELOAD");
    if (limit->enter && !limit->enter())
        return NOT_HERE;
    if (library) {
        /* By name and folder: LD_PRELOAD parts its list at spaces. */
        const char *slash = strrchr(library, '/');
        char folder[4096];
        snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - library) : 1,
                 slash ? library : ".");
        setenv("LD_LIBRARY_PATH", folder, 1);
        setenv("LD_PRELOAD", slash ? slash + 1 : library, 1);
        setenv("HAKMEM_TEST_EXPECT", "hakmem", 1);
    }
    execve(self, arguments, environ);
    return 127;
}

static int live(const struct limit_case *limit)
{
    under_hakmem();
    const char *wrong = limit->live();
    if (!wrong)
        return 0;
    ssize_t ignored = write(STDOUT_FILENO, wrong, strlen(wrong));
    (void)ignored;
    return 1;
}

/* "kept", "not here", what was broken, or how it died. */
static const char *outcome(unsigned number, const char *library, char *text, size_t bytes)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%u", number);
    char *const arguments[] = {self, "--enter", digits, (char *)library, NULL};
    struct child_end end = child_start(arguments, environ, SECONDS);
    if (end.exit_status == NOT_HERE)
        return "not here";
    if (end.exit_status == 0)
        return "kept";
    if (end.timed_out || !end.signal)
        snprintf(text, bytes, "%.60s", end.timed_out ? "hangs" : end.length ? end.text : "ended");
    else
        snprintf(text, bytes, "SIG%s", sigabbrev_np(end.signal));
    return text;
}

static void compare(unsigned number, const char *library)
{
    char texts[2][80];
    const struct limit_case *limit = &limit_cases[number];
    const char *glibc = outcome(number, NULL, texts[0], sizeof texts[0]);
    const char *ours = outcome(number, library, texts[1], sizeof texts[1]);
    if (strcmp(ours, "not here") == 0)
        note("%-36s %-20s %-20s", limit->name, glibc, ours);
    else
        promise(strcmp(ours, limit->promise) == 0, "%-36s %-20s %-20s", limit->name, glibc, ours);
}

int main(int argc, char **argv)
{
    char place[32];
    unsigned number = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0)
        snprintf(self, sizeof self, "%s", argv[0]);
    if (argc >= 3 && strcmp(argv[1], "--enter") == 0)
        return enter(&limit_cases[number], argv[2], argc > 3 ? argv[3] : NULL);
    if (argc == 3 && strcmp(argv[1], "--live") == 0)
        return live(&limit_cases[number]);
    if (argc != 2) {
        fprintf(stderr, "usage: limits LIBHAKMEM\n");
        return 2;
    }
    snprintf(place, sizeof place, "%d", getpid());
    setenv("HAKMEM_TEST_PLACE", place, 1);
    note("%-36s %-20s %-20s", "limit or place", "glibc", "hakmem");
    for (unsigned i = 0; limit_cases[i].name; i++) {
        compare(i, argv[1]);
        leave_places();
    }
    return promises_end();
}
