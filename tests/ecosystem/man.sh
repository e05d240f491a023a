#!/bin/bash
# SPDX-License-Identifier: MIT
# There is a man page for every command, function and library, each is found by its name, read without complaint by man and
# mandoc, and says what its source says.
#
#     man.sh SOURCE FOLDER_OF_PAGES HAKMEM [HAKMEM_TRACE]
set -u
source=$1 folder=$2 hakmem=$3 trace=${4-}
. "$source/tests/places/promises.sh"
have man man-db || exit 77
export LC_ALL=C.UTF-8 MANWIDTH=80 MANPAGER=cat MANROFFOPT=''
pages=(hakmem.1 libhakmem.7 libhakmem-hardened.7)
while read -r function; do
    pages+=("$function.3")
done < <(grep -oE '\bhakmem_[a-z]+\(' "$source/src/hakmem.h" | tr -d '(' | sort -u)
if [ -n "$trace" ]; then
    pages+=(hakmem-trace.1)
    while read -r command; do
        pages+=("hakmem-trace-$command.1")
    done < <("$trace" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep -v '^help$')
fi
ls "$folder" | grep '\.[1-8]$' | sort > "$work/there"
printf '%s\n' "${pages[@]}" | sort | diff - "$work/there" > "$work/log"
promise "all ${#pages[@]} pages, and no other" $?

shown() { man -l "$folder/$1" 2> /dev/null | sed 's/.\x08//g'; }

for page in "${pages[@]}"; do
    name=${page%.*}
    [ -s "$folder/$page" ] || continue
    : > "$work/all"
    ! have lexgrog man-db || lexgrog "$folder/$page" > "$work/log" && grep -qF "\"$name - " "$work/log" || echo "lexgrog: $(cat "$work/log")" >> "$work/all"
    ! command -v mandoc > /dev/null || mandoc -Tlint -W warning "$folder/$page" >> "$work/all" 2>&1
    man --warnings -E UTF-8 -l -Tutf8 -Z "$folder/$page" 2>&1 > /dev/null | grep -vE "cannot adjust line|can't break line" >> "$work/all"
    # Nothing of Markdown is left, but in what is printed as it is.
    shown "$page" | grep -nE '\]\(|^ *\|.*\|.*\||<!--|^ *##+ |\*\*' >> "$work/all"
    cp "$work/all" "$work/log"
    [ ! -s "$work/log" ]
    promise "$page" $?
done
have mandoc mandoc || true

shown hakmem.1 > "$work/text"
for option in $("$hakmem" --help | grep -oE '^  --[a-z-]+'); do
    grep -qE "^ +$option\b" "$work/text" || echo "$option" >> "$work/log"
done
[ ! -s "$work/log" ]
promise "hakmem(1) has every option of --help" $?
shown hakmem_stats.3 > "$work/text"
grep -oE '^    uint64_t [a-z_]+;' "$source/src/hakmem.h" | while read -r _ field; do
    grep -qF "$field" "$work/text" || echo "$field" >> "$work/log"
done
[ ! -s "$work/log" ] && grep -q 'size_t hakmem_stats(struct hakmem_stats \*stats, size_t bytes);' "$work/text"
promise "hakmem_stats(3) has every field and the prototype" $?
for variable in $(grep -hoE 'secure_getenv\("HAKMEM_[A-Z_]+"' "$source"/src/*.c | grep -oE 'HAKMEM_[A-Z_]+' | sort -u); do
    shown libhakmem.7 | grep -q "$variable" || echo "libhakmem(7) lacks $variable" >> "$work/log"
done
[ ! -s "$work/log" ]
promise "libhakmem(7) has every variable that the library reads" $?
finish
