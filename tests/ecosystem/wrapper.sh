#!/bin/bash
# SPDX-License-Identifier: MIT
# hakmem PROGRAM: the program is on libhakmem and otherwise as it would be; what can't be is said in one line.
#
#     wrapper.sh SOURCE HAKMEM
set -u
source=$1 hakmem=$(realpath "$2")
. "$source/tests/places/promises.sh"
export HAKMEM_LIBRARY=''
unset LD_LIBRARY_PATH LD_PRELOAD HAKMEM_STATS HAKMEM_METRICS HAKMEM_HEAP_SAMPLE

is() { # TEXT WANTED GOT
    [ "$2" = "$3" ] || printf 'wanted: %s\ngot: %s\n' "$2" "$3" > "$work/log"
    [ "$2" = "$3" ]
    promise "$1" $?
}

refused() { # TEXT STATUS WORDS ARGUMENT...
    local text=$1 status=$2 words=$3
    shift 3
    quietly "$hakmem" "$@"
    [ $? = "$status" ] && [ "$(grep -c . "$work/log")" = 1 ] && grep -qF "hakmem: $words" "$work/log"
    promise "$text: status $status and one line" $?
}

library=$("$hakmem" printenv LD_PRELOAD)
case $library in /*/libhakmem.so.1) true ;; *) false ;; esac
promise "the library is preloaded: $library" $?
HAKMEM_STATS=1 quietly "$hakmem" env true && grep -q '^hakmem: statistics of process' "$work/log"
promise "and counts" $?
is "--hardened" "${library/libhakmem.so/libhakmem-hardened.so}" "$("$hakmem" --hardened printenv LD_PRELOAD)"
is "--hardened-light" "${library/libhakmem.so/libhakmem-hardened-light.so}" "$("$hakmem" --hardened-light printenv LD_PRELOAD)"
is "an LD_PRELOAD is kept, behind the library" "$library:libm.so.6" "$(LD_PRELOAD=libm.so.6 "$hakmem" printenv LD_PRELOAD)"
is "a libhakmem that is in it is replaced" "${library/libhakmem.so/libhakmem-hardened.so}:libm.so.6" \
    "$(LD_PRELOAD="$library libm.so.6:/nosuch/libhakmem-hardened.so.1" "$hakmem" --hardened printenv LD_PRELOAD 2> /dev/null)"
is "--stats, --metrics and --heap-sample are the variables" "1 m.%p 524288" \
    "$("$hakmem" --stats --metrics=m.%p --heap-sample 524288 sh -c 'echo $HAKMEM_STATS $HAKMEM_METRICS $HAKMEM_HEAP_SAMPLE' 2> /dev/null)"
is "without them there are none" "" "$("$hakmem" sh -c 'echo $HAKMEM_STATS$HAKMEM_METRICS$HAKMEM_HEAP_SAMPLE')"

is "arguments" '<a b><><--stats><*>' "$("$hakmem" -- printf '<%s>' 'a b' '' '--stats' '*')"
is "options end at the program" '--hardened x' "$("$hakmem" echo --hardened x)"
is "input" given "$(echo given | "$hakmem" cat)"
"$hakmem" sh -c 'exit 42'
is "exit status" 42 $?
is "no process stands in between" "$BASHPID" "$(exec "$hakmem" sh -c 'echo $PPID')"
{ "$hakmem" sh -c 'kill -TERM $$'; } 2> /dev/null
is "signals" 143 $?

refused "no program" 2 "a program is missing"
refused "unknown option" 2 "unknown option '--nosuch'" --nosuch true
refused "no value" 2 "--metrics needs a value" --metrics
for value in 0 -1 1k '' 1099511627777 99999999999999999999; do
    refused "--heap-sample '$value'" 2 "--heap-sample $value: not a whole number of bytes" --heap-sample "$value" true
done
refused "not found" 127 "nosuch-program: No such file or directory" nosuch-program
printf 'x' > "$work/plain"
refused "not executable" 126 "$work/plain: Permission denied" "$work/plain"
refused "a folder" 126 "$work: Permission denied" "$work"
cp "$hakmem" "$work/alone"
quietly "$work/alone" true
alone=$?
if [ -e "$(sed -n 's/.* nor in //p' "$work/log")/libhakmem.so.1" ] || [ "$alone" = 0 ]; then
    note "left out: a libhakmem is installed here, so that none is missing"
else
    [ $alone = 125 ] && grep -q '^hakmem: libhakmem.so.1 not found' "$work/log"
    promise "no library: status 125 and one line" $?
fi
HAKMEM_LIBRARY=/nosuch refused "HAKMEM_LIBRARY leads nowhere" 125 "/nosuch (named by HAKMEM_LIBRARY): No such file" true
is "HAKMEM_LIBRARY" "$library" "$(cp "$hakmem" "$work/other" && HAKMEM_LIBRARY="$library" "$work/other" printenv LD_PRELOAD)"

mkdir "$work/a path"
cp "$library" "$work/a path/libhakmem.so.1"
is "a path with a blank" "libhakmem.so.1 $work/a path:/nosuch" \
    "$(HAKMEM_LIBRARY="$work/a path/libhakmem.so.1" LD_LIBRARY_PATH=/nosuch "$hakmem" sh -c 'echo $LD_PRELOAD $LD_LIBRARY_PATH')"
HAKMEM_LIBRARY="$work/a path/libhakmem.so.1" quietly "$hakmem" --stats env true && grep -q '^hakmem: statistics' "$work/log"
promise "and it is loaded" $?
mkdir "$work/a:b"
cp "$library" "$work/a:b/libhakmem.so.1"
HAKMEM_LIBRARY="$work/a:b/libhakmem.so.1" refused "a path with a colon" 125 "$work/a:b/libhakmem.so.1: the dynamic linker can't" true

warns() { # TEXT WORDS COMMAND...
    local text=$1 words=$2
    shift 2
    quietly "$@" && [ "$(grep -c '^hakmem: ' "$work/log")" = 1 ] && grep -qF "hakmem: warning: $words: it runs on its own malloc" "$work/log"
    promise "$text: a warning, and it runs" $?
}
quietly "$hakmem" sh -c 'exit 0' && [ ! -s "$work/log" ]
promise "no warning else" $?
if have gcc gcc && echo 'int main(void) { return 0; }' | gcc -static -x c -o "$work/static" - 2> /dev/null; then
    warns "a static program" "$work/static is static" "$hakmem" "$work/static"
    printf '#! %s\n' "$work/static" > "$work/script" && chmod +x "$work/script"
    warns "a script of one" "$work/static is static" "$hakmem" "$work/script"
    is "a static program in PATH" "hakmem: warning: $work/static is static" \
        "$(PATH=$work:$PATH "$hakmem" static 2>&1 | cut -d: -f1-3 | sed 's/: it runs.*//')"
    printf 'int main(void) { return 0; }' | gcc -Wl,--dynamic-linker=/nosuch/ld-other.so.1 -x c -o "$work/other-linker" -
    "$hakmem" "$work/other-linker" > "$work/log" 2>&1
    grep -qF "$work/other-linker is of another C library or processor (/nosuch/ld-other.so.1)" "$work/log"
    promise "a program of another C library: a warning" $?
fi
if [ "$(id -u)" = 0 ] && have setpriv util-linux && ! findmnt -no OPTIONS -T "$work" 2> /dev/null | grep -q nosuid; then
    chmod 755 "$work"
    cp /bin/true "$work/setuid" && chmod 4755 "$work/setuid"
    user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    if quietly "${user[@]}" "$hakmem" true; then
        warns "a setuid program" "$work/setuid is setuid" "${user[@]}" "$hakmem" "$work/setuid"
    else
        note "left out: the build is closed to other users"
    fi
    quietly "$hakmem" "$work/setuid" && [ ! -s "$work/log" ]
    promise "the same for who has these rights: no warning" $?
fi

quietly "$hakmem" --help && grep -q '^usage: hakmem ' "$work/log" && [ "$(wc -L < "$work/log")" -le 100 ]
promise "--help" $?
grep -qE '^hakmem [0-9]+\.[0-9]+\.[0-9]+$' <("$hakmem" --version)
promise "--version" $?
"$hakmem" --help > /dev/full 2> /dev/null
is "--help to a full disk" 125 $?
finish
