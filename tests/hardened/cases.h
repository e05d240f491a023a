/* SPDX-License-Identifier: MIT */
/*
 * A case is one misuse, made in a child. On the hardened library it ends as the case says; on the
 * default one it does not, where `control` says so: then the case shows something.
 */
#ifndef TESTS_HARDENED_CASES_H
#define TESTS_HARDENED_CASES_H

#include <stdbool.h>
#include <stddef.h>

enum ending {
    ENDING_NAMED, /* SIGABRT, one line by hakmem that has `says` and names the victim */
    ENDING_FAULT, /* SIGSEGV at the access itself */
    ENDING_CLEAN, /* nothing to complain of: exit status 0 */
};

enum control {
    CONTROL_DIFFERS, /* the default library does not end so: it goes on, or sees it later */
    CONTROL_ALIKE,   /* the default library does, too */
    CONTROL_EITHER,  /* may */
};

struct hardened_case {
    const char *name;
    void (*body)(size_t size);
    size_t size; /* bytes of the victim */
    enum ending ending;
    const char *says; /* of ENDING_NAMED */
    enum control control;
    bool whole; /* only who clears and looks at whole blocks ends so: not the light library */
};

/* The body notes the pointer that must be named. */
void case_victim(void *pointer);

/* Every block of the size that is free, and may wait in quarantine, is handed out. */
void case_use_up(size_t size);

extern const struct hardened_case bounds_cases[], after_free_cases[], double_free_cases[],
    sized_cases[];

#endif
