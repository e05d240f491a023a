#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program for 64-bit ARM in qemu-user.
#
#     [HAKMEM_TEST_GUEST_PAGE=BYTES] run_aarch64.sh PROGRAM ARGUMENT...
# qemu keeps a note of each page of the guest's memory, so it gets 16 GiB and no tebibyte.
emulator=$(command -v qemu-aarch64 || command -v qemu-aarch64-static) || exit 77
exec "$emulator" -L /usr/aarch64-linux-gnu -R 0x400000000 ${HAKMEM_TEST_GUEST_PAGE:+-p "$HAKMEM_TEST_GUEST_PAGE"} "$@"
