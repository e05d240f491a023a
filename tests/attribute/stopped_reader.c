/* SPDX-License-Identifier: MIT */
/*
 * A file that takes over the process that reads it gets nowhere: it may not write, connect,
 * execute, fork or signal, it has no capability and no descriptor, and whatever it does, the asker
 * says so and goes on. This program is the attributor with a module.c of its own, which stands for
 * such a file: the name it is read by says what it tries.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attribute/attribute.h"
#include "attribute/module.h"
#include "attribute/reader_process.h"
#include "support/promise.h"

#define AT 0x550000000000u

static void write_a_file(void)
{
    open("/tmp/hakmem-stopped-reader", O_WRONLY | O_CREAT, 0600);
}

static void write_a_file_there(void)
{
    open("/dev/null", O_RDWR);
}

static void connect_somewhere(void)
{
    socket(AF_UNIX, SOCK_STREAM, 0);
}

static void execute(void)
{
    char *const arguments[] = {"/bin/true", NULL};
    execv(arguments[0], arguments);
}

static void make_a_process(void)
{
    syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void end_its_parent(void)
{
    kill(getppid(), SIGTERM);
}

static void look_into_its_parent(void)
{
    char byte;
    syscall(SYS_process_vm_readv, getpid(), &byte, 1, &byte, 1, 0);
}

static void make_code(void)
{
    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make_stack_code(void)
{
    long page = sysconf(_SC_PAGESIZE);
    mprotect((void *)((uintptr_t)&page & -(uintptr_t)page), (size_t)page, PROT_READ | PROT_EXEC);
}

#ifdef __x86_64__
static void use_other_numbers(void)
{
    syscall(0x40000000 | SYS_read, 0, NULL, 0);
}
#endif

static void crash(void)
{
    volatile int *volatile nowhere = NULL;
    *nowhere = 0;
}

static void loop(void)
{
    for (volatile int i = 0;; i++)
        continue;
}

static void end_quietly(void)
{
    _exit(3);
}

static void close_and_wait(void)
{
    close(0);
    loop();
}

static void send_nonsense(void)
{
    static char much[100];
    send(0, much, sizeof much, 0);
}

static void send_a_long_name(void)
{
    static struct reader_answer answer = {.bytes = {60000}, .high = UINT64_MAX};
    send(0, &answer, sizeof answer, 0);
}

/* With signal 31 where a system call is not on the list. */
static const struct attempt {
    const char *name;
    void (*make)(void);
    const char *becomes;
} attempts[] = {
    {"/write", write_a_file, "signal 31"},
    {"/write-there", write_a_file_there, "signal 31"},
    {"/connect", connect_somewhere, "signal 31"},
    {"/execute", execute, "signal 31"},
    {"/fork", make_a_process, "signal 31"},
    {"/kill", end_its_parent, "signal 31"},
    {"/peek", look_into_its_parent, "signal 31"},
    {"/code", make_code, "signal 31"},
    {"/stack", make_stack_code, "signal 31"},
#ifdef __x86_64__
    {"/x32", use_other_numbers, "signal 31"},
#endif
    {"/crash", crash, "signal 11"},
    {"/end", end_quietly, "code 3"},
    {"/loop", loop, "took too long"},
    {"/close", close_and_wait, "stopped by signal 9"},
    {"/nonsense", send_nonsense, "made no sense"},
    {"/long-name", send_a_long_name, "made no sense"},
};
enum { ATTEMPTS = sizeof attempts / sizeof attempts[0] };

/* Functions that a list may hold, and what a reader that was taken over may make up. */
static const struct attributed_function functions[] = {
    {"first", 0x100, 0x100, 0x10},
    {"beyond the file", 0x200, (uint64_t)1 << 50, 0x10},
    {"nearly everywhere", 0x200, 0x200, UINT64_MAX - 0x300},
    {"wrapping around", 0x200, UINT64_MAX - 4, 0x10},
    {"before the first", 0x80, 0x80, 0x10},
    {"empty", 0x280, 0x280, 0},
    {"last", 0x300, 0x300, 0x10},
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

struct module *module_create(const char *path, bool is_allocator, int descriptor)
{
    struct module *module = calloc(1, sizeof *module);
    if (module) {
        module->path = path;
        module->symbols.count = is_allocator ? FUNCTIONS : 0;
    }
    return module;
}

void module_function(const struct module *module, size_t at, struct attributed_function *function)
{
    *function = functions[at];
}

/* What a well-behaved file may find out about its reader. */
static int what_is_left(void)
{
    void *much = mmap(NULL, (size_t)64 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int descriptor = open("/", O_RDONLY | O_CLOEXEC);
    return much == MAP_FAILED && descriptor == 1 ? 0 : ENOTSUP;
}

int module_read(struct module *module, struct name_pool *names)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        if (strcmp(attempts[i].name, module->path) == 0)
            attempts[i].make();
    }
    errno = strcmp(module->path, "/left") == 0 ? what_is_left() : 0;
    return errno ? -1 : 0;
}

