/* SPDX-License-Identifier: MIT */
#include "slow_path_explain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void slow_path_explain(char why[SLOW_PATH_WHY], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, SLOW_PATH_WHY, format, arguments);
    va_end(arguments);
}

void slow_path_explain_error(char why[SLOW_PATH_WHY], int error)
{
    if (error == EPERM || error == EACCES)
        slow_path_explain(why, "eBPF not permitted: needs root, or CAP_BPF and CAP_PERFMON");
    else
        slow_path_explain(why, "eBPF programs could not be started: %s", strerror(error));
}

void slow_path_explain_attach_error(char why[SLOW_PATH_WHY], int error)
{
    if (error == EPERM || error == EACCES)
        slow_path_explain(
            why, "eBPF probes not permitted: for probes in programs this kernel asks for root "
                 "or CAP_SYS_ADMIN");
    else
        slow_path_explain_error(why, error);
}
