#!/bin/sh
# SPDX-License-Identifier: MIT
# try_vmlinux.sh BPFTOOL BTF CLANG ARGUMENT...: whether the eBPF programs compile with a vmlinux.h of this kernel.
# A kernel newer than the tools may describe itself in a way that these don't understand.
set -eu
bpftool=$1 btf=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$bpftool" btf dump file "$btf" format c > "$folder/vmlinux.h"
for program in "$(dirname "$0")"/*.bpf.c; do
    "$@" -fsyntax-only -DHAKMEM_VMLINUX -I "$folder" "$program"
done
