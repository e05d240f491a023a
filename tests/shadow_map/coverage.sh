#!/bin/bash
# SPDX-License-Identifier: MIT
# Which lines of src/ the corpus comes by, and which functions it does not: by clang's coverage.
# usage: coverage.sh [INPUT|FOLDER]...        unless told, the committed corpus
# Prints a line for each file, then what was never run; FOLDER/lines.txt has every line's count.
set -eu
here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")
[ $# -gt 0 ] || set -- "$here/corpus"
folder=$(mktemp -d)
levels="header/none cache/magazine metadata/flat classify/direct freelist/bitmap check/key"
defines=(-D_GNU_SOURCE -DHAK_UNINTERPOSED -DHAK_CACHE_WORDS=1)
for level in $levels; do
    factor=${level%%/*}
    defines+=("-DHAK_${factor^^}=\"factors/$level.h\"")
done
mapfile -t sources < <(ls "$root"/src/*.c | grep -v '/interpose.c$\|/routes.c$')
(
    cd "$folder"
    clang -std=gnu11 -g -O1 -fno-builtin -ftls-model=initial-exec -fsanitize=fuzzer -fprofile-instr-generate \
        -fcoverage-mapping "${defines[@]}" -I"$root/src" -I"$root/probes" -I"$root/tests" -o fuzz \
        "$here"/{fuzz,start,allocator_linked,interleaved,operations,impossible,requests,shadow,contents,overlap_map,clock}.c \
        "$root/tests/support/process.c" "${sources[@]}" -ldl
    LLVM_PROFILE_FILE=raw ./fuzz -runs=0 "$@" > log 2>&1 || { tail log; exit 1; }
    llvm-profdata merge raw -o data
    llvm-cov report ./fuzz -instr-profile=data "$root/src" | cut -c 1-200
    llvm-cov report ./fuzz -instr-profile=data -show-functions "${sources[@]}" |
        awk '$4 == "0.00%" && $1 != "TOTAL" { print "never run:", $1 }' | sort -u
    llvm-cov show ./fuzz -instr-profile=data "$root/src" > lines.txt
)
echo "lines: $folder/lines.txt"
