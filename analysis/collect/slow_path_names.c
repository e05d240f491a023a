/* SPDX-License-Identifier: MIT */
#include "slow_path.h"

const char *const slow_path_names[SLOW_PATH_KINDS] = {
    [SLOW_PATH_REFILL] = "refill",
    [SLOW_PATH_OVERFLOW] = "overflow",
    [SLOW_PATH_REMOTE_COLLECT] = "remote_collect",
    [SLOW_PATH_REMOTE_PUBLISH] = "remote_publish",
    [SLOW_PATH_ARENA] = "arena",
    [SLOW_PATH_PURGE] = "purge",
    [SLOW_PATH_PAGE_FAULT] = "page_fault",
};
