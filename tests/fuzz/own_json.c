/* SPDX-License-Identifier: MIT */
/*
 * Reports that hakmem-trace reads back: commands/advise_read, and what is decided and printed from
 * them. Their names are those of the program that was watched. The input is the three reports, with
 * a zero between them.
 */
#include <locale.h>
#include <unistd.h>

#include "commands/advise_judge.h"
#include "commands/advise_read.h"
#include "printed.h"
#include "report/advise_json.h"
#include "report/advise_text.h"

static char *command[] = {(char[]){"a program"}, NULL};

static json_t *take_report(struct fuzz_input *input)
{
    json_error_t error;
    const char *text = (const char *)input->at;
    size_t bytes = input->left ? strnlen(text, input->left) : 0;
    json_t *root = json_loadb(text, bytes, 0, &error);
    size_t used = bytes + (bytes < input->left);
    input->at += used;
    input->left -= used;
    return root;
}

static void print(const struct advise_report *report)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *stream = open_memstream(&text, &bytes);
    fuzz_check(stream);
    advise_print_text(report, stream);
    fuzz_check(fflush(stream) == 0);
    printed_check(text, bytes);
    fuzz_check(advise_print_json(report, stream) == 0);
    fclose(stream);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    static struct advise_report report;
    setlocale(LC_CTYPE, "C.UTF-8");
    advise_report_start(&report, command);
    json_t *run = take_report(&input), *replaced = take_report(&input);
    json_t *callers = take_report(&input);
    advise_read_run(run, &report);
    advise_read_replaced(replaced, &report);
    advise_read_callers(callers, &report);
    fuzz_check(report.allocator_count <= ADVISE_ALLOCATORS_MAX);
    fuzz_check(report.site_count <= ADVISE_SITES_MAX);
    advise_judge(&report);
    print(&report);
    json_decref(callers);
    json_decref(replaced);
    json_decref(run);
    return 0;
}

void fuzz_seeds(fuzz_keep *keep)
{
    static const char whole[] =
        "{\"exit_code\":0,\"wall_s\":1.5,\"cpu_s\":1.4,\"system_s\":0.1,\"max_rss_kb\":9000,"
        "\"malloc\":{\"share\":0.4,\"ci_low\":0.3,\"ci_high\":0.5},\"sampling\":{\"samples\":900},"
        "\"sources\":[{\"group\":\"allocator\",\"other\":\"glibc\",\"share\":0.3},"
        "{\"group\":\"factor\",\"other\":\"jemalloc\",\"share\":0.1},{\"group\":\"kernel\"}]}\0"
        "{\"programs\":1,\"sampling\":{\"kernel_for_malloc\":true,\"samples\":9},"
        "\"malloc\":{\"share\":0.2,\"ci_low\":0.1,\"ci_high\":0.3},\"sources\":["
        "{\"group\":\"kernel for malloc\",\"share\":0.1},"
        "{\"group\":\"allocator\",\"other\":\"glibc\",\"share\":0.2}]}\0"
        "{\"paths\":[{\"frames\":[{\"function\":\"f\"},{\"function\":\"\\u001b[2J\"},"
        "{\"function\":\"h\"},{\"function\":\"i\"}],\"file\":\"a/b.c\",\"line\":3,"
        "\"time_share\":{\"value\":0.5},\"call_share\":{\"value\":0.1}},{\"frames\":[]},"
        "{\"frames\":[{\"function\":\"g\"}],\"line\":-1}],"
        "\"advice\":[{\"path\":0,\"kind\":\"reuse\"},{\"path\":1,\"kind\":\"padding\"},"
        "{\"path\":99999999999,\"kind\":\"x\"}],\"by_time\":[0,2,-1]}";
    static const char killed[] = "{\"signal\":11,\"exit_code\":139,\"sources\":[]}\0{}\0{}";
    static const char odd[] = "{\"wall_s\":-1e308,\"cpu_s\":1e308,\"malloc\":{\"share\":1e308},"
                              "\"sampling\":{\"samples\":1e308},\"exit_code\":99999999999}\0[]\0"
                              "{\"paths\":7,\"advice\":[0],\"by_time\":[\"a\"]}";
    keep("whole", whole, sizeof whole - 1);
    keep("killed", killed, sizeof killed - 1);
    keep("odd", odd, sizeof odd - 1);
    keep("no_json", "{", 1);
}
