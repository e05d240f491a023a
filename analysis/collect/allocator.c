/* SPDX-License-Identifier: MIT */
#include "allocator.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "own_folder.h"
#include "variant.h"

static const char *const library_folders[] = {
    "/usr/local/lib",
    "/usr/lib/" HAKMEM_MULTIARCH,
    "/lib/" HAKMEM_MULTIARCH,
    "/usr/lib64",
    "/lib64",
    "/usr/lib",
    "/lib",
};

static const struct known {
    const char *name;
    const char *file;
    const char *package;
} known_allocators[] = {
    {"glibc", "libc.so.6", "libc6"},
    {"jemalloc", "libjemalloc.so.2", "libjemalloc2"},
    {"mimalloc", "libmimalloc.so.2", "libmimalloc2.0"},
    {"mimalloc", "libmimalloc.so.2.0", "libmimalloc2.0"},
    {"tcmalloc", "libtcmalloc_minimal.so.4", "libtcmalloc-minimal4"},
};

static bool take_path(struct allocator *allocator, const char *path)
{
    char *real = realpath(path, NULL);
    bool fits = real && strlen(real) < sizeof allocator->library;
    if (fits)
        strcpy(allocator->library, real);
    free(real);
    return fits;
}

/* A library that came with this program. */
static bool find_own(struct allocator *allocator, const char *build, const char *installed,
                     const char *file)
{
    char path[PATH_MAX];
    return own_file(build, installed, file, path) && take_path(allocator, path);
}

static bool find_hakmem(struct allocator *allocator, char *why, size_t why_bytes)
{
    const char *named = secure_getenv("HAKMEM_LIBRARY");
    allocator->is_hakmem = true;
    if (named && *named) {
        if (take_path(allocator, named))
            return true;
        snprintf(why, why_bytes, "%s (named by HAKMEM_LIBRARY): %s", named, strerror(errno));
        return false;
    }
    if (find_own(allocator, "../src", ".", HAKMEM_SONAME))
        return true;
    snprintf(why, why_bytes,
             HAKMEM_SONAME " not found beside this program nor in " HAKMEM_LIBRARY_FOLDER
                           "; name it in HAKMEM_LIBRARY");
    return false;
}

static bool find_helper(struct allocator *helper, const char *file, char *why, size_t why_bytes)
{
    *helper = (struct allocator){.link = file, .preload = true};
    if (find_own(helper, ".", "hakmem", file))
        return true;
    snprintf(why, why_bytes,
             "%s not found beside this program nor in " HAKMEM_LIBRARY_FOLDER "/hakmem", file);
    return false;
}

bool allocator_find_recorder(struct allocator *recorder, char *why, size_t why_bytes)
{
    return find_helper(recorder, "libhakmem_recorder.so", why, why_bytes);
}

bool allocator_find_stepper(struct allocator *stepper, char *why, size_t why_bytes)
{
    return find_helper(stepper, "libhakmem_stepper.so", why, why_bytes);
}

bool allocator_find_follower(struct allocator *follower, char *why, size_t why_bytes)
{
    return find_helper(follower, "libhakmem_follower.so", why, why_bytes);
}

/* True when the name is known, found or not: then `why` says which package has it. */
static bool find_known(struct allocator *allocator, const char *name, char *why, size_t why_bytes)
{
    bool is_known = false;
    for (size_t i = 0; i < sizeof known_allocators / sizeof known_allocators[0]; i++) {
        const struct known *known = &known_allocators[i];
        if (strcmp(known->name, name) != 0)
            continue;
        is_known = true;
        snprintf(why, why_bytes, "%s is not installed: apt install %s", name, known->package);
        for (size_t f = 0; f < sizeof library_folders / sizeof library_folders[0]; f++) {
            char path[PATH_MAX];
            snprintf(path, sizeof path, "%s/%s", library_folders[f], known->file);
            if (access(path, R_OK) == 0 && take_path(allocator, path))
                return true;
        }
    }
    return is_known;
}

static uint16_t own_machine(void)
{
    Elf64_Ehdr header = {0};
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (file >= 0 && pread(file, &header, sizeof header, 0) != (ssize_t)sizeof header)
        header.e_machine = EM_NONE;
    if (file >= 0)
        close(file);
    return header.e_machine;
}

