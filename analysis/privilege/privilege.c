/* SPDX-License-Identifier: MIT */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a setuid program may need before it drops all: perf events, eBPF, and the memory for maps.
 */
#define SETUID_KEEPS                                                                               \
    (CAPABILITY(CAP_PERFMON) | CAPABILITY(CAP_BPF) | CAPABILITY(CAP_SYS_ADMIN) |                   \
     CAPABILITY(CAP_SYS_RESOURCE))

static bool read_number(const char *name, unsigned *number)
{
    const char *text = getenv(name);
    char *end;
    if (!text || *text < '0' || *text > '9')
        return false;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    *number = (unsigned)value;
    return *end == '\0' && errno == 0 && value < UINT32_MAX;
}

struct privilege_user privilege_invoker(void)
{
    struct privilege_user user = {getuid(), getgid()};
    unsigned uid, gid;
    if (user.uid != 0)
        return user;
    if (read_number("SUDO_UID", &uid) && read_number("SUDO_GID", &gid))
        return (struct privilege_user){uid, gid};
    const struct passwd *entry = read_number("PKEXEC_UID", &uid) ? getpwuid(uid) : NULL;
    return entry ? (struct privilege_user){entry->pw_uid, entry->pw_gid} : user;
}

static int get_sets(struct __user_cap_data_struct sets[2])
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    return (int)syscall(SYS_capget, &header, sets);
}

static int set_sets(capability_set kept)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {0};
    for (int half = 0; half < 2; half++)
        sets[half].permitted = sets[half].effective = (uint32_t)(kept >> 32 * half);
    return (int)syscall(SYS_capset, &header, sets);
}

capability_set privilege_held(void)
{
    struct __user_cap_data_struct sets[2] = {0};
    get_sets(sets);
    return sets[0].effective | (capability_set)sets[1].effective << 32;
}

static capability_set permitted(void)
{
    struct __user_cap_data_struct sets[2] = {0};
    get_sets(sets);
    return sets[0].permitted | (capability_set)sets[1].permitted << 32;
}

/* What a program executed later could gain at most. Needs CAP_SETPCAP; without it no_new_privs does
 * the same. */
static void lower_bounds(capability_set keep)
{
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (int number = 0; number < 64 && prctl(PR_CAPBSET_READ, number) >= 0; number++) {
        if (!(keep & CAPABILITY(number)))
            prctl(PR_CAPBSET_DROP, number);
    }
}

static int take_groups(const struct privilege_user *user)
{
    const struct passwd *entry = getpwuid(user->uid);
    return entry ? initgroups(entry->pw_name, user->gid) : setgroups(0, NULL);
}

static int become(const struct privilege_user *user)
{
    uid_t uids[3];
    gid_t gids[3];
    getresuid(&uids[0], &uids[1], &uids[2]);
    getresgid(&gids[0], &gids[1], &gids[2]);
    bool is_user = true;
    for (int i = 0; i < 3; i++)
        is_user = is_user && uids[i] == user->uid && gids[i] == user->gid;
    if (is_user)
        return 0;
    if (user->uid != getuid() && take_groups(user) != 0)
        return -1;
    if (setresgid(user->gid, user->gid, user->gid) != 0)
        return -1;
    return setresuid(user->uid, user->uid, user->uid);
}

int privilege_drop(const struct privilege_user *user, capability_set keep)
{
    keep &= permitted();
    lower_bounds(keep);
    if (prctl(PR_SET_KEEPCAPS, keep != 0) != 0 || become(user) != 0 || set_sets(keep) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    prctl(PR_SET_KEEPCAPS, 0);
    if (permitted() == keep && getuid() == user->uid && geteuid() == user->uid)
        return 0;
    errno = EPERM;
    return -1;
}

int privilege_drop_to_invoker(capability_set keep)
{
    const struct privilege_user invoker = privilege_invoker(), present = {geteuid(), getegid()};
    int error = privilege_drop(&invoker, keep) == 0 ? 0 : errno;
    int result = error ? privilege_drop(&present, keep) : 0;
    errno = error;
    return result;
}

int privilege_be_real_user(void)
{
    struct privilege_user user = {getuid(), getgid()};
    capability_set kept = permitted() & SETUID_KEEPS;
    if (user.uid == geteuid() && user.gid == getegid())
        return 0;
    if (prctl(PR_SET_KEEPCAPS, 1) != 0 || become(&user) != 0)
        return -1;
    prctl(PR_SET_KEEPCAPS, 0);
    return set_sets(kept);
}
