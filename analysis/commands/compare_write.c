/* SPDX-License-Identifier: MIT */
#include "compare_write.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "commands.h"

static int open_one(struct output *output, const char *path)
{
    if (!path || output_open(output, path) == 0)
        return 0;
    complain("%s: %s", path, strerror(errno));
    return EXIT_TOOL_FAILED;
}

int compare_write_open(const struct compare_options *options, struct compare_files *files)
{
    int error = open_one(&files->text, options->output);
    if (!error)
        error = open_one(&files->json, options->json);
    if (!error)
        error = open_one(&files->html, options->html);
    return error;
}

/* `error`: the errno of what went wrong before, or 0. */
static int commit(struct output *output, const char *path, int error)
{
    if (error)
        output_abandon(output);
    else if (output_commit(output) == 0)
        return 0;
    complain("%s: %s", path, strerror(error ? error : errno));
    return EXIT_TOOL_FAILED;
}

static bool is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static int write_text(const struct compare_options *options, const struct compare_format *format,
                      const void *report, struct output *text)
{
    FILE *stream = is_stdout(options->json) || is_stdout(options->html) ? stderr : stdout;
    format->print_text(report, options->details, text->stream ? text->stream : stream);
    if (text->stream)
        return commit(text, options->output, 0);
    if (fflush(stream) == 0 && !ferror(stream))
        return 0;
    complain("%s: %s", stream == stderr ? "standard error" : "standard output", strerror(errno));
    return EXIT_TOOL_FAILED;
}

int compare_write(const struct compare_options *options, const struct compare_format *format,
                  const void *report, struct compare_files *files)
{
    signal(SIGPIPE, SIG_IGN);
    int code = write_text(options, format, report, &files->text);
    if (files->json.stream) {
        int error = format->print_json(report, files->json.stream) != 0 ? errno : 0;
        error = commit(&files->json, options->json, error);
        code = error ? error : code;
    }
    if (files->html.stream) {
        int error = format->print_html(report, files->html.stream) != 0 ? errno : 0;
        error = commit(&files->html, options->html, error);
        code = error ? error : code;
    }
    return code;
}

void compare_write_abandon(struct compare_files *files)
{
    output_abandon(&files->text);
    output_abandon(&files->json);
    output_abandon(&files->html);
}
