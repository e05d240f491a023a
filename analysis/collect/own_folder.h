/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_OWN_FOLDER_H
#define ANALYSIS_OWN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* Where this program's own file stands, without the last part. */
bool own_folder(char *folder, size_t bytes);

#endif
