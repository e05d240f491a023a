#!/bin/bash
# SPDX-License-Identifier: MIT
# Line coverage of src/ by the quick suite's tests of the allocator.
# usage: coverage.sh [FOLDER]      FOLDER: a build folder of its own, kept; unless told, one that is removed
# Fails where less than 90 % of the lines run, or a line that does not has no reason in `reasons`, or the other way round.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
folder=${1-}
case $folder in
-*) echo "usage: coverage.sh [FOLDER]" >&2; exit 2 ;;
esac
command -v gcov > /dev/null || { echo "coverage.sh: no gcov (Debian: gcc)" >&2; exit 77; }
if [ -z "$folder" ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder" "$folder.at_end.o"' EXIT
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
at_end=$folder.at_end.o
cc -O1 -fPIC -c -o "$at_end.new" "$here/at_end.c"
if ! cmp -s "$at_end.new" "$at_end"; then # ninja does not know that everything is linked with it
    mv "$at_end.new" "$at_end"
    [ ! -f "$folder/build.ninja" ] || ninja -C "$folder" -t clean > /dev/null
fi
rm -f "$at_end.new"
[ -f "$folder/build.ninja" ] || CC=cc meson setup "$folder" "$source" -Db_coverage=true -Doptimization=0 \
    -Dtrace=disabled -Dbpf=disabled -Dsource_note=disabled -Dusdt=disabled -Db_lundef=false \
    -Dc_args=-fprofile-update=atomic -Dc_link_args="['--coverage', '$at_end']" -Dcpp_link_args="['--coverage', '$at_end']" > "$folder.log" ||
    { cat "$folder.log"; exit 1; }
find "$folder" -name '*.gcda' -delete
echo "coverage.sh: building"
ninja -C "$folder" > "$folder.log" 2>&1 || { tail -30 "$folder.log"; exit 1; }
rm -f "$folder.log"
# Not: what builds anew, looks at machine code or at programs that are not ours to slow down.
mapfile -t tests < <(meson test -C "$folder" --no-rebuild --list 2> /dev/null | sed 's/.* \/ //' |
    grep -vE '^(variants|configurations|exports|golden|model_|threads_tsan|real_programs|shadow_map_fuzz|workload|floor_stops|mutation|coverage|fast_path)|_on_glibc$')
echo "coverage.sh: running ${#tests[@]} tests"
meson test -C "$folder" --no-rebuild --timeout-multiplier 6 --print-errorlogs "${tests[@]}" > "$folder/tests.log" 2>&1 ||
    echo "coverage.sh: some failed here; their lines count as far as they came: $(grep -E ' (FAIL|TIMEOUT) ' "$folder/tests.log" |
        sed 's/.*hakmem[:a-z+]* *\/* *//; s/ .*//' | sort -u | tr '\n' ' ')"
status=0
python3 "$here/coverage.py" "$folder" "$source" || status=$?
exit $status
