#!/bin/bash
# SPDX-License-Identifier: MIT
# The files of docs/linking.md build against an installation, by pkg-config, Meson and CMake, shared and static, and run on it.
#
#     linking.sh SOURCE MESON BUILD
set -u
source=$1 meson=$2 place=place
. "$source/tests/ecosystem/installed.sh"
. "$source/tests/ecosystem/pages.sh"
have pkg-config pkg-config || exit 77
lay_out "$meson" "$3"
# The program starts where it was linked, not where it will be installed.
unset LD_PRELOAD PKG_CONFIG_LIBDIR
export LD_LIBRARY_PATH=$libraries

write_files "$source/docs/linking.md" "$work/page"
cd "$work/page" || exit 1
for file in program.c weak.c shared.sh static.sh archive.sh {shared,static}/{meson.build,CMakeLists.txt}; do
    [ -s "$file" ] || { echo "the page has no $file" > "$work/log"; break; }
done
[ ! -s "$work/log" ]
promise "the page has all files" $?
version=$(pkg-config --modversion hakmem)

runs() { # PROGRAM shared|static TEXT
    local needed
    needed=$(readelf -dW "$1" 2> /dev/null | grep -c 'NEEDED.*libhakmem.so.1')
    HAKMEM_STATS=1 quietly "$1" && grep -qE "^hakmem $version: [0-9]{4,} bytes live" "$work/log" &&
        grep -q '^hakmem: statistics' "$work/log" && [ "$needed" = "$([ "$2" = shared ] && echo 1 || echo 0)" ]
    promise "$3" $?
}

for way in shared static archive; do
    rm -f program
    quietly bash -e "$way.sh"
    runs ./program "$([ $way = shared ] && echo shared || echo static)" "pkg-config, $way"
done
quietly cc -o weak weak.c $(pkg-config --cflags hakmem) && [ "$(./weak)" = "another malloc" ] &&
    [ "$(LD_PRELOAD=libhakmem.so.1 ./weak)" = "$version" ]
promise "HAKMEM_WEAK: there and not" $?
quietly g++ -x c++ -o plus program.c -x none $(pkg-config --cflags --libs hakmem)
! command -v g++ > /dev/null || runs ./plus shared "as C++"

for way in shared static; do
    cp program.c "$way"
    quietly "$meson" setup "$way/build-meson" "$way" && quietly "$meson" compile -C "$way/build-meson"
    runs "$way/build-meson/program" "$way" "Meson, $way"
    have cmake cmake || continue
    quietly cmake -S "$way" -B "$way/build-cmake" && quietly cmake --build "$way/build-cmake"
    runs "$way/build-cmake/program" "$way" "CMake, $way"
done
finish
