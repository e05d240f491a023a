/* SPDX-License-Identifier: MIT */
/* Counter files that are cut short, forged or not files at all are refused; sound ones add up. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/counter_folder.h"
#include "collect/counters.h"

enum { PAGES = 3, BYTES = HAK_COUNTER_HEADER_BYTES + PAGES * HAK_COUNTER_PAGE_BYTES };

static union image {
    struct hak_counter_header header;
    unsigned char bytes[BYTES];
} image;

static struct hak_counter_page *page(int index)
{
    return (void *)(image.bytes + HAK_COUNTER_HEADER_BYTES + index * HAK_COUNTER_PAGE_BYTES);
}

static int set_up(void **state)
{
    memset(&image, 0, sizeof image);
    image.header = (struct hak_counter_header){
        .magic = HAK_COUNTER_MAGIC,
        .version = HAK_COUNTER_VERSION,
        .header_bytes = HAK_COUNTER_HEADER_BYTES,
        .page_bytes = HAK_COUNTER_PAGE_BYTES,
        .page_capacity = 256,
        .page_count = PAGES,
        .counters = HAK_COUNT_END,
        .slab_classes = 2,
        .levels = {"inline", "unified", "flat", "direct", "bitmap", "key"},
        .class_bytes = {16, 32},
        .header_writes_per_malloc = 1,
        .lut_hits_per_malloc = 2,
        .metadata_lookups_per_free = 3,
        .arena_base = 0x100000,
        .arena_bytes = 0x10000,
    };
    for (int i = 0; i < PAGES; i++) {
        page(i)->mallocs[0] = 100;
        page(i)->mallocs[1] = 10;
        page(i)->mallocs[HAK_CLASS_LARGE] = 1;
        page(i)->frees[1] = 7;
        page(i)->frees[HAK_CLASS_HUGE] = 1;
        page(i)->count[HAK_COUNT_realloc] = 5;
        page(i)->count[HAK_COUNT_realloc_moved] = 2;
        page(i)->count[HAK_COUNT_usable_size] = 4;
        page(i)->count[HAK_COUNT_lookups] = 6;
    }
    return 0;
}

static int file_of(size_t bytes)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(&image, 1, bytes, file), bytes);
    int copy = dup(fileno(file));
    fflush(file);
    fclose(file);
    return copy;
}

static bool is_believed(size_t bytes)
{
    struct counters counters = {0};
    int file = file_of(bytes);
    bool believed = counters_add(&counters, file);
    close(file);
    assert_int_equal(counters.files + counters.rejected, 1);
    return believed;
}

static void sums(void **state)
{
    struct counters counters = {0};
    int file = file_of(BYTES);
    assert_true(counters_add(&counters, file));
    assert_true(counters_add(&counters, file));
    close(file);
    assert_int_equal(counters.files, 2);
    assert_int_equal(counters_slab_mallocs(&counters), 660);
    assert_int_equal(counters_mallocs(&counters), 666);
    assert_int_equal(counters_frees(&counters), 48);
    assert_int_equal(counters_operations(&counters), 666 + 48 - 2 * 12 + 30 + 24);
    assert_int_equal(counters.header_writes, 660);
    assert_int_equal(counters.lut_hits, 1320);
    assert_int_equal(counters.metadata_lookups, 3 * 48 + 36);
    assert_int_equal(counters_bytes(&counters), 600 * 16 + 60 * 32);
}

static void cut_short(void **state)
{
    for (size_t bytes = 0; bytes < BYTES; bytes += 61)
        assert_false(is_believed(bytes));
    assert_true(is_believed(BYTES));
}

static void forged(void **state)
{
#define FORGED(field, value)                                                                       \
    do {                                                                                           \
        set_up(NULL);                                                                              \
        image.header.field = (value);                                                              \
        assert_false(is_believed(BYTES));                                                          \
    } while (0)
    FORGED(magic, HAK_COUNTER_MAGIC + 1);
    FORGED(version, HAK_COUNTER_VERSION + 1);
    FORGED(header_bytes, 0);
    FORGED(page_bytes, 1);
    FORGED(counters, HAK_COUNT_END + 1);
    FORGED(slab_classes, HAK_COUNTER_CLASSES + 1);
    FORGED(page_count, PAGES + 1);
    FORGED(page_count, UINT32_MAX);
    FORGED(page_capacity, PAGES - 1);
#undef FORGED
    set_up(NULL);
    image.header.page_count = image.header.page_capacity = UINT32_MAX;
    assert_false(is_believed(BYTES));
    set_up(NULL);
    memset(image.header.levels[0], 'x', sizeof image.header.levels[0]);
    assert_false(is_believed(BYTES));
}

/* Whatever the bytes are, reading them ends, and nothing but the sums is written. */
static void random_bytes(void **state)
{
    srandom(1);
    for (int round = 0; round < 2000; round++) {
        set_up(NULL);
        for (int i = 0; i < 40; i++) {
            size_t place = (size_t)random() % (round % 2 ? sizeof image.header : BYTES);
            image.bytes[place] = (unsigned char)random();
        }
        is_believed(BYTES);
    }
}

