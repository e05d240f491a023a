/* SPDX-License-Identifier: MIT */
#include "stepped_output.h"

#include <errno.h>
#include <string.h>

#include "commands.h"

static int fail(const struct stepped_output *output, const char *path, int error)
{
    complain("%s: %s: %s", output->verb, path, strerror(error));
    return EXIT_TOOL_FAILED;
}

static int open_one(const struct stepped_output *output, struct output *one, const char *path)
{
    return path && output_open(one, path) != 0 ? fail(output, path, errno) : 0;
}

int stepped_output_open(struct stepped_output *output, const char *verb,
                        const struct stepped_options *options)
{
    output->verb = verb;
    output->options = options;
    int code = open_one(output, &output->json, options->json);
    if (code == 0)
        code = open_one(output, &output->html, options->html);
    return code ? code : open_one(output, &output->text, options->output);
}

FILE *stepped_output_text(const struct stepped_output *output)
{
    return output->text.stream ? output->text.stream : stderr;
}

int stepped_output_end_text(struct stepped_output *output)
{
    if (output->text.stream && output_commit(&output->text) != 0)
        return fail(output, output->options->output, errno);
    return 0;
}

FILE *stepped_output_json(const struct stepped_output *output)
{
    return output->json.stream;
}

static int end_one(const struct stepped_output *output, struct output *one, const char *path,
                   int result)
{
    int error = result != 0 ? errno : 0;
    if (error)
        output_abandon(one);
    else if (output_commit(one) == 0)
        return 0;
    return fail(output, path, error ? error : errno);
}

int stepped_output_end_json(struct stepped_output *output, int result)
{
    return end_one(output, &output->json, output->options->json, result);
}

FILE *stepped_output_html(const struct stepped_output *output)
{
    return output->html.stream;
}

int stepped_output_end_html(struct stepped_output *output, int result)
{
    return end_one(output, &output->html, output->options->html, result);
}

void stepped_output_close(struct stepped_output *output)
{
    output_abandon(&output->json);
    output_abandon(&output->html);
    output_abandon(&output->text);
}
