/* SPDX-License-Identifier: MIT */
/* The kernel's clock function in the vDSO, without libc on the way. */
#ifndef HAK_VDSO_H
#define HAK_VDSO_H

#include <time.h>

typedef int hak_clock_function(clockid_t clock, struct timespec *now);

/* Looks it up by the auxiliary vector that stands behind the environment on the first stack; NULL
 * where there is none (valgrind hides it, other kernels may not have it). */
hak_clock_function *hak_vdso_clock(char **environment);

#endif
