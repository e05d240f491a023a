/* SPDX-License-Identifier: MIT */
#include "cgroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "setting.h"

/* Version 1 says "no limit" by the greatest multiple of a page. */
static const double memory_without_limit = 9e18;

static void tighten(double *limit, double value)
{
    if (value > 0 && (!*limit || value < *limit))
        *limit = value;
}

static void read_v2(const char *folder, struct cgroup_limits *limits)
{
    char path[1100], text[64];
    double quota, period;
    long long bytes;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    if (setting_text(path, text, sizeof text) && sscanf(text, "%lf %lf", &quota, &period) == 2 &&
        period > 0)
        tighten(&limits->processors, quota / period);
    snprintf(path, sizeof path, "%s/memory.max", folder);
    if (setting_number(path, &bytes))
        tighten(&limits->memory_bytes, (double)bytes);
}

static void read_v1(const char *folder, struct cgroup_limits *limits)
{
    char path[1100];
    long long quota, period, bytes;
    snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", folder);
    if (setting_number(path, &quota) && quota > 0) {
        snprintf(path, sizeof path, "%s/cpu.cfs_period_us", folder);
        if (setting_number(path, &period) && period > 0)
            tighten(&limits->processors, (double)quota / (double)period);
    }
    snprintf(path, sizeof path, "%s/memory.limit_in_bytes", folder);
    if (setting_number(path, &bytes) && (double)bytes < memory_without_limit)
        tighten(&limits->memory_bytes, (double)bytes);
}

/* The group itself and all above it. A container may see its own group as the root while the path
 * is still the host's: folders that are not there say nothing. */
static void walk_up(const char *mount, char *group, struct cgroup_limits *limits,
                    void (*read_one)(const char *, struct cgroup_limits *))
{
    char folder[1024];
    for (;;) {
        snprintf(folder, sizeof folder, "%s%s", mount, group);
        read_one(folder, limits);
        char *slash = strrchr(group, '/');
        if (!slash)
            return;
        *slash = '\0';
    }
}

static void read_line(char *line, const char *root, struct cgroup_limits *limits)
{
    char mount[512];
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group)
        return;
    *group++ = '\0';
    group[strcspn(group, "\n")] = '\0';
    controllers++;
    bool is_v2 = !*controllers;
    snprintf(mount, sizeof mount, "%.300s/cgroup.controllers", root);
    if (is_v2 && access(mount, F_OK) != 0)
        return; /* beside version 1, which has the limits */
    if (!is_v2 && strncmp(controllers, "cpu", 3) != 0 && strcmp(controllers, "memory") != 0)
        return;
    snprintf(mount, sizeof mount, "%.300s%s%.100s", root, is_v2 ? "" : "/", controllers);
    if (access(mount, F_OK) != 0)
        return;
    limits->version = is_v2 ? 2 : 1;
    walk_up(mount, group, limits, is_v2 ? read_v2 : read_v1);
}

void cgroup_read(const char *list, const char *root, struct cgroup_limits *limits)
{
    char line[512];
    FILE *file = fopen(list, "re");
    *limits = (struct cgroup_limits){0};
    while (file && fgets(line, sizeof line, file))
        read_line(line, root, limits);
    if (file)
        fclose(file);
}

const char *cgroup_engine(const char *list)
{
    static const char *const engines[] = {"docker", "kubepods", "containerd",
                                          "libpod", "lxc",      "machine.slice"};
    char line[512];
    const char *found = NULL;
    FILE *file = fopen(list, "re");
    while (file && !found && fgets(line, sizeof line, file)) {
        for (size_t i = 0; i < sizeof engines / sizeof engines[0] && !found; i++)
            found = strstr(line, engines[i]) ? engines[i] : NULL;
    }
    if (file)
        fclose(file);
    return found;
}
