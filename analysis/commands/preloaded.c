/* SPDX-License-Identifier: MIT */
#include "preloaded.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/environment.h"
#include "commands.h"

static bool make_environment(const struct preloaded *preloaded, struct environment *environment)
{
    char *behind = NULL;
    const char *before = getenv("LD_PRELOAD");
    bool done = environment_copy(environment);
    if (done && preloaded->allocator->preload)
        done =
            (behind = allocator_preload(preloaded->allocator, preloaded->folder, before)) != NULL;
    if (preloaded->helper)
        done = done && environment_set(environment, preloaded->variable, preloaded->value) &&
               environment_preload(environment, preloaded->helper, preloaded->folder,
                                   behind ? behind : before);
    else if (behind)
        done = done && environment_set(environment, "LD_PRELOAD", behind);
    free(behind);
    return done;
}

int preloaded_run(const struct preloaded *preloaded, struct launch_end *end)
{
    struct environment environment = {0};
    struct launch launch;
    int error = 0;
    fflush(NULL);
    if (!make_environment(preloaded, &environment) ||
        launch_prepare(&launch, preloaded->command, environment.list) != 0)
        error = errno;
    environment_free(&environment); /* the child has its copy */
    if (error) {
        complain("%s: can't start a process: %s", preloaded->verb, strerror(error));
        return EXIT_TOOL_FAILED;
    }
    signal(SIGPIPE, SIG_IGN);
    if (preloaded->attach && !preloaded->attach(preloaded->context, launch.pid)) {
        launch_abandon(&launch);
        return EXIT_TOOL_FAILED;
    }
    error = launch_go(&launch);
    if (error) {
        complain("%s: %s: %s", preloaded->verb, preloaded->command[0], strerror(error));
        return error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
    }
    launch_wait(&launch, preloaded->tick, preloaded->context, end);
    return 0;
}
