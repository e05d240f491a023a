# SPDX-License-Identifier: MIT
# Sourced: lays out an installation in a folder of its own, whose name has a blank in it.
# shellcheck shell=bash
place="${place-a place}"
. "$source/tests/places/promises.sh"

lay_out() { # MESON BUILD
    quietly "$1" install -C "$2" --no-rebuild --destdir "$work/$place"
    promise "meson install" $?
    local pc
    pc=$(find "$work/$place" -name hakmem.pc)
    libraries=${pc%/pkgconfig/hakmem.pc}
    prefix=$work/$place$(sed -n 's/^prefix=//p' "$pc")
    export PKG_CONFIG_PATH="${pc%/hakmem.pc}" PKG_CONFIG_SYSROOT_DIR="$work/$place"
}
