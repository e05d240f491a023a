/* SPDX-License-Identifier: MIT */
#include "trap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "clock.h"
#include "steps.h"

enum { TRAP_FLAG = 0x100, SYSTEM_CALL_BYTES = 2 };

static struct sigaction before; /* the program's */

static __thread struct {
    bool is_on;
    bool was_system_call; /* the last instruction */
    uintptr_t last;       /* its address; 0: none yet */
} trap __attribute__((tls_model("initial-exec")));

/* popfq sets the flag, and the first trap comes when the instruction after it is done: at the first
 * one of the function. The last trap comes at trap_call_end. */
__asm__(".text\n"
        ".p2align 4\n"
        ".hidden trap_call_stepped\n"
        ".globl trap_call_stepped\n"
        ".type trap_call_stepped, @function\n"
        "trap_call_stepped:\n"
        "    .cfi_startproc\n"
        "    movq %rdi, %rax\n"
        "    movq %rsi, %rdi\n"
        "    movq %rdx, %rsi\n"
        "    movq %rcx, %rdx\n"
        "    subq $8, %rsp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    pushfq\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    orl $0x100, (%rsp)\n"
        "    popfq\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    callq *%rax\n"
        ".hidden trap_call_end\n"
        ".globl trap_call_end\n"
        "trap_call_end:\n"
        "    addq $8, %rsp\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    ret\n"
        "    .cfi_endproc\n"
        ".size trap_call_stepped, . - trap_call_stepped\n");

uintptr_t trap_call_stepped(step_function *function, uintptr_t first, uintptr_t second,
                            uintptr_t third);
extern const char trap_call_end[];

static bool is_system_call(const uint8_t *code)
{
    return code[0] == 0x0f && code[1] == 0x05;
}

/* A string instruction that repeats itself traps after each turn, and is one instruction. */
static bool repeats(const uint8_t *code)
{
    bool has_prefix = false;
    for (;; code++) {
        bool is_rex = *code >= 0x40 && *code <= 0x4f;
        if (*code == 0xf2 || *code == 0xf3)
            has_prefix = true;
        else if (!is_rex && *code != 0x66 && *code != 0x67)
            break;
    }
    return has_prefix && ((*code >= 0xa4 && *code <= 0xa7) || (*code >= 0xaa && *code <= 0xaf));
}

/* After these a trap would kill the process: SIGTRAP blocked, or a child that takes the flag along.
 */
static bool is_dangerous(greg_t system_call)
{
    return system_call == SYS_rt_sigprocmask || system_call == SYS_clone ||
           system_call == SYS_clone3 || system_call == SYS_fork || system_call == SYS_vfork;
}

/* What is executed next. False: nothing more of it is stepped. */
static bool step(greg_t *registers)
{
    uintptr_t address = (uintptr_t)registers[REG_RIP];
    /* The kernel returns with the flag set, but the trap comes an instruction late. */
    bool is_late = trap.was_system_call && address != trap.last + SYSTEM_CALL_BYTES;
    if (is_late && !steps_add(trap.last + SYSTEM_CALL_BYTES))
        return false;
    trap.was_system_call = false;
    if (address == (uintptr_t)trap_call_end)
        return false;
    const uint8_t *code = (const uint8_t *)address;
    if (address == trap.last && repeats(code))
        return true;
    trap.last = address;
    if (clock_answer(registers))
        return steps_add(address) && step(registers);
    trap.was_system_call = is_system_call(code);
    if (trap.was_system_call && is_dangerous(registers[REG_RAX])) {
        steps_stop(STEP_SYSTEM_CALL);
        return false;
    }
    return steps_add(address);
}

/* It was not sent by our flag: what happens is what would have happened without us. */
static void pass_on(void)
{
    sigaction(SIGTRAP, &before, NULL);
    syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), SIGTRAP);
}

/* Where a uprobe's breakpoint stands in an instruction's place (others may watch the library), the
 * kernel does the instruction and sends the trap that our flag asks for as from the process itself.
 * The breakpoint may be gone by now. */
static bool is_step(const siginfo_t *information)
{
    return information->si_code == TRAP_TRACE ||
           (information->si_code == SI_USER && trap.is_on && information->si_pid == getpid());
}

static void on_trap(int number, siginfo_t *information, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    int error = errno;
    if (!is_step(information)) {
        pass_on();
    } else if (!trap.is_on || !step(registers)) {
        trap.is_on = false;
        registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    }
    errno = error;
}

static bool is_ours(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) && action->sa_sigaction == on_trap;
}

static bool is_free(const struct sigaction *action)
{
    return !(action->sa_flags & SA_SIGINFO) &&
           (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN);
}

bool trap_install(void)
{
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&action.sa_mask);
    return sigaction(SIGTRAP, NULL, &before) == 0 && is_free(&before) &&
           sigaction(SIGTRAP, &action, NULL) == 0;
}

void trap_remove(void)
{
    struct sigaction now;
    if (sigaction(SIGTRAP, NULL, &now) == 0 && is_ours(&now))
        sigaction(SIGTRAP, &before, NULL);
}

int trap_is_hindered(void)
{
    struct sigaction now;
    uint64_t blocked = 0;
    if (sigaction(SIGTRAP, NULL, &now) != 0 || !is_ours(&now))
        return STEP_SIGNAL_TAKEN;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &blocked, sizeof blocked);
    return blocked >> (SIGTRAP - 1) & 1 ? STEP_SIGNAL_BLOCKED : 0;
}

uintptr_t trap_call(step_function *function, uintptr_t first, uintptr_t second, uintptr_t third)
{
    trap.last = 0;
    trap.was_system_call = false;
    trap.is_on = true;
    return trap_call_stepped(function, first, second, third);
}

void trap_forget(void)
{
    trap.is_on = false;
}
