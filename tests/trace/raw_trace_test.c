/* SPDX-License-Identifier: MIT */
/* What becomes of a raw trace: known records, damaged ones, forged headers, and noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/line_sharing.h"
#include "collect/raw_trace.h"
#include "collect/trace_writer.h"

static struct raw_header header_of(uint64_t records, uint32_t threads)
{
    struct raw_header header = {.version = RAW_VERSION,
                                .record_bytes = sizeof(struct raw_record),
                                .limit = 1000000,
                                .next = records,
                                .threads = threads,
                                .program = "/usr/bin/known"};
    memcpy(header.magic, RAW_MAGIC, sizeof header.magic);
    return header;
}

static int make_file(const struct raw_header *header, const struct raw_record *records,
                     size_t count)
{
    int file = memfd_create("raw", 0);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, header, sizeof *header, 0), sizeof *header);
    size_t bytes = count * sizeof *records;
    assert_int_equal(ftruncate(file, (off_t)(RAW_HEADER_BYTES + bytes)), 0);
    assert_int_equal(pwrite(file, records, bytes, RAW_HEADER_BYTES), bytes);
    return file;
}

/* False with one line in `why`. The records written are at `*written_records`. */
static bool convert(int file, struct trace_written *written, struct trace_record **written_records,
                    char why[256])
{
    static struct raw_trace raw;
    FILE *stream = tmpfile();
    assert_non_null(stream);
    bool done = raw_trace_open(&raw, file, why, 256) &&
                trace_write(&raw, stream, written, NULL, NULL, why, 256);
    if (done && written_records) {
        size_t bytes = written->header.records * sizeof **written_records;
        *written_records = malloc(bytes);
        assert_int_equal(ftell(stream), sizeof(struct trace_header) + bytes);
        assert_int_equal(fseek(stream, sizeof(struct trace_header), SEEK_SET), 0);
        assert_int_equal(fread(*written_records, 1, bytes, stream), bytes);
    }
    fclose(stream);
    raw_trace_close(&raw);
    return done;
}

#define RECORD(a, b, t, k)                                                                         \
    {                                                                                              \
        .address = a, .bytes = b, .thread = t, .kind = k                                           \
    }

/* Each line: the raw record, and after it what it becomes. */
static void known_records(void **state)
{
    static const struct raw_record raw[] = {
        RECORD(0x1000, 10, 0, RAW_MALLOC), /* object 0 */
        RECORD(0x1000, 30, 0, RAW_REALLOC_START),
        RECORD(0x1000, 20, 1, RAW_MALLOC), /* object 1, where object 0 was */
        RECORD(0x2000, 30, 0, RAW_REALLOC_END),
        RECORD(0x2000, 99, 1, RAW_REALLOC_START),
        RECORD(0, 99, 1, RAW_REALLOC_END), /* failed: object 0 is what it was */
        RECORD(0x9000, 0, 1, RAW_FREE),    /* unknown */
        RECORD(0x9000, 5, 1, RAW_REALLOC_START),
        RECORD(0x9000, 5, 1, RAW_REALLOC_END), /* unknown: a new object 2 */
        RECORD(0x9000, 7, 1, RAW_CALLOC),      /* the free of object 2 was not seen; object 3 */
        RECORD(0x2000, 0, 0, RAW_REALLOC_START),
        RECORD(0, 0, 0, RAW_REALLOC_END), /* a free of object 0 */
        RECORD(0, 0, 1, RAW_THREAD_END),
        RECORD(0, 0, 0, RAW_THREAD_END), /* the first thread's: none */
        RECORD(0x1000, 0, 0, RAW_REALLOC_START),
        RECORD(0x1000, 0, 0, RAW_REALLOC_END), /* kept by a realloc to nothing: of one byte */
    };
    static const struct trace_operation expected[] = {
        {10, 0, 0, TRACE_MALLOC, 0},  {20, 1, 1, TRACE_MALLOC, 0},
        {30, 0, 0, TRACE_REALLOC, 0}, {5, 2, 1, TRACE_REALLOC_NULL, 0},
        {0, 2, 1, TRACE_FREE, 0},     {7, 3, 1, TRACE_CALLOC, 0},
        {0, 0, 0, TRACE_FREE, 0},     {0, 0, 1, TRACE_THREAD_END, 0},
        {1, 1, 0, TRACE_REALLOC, 0},
    };
    struct raw_header header = header_of(sizeof raw / sizeof *raw, 2);
    struct trace_written written;
    struct trace_record *records;
    char why[256] = "";
    assert_true(
        convert(make_file(&header, raw, sizeof raw / sizeof *raw), &written, &records, why));
    assert_int_equal(written.header.records, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        struct trace_operation got = trace_unpack(&records[i]);
        assert_int_equal(got.bytes, expected[i].bytes);
        assert_int_equal(got.object, expected[i].object);
        assert_int_equal(got.thread, expected[i].thread);
        assert_int_equal(got.kind, expected[i].kind);
    }
    free(records);
    assert_int_equal(written.header.objects, 4);
    assert_int_equal(written.header.threads, 2);
    assert_int_equal(written.header.peak_bytes, 30 + 20 + 7);
    assert_int_equal(written.live_at_end, 2);
    assert_int_equal(written.unknown, 2);
    assert_int_equal(written.unseen_ends, 1);
    assert_string_equal(written.header.program, "known");
}

