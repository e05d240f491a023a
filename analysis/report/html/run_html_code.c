/* SPDX-License-Identifier: MIT */
/* The instructions of malloc and free with the samples of the run. */
#include "run_html_parts.h"

#include <inttypes.h>
#include <string.h>

#include "annotate_html_code.h"

void run_html_code(struct html_page *page, const struct report *report)
{
    const struct annotate_report *code = report->code;
    if (!code)
        return;
    html_section(page, "code", "The fast path, by instruction");
    if (!strchr(code->event, ':'))
        html_paragraph(
            page, "A sample often lands behind the instruction that cost the time (skid): read "
                  "shares by source and by neighbourhood.");
    for (size_t i = 0; i < code->function_count; i++) {
        const struct annotate_function *function = &code->functions[i];
        if (!function->samples.count)
            continue;
        html_heading(page, function->name);
        html_paragraph(page, "%.1f %% of the program’s time, %" PRIu64 " samples.",
                       100 * annotate_share(&function->samples, &code->samples),
                       function->samples.count);
        annotate_html_sources(page, code, function);
        annotate_html_code(page, code, function);
    }
}
