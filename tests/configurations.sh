#!/bin/bash
# SPDX-License-Identifier: MIT
# Every optional part can be left out, alone and with the others: the build is still described.
# usage: configurations.sh MESON SOURCE_FOLDER some|all
set -u
meson=$1 source=$2 which=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
without_all="-Dtrace=disabled -Dbpf=disabled -Dusdt=disabled -Ddisassembly=disabled -Dlive=disabled -Dpprof=disabled"
choices=(-Dbpf=disabled "$without_all")
if [ "$which" = all ]; then
    choices+=(-Dtrace=disabled -Dvmlinux=disabled -Dusdt=disabled -Ddisassembly=disabled -Dlive=disabled -Dsource_note=disabled
        -Dpprof=disabled)
fi
for options in "${choices[@]}"; do
    # shellcheck disable=SC2086
    if $meson setup $options "$folder/build" "$source" > "$folder/log" 2>&1; then
        echo "ok:   $options"
    else
        echo "FAIL: $options"
        tail -5 "$folder/log"
        failed=1
    fi
    rm -rf "$folder/build"
done
exit $failed