void module_find(struct module *module, uint64_t offset, struct module_place *place,
                 struct name_pool *names)
{
    bool is_odd = strcmp(module->path, "/odd-range") == 0;
    *place = (struct module_place){is_odd ? 5 : 0, is_odd ? 2 : 100, .symbol = module->path};
    place->attribution = (struct attribution){
        .domain = ATTRIBUTED_ALLOCATOR, .source = "forged", .function = module->path};
}

static bool is_known(struct attributor *attributor, const char *path)
{
    attributor_map(attributor, 1, AT, 0x1000, 0, path);
    const char *symbol = attributor_symbol(attributor, 1, AT + 4);
    return symbol && strcmp(symbol, path) == 0;
}

static const char *last_note(const struct attributor *attributor)
{
    const char *last = "";
    for (size_t i = 0; attributor_note(attributor, i); i++)
        last = attributor_note(attributor, i);
    return last;
}

static void expect_refusal(const struct attempt *attempt)
{
    struct attributor *attributor = attributor_create(NULL);
    if (!promise(attributor != NULL, "a reader for %s", attempt->name))
        return;
    promise(is_known(attributor, "/good"), "%s: another file is read before", attempt->name);
    promise(!is_known(attributor, attempt->name), "%s: no names", attempt->name);
    const char *text = last_note(attributor);
    promise(strstr(text, attempt->name) && strstr(text, attempt->becomes), "%s: said: %s",
            attempt->name, text);
    promise(is_known(attributor, "/better"), "%s: another file is read after", attempt->name);
    attributor_map(attributor, 1, AT, 0x1000, 0, attempt->name);
    attributor_resolve(attributor, 1, AT + 8);
    promise(!attributor_note(attributor, 1), "%s: it is not asked again", attempt->name);
    attributor_destroy(attributor);
}

static void expect_sound_answers(void)
{
    struct attributor *attributor = attributor_create(NULL);
    promise(is_known(attributor, "/left"),
            "the reader has one descriptor, its socket, and a bounded memory");
    promise(!is_known(attributor, "/odd-range"), "a range that does not hold the offset: no names");
    promise(strstr(last_note(attributor), "made no sense"), "said: %s", last_note(attributor));
    const struct attribution *found;
    attributor_map(attributor, 1, AT, 0x1000, 0, "/good");
    found = attributor_resolve(attributor, 1, AT + 4);
    promise(found->domain == ATTRIBUTED_APPLICATION && strcmp(found->source, "application") == 0,
            "a reader can't make the application's code the allocator's");
    promise(attributor_resolve(attributor, 1, AT + 99) == found, "one answer for a whole range");
    promise(attributor_resolve(attributor, 1, AT + 100) != found, "and no further");
    attributor_destroy(attributor);
}

static void expect_sound_functions(void)
{
    struct attributor *attributor = attributor_create("/proc/self/exe");
    size_t count = 0;
    if (!promise(attributor != NULL, "a reader with an allocator"))
        return;
    struct attributed_function *list = attributor_functions(attributor, &count);
    promise(list && count == 2 && strcmp(list[0].name, "first") == 0 &&
                strcmp(list[1].name, "last") == 0,
            "functions that are not in the file, or out of order, are left out: %zu are listed",
            count);
    free(list);
    attributor_destroy(attributor);
}

static void expect_text_of_files_alone(void)
{
    time_t written;
    struct attributor *attributor = attributor_create(NULL);
    promise(!attributor_source_line(attributor, NULL, "/dev/zero", 1, &written),
            "a device has no source text");
    promise(!attributor_source_line(attributor, "/proc/self", "environ", 1, &written),
            "nor has what says that it is empty");
    promise(!attributor_source_line(attributor, NULL, "relative", 1, &written) &&
                !attributor_source_line(attributor, "also relative", "relative", 1, &written),
            "what a relative name is relative to must be known");
    promise(!attributor_note(attributor, 0), "and the reader goes on");
    attributor_destroy(attributor);
}

static void expect_endurance(void)
{
    struct attributor *attributor = attributor_create(NULL);
    for (int i = 0; i < 100; i++)
        is_known(attributor, "/crash");
    promise(is_known(attributor, "/good"), "a file mapped a hundred times crashes two readers");
    attributor_destroy(attributor);
}

int main(void)
{
    reader_process_patience = 0.3;
    for (int i = 0; i < ATTEMPTS; i++)
        expect_refusal(&attempts[i]);
    promise(access("/tmp/hakmem-stopped-reader", F_OK) != 0, "nothing was written");
    expect_sound_answers();
    expect_sound_functions();
    expect_text_of_files_alone();
    expect_endurance();
    return promises_end();
}
