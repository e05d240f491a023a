# SPDX-License-Identifier: MIT

# What completes a value of this kind: file, folder, pid, allocator, allocators (a list with commas), program, words A B.
_hakmem_value() { # KIND
    local known="${offered[allocators]}" before=
    case $1 in
    file | folder)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -A "${1/folder/directory}" -- "$current")
        ;;
    pid) mapfile -t COMPREPLY < <(cd /proc && compgen -G '[0-9]*' | grep "^$current") ;;
    allocator)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -W "$known" -- "$current"; compgen -f -- "$current")
        ;;
    allocators)
        compopt -o nospace
        [[ $current != *,* ]] || before=${current%,*},
        mapfile -t COMPREPLY < <(compgen -P "$before" -W "$known" -- "${current##*,}")
        ;;
    program) mapfile -t COMPREPLY < <(compgen -c -- "$current"; compgen -d -- "$current") ;;
    "words "*) mapfile -t COMPREPLY < <(compgen -W "${1#words }" -- "$current") ;;
    esac
}

# The words of a program that is run: as if they stood alone, where bash-completion can tell.
_hakmem_program() { # INDEX
    if declare -F _command_offset > /dev/null; then
        _command_offset "$1"
    elif [ "$COMP_CWORD" = "$1" ]; then
        _hakmem_value program
    else
        _hakmem_value file
    fi
}

_hakmem_complete() { # NAME OF WORDS
    local -n offered=$1
    local current=${COMP_WORDS[COMP_CWORD]} command= kind operand=0 i=1 word
    local -a operands
    COMPREPLY=()
    if [ -n "${offered[commands]-}" ]; then
        if [ "$COMP_CWORD" = 1 ]; then
            mapfile -t COMPREPLY < <(compgen -W "${offered[commands]} ${offered[ options]}" -- "$current")
            return
        fi
        command=${COMP_WORDS[1]}
        if [ "$command" = help ]; then
            mapfile -t COMPREPLY < <(compgen -W "${offered[commands]}" -- "$current")
            return
        fi
        i=2
    fi
    read -ra operands <<< "${offered[$command operands]-}"
    # Up to the word at the cursor: which operand it is, or which option's value. `=` is a word of its own.
    for (( ; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [ "$word" = -- ]; then
            operand=$((${#operands[@]} - 1))
            [ "${operands[operand]-}" != program ] || _hakmem_program $((i + 1))
            return
        elif [[ $word == --* ]]; then
            kind=${offered[$command $word]-}
            [ "${COMP_WORDS[i + 1]-}" != = ] || { kind=${kind:-${offered[$command $word=]-}} && i=$((i + 1)); }
            [ -n "$kind" ] || continue
            i=$((i + 1))
            [ "$i" -lt "$COMP_CWORD" ] || { [ "$current" != = ] || current= ; _hakmem_value "$kind"; return; }
        elif [ "${operands[operand]-}" = program ]; then
            _hakmem_program "$i"
            return
        else
            operand=$((operand + 1))
        fi
    done
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "${offered[$command options]-}" -- "$current")
    elif [ "${operands[operand]-}" = program ]; then
        _hakmem_program "$i"
    else
        _hakmem_value "${operands[operand]-}"
    fi
}

