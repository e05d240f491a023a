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
# Rules by expressions, as those of a signal's frame are, and by every kind there is.
cat > "$folder/signal.s" <<'END'
    .text
    .globl restore
restore:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_escape 0x0f, 0x04, 0x77, 0xa0, 0x01, 0x06
    .cfi_escape 0x10, 0x06, 0x03, 0x77, 0xf8, 0x00
    .cfi_escape 0x16, 0x03, 0x03, 0x77, 0xf8, 0x00
    .cfi_undefined 1
    .cfi_same_value 2
    .cfi_register 12, 13
    .cfi_val_offset 14, -24
    nop
    .cfi_def_cfa 7, 16
    .cfi_offset 16, -8
    nop
    .cfi_register 15, 33
    nop
    .cfi_endproc
    .section .note.GNU-stack, "", @progbits
END
# What stands before the file: bit 0, it is the allocator's; bit 1, its descriptor is open (elf.c).
keep_elf() {
    { printf '%b' "$2"; cat "$folder/file"; } > "$here/corpus/elf/$1"
}
make_elf() {
    local name=$1 how=$2
    shift 2
    (cd "$folder" && "$@" -O2 -fPIC -shared -nostdlib -Wl,--build-id -Wl,-z,max-page-size=4096 -o file malloc.c)
    keep_elf "$name" "$how"
}
make_elf gcc_dwarf5 '\x1' gcc -g -gdwarf-5
# The note of sources that hakmem-trace reads where debug information was stripped.
"$build/analysis/attribute/write-source-note" "$folder/file" "$folder/bytes"
python3 - "$folder" << 'END'
import re, struct, sys
with open(sys.argv[1] + "/bytes", encoding="utf-8") as file:
    note = bytes(int(number) for number in re.findall(r"\d+", file.read()))
with open(sys.argv[1] + "/note", "wb") as file:
    file.write(struct.pack("<III8s", 7, len(note), 1, b"hakmem") + note + bytes(-len(note) % 4))
END
(cd "$folder" && strip file && objcopy --add-section .note.hakmem.sources=note file)
keep_elf source_note '\x1'
make_elf gcc_dwarf4 '\x3' gcc -g -gdwarf-4
make_elf clang_dwarf5 '\x1' clang -g -gdwarf-5
make_elf compressed '\x1' gcc -g -gz
make_elf by_lines '\x0' gcc -g
make_elf signal_frame '\x0' gcc -g0 -xassembler signal.s -xc
make_elf libc '\x0' gcc -g -Wl,-soname,libc.so.6
(cd "$folder" && strip file)
keep_elf stripped '\x0'
du -sh "$here/corpus"
