/* SPDX-License-Identifier: MIT */
/* Counter pages, files, and the system calls beneath. */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters.h"
#include "export.h"
#include "heap.h"
#include "lock.h"
#include "os.h"
#include "support/child.h"
#include "support/counter_file.h"

static char folder[] = "/tmp/hakmem-counters-XXXXXX";

static int start(void **state)
{
    return hak_heap_attach() && mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void pages_are_shared_when_there_are_too_many(void *unused)
{
    struct hak_counter_page *first = hak_counters_page(1), *second = hak_counters_page(2);
    if ((char *)second - (char *)first != HAK_COUNTER_PAGE_BYTES || hak_counters->pages_shared)
        _exit(1);
    struct hak_counter_page *last = hak_counters_page(HAK_COUNTER_PAGES);
    if ((char *)last - (char *)first != (HAK_COUNTER_PAGES - 1) * HAK_COUNTER_PAGE_BYTES ||
        hak_counters->page_count != HAK_COUNTER_PAGES || hak_counters->pages_shared)
        _exit(2);
    if (hak_counters_page(HAK_COUNTER_PAGES + 1) != last || hak_counters_page(50000) != last ||
        !hak_counters->pages_shared || hak_counters->page_count != HAK_COUNTER_PAGES)
        _exit(3);
    last->mallocs[7] = 1000;
    struct hak_counter_page sum;
    hak_counters_sum(&sum);
    if (sum.mallocs[7] < 1000)
        _exit(4);
}

static void check_in_child(void (*body)(void *))
{
    struct child_end end = child_run(body, NULL, 20);
    if (end.exit_status != 0)
        fprintf(stderr, "%s\n", child_describe(&end));
    assert_int_equal(end.exit_status, 0);
}

static void shared_pages(void **state)
{
    check_in_child(pages_are_shared_when_there_are_too_many);
}

static unsigned files(void)
{
    unsigned count = 0;
    DIR *opened = opendir(folder);
    for (const struct dirent *entry; (entry = readdir(opened));)
        count += strstr(entry->d_name, ".counters") != NULL;
    closedir(opened);
    return count;
}

static void *count_one(void *unused)
{
    hakmem_free(hakmem_malloc(100));
    return unused;
}

/* The file has what was counted before it, and goes on; a forked child has its own, and starts
 * anew. */
static void publish(void *unused)
{
    hak_count_add(HAK_COUNT_suspicions, 1000);
    setenv("HAKMEM_COUNTERS_DIR", folder, 1);
    hak_counters_publish();
    hak_count_add(HAK_COUNT_suspicions, 23);
    if (!counter_file_open(folder, getpid()))
        _exit(1);
    struct counter_totals totals = counter_file_read();
    if (totals.page.count[HAK_COUNT_suspicions] < 1023 ||
        totals.header.page_capacity != HAK_COUNTER_PUBLISHED_PAGES)
        _exit(2);
    uint64_t before = totals.page.count[HAK_COUNT_suspicions];
    pthread_t thread;
    pthread_create(&thread, NULL, count_one, NULL);
    pthread_join(thread, NULL);
    for (int i = 0; i < 10; i++) /* what no page has yet */
        hakmem_free(hakmem_malloc(700));
    struct hak_counter_page at_fork;
    hak_heap_counters(&at_fork);
    for (int i = 0; i < 3; i++)
        hakmem_malloc(700);
    pid_t pid = fork();
    if (pid == 0) {
        struct hak_counter_page sum;
        hak_heap_counters(&sum);
        if (sum.mallocs[26] != at_fork.mallocs[26] + 3 || sum.frees[26] != at_fork.frees[26])
            _exit(9);
        hak_count_add(HAK_COUNT_suspicions, 5);
        hak_counters_sum(&sum); /* with what the parent had counted */
        if (!counter_file_open(folder, getpid()))
            _exit(3);
        struct counter_totals mine = counter_file_read();
        _exit(mine.page.count[HAK_COUNT_suspicions] != 5                          ? 4
              : sum.count[HAK_COUNT_suspicions] != before + 5                     ? 5
              : mine.header.pid != (uint64_t)getpid() || mine.page.mallocs[6] > 0 ? 6
                                                                                  : 0);
    }
    int status;
    waitpid(pid, &status, 0);
    if (status != 0)
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 7);
    totals = counter_file_read();
    if (totals.page.count[HAK_COUNT_suspicions] != before)
        _exit(8); /* the child counted into its parent's file */
}

static void a_file_of_counters(void **state)
{
    unsigned before = files();
    check_in_child(publish);
    assert_int_equal(files(), before + 2);
}

