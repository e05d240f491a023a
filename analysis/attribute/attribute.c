/* SPDX-License-Identifier: MIT */
#include "attribute.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "address_space.h"
#include "module.h"
#include "name_pool.h"

struct attributor {
    struct name_pool names; /* functions, files, sources */
    struct name_pool paths; /* as mapped; value: the module there */
    struct address_spaces spaces;
    struct module *allocator; /* NULL: everything is application */
    dev_t device;             /* of the allocator's file */
    ino_t inode;
};

/* A link of /proc leads to files that have no path from here: then it is the path. */
static bool leads_to(const char *path, const struct stat *wanted)
{
    struct stat status;
    return path && stat(path, &status) == 0 && status.st_dev == wanted->st_dev &&
           status.st_ino == wanted->st_ino;
}

static int open_allocator(struct attributor *attributor, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return -1;
    char *real = realpath(path, NULL);
    const char *pooled = name_pool_copy(&attributor->names, leads_to(real, &status) ? real : path);
    free(real);
    if (!pooled)
        return -1;
    attributor->allocator = module_create(pooled, true);
    if (!attributor->allocator)
        return -1;
    attributor->device = status.st_dev;
    attributor->inode = status.st_ino;
    return module_read(attributor->allocator, &attributor->names);
}

struct attributor *attributor_create(const char *allocator)
{
    struct attributor *attributor = calloc(1, sizeof *attributor);
    if (!attributor)
        return NULL;
    if (allocator && open_allocator(attributor, allocator) != 0) {
        int error = errno;
        attributor_destroy(attributor);
        errno = error;
        return NULL;
    }
    return attributor;
}

void attributor_destroy(struct attributor *attributor)
{
    if (!attributor)
        return;
    address_spaces_finish(&attributor->spaces);
    for (size_t i = 0; i < attributor->paths.bucket_count; i++) {
        for (struct pooled_name *name = attributor->paths.buckets[i]; name; name = name->next) {
            if (name->value != attributor->allocator)
                module_destroy(name->value);
        }
    }
    module_destroy(attributor->allocator);
    name_pool_finish(&attributor->paths);
    name_pool_finish(&attributor->names);
    free(attributor);
}

/* The same file under another name is still the allocator: a symbolic link, another mount. */
static bool is_allocator_file(const struct attributor *attributor, const char *path)
{
    const struct stat allocator = {.st_dev = attributor->device, .st_ino = attributor->inode};
    return attributor->allocator && leads_to(path, &allocator);
}

/* The kernel marks a file that was removed while it was mapped. What stands at its path now is
 * another file; only the allocator, which was read before, is still known. */
static bool is_removed_allocator(const struct attributor *attributor, const char *path)
{
    if (!attributor->allocator)
        return false;
    const char *real = attributor->allocator->path;
    size_t length = strlen(real);
    return strncmp(path, real, length) == 0 && strcmp(path + length, " (deleted)") == 0;
}

static struct module *module_at(struct attributor *attributor, const char *path)
{
    struct pooled_name *name = name_pool_entry(&attributor->paths, path);
    if (!name)
        return NULL;
    if (!name->value) {
        bool is_allocator =
            is_removed_allocator(attributor, path) || is_allocator_file(attributor, path);
        name->value = is_allocator ? attributor->allocator : module_create(name->text, false);
    }
    return name->value;
}

int attributor_name(struct attributor *attributor, const char *path)
{
    struct pooled_name *name = name_pool_entry(&attributor->paths, path);
    if (!name) {
        errno = ENOMEM;
        return -1;
    }
    name->value = attributor->allocator;
    return 0;
}

int attributor_map(struct attributor *attributor, pid_t pid, uint64_t start, uint64_t length,
                   uint64_t offset, const char *path)
{
    if (length == 0 || start > UINT64_MAX - length) {
        errno = EINVAL;
        return -1;
    }
    struct module *module = module_at(attributor, path ? path : "");
    if (!module) {
        errno = ENOMEM;
        return -1;
    }
    struct mapping mapping = {start, start + length, offset, module};
    return address_spaces_map(&attributor->spaces, pid, &mapping);
}

void attributor_fork(struct attributor *attributor, pid_t parent, pid_t child)
{
    address_spaces_fork(&attributor->spaces, parent, child);
}

void attributor_exec(struct attributor *attributor, pid_t pid)
{
    address_spaces_clear(&attributor->spaces, pid);
}

const struct attribution *attributor_resolve(struct attributor *attributor, pid_t pid,
                                             uint64_t address)
{
    static const struct attribution unknown = {.domain = ATTRIBUTED_UNKNOWN, .source = "unknown"};
    const struct mapping *mapping = address_spaces_find(&attributor->spaces, pid, address);
    if (!mapping)
        return &unknown;
    return module_resolve(mapping->module, address - mapping->start + mapping->offset,
                          &attributor->names);
}

const char *attributor_symbol(struct attributor *attributor, pid_t pid, uint64_t address)
{
    const struct mapping *mapping = address_spaces_find(&attributor->spaces, pid, address);
    return mapping ? module_symbol(mapping->module, address - mapping->start + mapping->offset,
                                   &attributor->names)
                   : NULL;
}

bool attributor_locate(struct attributor *attributor, pid_t pid, uint64_t address, uint64_t *offset)
{
    const struct mapping *mapping = address_spaces_find(&attributor->spaces, pid, address);
    if (!mapping || mapping->module != attributor->allocator)
        return false;
    *offset = address - mapping->start + mapping->offset;
    return true;
}

struct attributed_function *attributor_functions(const struct attributor *attributor, size_t *count)
{
    return module_functions(attributor->allocator, count);
}

const char *attributor_listed_name(const struct attributor *attributor, const char *name)
{
    return symbols_listed_name(&attributor->allocator->symbols, name);
}

bool attributor_has_debug_information(const struct attributor *attributor)
{
    return attributor->allocator && attributor->allocator->debug.flat.count;
}
