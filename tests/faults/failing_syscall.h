/* SPDX-License-Identifier: MIT */
/*
 * The door of src/os*.c in the tests of this folder: the allocator is built with
 * -DHAK_OS_SYSCALL="failing_syscall.h", so that every system call it makes can be told to fail.
 */
#ifndef TESTS_FAULTS_FAILING_SYSCALL_H
#define TESTS_FAULTS_FAILING_SYSCALL_H

/* As os_syscall in os_syscall.h: -errno where the call fails, or is made to. */
long failing_syscall(long number, long a, long b, long c, long d, long e, long f);

#define os_syscall failing_syscall

#endif
