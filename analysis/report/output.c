/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int (*output_rename)(const char *temporary, const char *target) = rename;
int (*output_unlink)(const char *temporary) = unlink;

static int open_directly(struct output *output, const char *path)
{
    int file = strcmp(path, "-") == 0 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                                      : open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return -1;
    output->stream = fdopen(file, "w");
    if (output->stream)
        return 0;
    close(file);
    return -1;
}

/* A link that another user left in a folder for all leads to a file of that user's choice. It is
 * refused as the kernel refuses it to open(2) where fs.protected_symlinks is on, since realpath(3)
 * would follow it all the same. */
static bool is_planted(const char *path)
{
    struct stat link, folder;
    char *parent = strdup(path);
    bool is_for_all = parent && lstat(path, &link) == 0 && S_ISLNK(link.st_mode) &&
                      stat(dirname(parent), &folder) == 0 && folder.st_mode & S_ISVTX &&
                      folder.st_mode & S_IWOTH;
    free(parent);
    return is_for_all && link.st_uid != geteuid() && link.st_uid != folder.st_uid;
}

/* As open(2) with 0666 would have made it. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int open_temporary(struct output *output, mode_t mode)
{
    int length = snprintf(output->temporary, sizeof output->temporary, "%s.XXXXXX", output->target);
    if (length < 0 || (size_t)length >= sizeof output->temporary) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkostemp(output->temporary, O_CLOEXEC);
    if (file < 0)
        return -1;
    output->stream = fdopen(file, "w");
    if (output->stream && fchmod(file, mode) == 0)
        return 0;
    int error = errno;
    if (!output->stream)
        close(file);
    output_abandon(output);
    errno = error;
    return -1;
}

int output_open(struct output *output, const char *path)
{
    struct stat status;
    *output = (struct output){0};
    mode_t mode = usual_mode();
    bool exists = strcmp(path, "-") != 0 && stat(path, &status) == 0;
    if (is_planted(path)) {
        errno = EACCES;
        return -1;
    }
    if (strcmp(path, "-") == 0 || (exists && !S_ISREG(status.st_mode)))
        return open_directly(output, path);
    char *real = exists ? realpath(path, NULL) : strdup(path);
    if (!real)
        return -1;
    bool fits = strlen(real) < sizeof output->target;
    if (fits)
        strcpy(output->target, real);
    free(real);
    if (!fits) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (exists) {
        mode = status.st_mode & 0777;
        if (access(path, W_OK) != 0)
            return -1;
    }
    return open_temporary(output, mode);
}

void output_abandon(struct output *output)
{
    if (output->stream)
        fclose(output->stream);
    if (output->temporary[0])
        output_unlink(output->temporary);
    *output = (struct output){0};
}

int output_commit(struct output *output)
{
    int error = 0;
    if (fflush(output->stream) != 0 || ferror(output->stream))
        error = errno ? errno : EIO;
    if (fclose(output->stream) != 0 && !error)
        error = errno;
    output->stream = NULL;
    if (!error && output->target[0] && output_rename(output->temporary, output->target) != 0)
        error = errno;
    if (!error)
        output->temporary[0] = '\0';
    output_abandon(output);
    errno = error;
    return error ? -1 : 0;
}
