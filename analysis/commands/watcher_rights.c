/* SPDX-License-Identifier: MIT */
#include "watcher_rights.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "collect/monitor.h"
#include "commands.h"
#include "privilege/privilege.h"

_Static_assert((int)WATCHER_OUTPUTS <= (int)MONITOR_OUTPUTS, "the monitor knows as many");

static bool are_dropped;

bool watcher_rights_prepare(const struct watcher_rights *rights)
{
    struct monitor_task task = {
        .watched = rights->watched,
        .is_ours = rights->is_ours,
        .folder = rights->folder,
        .folder_path = rights->folder_path,
    };
    for (size_t i = 0; i < sizeof rights->outputs / sizeof rights->outputs[0]; i++) {
        if (!rights->outputs[i])
            continue;
        task.outputs[i].temporary = rights->outputs[i]->temporary;
        task.outputs[i].target = rights->outputs[i]->target;
    }
    output_rename = monitor_rename;
    output_unlink = monitor_unlink;
    return monitor_start(&task) == 0;
}

/* Since Linux 5.19 who holds the descriptor of a map may read it, whatever
 * kernel.unprivileged_bpf_disabled says (commit c8644cd0efe7); before, it needs CAP_BPF. */
static bool maps_need_capability(void)
{
    struct utsname name;
    unsigned major, minor;
    if (uname(&name) != 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
        return false;
    return major < 5 || (major == 5 && minor < 19);
}

/* The folder's files are the command's; it is ours to empty. Who can't be given it can't be become
 * either, and that is said below. */
static void give_folder(int folder, const struct privilege_user *user)
{
    if (folder >= 0 && user->uid != geteuid() && fchown(folder, user->uid, user->gid) != 0)
        errno = 0;
}

bool watcher_rights_drop(const struct watcher_rights *rights, char note[WATCHER_NOTE])
{
    const struct privilege_user user = privilege_invoker();
    bool keeps = rights->reads_maps && maps_need_capability();
    note[0] = '\0';
    give_folder(rights->folder, &user);
    if (rights->other_folder > 0)
        give_folder(rights->other_folder, &user);
    if (privilege_drop_to_invoker(keeps ? CAPABILITY(CAP_BPF) : 0) != 0)
        return false;
    are_dropped = true;
    if (errno)
        snprintf(note, WATCHER_NOTE,
                 "user %u could not be become (%s): the report was made by user %u, without "
                 "capabilities",
                 (unsigned)user.uid, strerror(errno), (unsigned)geteuid());
    else if (privilege_held())
        snprintf(note, WATCHER_NOTE,
                 "CAP_BPF was kept: this kernel asks for it to read the maps of eBPF programs "
                 "(needs Linux 5.19)");
    return true;
}

bool watcher_rights_drop_at_end(const struct watcher_rights *rights, const char *verb)
{
    char note[WATCHER_NOTE];
    if (are_dropped)
        return true;
    if (!watcher_rights_prepare(rights) || !watcher_rights_drop(rights, note)) {
        complain("%s: can't drop privileges: %s", verb, strerror(errno));
        return false;
    }
    if (note[0])
        complain("%s: %s", verb, note);
    return true;
}

void watcher_rights_end(void)
{
    monitor_end();
}