/* A child whose file can't be made counts for itself, and not into its parent's. */
static void folder_goes(void *unused)
{
    char gone[600], path[700];
    snprintf(gone, sizeof gone, "%s/gone", folder);
    mkdir(gone, 0700);
    setenv("HAKMEM_COUNTERS_DIR", gone, 1);
    hak_counters_publish();
    hak_count_add(HAK_COUNT_suspicions, 40);
    if (!counter_file_open(gone, getpid()))
        _exit(1);
    snprintf(path, sizeof path, "%s/%d.0.counters", gone, (int)getpid());
    unlink(path);
    rmdir(gone);
    pid_t pid = fork();
    if (pid == 0) {
        hak_count_add(HAK_COUNT_suspicions, 2);
        struct hak_counter_page sum;
        hak_counters_sum(&sum);
        _exit(sum.count[HAK_COUNT_suspicions] == 42 ? 0 : 2);
    }
    int status;
    waitpid(pid, &status, 0);
    if (status != 0 || counter_file_read().page.count[HAK_COUNT_suspicions] != 40)
        _exit(3);
}

/* Heaps beyond the file's pages are counted in memory; a child starts those from zero as well. */
static void more_heaps_than_the_file_has(void *unused)
{
    setenv("HAKMEM_COUNTERS_DIR", folder, 1);
    hak_counters_publish();
    if (hak_counters->page_capacity != HAK_COUNTER_PUBLISHED_PAGES)
        _exit(1);
    hak_counters_page(300)->mallocs[5] = 7;
    pid_t pid = fork();
    if (pid == 0) {
        struct hak_counter_page sum;
        hak_counters_sum(&sum);
        _exit(hak_counters_page(300)->mallocs[5] == 0 && sum.mallocs[5] == 7 ? 0 : 2);
    }
    int status;
    waitpid(pid, &status, 0);
    if (status != 0)
        _exit(3);
}

static void too_many_heaps_to_publish(void *unused)
{
    hak_counters_page(300);
    setenv("HAKMEM_COUNTERS_DIR", folder, 1);
    hak_counters_publish();
    if (hak_counters->page_capacity != HAK_COUNTER_PAGES)
        _exit(1);
}

static void files_that_do_not_do(void **state)
{
    check_in_child(folder_goes);
    check_in_child(more_heaps_than_the_file_has);
    check_in_child(too_many_heaps_to_publish);
}

static void publish_nowhere(void *unused)
{
    struct hak_counter_header *region = hak_counters;
    char long_name[600];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    const char *names[] = {"/nonexistent/folder", "", long_name, NULL};
    hak_count_add(HAK_COUNT_suspicions, 1000);
    for (int i = 0; i < 4; i++) {
        if (names[i])
            setenv("HAKMEM_COUNTERS_DIR", names[i], 1);
        else
            unsetenv("HAKMEM_COUNTERS_DIR");
        hak_counters_publish();
        if (hak_counters != region || hak_counters->page_capacity != HAK_COUNTER_PAGES)
            _exit(1);
    }
    struct hak_counter_page sum;
    hak_counters_sum(&sum);
    if (sum.count[HAK_COUNT_suspicions] < 1000)
        _exit(2);
}

static void no_file_of_counters(void **state)
{
    unsigned before = files();
    check_in_child(publish_nowhere);
    assert_int_equal(files(), before);
}

/* A process that execs has a file for each image, a hundred at the most, named by their numbers. */
static void files_are_numbered(void **state)
{
    char path[600];
    void *place = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(hak_os_map_counter_file(folder, place, 8192), HAK_OS_REPLACED);
        snprintf(path, sizeof path, "%s/%d.%d.counters", folder, (int)getpid(), i);
        assert_int_equal(access(path, R_OK | W_OK), 0);
        ((char *)place)[8191] = (char)i;
    }
    assert_int_equal(hak_os_map_counter_file(folder, place, 8192), HAK_OS_KEPT);
    assert_int_equal(hak_os_map_counter_file("/nonexistent", place, 8192), HAK_OS_KEPT);
    for (int i = 0; i < 100; i++) {
        snprintf(path, sizeof path, "%s/%d.%d.counters", folder, (int)getpid(), i);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        fseek(file, 8191, SEEK_SET);
        assert_int_equal(fgetc(file), (char)i);
        fclose(file);
        unlink(path);
    }
    /* What can't be mapped leaves no file behind. */
    assert_int_not_equal(hak_os_map_counter_file(folder, (void *)1, 8192), HAK_OS_REPLACED);
    snprintf(path, sizeof path, "%s/%d.0.counters", folder, (int)getpid());
    assert_int_equal(access(path, F_OK), -1);
    char long_name[520];
    memset(long_name, 'b', sizeof long_name);
    long_name[519] = 0;
    assert_int_equal(hak_os_map_counter_file(long_name, place, 8192), HAK_OS_KEPT);
}

static bool is_mapped(void *address)
{
    unsigned char there;
    return mincore(address, 4096, &there) == 0;
}