static bool is_shared_object(const char *path, char *why, size_t why_bytes)
{
    Elf64_Ehdr header = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        snprintf(why, why_bytes, "%s: %s", path, strerror(errno));
        return false;
    }
    ssize_t got = pread(file, &header, sizeof header, 0);
    int error = errno;
    close(file);
    if (got < 0) {
        snprintf(why, why_bytes, "%s: %s", path, strerror(error));
        return false;
    }
    bool is_elf = got == (ssize_t)sizeof header && memcmp(header.e_ident, ELFMAG, SELFMAG) == 0;
    if (!is_elf || header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN) {
        snprintf(why, why_bytes, "%s: not a 64-bit ELF shared object", path);
        return false;
    }
    if (header.e_machine != own_machine()) {
        snprintf(why, why_bytes, "%s: made for another processor", path);
        return false;
    }
    return true;
}

/* In the folder that HAKMEM_VARIANTS names, else where the build or the installation has them. */
static bool find_variant_file(struct allocator *allocator, const char *file, bool is_unchecked,
                              char *why, size_t why_bytes)
{
    char folder[PATH_MAX - 128] = ".", path[PATH_MAX];
    const char *target = is_unchecked ? "variants_unchecked" : "variants";
    const char *named = secure_getenv("HAKMEM_VARIANTS");
    if (named && *named) {
        snprintf(path, sizeof path, "%.3900s/%s", named, file);
        if (take_path(allocator, path))
            return true;
        snprintf(why, why_bytes, "%s (in the folder named by HAKMEM_VARIANTS): %s", path,
                 strerror(errno));
        return false;
    }
    if (find_own(allocator, "../src/variants", "hakmem/variants", file))
        return true;
    own_folder(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/../src", folder);
    if (access(path, F_OK) == 0)
        snprintf(why, why_bytes, "%s is not built: meson compile -C %.200s/.. %s", file, folder,
                 target);
    else
        snprintf(why, why_bytes,
                 "%s is not installed: build it from the source (meson compile -C build %s) and "
                 "name its folder, build/src/variants, in HAKMEM_VARIANTS",
                 file, target);
    return false;
}

bool allocator_find_variant(const struct variant *variant, bool again, struct allocator *allocator,
                            char *why, size_t why_bytes)
{
    char file[128];
    *allocator = (struct allocator){.link = "allocator.so", .preload = true, .is_hakmem = true};
    variant_name(variant, allocator->name, sizeof allocator->name);
    variant_file(variant, again, file, sizeof file);
    return find_variant_file(allocator, file, variant->level[HAK_FACTOR_CHECK] != 0, why,
                             why_bytes) &&
           is_shared_object(allocator->library, why, why_bytes);
}

bool allocator_find(const char *name, struct allocator *allocator, char *why, size_t why_bytes)
{
    struct variant variant;
    if (variant_is_named(name))
        return variant_parse(name, &variant, why, why_bytes) &&
               allocator_find_variant(&variant, false, allocator, why, why_bytes);
    *allocator = (struct allocator){.link = "allocator.so", .preload = true};
    const char *slash = strrchr(name, '/');
    snprintf(allocator->name, sizeof allocator->name, "%s", slash ? slash + 1 : name);
    if (strcmp(name, "own") == 0) {
        allocator->is_own = true;
        allocator->preload = false;
        return true;
    }
    if (strcmp(name, "hakmem") == 0) {
        if (!find_hakmem(allocator, why, why_bytes))
            return false;
    } else if (!slash && find_known(allocator, name, why, why_bytes)) {
        allocator->is_glibc = strcmp(name, "glibc") == 0;
        allocator->preload = !allocator->is_glibc;
        if (!allocator->library[0])
            return false;
    } else if (!take_path(allocator, name)) {
        const char *hint = slash || errno != ENOENT
                               ? ""
                               : " (known names: own, hakmem, phase10, FACTOR=LEVEL, glibc, "
                                 "jemalloc, mimalloc, tcmalloc)";
        snprintf(why, why_bytes, "allocator %s: %s%s", name, strerror(errno), hint);
        return false;
    }
    return is_shared_object(allocator->library, why, why_bytes);
}

char *allocator_preload(const struct allocator *allocator, const char *folder, const char *before)
{
    char *value = NULL, *link = NULL;
    const char *library = allocator->library;
    if (strpbrk(library, " :")) {
        if (asprintf(&link, "%s/%s", folder, allocator->link) < 0)
            return NULL;
        if (symlink(library, link) != 0) {
            free(link);
            return NULL;
        }
        library = link;
    }
    bool more = before && *before;
    if (asprintf(&value, "%s%s%s", library, more ? ":" : "", more ? before : "") < 0)
        value = NULL;
    free(link);
    return value;
}
