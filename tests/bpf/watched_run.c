/* SPDX-License-Identifier: MIT */
#include "watched_run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t watched_run_start(const int go[2], const char *preload, char *const *arguments)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    char byte;
    close(go[1]);
    if (read(go[0], &byte, 1) != 1)
        _exit(94);
    if (preload)
        setenv("LD_PRELOAD", preload, 1);
    execv(arguments[0], arguments);
    _exit(95);
}

bool watched_run(const struct watched_program *program, struct slow_path_report *report,
                 int *exit_status, char why[256])
{
    int go[2], status = 0;
    if (pipe(go) != 0)
        return false;
    pid_t pid = watched_run_start(go, program->preload, program->arguments);
    struct slow_path *slow_path = slow_path_attach(program->library, pid, program->budget, why);
    if (slow_path && program->every_call && slow_path_every_call(slow_path, why) < 0) {
        slow_path_finish(slow_path, report);
        slow_path = NULL;
    }
    if (slow_path && write(go[1], "", 1) != 1)
        abort();
    close(go[0]);
    close(go[1]);
    while (slow_path && waitpid(pid, &status, WNOHANG) == 0) {
        usleep(20000);
        slow_path_tick(slow_path);
    }
    if (!slow_path) {
        waitpid(pid, &status, 0);
        return false;
    }
    slow_path_finish(slow_path, report);
    *exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return true;
}

bool is_not_permitted(const char *why)
{
    return strstr(why, "not permitted") || strstr(why, "not built in") ||
           strstr(why, "type information") || strstr(why, "process numbers") ||
           strstr(why, "page_fault_user");
}