/* Aligned as asked, and nothing else stays mapped around. */
static void mappings_are_aligned(void **state)
{
    for (size_t alignment = 4096; alignment <= 64 << 20; alignment *= 4) {
        char *block = hak_os_map(5 * 4096, alignment);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % alignment, 0);
        for (int i = 0; i < 5 * 4096; i++)
            assert_int_equal(block[i], 0);
        memset(block, 1, 5 * 4096);
        if (alignment > 1 << 20)
            assert_false(is_mapped(block + 5 * 4096) && is_mapped(block + alignment - 4096));
        hak_os_unmap(block, 5 * 4096);
        assert_false(is_mapped(block));
    }
    assert_null(hak_os_map(SIZE_MAX - 8192, 1 << 20));
    assert_null(hak_os_map((size_t)1 << 60, 4096));
    assert_null(hak_os_reserve((size_t)1 << 60, 4096));
}

static void ranges_become_usable_and_go_back(void **state)
{
    char *range = hak_os_reserve(1 << 20, 65536);
    assert_non_null(range);
    assert_true(hak_os_make_readable(range, 65536));
    assert_int_equal(range[65535], 0);
    assert_true(hak_os_commit(range, 131072));
    memset(range, 7, 131072);
    assert_true(hak_os_purge(range, 65536));
    assert_int_equal(range[100], 0);
    assert_int_equal(range[65536], 7);
    assert_false(hak_os_commit((void *)(uintptr_t)4096, 4096));
    assert_false(hak_os_make_readable((void *)(uintptr_t)4096, 4096));
    assert_false(hak_os_purge((char *)range + 1, 4096));
    hak_os_unmap(range, 1 << 20);
}

static void pages_move(void **state)
{
    char *from = hak_os_map(65536, 4096), *to = hak_os_map(65536, 4096);
    memset(from, 'f', 65536);
    memset(to, 't', 65536);
    assert_int_equal(hak_os_move_pages(from, to, 65536), HAK_OS_REPLACED);
    for (int i = 0; i < 65536; i++) {
        assert_int_equal(to[i], 'f');
        assert_int_equal(from[i], 0);
    }
    /* What can't be moved: the destination is usable all the same. */
    assert_int_equal(hak_os_move_pages((void *)(uintptr_t)4096, to, 65536), HAK_OS_KEPT);
    to[65535] = 1;
    char *longer = hak_os_remap(to, 65536, 1 << 20);
    assert_non_null(longer);
    assert_int_equal(longer[65535], 1);
    longer[(1 << 20) - 1] = 1;
    assert_null(hak_os_remap(longer, 1 << 20, (size_t)1 << 60));
    assert_int_equal(longer[65535], 1);
    hak_os_unmap(longer, 1 << 20);
    hak_os_unmap(from, 65536);
}

static void the_clock_goes_on(void **state)
{
    uint32_t before = hak_os_milliseconds();
    usleep(60000);
    uint32_t passed = hak_os_milliseconds() - before;
    assert_in_range(passed, 50, 20000);
    hak_os_start_clock(NULL);
    assert_in_range(hak_os_milliseconds() - before, 50, 20000);
    hak_os_start_clock(environ);
    assert_in_range(hak_os_milliseconds() - before, 50, 20000);
    assert_int_equal(hak_os_thread_id(), getpid());
    assert_int_equal(hak_os_page_bytes(), sysconf(_SC_PAGESIZE));
}

static struct hak_lock lock;
static int inside, guarded;

static void *add_often(void *unused)
{
    for (int i = 0; i < 20000; i++) {
        hak_lock(&lock);
        if (__atomic_add_fetch(&inside, 1, __ATOMIC_RELAXED) != 1)
            abort();
        guarded++;
        if (i % 1000 == 0)
            usleep(100); /* beyond all spinning: others sleep */
        __atomic_sub_fetch(&inside, 1, __ATOMIC_RELAXED);
        hak_unlock(&lock);
    }
    return unused;
}

static void locks_exclude(void **state)
{
    pthread_t thread[4];
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    for (int i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, add_often, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    hak_counters_sum(&after);
    assert_int_equal(guarded, 80000);
    assert_int_equal(lock.state, 0);
    assert_true(after.count[HAK_COUNT_locks_contended] > before.count[HAK_COUNT_locks_contended]);
    assert_true(after.count[HAK_COUNT_futex] > before.count[HAK_COUNT_futex]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_pages),
        cmocka_unit_test(a_file_of_counters),
        cmocka_unit_test(no_file_of_counters),
        cmocka_unit_test(files_that_do_not_do),
        cmocka_unit_test(files_are_numbered),
        cmocka_unit_test(mappings_are_aligned),
        cmocka_unit_test(ranges_become_usable_and_go_back),
        cmocka_unit_test(pages_move),
        cmocka_unit_test(the_clock_goes_on),
        cmocka_unit_test(locks_exclude),
    };
    return cmocka_run_group_tests(tests, start, end);
}
