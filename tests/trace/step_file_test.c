/* SPDX-License-Identifier: MIT */
/* What becomes of a stepper's file: a known one, damaged ones, forged headers, and noise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/step_file.h"

static const char maps[] =
    "55d0c0001000-55d0c0002000 r-xp 00001000 08:01 1234    /usr/bin/a program\n"
    "7ffff0000000-7ffff0002000 r-xp 00000000 00:00 0       [vdso]\n"
    "7ffff0004000-7ffff0006000 r-xp 00000000 00:00 0 \n";

static struct step_header header_of(uint64_t words, uint64_t calls)
{
    struct step_header header = {.version = STEP_VERSION,
                                 .pid = 7,
                                 .stopped = STEP_DONE,
                                 .map_bytes = sizeof maps - 1,
                                 .words = words,
                                 .calls = calls,
                                 .program = "/usr/bin/a program"};
    memcpy(header.magic, STEP_MAGIC, sizeof header.magic);
    return header;
}

static int make_file(const struct step_header *header, const char *text, const uint64_t *words,
                     size_t count)
{
    int file = memfd_create("steps", 0);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, header, sizeof *header, 0), sizeof *header);
    assert_int_equal(pwrite(file, text, strlen(text), STEP_MAPS_AT), strlen(text));
    assert_int_equal(pwrite(file, words, count * sizeof *words, STEP_WORDS_AT),
                     count * sizeof *words);
    return file;
}

static const uint64_t known_words[] = {
    STEP_IS_CALL | 24,
    0x55d0c0001000,
    0x55d0c0001004, /* malloc(24) */
    STEP_IS_CALL | (uint64_t)STEP_FREE << 48,
    0x55d0c0001010, /* free */
    STEP_IS_CALL | (uint64_t)STEP_REALLOC << 48 | STEP_SIZE_MAX,
    0x1,
    0x1, /* of a lot */
};
enum { WORDS = sizeof known_words / sizeof *known_words, CALLS = 3 };

static void known_file(void **state)
{
    struct step_header header = header_of(WORDS, CALLS);
    struct step_file file;
    struct code_mapping mapping;
    struct step_call call;
    char why[256];
    size_t at = 0;
    int descriptor = make_file(&header, maps, known_words, WORDS);
    assert_true(step_file_open(&file, descriptor, why, sizeof why));
    assert_true(step_file_mapping(&file, &at, &mapping));
    assert_int_equal(mapping.start, 0x55d0c0001000);
    assert_int_equal(mapping.length, 0x1000);
    assert_int_equal(mapping.offset, 0x1000);
    assert_string_equal(mapping.path, "/usr/bin/a program");
    assert_true(step_file_mapping(&file, &at, &mapping));
    assert_string_equal(mapping.path, "[vdso]");
    assert_true(step_file_mapping(&file, &at, &mapping));
    assert_string_equal(mapping.path, "");
    assert_false(step_file_mapping(&file, &at, &mapping));

    static const struct {
        enum step_kind kind;
        uint64_t bytes, count;
    } expected[CALLS] = {{STEP_MALLOC, 24, 2}, {STEP_FREE, 0, 1}, {STEP_REALLOC, STEP_SIZE_MAX, 2}};
    at = 0;
    for (size_t i = 0; i < CALLS; i++) {
        assert_true(step_file_call(&file, &at, &call));
        assert_int_equal(call.kind, expected[i].kind);
        assert_int_equal(call.bytes, expected[i].bytes);
        assert_int_equal(call.count, expected[i].count);
    }
    assert_false(step_file_call(&file, &at, &call));
    step_file_close(&file);
    close(descriptor);
}

/* What is said must hold `text`. */
static void refuse(const struct step_header *header, const uint64_t *words, size_t count,
                   const char *text)
{
    struct step_file file;
    char why[256] = "";
    int descriptor = make_file(header, maps, words, count);
    assert_false(step_file_open(&file, descriptor, why, sizeof why));
    step_file_close(&file);
    close(descriptor);
    assert_null(strchr(why, '\n'));
    if (!strstr(why, text))
        fail_msg("said: %s; not: %s", why, text);
}

