/* SPDX-License-Identifier: MIT */
#include "stepped.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/launch.h"
#include "commands.h"
#include "preloaded.h"

enum { TICK_MS = 1000 };

void stepped_start(struct stepped *stepped)
{
    *stepped = (struct stepped){.folder = {.descriptor = -1}, .steps = -1};
}

void stepped_finish(struct stepped *stepped)
{
    step_file_close(&stepped->file);
    if (stepped->steps >= 0)
        close(stepped->steps);
    trace_folder_remove(&stepped->folder);
}

static int fail(const char *verb, const char *what, const char *why)
{
    complain("%s: %s: %s", verb, what, why);
    return EXIT_TOOL_FAILED;
}

int stepped_prepare(struct stepped *stepped, const char *verb)
{
    const char *parent = getenv("TMPDIR");
    char why[512];
    if (!step_is_available)
        return fail(verb, "not available", "stepping needs an x86-64 processor");
    if (!allocator_find_stepper(&stepped->stepper, why, sizeof why)) {
        complain("%s: %s", verb, why);
        return EXIT_TOOL_FAILED;
    }
    parent = parent && *parent ? parent : "/tmp";
    return trace_folder_create(&stepped->folder, parent, NULL) == 0
               ? 0
               : fail(verb, parent, strerror(errno));
}

static int tick(void *context)
{
    return TICK_MS;
}

const char *stepped_why_stopped(const struct step_header *header)
{
    switch (header->stopped) {
    case STEP_DONE:
        return NULL;
    case 0:
        return "the program ended before";
    case STEP_FULL:
        return "the steps took 256 MiB, which is the most there may be";
    case STEP_SIGNAL_TAKEN:
        return "the program handles SIGTRAP itself";
    case STEP_SIGNAL_BLOCKED:
        return "the program blocks SIGTRAP";
    case STEP_SYSTEM_CALL:
        return "the allocator itself blocks signals or starts a process or a thread";
    default:
        return header->stopped > 0 ? strerror(header->stopped) : "for no known reason";
    }
}

/* Neither a link nor a pipe that some program put there may lead or hold us. */
static int open_steps(const struct stepped *stepped)
{
    return openat(stepped->folder.descriptor, STEP_FILE,
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

static int complain_of_none(const struct stepped *stepped, const struct stepped_wish *wish)
{
    const char *why = stepped->file.words ? stepped_why_stopped(&stepped->file.header) : NULL;
    if (why)
        return fail(wish->verb, "nothing was counted", why);
    complain("%s: nothing was counted: no thread%s%s made more than %ju calls (--skip), or the "
             "program is static or setuid",
             wish->verb, wish->options->process ? " of " : "",
             wish->options->process ? wish->options->process : "", (uintmax_t)wish->options->skip);
    return EXIT_TOOL_FAILED;
}

int stepped_run(struct stepped *stepped, const struct stepped_wish *wish)
{
    char *value = NULL;
    if (asprintf(&value, "%ju:%ju:%s%s", (uintmax_t)wish->options->skip,
                 (uintmax_t)wish->options->calls,
                 wish->options->process ? wish->options->process : "", stepped->folder.path) < 0)
        value = NULL;
    const struct preloaded preloaded = {
        .verb = wish->verb,
        .command = wish->options->command,
        .helper = &stepped->stepper,
        .allocator = wish->allocator,
        .folder = stepped->folder.path,
        .variable = STEP_VARIABLE,
        .value = value,
        .tick = wish->tick ? wish->tick : tick,
        .context = wish->context,
    };
    struct launch_end end = {0};
    int code = preloaded_run(&preloaded, &end);
    stepped->status = end.status;
    free(value);
    if (code)
        return code;
    stepped->steps = open_steps(stepped);
    return stepped->steps >= 0 ? 0 : complain_of_none(stepped, wish);
}

struct stepped_head stepped_head(const struct stepped_options *options,
                                 const struct allocator *allocator,
                                 const struct step_header *header, int status)
{
    return (struct stepped_head){
        .command = options->command,
        .exit_code = launch_exit_code(status),
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .allocator = allocator->name,
        .library = allocator->preload ? allocator->library : NULL,
        .program = header->program,
        .pid = header->pid,
        .skipped = options->skip,
        .wanted = options->calls,
        .calls = header->calls,
        .stopped = stepped_why_stopped(header),
    };
}

struct watcher_rights stepped_rights(const struct stepped *stepped,
                                     const struct stepped_output *output)
{
    return (struct watcher_rights){.folder = stepped->folder.descriptor,
                                   .folder_path = stepped->folder.path,
                                   .outputs = {&output->json, &output->text, &output->html}};
}

int stepped_open(struct stepped *stepped, const struct stepped_wish *wish)
{
    char why[512];
    const struct watcher_rights rights = stepped_rights(stepped, wish->output);
    if (!watcher_rights_drop_at_end(&rights, wish->verb))
        return EXIT_TOOL_FAILED;
    if (!step_file_open(&stepped->file, stepped->steps, why, sizeof why)) {
        complain("%s: %s", wish->verb, why);
        return EXIT_TOOL_FAILED;
    }
    return stepped->file.header.calls ? 0 : complain_of_none(stepped, wish);
}