static void of_another_library(void **state)
{
    struct counters counters = {0};
    int file = file_of(BYTES);
    assert_true(counters_add(&counters, file));
    close(file);
    image.header.class_bytes[1] = 48;
    file = file_of(BYTES);
    assert_false(counters_add(&counters, file));
    close(file);
    assert_int_equal(counters.rejected, 1);
    assert_int_equal(counters_mallocs(&counters), 333);
}

static void put(const struct counter_folder *folder, const char *name)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fwrite(&image, 1, BYTES, file);
    fclose(file);
}

/* Links, pipes and folders that a program leaves there neither lead nor hold nor stay. */
static void a_hostile_folder(void **state)
{
    struct counter_folder folder;
    char path[PATH_MAX + 64], target[] = "/tmp/counter-target-XXXXXX";
    assert_int_equal(counter_folder_create(&folder), 0);
    char kept[PATH_MAX];
    strcpy(kept, folder.path);
    int outside = mkstemp(target);
    assert_int_equal(write(outside, &image, BYTES), BYTES);

    put(&folder, "11.0.counters");
    put(&folder, "11.1.counters.more");
    put(&folder, "-1.0.counters");
    snprintf(path, sizeof path, "%s/12.0.counters", folder.path);
    assert_int_equal(symlink(target, path), 0);
    snprintf(path, sizeof path, "%s/13.0.counters", folder.path);
    assert_int_equal(mkfifo(path, 0600), 0);
    snprintf(path, sizeof path, "%s/14.0.counters", folder.path);
    assert_int_equal(mkdir(path, 0700), 0);

    assert_true(counter_folder_in_arena(&folder, 11, 0x100000));
    assert_true(counter_folder_in_arena(&folder, 11, 0x10ffff));
    assert_false(counter_folder_in_arena(&folder, 11, 0x110000));
    assert_false(counter_folder_in_arena(&folder, 12, 0x100000));
    counter_folder_remove(&folder);
    assert_int_equal(folder.counters.files, 1);
    assert_int_equal(folder.counters.rejected, 3);
    assert_int_equal(access(kept, F_OK), -1);
    assert_int_equal(access(target, F_OK), 0);
    counter_folder_finish(&folder);
    close(outside);
    unlink(target);
}

/* With many files, those of processes that ended are added up at once; those of others stay. */
static void tidied(void **state)
{
    struct counter_folder folder;
    char name[64];
    pid_t ended = fork();
    if (ended == 0)
        _exit(0);
    assert_int_equal(counter_folder_create(&folder), 0);
    while (kill(ended, 0) == 0 && waitpid(ended, NULL, 0) != ended)
        continue;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "%d.%d.counters", i < 30 ? ended : getpid(), i);
        put(&folder, name);
    }
    counter_folder_tidy(&folder);
    assert_true(folder.counters.files > 20 && folder.counters.files <= 30);
    counter_folder_remove(&folder);
    assert_int_equal(folder.counters.files, 40);
    counter_folder_finish(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sums, set_up),
        cmocka_unit_test_setup(cut_short, set_up),
        cmocka_unit_test_setup(forged, set_up),
        cmocka_unit_test_setup(random_bytes, set_up),
        cmocka_unit_test_setup(of_another_library, set_up),
        cmocka_unit_test_setup(a_hostile_folder, set_up),
        cmocka_unit_test_setup(tidied, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
