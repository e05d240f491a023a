/* SPDX-License-Identifier: MIT */
/*
 * Counters that go back, overflow or make no sense, as top shows them: commands/top_counted,
 * report/top_model, top_page, top_sections, top_grid, top_value, top_json.
 *
 *     view | name of the program | (header, page) ...
 */
#include <math.h>

#include "commands/top_counted.h"
#include "printed.h"
#include "report/top_json.h"
#include "report/top_page.h"
#include "seed_counters.h"

enum { READINGS_MOST = 8 };

static struct top_grid grid;
static struct top_history history;
static struct top_target target;
static struct top_moment moment;

static void fill(struct fuzz_input *input, struct top_reading *reading, unsigned number)
{
    static struct counters_image image;
    fuzz_take(input, &image.header, sizeof image.header);
    fuzz_take(input, &image.sum, sizeof image.sum);
    *reading = (struct top_reading){.at_s = number, .cpu_s = number * 0.5, .threads = 1};
    reading->resident = image.header.spans_bytes;
    reading->thread[0] = (struct top_thread_reading){.tid = 1, .cpu_ns = image.sum.count[0]};
    memcpy(reading->thread[0].name, image.header.levels[0], 15);
    reading->thread_count = 1;
    snprintf(reading->sources[0].name, TOP_NAME, "%.15s", image.header.levels[1]);
    reading->sources[0].weight = (double)image.sum.count[1];
    reading->source_count = 1;
    reading->samples = image.sum.count[2];
    if (!counters_check_header(&image.header))
        return;
    top_counted_fill(&image, reading);
    top_counted_events(&image, NULL, reading);
}

static void show(unsigned view_byte)
{
    const struct top_view view = {.order = view_byte % TOP_ORDERS,
                                  .section = (view_byte >> 2) % TOP_SECTIONS,
                                  .paused = view_byte & 64,
                                  .keys = view_byte & 128};
    char *text = NULL;
    size_t bytes = 0;
    FILE *stream = open_memstream(&text, &bytes);
    fuzz_check(stream);
    top_sort_classes(&moment, view.order);
    top_grid_clear(&grid, view_byte & 32 ? 132 : 80, 40, true);
    top_page(&grid, &target, &moment, &history, &view);
    top_grid_print(&grid, stream);
    fuzz_check(fflush(stream) == 0);
    printed_check(text, bytes);
    fuzz_check(top_print_json(&target, &moment, stream) == 0);
    fclose(stream);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    static struct top_reading reading;
    struct top_window window = {.count = 0};
    size_t name_bytes;
    unsigned view = fuzz_take_byte(&input);
    const uint8_t *name = fuzz_take_part(&input, &name_bytes);
    target =
        (struct top_target){.pid = 1, .allocator = "hakmem", .is_hakmem = true, .interval_s = 1};
    if (name_bytes)
        snprintf(target.program, sizeof target.program, "%.*s", (int)name_bytes,
                 (const char *)name);
    history.count = 0;
    moment = (struct top_moment){.number = 0};
    for (unsigned i = 1; i <= READINGS_MOST && input.left; i++) {
        fill(&input, &reading, i);
        fuzz_check(top_window_add(&window, &reading));
        if (!top_moment(&window, 0, &moment))
            continue;
        fuzz_check(moment.class_count <= TOP_CLASSES && moment.source_count <= TOP_SOURCES);
        top_history_add(&history, &moment);
        show(view);
    }
    top_window_finish(&window);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    static struct fuzz_output output;
    struct hak_counter_header header = seed_counter_header(1);
    struct hak_counter_page page = seed_counter_page(), most;
    for (unsigned view = 0; view < 256; view += 41) {
        char name[32];
        uint8_t byte = (uint8_t)view;
        output.count = 0;
        fuzz_put(&output, &byte, sizeof byte);
        fuzz_put_part(&output, "/bin/\033[2Jevil\302\233", 14);
        for (int i = 1; i < 4; i++) {
            fuzz_put(&output, &header, sizeof header);
            fuzz_put(&output, &page, sizeof page);
            page.mallocs[0] += 1000;
            page.count[HAK_COUNT_refills] += 10;
        }
        snprintf(name, sizeof name, "growing_%u", view);
        keep(name, output.bytes, output.count);
    }
    memset(&most, 0xff, sizeof most);
    fuzz_put(&output, &header, sizeof header);
    fuzz_put(&output, &most, sizeof most);
    fuzz_put(&output, &header, sizeof header);
    fuzz_put(&output, &page, sizeof page);
    keep("backwards", output.bytes, output.count);
}
