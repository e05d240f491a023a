/* SPDX-License-Identifier: MIT */
#include "watch_output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report/html/run_html.h"
#include "report/json.h"
#include "report/text.h"

static int open_one(struct output *output, const char *path)
{
    if (!path || output_open(output, path) == 0)
        return 0;
    complain("%s: %s", path, strerror(errno));
    return EXIT_TOOL_FAILED;
}

int watch_output_open(struct watch_output *output, const struct watch_options *options)
{
    int code = open_one(&output->json, options->json);
    if (code == 0)
        code = open_one(&output->html, options->html);
    return code ? code : open_one(&output->text, options->output);
}

/* A report that can't be written is this program's failure; it hides no failure of the command. */
static int after_failed_write(const char *path, int code)
{
    complain("%s: %s", path, strerror(errno));
    return code ? code : EXIT_TOOL_FAILED;
}

static int write_one(struct output *output, const char *path,
                     int (*print)(const struct report *report, FILE *stream),
                     const struct report *report, int code)
{
    if (!output->stream)
        return code;
    int error = print(report, output->stream) != 0 ? errno : 0;
    if (error)
        output_abandon(output);
    errno = error;
    return error || output_commit(output) != 0 ? after_failed_write(path, code) : code;
}

int watch_output_write(struct watch_output *output, const struct watch_options *options,
                       const struct report *report, int code)
{
    FILE *stream = output->text.stream ? output->text.stream : stderr;
    setvbuf(stderr, NULL, _IOFBF, BUFSIZ);
    report_print_text(report, stream);
    bool is_shown = fflush(stderr) == 0;
    setvbuf(stderr, NULL, _IONBF, 0);
    if (!is_shown)
        code = after_failed_write("standard error", code);
    if (output->text.stream && output_commit(&output->text) != 0)
        code = after_failed_write(options->output, code);
    code = write_one(&output->json, options->json, report_print_json, report, code);
    return write_one(&output->html, options->html, report_print_html, report, code);
}

void watch_output_close(struct watch_output *output)
{
    output_abandon(&output->json);
    output_abandon(&output->html);
    output_abandon(&output->text);
}
