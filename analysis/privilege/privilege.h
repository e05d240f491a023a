/* SPDX-License-Identifier: MIT */
/*
 * Giving up what a process may do. See capabilities(7), credentials(7).
 */
#ifndef ANALYSIS_PRIVILEGE_H
#define ANALYSIS_PRIVILEGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A set of capabilities: bit N is number N of <linux/capability.h>. */
typedef uint64_t capability_set;
#define CAPABILITY(number) ((capability_set)1 << (number))

struct privilege_user {
    uid_t uid;
    gid_t gid;
};

/* Who started this program. The real user where that is not root: of a program that is setuid or
 * has file capabilities, too. Of root the one who became root by sudo (SUDO_UID, SUDO_GID) or
 * pkexec (PKEXEC_UID); else root. */
struct privilege_user privilege_invoker(void);

/* The capabilities that this process may use now. */
capability_set privilege_held(void);

/* Becomes `user` for good, with that user's groups, and keeps of its capabilities those of `keep`
 * alone: permitted, effective, and bounding where that may be changed; none is inheritable or
 * ambient. No program it executes gains any (no_new_privs). -1 with errno where something is left
 * that should have gone; the process must do nothing more with untrusted data then. */
int privilege_drop(const struct privilege_user *user, capability_set keep);

/* The same, to the invoking user. Where that user can't be become (a user namespace without it) the
 * present identity stays, and errno says why; it is 0 else. */
int privilege_drop_to_invoker(capability_set keep);

/* A setuid program becomes one with capabilities: files are opened, and commands run, with the real
 * user's rights. To be called first of all. -1 with errno where that failed. */
int privilege_be_real_user(void);

#endif