/* One of many records is changed, or the header; what is said must hold `text`. */
static void refuse(const struct raw_header *header, const struct raw_record *raw, size_t count,
                   const char *text)
{
    struct trace_written written;
    char why[256] = "";
    assert_false(convert(make_file(header, raw, count), &written, NULL, why));
    assert_null(strchr(why, '\n'));
    if (!strstr(why, text))
        fail_msg("said: %s; not: %s", why, text);
}

static void forged(void **state)
{
    const struct raw_record good = RECORD(0x1000, 1, 0, RAW_MALLOC);
    struct raw_header header = header_of(1, 1);
    static const struct {
        struct raw_record record;
        const char *text;
    } bad[] = {
        {RECORD(0x1000, 1, 0, 99), "of no known kind"},
        {RECORD(0x1000, 1, 1, RAW_MALLOC), "of an unknown thread"},
        {RECORD(0x1000, 1ull << 60, 0, RAW_MALLOC), "of an impossible size"},
        {{.address = 0x1000, .bytes = 1, .alignment = 60, .kind = RAW_ALIGNED}, "impossible size"},
        {{.address = 0x1000, .bytes = 1, .alignment = 40, .kind = RAW_ALIGNED}, "above 1 GiB"},
        {RECORD(0, 1, 0, RAW_FREE), "without a block"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuse(&header, &bad[i].record, 1, bad[i].text);

    struct raw_header changed = header;
    changed.magic[0] = 'X';
    refuse(&changed, &good, 1, "no header");
    changed = header;
    changed.version = 9;
    refuse(&changed, &good, 1, "damaged: its header");
    changed = header;
    changed.next = 100; /* one thread leaves two records unwritten, not 99 */
    refuse(&changed, &good, 1, "damaged: its header or its length");
    changed = header;
    changed.limit = changed.next = UINT64_MAX;
    refuse(&changed, &good, 1, "damaged: its header");
    changed = header;
    changed.threads = UINT32_MAX;
    refuse(&changed, &good, 1, "damaged: its header");

    static const struct raw_record torn[3];
    changed = header_of(3, 1);
    refuse(&changed, torn, 3, "never written");
    struct trace_written written;
    char why[256] = "";
    changed.threads = 2; /* killed while each was writing */
    assert_true(convert(make_file(&changed, torn, 3), &written, NULL, why));
}

static void cut(void **state)
{
    enum { COUNT = 500 };
    static struct raw_record raw[COUNT];
    struct raw_header header = header_of(COUNT, 1);
    for (size_t i = 0; i < COUNT; i++)
        raw[i] = (struct raw_record)RECORD(0x1000 + 16 * i, 8, 0, RAW_MALLOC);
    for (off_t bytes = 0; bytes < RAW_HEADER_BYTES + COUNT * 24 - 72; bytes += 997) {
        struct trace_written written;
        char why[256] = "";
        int file = make_file(&header, raw, COUNT);
        assert_int_equal(ftruncate(file, bytes), 0);
        assert_false(convert(file, &written, NULL, why));
        assert_non_null(strstr(why, "raw trace"));
    }
}

static void noise(void **state)
{
    enum { COUNT = 300 };
    struct raw_record raw[COUNT];
    struct raw_header header = header_of(COUNT, 5);
    uint64_t random = 1;
    for (int turn = 0; turn < 2000; turn++) {
        for (size_t i = 0; i < COUNT; i++) {
            random = random * 6364136223846793005 + 1442695040888963407;
            uint64_t r = random >> 20;
            raw[i] = (struct raw_record)RECORD(16 + r % 7 * 16, r >> 8 & 0xff,
                                               (uint32_t)(r >> 16) % 5, 1 + (r >> 24) % 7);
        }
        struct trace_written written;
        char why[256] = "";
        assert_true(convert(make_file(&header, raw, COUNT), &written, NULL, why));
    }
}

static struct line_sharing sharing_of(const struct raw_record *records, size_t count)
{
    static struct raw_trace raw;
    struct raw_header header = header_of(count, 2);
    struct line_sharing sharing;
    char why[256];
    assert_true(raw_trace_open(&raw, make_file(&header, records, count), why, sizeof why));
    assert_true(line_sharing_count(&raw, &sharing, why, sizeof why));
    raw_trace_close(&raw);
    return sharing;
}

/* Lines are 0x1000, 0x1040, 0x1080. */
static void shared_lines(void **state)
{
    static const struct raw_record raw[] = {
        RECORD(0x1000, 16, 0, RAW_MALLOC),
        RECORD(0x1010, 16, 0, RAW_MALLOC), /* the same thread's */
        RECORD(0x1020, 16, 1, RAW_MALLOC), /* shared: 1 */
        RECORD(0x1030, 16, 1, RAW_CALLOC), /* shared, with 0's: 2 */
        RECORD(0x1000, 0, 1, RAW_FREE),    /* by whom does not matter */
        RECORD(0x1010, 0, 0, RAW_FREE),
        RECORD(0x1000, 16, 1, RAW_MALLOC),  /* nobody else's left */
        RECORD(0x1040, 64, 0, RAW_MALLOC),  /* a line of its own */
        RECORD(0x1080, 8, 1, RAW_ALIGNED),  /* the next line */
        RECORD(0x1088, 200, 0, RAW_MALLOC), /* its first line: 3 */
        RECORD(0x1150, 8, 1, RAW_MALLOC), /* its last one ends before: 0x1088 + 199 is 0x114f; 4 */
        RECORD(0x1180, 8, 1, RAW_MALLOC), /* beyond */
        RECORD(0x10c0, 8, 1, RAW_MALLOC), /* overlaps a line within, which nobody else's can */
        RECORD(0x1180, 4, 1, RAW_REALLOC_START),
        RECORD(0, 4, 1, RAW_REALLOC_END), /* refused: it stays */
        RECORD(0x1190, 4, 0, RAW_MALLOC), /* shared with it: 5 */
        RECORD(0x1180, 0, 1, RAW_REALLOC_START),
        RECORD(0, 0, 1, RAW_REALLOC_END), /* freed */
        RECORD(0x11a0, 4, 0, RAW_MALLOC), /* no more */
        RECORD(0x1190, 4, 0, RAW_MALLOC), /* its end was not seen */
        RECORD(0x1190, 0, 0, RAW_FREE),
        RECORD(0x11a0, 0, 0, RAW_FREE),
        RECORD(0x11b0, 4, 1, RAW_MALLOC), /* nothing lives there */
    };
    struct line_sharing found = sharing_of(raw, sizeof raw / sizeof raw[0]);
    assert_int_equal(found.blocks, 15);
    assert_int_equal(found.shared, 5);
}

/* Lines that come and go by the hundred thousand: the table neither fills nor forgets. */
static void many_lines(void **state)
{
    enum { BLOCKS = 100000, RECORDS = 3 * BLOCKS };
    struct raw_record *raw = calloc(RECORDS, sizeof *raw);
    assert_non_null(raw);
    for (size_t i = 0; i < BLOCKS; i++) {
        uint64_t address = 0x100000 + 64 * i;
        raw[3 * i] = (struct raw_record)RECORD(address, 8, 0, RAW_MALLOC);
        raw[3 * i + 1] = (struct raw_record)RECORD(address + 8, 8, i % 2, RAW_MALLOC);
        raw[3 * i + 2] = (struct raw_record)RECORD(address + 8 * (i % 3 == 0), 0, 0, RAW_FREE);
    }
    struct line_sharing found = sharing_of(raw, RECORDS);
    free(raw);
    assert_int_equal(found.blocks, 2 * BLOCKS);
    assert_int_equal(found.shared, BLOCKS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_lines),  cmocka_unit_test(many_lines),
        cmocka_unit_test(known_records), cmocka_unit_test(forged),
        cmocka_unit_test(cut),           cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
