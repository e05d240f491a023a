# SPDX-License-Identifier: MIT
"""Writes the completion of a shell, from what --help says: it can't know an option less than the program.

    write_completion.py bash|zsh|fish OUTPUT PROGRAM

Of PROGRAM the file's name is completed. What bash does with what is written here is in completion.bash.
"""

import os
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from help_text import ALLOCATORS, read_program

HEAD = "# SPDX-License-Identifier: MIT\n# Written by install/completion/write_completion.py from what --help says.\n"


def every_command(own, commands):
    return commands or [own]


def bash_kind(option):
    if option.kind == "words":
        return "words " + " ".join(option.words)
    return option.kind or "text"


def write_bash(name, own, commands):
    """Words of an associative array: an option's, an operand's, and the options of each command."""
    function = "_" + name.replace("-", "_")
    lines = [f"declare -gA {function}_words=("]
    if commands:
        lines.append(f"    [commands]={shlex.quote(' '.join([command.name for command in commands] + ['help']))}")
        lines.append(f"    [ options]={shlex.quote(' '.join(option.name for option in own.options))}")
    for command in every_command(own, commands):
        lines.append(f"    [{command.name} options]={shlex.quote(' '.join(option.name for option in command.options))}")
        lines.append(f"    [{command.name} operands]={shlex.quote(' '.join(command.operands))}")
        for option in command.options:
            if option.value:
                name_of = f"{command.name} {option.name}" + ("=" if option.is_optional else "")
                lines.append(f"    [{name_of}]={shlex.quote(bash_kind(option))}")
    lines.append(f"    [allocators]={shlex.quote(' '.join(ALLOCATORS))}\n)")
    with open(os.path.join(os.path.dirname(__file__), "completion.bash"), encoding="utf-8") as file:
        shared = "".join(line for line in file if not line.startswith("# SPDX"))
    return "\n".join(lines) + "\n" + shared + f"{function}() {{ _hakmem_complete {function}_words; }}\n" \
        f"complete -F {function} {name}\n"


def zsh_action(kind, words=()):
    if words:
        return "(" + " ".join(words) + ")"
    return {"file": "_files", "folder": "_files -/", "pid": "_pids", "program": "_command_names -e",
            "allocator": "_hakmem_allocator",
            "allocators": f"{{_values -s , allocator {' '.join(ALLOCATORS)}}}"}.get(kind, "")


def zsh_option(option):
    text = option.short_text.replace("[", "(").replace("]", ")").replace(":", " ")
    spec = option.name + ("=-" if option.is_optional else "=" if option.value else "") + f"[{text}]"
    if option.value:
        spec += ("::" if option.is_optional else ":") + option.value.replace(":", " ") + ":" + \
            zsh_action(option.kind, option.words)
    return shlex.quote(spec)


def zsh_arguments(command, indent):
    specs = [zsh_option(option) for option in command.options]
    for kind in command.operands:
        if kind == "program":
            specs += [shlex.quote("(-):program:" + zsh_action(kind)), shlex.quote("*::argument:_normal")]
        else:
            specs.append(shlex.quote(f":{kind}:" + zsh_action(kind)))
    return "_arguments -S \\\n" + " \\\n".join(" " * indent + spec for spec in specs)


def write_zsh(name, own, commands):
    head = f"#compdef {name}\n{HEAD}"
    if not commands:
        return head + zsh_arguments(own, 4) + "\n"
    listed = "\n".join("        " + shlex.quote(f"{each.name}:{each.summary}") for each in commands)
    cases = "\n".join(f"    {each.name})\n        {zsh_arguments(each, 12)}\n        ;;" for each in commands)
    own_options = " ".join(zsh_option(option) for option in own.options)
    # In a function, for colons of its own would end the action.
    return f"""{head}_hakmem_allocator() {{
    _alternative 'names:allocator:({' '.join(ALLOCATORS)})' 'files:library:_files'
}}
local context state state_descr line
typeset -A opt_args
_arguments -C {own_options} ':command:->command' '*::argument:->argument'
case $state in
command)
    local -a commands=(
{listed}
        'help:explain a command'
    )
    _describe command commands
    ;;
argument)
    case $words[1] in
    help) _values command {' '.join(each.name for each in commands)} ;;
{cases}
    esac
    ;;
esac
"""


def fish_quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_value(option):
    if option.words:
        return "-x -a " + fish_quote(" ".join(option.words))
    kinds = {"file": "-r -F", "folder": "-x -a '(__fish_complete_directories)'", "pid": "-x -a '(__fish_complete_pids)'",
             "allocator": "-r -F -a " + fish_quote(" ".join(ALLOCATORS)),
             "allocators": "-x -a " + fish_quote(" ".join(ALLOCATORS))}
    value = kinds.get(option.kind, "-x")
    return value.removeprefix("-r ") if option.is_optional else value


def write_fish(name, own, commands):
    lines = [f"complete -c {name} -f"]

    def add_options(command, condition):
        for option in command.options:
            value = fish_value(option) + " " if option.value else ""
            lines.append(f"complete -c {name} {condition}-l {option.name[2:]} {value}-d {fish_quote(option.short_text)}")

    if commands:
        add_options(own, "-n __fish_use_subcommand ")
        lines.append(f"complete -c {name} -n __fish_use_subcommand -a help -d 'explain a command'")
        lines.append(f"complete -c {name} -n '__fish_seen_subcommand_from help' -a "
                     + fish_quote(" ".join(each.name for each in commands)))
    for command in every_command(own, commands):
        condition = f"-n '__fish_seen_subcommand_from {command.name}' " if command.name else ""
        if command.name:
            lines.append(f"complete -c {name} -n __fish_use_subcommand -a {command.name} -d {fish_quote(command.summary)}")
        add_options(command, condition)
        skip = 1 if command.name else 0
        if "pid" in command.operands:
            lines.append(f"complete -c {name} {condition}-a '(__fish_complete_pids)'")
        if "allocator" in command.operands:
            lines.append(f"complete -c {name} {condition}-a {fish_quote(' '.join(ALLOCATORS))}")
        if "program" in command.operands:
            lines.append(f"complete -c {name} {condition}-a '(__fish_complete_subcommand --fcs-skip={skip + 1})'")
    return HEAD + "\n".join(lines) + "\n"


def main():
    shell, output, program = sys.argv[1:]
    text = {"bash": write_bash, "zsh": write_zsh, "fish": write_fish}[shell](os.path.basename(program), *read_program(program))
    with open(output, "w", encoding="utf-8") as file:
        file.write((HEAD if shell == "bash" else "") + text)


main()
