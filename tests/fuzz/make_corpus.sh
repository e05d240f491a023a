#!/bin/bash
# SPDX-License-Identifier: MIT
# Writes the seeds of every harness into its corpus, and the ELF files that compilers make; what
# breaks of a parser was found stays there as it is.
#
#     make_corpus.sh BUILD_FOLDER
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
for program in "$build"/tests/fuzz/fuzz_*; do
    [ -x "$program" ] && [ -f "$program" ] || continue
    name=${program##*/fuzz_}
    mkdir -p "$here/corpus/$name"
    "$program" --write-seeds "$here/corpus/$name"
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/fast_path.h" <<'END'
static inline __attribute__((always_inline)) int classify(int bytes) { return bytes < 8 ? 0 : (bytes + 15) / 16; }
END
mkdir -p "$folder/factors/cache"
cat > "$folder/factors/cache/ring.h" <<'END'
static inline __attribute__((always_inline)) void *pop(void **ring, int at) { void *top = ring[at]; ring[at] = 0; return top; }
END
cat > "$folder/malloc.c" <<'END'
#include "fast_path.h"
#include "factors/cache/ring.h"
static void *rings[64];
static __attribute__((noinline)) void *refill(int at) { rings[at & 63] = &rings[0]; return rings; }
void *malloc(unsigned long bytes) { void *block = pop(rings, classify((int)bytes) & 63); return block ? block : refill((int)bytes); }
void free(void *block) { rings[0] = block; }
END
# Byte by byte the same flags; `1` and `0` say whether the file is the allocator's (elf.c).
make_elf() {
    local name=$1 how=$2
    shift 2
    (cd "$folder" && "$@" -O2 -fPIC -shared -nostdlib -Wl,--build-id -Wl,-z,max-page-size=4096 -o file malloc.c)
    { printf "$how"; cat "$folder/file"; } > "$here/corpus/elf/$name"
}
make_elf gcc_dwarf5 '\1' gcc -g -gdwarf-5
make_elf gcc_dwarf4 '\3' gcc -g -gdwarf-4
make_elf clang_dwarf5 '\1' clang -g -gdwarf-5
make_elf compressed '\1' gcc -g -gz
make_elf no_debug '\0' gcc -g0
make_elf libc '\0' gcc -g -Wl,-soname,libc.so.6
(cd "$folder" && strip -o stripped file)
{ printf '\0'; cat "$folder/stripped"; } > "$here/corpus/elf/stripped"
du -sh "$here/corpus"