static void forged(void **state)
{
    const struct step_header good = header_of(WORDS, CALLS);
    struct step_header changed = good;
    changed.magic[0] = 'X';
    refuse(&changed, known_words, WORDS, "their header");
    changed = good;
    changed.version = 9;
    refuse(&changed, known_words, WORDS, "their header");
    changed = good;
    changed.map_bytes = UINT32_MAX;
    refuse(&changed, known_words, WORDS, "their header");
    changed = good;
    changed.words = UINT64_MAX;
    refuse(&changed, known_words, WORDS, "their header");
    changed = good;
    changed.words = STEP_BYTES_MAX / sizeof(uint64_t);
    refuse(&changed, known_words, WORDS, "too short");
    changed = good;
    changed.calls = WORDS + 1;
    refuse(&changed, known_words, WORDS, "their header");
    changed = good;
    changed.calls = CALLS - 1;
    refuse(&changed, known_words, WORDS, "no calls and addresses");

    static const struct {
        size_t at;
        uint64_t word;
    } bad[] = {
        {0, 0x1000},                                    /* an address without a call */
        {1, STEP_IS_CALL | 1},                          /* a call without an address */
        {WORDS - 1, STEP_IS_CALL | 1},                  /* the last one */
        {0, STEP_IS_CALL | (uint64_t)STEP_KINDS << 48}, /* of no known kind */
        {0, STEP_IS_CALL | (uint64_t)0x7fff << 48},     /* nor this */
        {4, (uint64_t)1 << 62},                         /* outside of any memory */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t words[WORDS];
        memcpy(words, known_words, sizeof words);
        words[bad[i].at] = bad[i].word;
        refuse(&good, words, WORDS, "no calls and addresses");
    }
}

static void cut(void **state)
{
    struct step_header header = header_of(WORDS, CALLS);
    off_t whole = STEP_WORDS_AT + sizeof known_words;
    for (off_t bytes = 0; bytes < whole; bytes += bytes < 2000 ? 97 : 9973) {
        struct step_file file;
        char why[256] = "";
        int descriptor = make_file(&header, maps, known_words, WORDS);
        assert_int_equal(ftruncate(descriptor, bytes), 0);
        assert_false(step_file_open(&file, descriptor, why, sizeof why));
        assert_non_null(strstr(why, "the steps"));
        step_file_close(&file);
        close(descriptor);
    }
}

/* Lines that are no mappings are left out, wherever they end. */
static void strange_maps(void **state)
{
    static const struct {
        const char *text;
        size_t mappings;
    } rows[] = {
        {"", 0},
        {"no line", 0},
        {"\n\n\n", 0},
        {"1000-2000 r-xp 0 0:0 0 /a\n1000-2000 r-xp 0 0:0 0 /cut", 1},
        {"2000-1000 r-xp 0 0:0 0 /reversed\n", 0},
        {"1000-ffffffffffffffff r-xp 0 0:0 0 /too long\n", 0},
        {"1000-2000\n1000-2000 r-xp\n1000-2000 r-xp 0\n1000-2000 r-xp 0 0:0\n", 0},
        {"zz-yy r-xp 0 0:0 0 /a\n%s%n-%n r-xp 0 0:0 0 /b\n1-2 r-xp 0 0:0 0 /%s%n\n", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct step_header header = header_of(WORDS, CALLS);
        struct step_file file;
        struct code_mapping mapping;
        char why[256];
        size_t at = 0, count = 0;
        header.map_bytes = (uint32_t)strlen(rows[i].text);
        int descriptor = make_file(&header, rows[i].text, known_words, WORDS);
        assert_true(step_file_open(&file, descriptor, why, sizeof why));
        while (step_file_mapping(&file, &at, &mapping))
            count++;
        assert_int_equal(count, rows[i].mappings);
        step_file_close(&file);
        close(descriptor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_file),
        cmocka_unit_test(forged),
        cmocka_unit_test(cut),
        cmocka_unit_test(strange_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
