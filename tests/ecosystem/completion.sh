#!/bin/bash
# SPDX-License-Identifier: MIT
# Completion knows every command and option that --help lists, and offers what each takes. bash's is run; so are zsh's
# and fish's, where these are installed.
#
#     completion.sh SOURCE FOLDER_OF_COMPLETIONS HAKMEM [HAKMEM_TRACE]
set -u
source=$1 folder=$2
. "$source/tests/places/promises.sh"
shift 2
export LC_ALL=C
compopt() { :; } # which works only while a key is pressed
for program; do . "$folder/${program##*/}"; done

offer() { # WORD... -> what the last one is completed to, a line each
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    "$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/')"
    printf '%s\n' "${COMPREPLY[@]}"
}

offers() { # WANTED WORD...: is it among them?
    local wanted=$1
    shift
    offer "$@" > "$work/log"
    grep -qxF -- "$wanted" "$work/log"
    promise "${*:1:$#-1} [${*: -1}] offers $wanted" $?
}

alone() { # WANTED WORD...: is that all?
    local wanted=$1
    shift
    offer "$@" > "$work/log"
    [ "$(sort "$work/log" | tr '\n' ' ')" = "$wanted " ]
    promise "${*:1:$#-1} [${*: -1}] offers $wanted alone" $?
}

options_of() { "$@" --help | grep -oE '^  --[a-z-]+|^  --[^ ]+ [A-Z]+, --[a-z-]+' | grep -oE '\--[a-z-]+' | sort -u; }

has_every_option() { # PROGRAM [COMMAND]
    local name=${1##*/} command=${2-} option missing count
    options_of "$@" > "$work/options"
    offer "$name" $command -- | sort > "$work/offered"
    missing=$(comm -23 "$work/options" "$work/offered" | tr '\n' ' ')
    while read -r option; do
        grep -qE -- "$option([^a-z-]|\$)" <(sed -n "${command:+/^ *$command)/,/;;/}p" "$folder/_$name") || missing+=" zsh:$option"
        grep -E -- "-l ${option#--} " "$folder/$name.fish" | grep -qE -- "seen_subcommand_from $command'|^complete -c hakmem -l" ||
            missing+=" fish:$option"
    done < "$work/options"
    count=$(wc -l < "$work/options")
    [ -z "${missing// /}" ] && [ "$count" != 0 ]
    promise "$name $command: all $count options, in bash, zsh and fish${missing:+; missing: $missing}" $?
}

for program; do
    name=${program##*/}
    if grep -q '^commands:' <("$program" --help); then
        commands=$("$program" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort | tr '\n' ' ')
        alone "$(echo "$commands" | tr ' ' '\n' | cat - <(echo --help; echo --version) | grep . | sort | tr '\n' ' ' | sed 's/ $//')" "$name" ''
        for command in $commands; do
            [ "$command" = help ] || has_every_option "$program" "$command"
        done
    else
        has_every_option "$program"
    fi
    if have zsh zsh; then
        quietly zsh -n "$folder/_$name"
        promise "zsh reads that of $name" $?
    fi
    if have fish fish; then
        quietly env HOME="$work" XDG_CONFIG_HOME="$work" fish -n "$folder/$name.fish"
        promise "fish reads that of $name" $?
    fi
done

cd "$work" && touch a-file && mkdir a-folder || exit 1
offers a-file hakmem --metrics a-
alone "" hakmem --heap-sample 1
offers printf hakmem --stats prin
offers a-file hakmem --hardened -- cat a-
offers a-file hakmem cat a-
[ $# = 2 ] || finish
alone "annotate" hakmem-trace an
alone "callers compare count" hakmem-trace help c
offers glibc hakmem-trace run --with gl
offers a-file hakmem-trace run --with a-
alone "glibc,mimalloc" hakmem-trace compare --with glibc,m
alone "no" hakmem-trace run --aggregate n
alone "higher lower" hakmem-trace compare --better ''
alone "full half one" hakmem-trace ablate --design ''
offers a-file hakmem-trace run --json a-
offers a-file hakmem-trace run --json = a-
offers a-file hakmem-trace top --json = a-
offers $$ hakmem-trace attach "${$:0:1}"
offers $$ hakmem-trace top --json "${$:0:1}"
offers printf hakmem-trace run --no-bpf prin
offers printf hakmem-trace run --frequency 97 -- prin
offers a-file hakmem-trace run -- cat a-
alone "jemalloc" hakmem-trace why glibc j
offers printf hakmem-trace why glibc jemalloc prin
if have zsh zsh; then
    quietly python3 "$source/tests/ecosystem/zsh_completion.py" "$folder" "$work"
    promise "zsh completes when it is asked" $?
fi
if have fish fish; then
    ask() { HOME=$work XDG_CONFIG_HOME=$work timeout 20 fish -c "source '$folder/hakmem-trace.fish'; complete -C '$1'" | cut -f1; }
    [ "$(ask 'hakmem-trace run --agg')" = --aggregate ] && ask 'hakmem-trace ' | grep -qx annotate
    promise "fish offers commands and options" $?
fi
finish
