/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FAULTS_FOLDER_H
#define TESTS_FAULTS_FOLDER_H

#include <stdbool.h>

/* Removes a folder and the files in it; false where it is there still. `files`, if not NULL: how
 * many there were. */
bool folder_remove(const char *path, unsigned *files);

#endif
