/* SPDX-License-Identifier: MIT */
/* Settings of the kernel, as small files tell them. */
#ifndef ANALYSIS_SETTING_H
#define ANALYSIS_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The file's first line, without its end. False, and an empty text, where it can't be read. */
bool setting_text(const char *path, char *text, size_t bytes);

/* A whole number at the file's start. False where there is none. */
bool setting_number(const char *path, long long *value);

/* The word in brackets, as "always [madvise] never" chooses madvise; else the whole line. */
bool setting_choice(const char *path, char *text, size_t bytes);

/* The value of `name` ("CapEff:") in /proc/self/status. */
bool setting_of_process(const char *name, char *text, size_t bytes);

/* True where the capability, as <linux/capability.h> numbers it, is in the set ("CapEff:", ...). */
bool setting_has_capability(const char *set, unsigned capability);

/* This program's own file, for a setcap command. */
const char *setting_own_path(void);

#endif
