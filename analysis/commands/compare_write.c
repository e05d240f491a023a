/* SPDX-License-Identifier: MIT */
#include "compare_write.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "commands.h"

int compare_write_open(const struct compare_options *options, struct output *json)
{
    if (!options->json || output_open(json, options->json) == 0)
        return 0;
    complain("%s: %s", options->json, strerror(errno));
    return EXIT_TOOL_FAILED;
}

static int write_json(const struct compare_options *options, const struct compare_format *format,
                      const void *report, struct output *json)
{
    int error = format->print_json(report, json->stream) != 0 ? errno : 0;
    if (error)
        output_abandon(json);
    else if (output_commit(json) == 0)
        return 0;
    complain("%s: %s", options->json, strerror(error ? error : errno));
    return EXIT_TOOL_FAILED;
}

static int write_text(const struct compare_options *options, const struct compare_format *format,
                      const void *report, FILE *stream)
{
    format->print_text(report, options->details, stream);
    if (fflush(stream) == 0 && !ferror(stream))
        return 0;
    complain("%s: %s", stream == stderr ? "standard error" : "standard output", strerror(errno));
    return EXIT_TOOL_FAILED;
}

static int write_text_file(const struct compare_options *options,
                           const struct compare_format *format, const void *report,
                           struct output *text, const char *path)
{
    format->print_text(report, options->details, text->stream);
    if (output_commit(text) == 0)
        return 0;
    complain("%s: %s", path, strerror(errno));
    return EXIT_TOOL_FAILED;
}

int compare_write_to(const struct compare_options *options, const struct compare_format *format,
                     const void *report, struct output *text, const char *text_path,
                     struct output *json)
{
    bool is_json_shown = options->json && strcmp(options->json, "-") == 0;
    signal(SIGPIPE, SIG_IGN);
    int code = text->stream ? write_text_file(options, format, report, text, text_path)
                            : write_text(options, format, report, is_json_shown ? stderr : stdout);
    if (json->stream) {
        int error = write_json(options, format, report, json);
        code = error ? error : code;
    }
    return code;
}

int compare_write(const struct compare_options *options, const struct compare_format *format,
                  const void *report, struct output *json)
{
    struct output none = {0};
    return compare_write_to(options, format, report, &none, NULL, json);
}
