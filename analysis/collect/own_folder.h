/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_OWN_FOLDER_H
#define ANALYSIS_OWN_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Where this program's own file stands, without the last part. */
bool own_folder(char *folder, size_t bytes);

/*
 * A file that came with this program: in `build` from the program's own folder, as the build lays
 * it out; else in `installed` below the folder of libraries, which is looked for from the program's
 * own folder (an installation may have been moved) and then where it was configured to be. False:
 * nowhere; `path` is where it was looked for last.
 */
bool own_file(const char *build, const char *installed, const char *file, char path[PATH_MAX]);

#endif
