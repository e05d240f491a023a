/* SPDX-License-Identifier: MIT */
/* Processes that run already are watched from now on, with the arena that they have. */
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "support/promise.h"
#include "watched_run.h"

enum { UNBOUNDED = 1000 };

struct process {
    pid_t pid;
    int go;
    uint64_t range[2];
};

static struct process start(char *fixture)
{
    struct process process = {.pid = -1};
    int in[2], out[2];
    if (pipe(in) != 0 || pipe(out) != 0)
        return process;
    process.pid = fork();
    if (process.pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        execl(fixture, fixture, "running", NULL);
        _exit(95);
    }
    close(in[0]);
    close(out[1]);
    process.go = in[1];
    if (read(out[0], process.range, sizeof process.range) != (ssize_t)sizeof process.range)
        process.pid = -1;
    close(out[0]);
    return process;
}

static bool end(struct process *process)
{
    int status = 1;
    return write(process->go, "", 1) == 1 && waitpid(process->pid, &status, 0) == process->pid &&
           status == 0;
}

int main(int argc, char **argv)
{
    char why[256] = "";
    if (argc < 2)
        return 2;
    struct process root = start(argv[1]), other = start(argv[1]), unwatched = start(argv[1]);
    if (!promise(root.pid > 0 && other.pid > 0 && unwatched.pid > 0, "three programs run"))
        return promises_end();
    struct slow_path *slow_path = slow_path_attach(argv[1], root.pid, UNBOUNDED, why);
    if (!slow_path) {
        end(&root), end(&other), end(&unwatched);
        note("%s", why);
        return is_not_permitted(why) ? TEST_SKIPPED : EXIT_FAILURE;
    }
    promise(slow_path_watch(slow_path, other.pid) == 0, "another is added");
    promise(slow_path_watch(slow_path, other.pid) == 0, "and added again without harm");
    promise(slow_path_arena(slow_path, root.pid, root.range[0], root.range[1]) == 0 &&
                slow_path_arena(slow_path, other.pid, other.range[0], other.range[1]) == 0,
            "their arenas are told");
    promise(slow_path_arena(slow_path, unwatched.pid, 1, 2) == ESRCH,
            "one that is not watched has none");
    promise(end(&root) && end(&other) && end(&unwatched), "they go on");
    slow_path_tick(slow_path);

    struct slow_path_report report;
    slow_path_finish(slow_path, &report);
    promise(report.kind[SLOW_PATH_REFILL].count == 2 * FIXTURE_REFILLS, "refills of both: %llu",
            (unsigned long long)report.kind[SLOW_PATH_REFILL].count);
    promise(report.kind[SLOW_PATH_PAGE_FAULT].count == 2 * FIXTURE_PAGES,
            "faults in both arenas: %llu",
            (unsigned long long)report.kind[SLOW_PATH_PAGE_FAULT].count);
    slow_path_forget(&report);
    return promises_end();
}
