/* SPDX-License-Identifier: MIT */
/*
 * What `export` is asked, and what it answers of a process: commands/export_request over bytes by
 * whoever connects, src/metrics over counters and a name by the process.
 *
 *     length of the request (16 bits) | request | struct hak_counter_header | struct
 * hak_counter_page | name
 */
#include <stdbool.h>

#include "collect/counters.h"
#include "commands/export_request.h"
#include "fuzz.h"
#include "metrics.h"
#include "seed_counters.h"

static void check_request(const uint8_t *bytes, size_t count)
{
    struct export_request request = export_request_read((const char *)bytes, count);
    fuzz_check(request.status == 0 || request.status == 200 || request.status == 400 ||
               request.status == 404 || request.status == 405 || request.status == 431 ||
               request.status == 505);
    fuzz_check(request.status != 0 || count < EXPORT_REQUEST_BYTES);
    fuzz_check(request.status == 0 || export_request_status(request.status)[0] != '5' ||
               request.status == 505);
    /* More may have come by then, but no less. */
    for (size_t part = 0; part < count; part += 1 + count / 64) {
        struct export_request early = export_request_read((const char *)bytes, part);
        fuzz_check(early.status == 0 || early.status == request.status);
    }
}

static void put(void *context, const char *text, size_t bytes)
{
    fuzz_check(fwrite(text, 1, bytes, context) == bytes);
}

/* Every line is ours, whatever the process is called. */
static void check_text(const char *text, size_t bytes, enum hak_metrics_format format)
{
    const char *end = text + bytes;
    fuzz_check(bytes > 0 && end[-1] == '\n');
    for (const char *line = text; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        bool is_ours =
            strncmp(line, "# TYPE hakmem_", 14) == 0 || strncmp(line, "# HELP hakmem_", 14) == 0 ||
            strncmp(line, "# UNIT hakmem_", 14) == 0 || strncmp(line, "hakmem_", 7) == 0 ||
            (next == end - 1 && strcmp(line, "# EOF\n") == 0);
        fuzz_check(is_ours);
        for (; line < next; line++)
            fuzz_check((unsigned char)*line >= 0x20 && *line != 0x7f);
        line = next + 1;
    }
    fuzz_check(format == HAK_METRICS_PROMETHEUS || strcmp(end - 6, "# EOF\n") == 0);
}

static void check_metrics(struct fuzz_input *input)
{
    static struct hak_counter_header header;
    static struct hak_counter_page sum;
    fuzz_take(input, &header, sizeof header);
    fuzz_take(input, &sum, sizeof sum);
    char *name = fuzz_text(input), *text = NULL;
    size_t bytes;
    const struct hak_metrics_process process[] = {
        {&header, &sum, name, 42, 4096},
        {&header, &sum, "", UINT64_MAX, 0},
    };
    for (int format = 0; format < 2 && counters_check_header(&header); format++) {
        FILE *stream = open_memstream(&text, &bytes);
        fuzz_check(stream);
        const struct hak_metrics_sink sink = {put, stream};
        hak_metrics_write(process, 2, (enum hak_metrics_format)format, &sink);
        fuzz_check(fclose(stream) == 0);
        check_text(text, bytes, (enum hak_metrics_format)format);
        free(text);
    }
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    size_t length;
    const uint8_t *request = fuzz_take_part(&input, &length);
    check_request(request, length);
    check_metrics(&input);
    return 0;
}

static void keep_seed(fuzz_keep *keep, const char *name, const char *request, const char *program)
{
    static struct fuzz_output output;
    struct hak_counter_header header = seed_counter_header(1);
    struct hak_counter_page page = seed_counter_page();
    header.started_ns = 1700000000007000000;
    strcpy(header.release, "0.1.0");
    output.count = 0;
    fuzz_put_part(&output, request, strlen(request));
    fuzz_put(&output, &header, sizeof header);
    fuzz_put(&output, &page, sizeof page);
    fuzz_put(&output, program, strlen(program));
    keep(name, output.bytes, output.count);
}

void fuzz_seeds(fuzz_keep *keep)
{
    keep_seed(keep, "get", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "redis-server");
    keep_seed(keep, "head", "HEAD /?a HTTP/1.0\n\n", "a\"\\\n\033[2J\177");
    keep_seed(keep, "post", "POST /metrics HTTP/1.1\r\n\r\n",
              "\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\xa7");
    keep_seed(keep, "other", "GET /x HTTP/2.0\r\n\r\n", "\xc0\xaf\xed\xa0\x80\xf5\xc2\x85\xe2\x82");
    keep_seed(keep, "none", "\n\n", "");
    keep_seed(keep, "not_whole", "GET / HTTP/1.1\r\n", "\xff");
}
