#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program for 64-bit ARM in qemu-user. What is preloaded is preloaded there, not into qemu.
#
#     [LD_PRELOAD=...] [HAKMEM_TEST_GUEST_PAGE=BYTES] run_aarch64.sh PROGRAM ARGUMENT...
# qemu keeps a note of each page of the guest's memory, so it gets no tebibyte to keep notes of.
emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static) || exit 77
preload=${LD_PRELOAD-} folders=${LD_LIBRARY_PATH-}
unset LD_PRELOAD LD_LIBRARY_PATH
exec "$emulator" -L /usr/aarch64-linux-gnu -R 0x1000000000 ${HAKMEM_TEST_GUEST_PAGE:+-p "$HAKMEM_TEST_GUEST_PAGE"} \
    ${preload:+-E "LD_PRELOAD=$preload"} ${folders:+-E "LD_LIBRARY_PATH=$folders"} "$@"
