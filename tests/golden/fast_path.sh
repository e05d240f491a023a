#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The machine code of malloc and free is a promise: on the fast path no push, no call, no atomic
# instruction, and as many instructions, loads, stores and branches as the golden file says.
# The fast path is what stands before the function's first ret, all slow branches not taken.
#
#   fast_path.sh LIBRARY COMPILER-ID     compare      (77: no golden counts for this compiler)
#   fast_path.sh LIBRARY                 print the counts, to be kept when they change for a reason
set -euo pipefail
library=$1
compiler=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
command -v objdump >/dev/null || { echo "objdump is missing: install binutils"; exit 77; }

counts() {
    objdump -d --no-show-raw-insn "$library" | awk -v name="$1" '
        $2 == "<" name ">:" { inside = !done; next }
        !inside { next }
        {
            op = $2; operands = $0
            sub(/^[^\t]*\t[^\t ]+ */, "", operands); sub(/ *#.*/, "", operands); sub(/ *<.*/, "", operands)
            if (op == "lock" || op ~ /^xchg/ && operands ~ /\(/) atomics++
            if (op ~ /^push/) pushes++
            if (op ~ /^call/) calls++
            instructions++
            if (op ~ /^ret/) { inside = 0; done = 1 }
            if (op ~ /^j/) { branches++; next }
            if (op ~ /^(lea|nop)/ || operands !~ /\(|%fs:/) next
            # AT&T order: the last operand is the destination.
            to_memory = operands ~ /\)$/ || operands ~ /%fs:[^,]*$/ && operands !~ /\)[^,]*,/
            if (op ~ /^(cmp|test)/) loads++
            else if (to_memory && op ~ /^mov/) stores++
            else if (to_memory) { loads++; stores++ }
            else loads++
        }
        END {
            if (!done) { print name ": not found"; exit 1 }
            printf "%s: %d instructions, %d loads, %d stores, %d branches, %d pushes, %d calls, %d atomics\n",
                name, instructions, loads, stores, branches, pushes, calls, atomics
        }'
}

found=$(counts malloc; counts free)
echo "$found"
[ -n "$compiler" ] || exit 0
if echo "$found" | grep -qv '0 pushes, 0 calls, 0 atomics$'; then
    echo "the fast path pushes, calls or uses an atomic instruction"
    exit 1
fi
golden=$here/$compiler.golden
if [ ! -f "$golden" ]; then
    echo "no golden counts for $compiler: only pushes, calls and atomics were checked"
    exit 77
fi
diff -u "$golden" <(echo "$found") && echo "as in $(basename "$golden")"
