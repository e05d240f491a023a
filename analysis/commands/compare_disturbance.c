/* SPDX-License-Identifier: MIT */
#include "compare_disturbance.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collect/clock.h"

/* Others' work that can shift a result: of one core. */
#define DISTURBED_CORES 0.05

static double seconds(unsigned long long ticks)
{
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static double own_cpu(void)
{
    return clock_cpu_seconds(RUSAGE_SELF) + clock_cpu_seconds(RUSAGE_CHILDREN);
}

static bool read_busy(double *busy_s, double *stolen_s)
{
    unsigned long long user, nice, system, idle, wait, hard, soft, stolen;
    FILE *file = fopen("/proc/stat", "re");
    bool done = file && fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
                               &system, &idle, &wait, &hard, &soft, &stolen) == 8;
    if (file)
        fclose(file);
    if (done) {
        *busy_s = seconds(user + nice + system + hard + soft);
        *stolen_s = seconds(stolen);
    }
    return done;
}

static bool read_process(const char *number, struct disturbance_process *process)
{
    char path[64], line[1024];
    unsigned long long user, system;
    snprintf(path, sizeof path, "/proc/%.20s/stat", number);
    FILE *file = fopen(path, "re");
    bool done = file && fgets(line, sizeof line, file);
    if (file)
        fclose(file);
    char *name = done ? strchr(line, '(') : NULL, *end = done ? strrchr(line, ')') : NULL;
    if (!name || !end || end < name)
        return false;
    *end = '\0';
    process->pid = (pid_t)strtol(number, NULL, 10);
    snprintf(process->name, sizeof process->name, "%.31s", name + 1);
    /* After the name: the state, then numbers; user and system time are fields 14 and 15 of the
     * whole line, the start time is field 22. */
    if (sscanf(end + 1,
               " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %*d %*d "
               "%*d %*d %llu",
               &user, &system, &process->started) != 3)
        return false;
    process->cpu_s = seconds(user + system);
    return true;
}

/* Every process there is; NULL where none can be seen. */
static struct disturbance_process *list_processes(size_t *count)
{
    struct disturbance_process *list = NULL;
    size_t capacity = 0;
    *count = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        if (*count == capacity) {
            size_t more = capacity ? 2 * capacity : 256;
            void *grown = realloc(list, more * sizeof *list);
            if (!grown)
                break;
            list = grown;
            capacity = more;
        }
        *count += read_process(entry->d_name, &list[*count]);
    }
    if (folder)
        closedir(folder);
    return list;
}

void disturbance_start(struct disturbance *disturbance)
{
    *disturbance = (struct disturbance){.busy_s = NAN, .stolen_s = NAN};
    disturbance->processes = list_processes(&disturbance->count);
    disturbance->own_s = own_cpu();
    read_busy(&disturbance->busy_s, &disturbance->stolen_s);
}

/* What a process had used at the start; a new one, nothing. */
static double used_before(const struct disturbance *disturbance,
                          const struct disturbance_process *process)
{
    for (size_t i = 0; i < disturbance->count; i++) {
        const struct disturbance_process *before = &disturbance->processes[i];
        if (before->pid == process->pid && before->started == process->started)
            return before->cpu_s;
    }
    return 0;
}

static void find_greatest(const struct disturbance *disturbance, struct disturbance_found *found)
{
    size_t count;
    struct disturbance_process *list = list_processes(&count);
    for (size_t i = 0; i < count; i++) {
        double used = list[i].cpu_s - used_before(disturbance, &list[i]);
        if (list[i].pid != getpid() && used > found->name_s) {
            found->name_s = used;
            memcpy(found->name, list[i].name, sizeof found->name);
        }
    }
    free(list);
}

void disturbance_finish(struct disturbance *disturbance, struct disturbance_found *found)
{
    double busy_s, stolen_s;
    *found = (struct disturbance_found){.others_s = NAN, .stolen_s = NAN};
    if (read_busy(&busy_s, &stolen_s)) {
        double own_s = own_cpu() - disturbance->own_s;
        found->others_s = fmax(0, busy_s - disturbance->busy_s - own_s);
        found->stolen_s = stolen_s - disturbance->stolen_s;
    }
    find_greatest(disturbance, found);
    free(disturbance->processes);
    disturbance->processes = NULL;
}

void disturbance_note(const struct disturbance_found *found, struct compare_report *report)
{
    report->others_cores = found->others_s / report->elapsed_s;
    report->stolen_cores = found->stolen_s / report->elapsed_s;
    bool by_others = found->others_s > 0.02 && report->others_cores > DISTURBED_CORES;
    bool by_host = found->stolen_s > 0.02 && report->stolen_cores > DISTURBED_CORES;
    report->is_disturbed = by_others || by_host;
    if (by_others) {
        char most[64] = "";
        if (found->name[0])
            snprintf(most, sizeof most, ", mostly %.15s (%.1f s)", found->name, found->name_s);
        compare_note(report, "disturbed: others kept %.2f cores busy%s", report->others_cores,
                     most);
    }
    if (by_host)
        compare_note(report, "disturbed: the hypervisor took %.2f cores' time",
                     report->stolen_cores);
}
