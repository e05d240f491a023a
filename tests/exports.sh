#!/bin/sh
# SPDX-License-Identifier: MIT
# The library, shared and static, exports every name a malloc replacement must, those of hakmem.h, and nothing else; its
# thread-local block needs no run-time call; nothing of it can be written over after the start that need
# not be; a program may load it with dlopen. HAKMEM_TEST_RUNNER: what runs programs of another processor.
#
#     exports.sh LIBHAKMEM LIBHAKMEM_A DLOPEN_PROGRAM
set -u
library=$(realpath "$1")
archive=$(realpath "$2")
dlopen_program=$(realpath "$3")
broken=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

say() { # kept? text
    if [ "$1" = 0 ]; then
        echo "ok     $2"
    else
        echo "BROKEN $2"
        broken=1
    fi
}

cat > "$work/required" << 'NAMES'
malloc free calloc realloc reallocarray aligned_alloc memalign posix_memalign valloc pvalloc
malloc_usable_size cfree free_sized free_aligned_sized mallinfo mallinfo2 mallopt malloc_trim
malloc_stats malloc_info
__libc_malloc __libc_free __libc_calloc __libc_realloc __libc_memalign __libc_valloc __libc_pvalloc
_Znwm _Znam _ZnwmRKSt9nothrow_t _ZnamRKSt9nothrow_t
_ZnwmSt11align_val_t _ZnamSt11align_val_t
_ZnwmSt11align_val_tRKSt9nothrow_t _ZnamSt11align_val_tRKSt9nothrow_t
_ZdlPv _ZdaPv _ZdlPvRKSt9nothrow_t _ZdaPvRKSt9nothrow_t
_ZdlPvm _ZdaPvm _ZdlPvSt11align_val_t _ZdaPvSt11align_val_t
_ZdlPvmSt11align_val_t _ZdaPvmSt11align_val_t
_ZdlPvSt11align_val_tRKSt9nothrow_t _ZdaPvSt11align_val_tRKSt9nothrow_t
hakmem_stats hakmem_trim hakmem_version
NAMES
# glibc has aliases beyond those; a replacement may have them too.
cat > "$work/allowed" << 'NAMES'
__libc_reallocarray __libc_cfree __libc_mallinfo __libc_mallopt __libc_aligned_alloc
__posix_memalign __libc_posix_memalign
NAMES
tr -s ' ' '\n' < "$work/required" | LC_ALL=C sort > "$work/must"
tr -s ' ' '\n' < "$work/allowed" | LC_ALL=C sort -u - "$work/must" > "$work/may"
nm -D -g --defined-only "$library" | awk '{print $NF}' | sed 's/@.*//' | LC_ALL=C sort -u > "$work/has"

missing=$(LC_ALL=C comm -23 "$work/must" "$work/has" | tr '\n' ' ')
[ -z "$missing" ]
say $? "all $(wc -l < "$work/must") names are exported${missing:+; missing: $missing}"
extra=$(LC_ALL=C comm -13 "$work/may" "$work/has" | tr '\n' ' ')
[ -z "$extra" ]
say $? "nothing else is${extra:+: $extra}"

readelf -VW "$library" | grep -q 'Version definition'
[ $? = 1 ]
say $? "they have no versions, so that they answer for any"

# Of the archive every name that is not local could clash with a program's.
nm -g --defined-only "$archive" | awk 'NF == 3 && $3 != "_.stapsdt.base" { print $3 }' | LC_ALL=C sort -u > "$work/linked"
cmp -s "$work/has" "$work/linked"
say $? "libhakmem.a defines the same: $(LC_ALL=C comm -3 "$work/has" "$work/linked" | tr -d '\t' | tr '\n' ' ')"

readelf -rW "$library" | awk '/^[0-9a-f]/ { print $3 }' > "$work/relocations"
dynamic_tls=$(grep -cE 'DTPMOD|TLSDESC|DTPOFF|DTPREL' "$work/relocations")
[ "$dynamic_tls" = 0 ]
say $? "no relocation asks for run-time TLS (found $dynamic_tls)"
grep -qE 'TPOFF|TLS_TPREL' "$work/relocations"
say $? "thread-local storage is initial-exec (TPOFF)"
others=$(grep -vE '^R_[A-Z0-9_]*_(RELATIV|GLOB_DA|JUMP_SL|TPOFF|TLS_TPREL)' "$work/relocations" | sort -u | tr '\n' ' ')
[ -z "$others" ]
say $? "all other relocations are of the plain kinds${others:+, but: $others}"
nm -D --undefined-only "$library" | grep -q __tls_get_addr
[ $? = 1 ]
say $? "__tls_get_addr is not called"
readelf -dW "$library" | grep -q TEXTREL
[ $? = 1 ]
say $? "no relocations in code"
needed=$(readelf -dW "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc|ld-linux.*|libpthread)\.so' | tr '\n' ' ')
[ -z "$needed" ]
say $? "only libc is needed${needed:+; also: $needed}"
readelf -lW "$library" | grep -E 'GNU_STACK' | grep -q 'RWE'
[ $? = 1 ]
say $? "the stack is not executable"
readelf -lW "$library" | grep -q GNU_RELRO
say $? "what is relocated is read-only afterwards (RELRO)"
readelf -dW "$library" | grep -E 'FLAGS' > "$work/flags"
grep -q 'NOW' "$work/flags"
say $? "all of it at the start (BIND_NOW)"
grep -q 'NODELETE' "$work/flags"
say $? "it stays where it is when it is closed (NODELETE)"

# shellcheck disable=SC2086
answer=$(${HAKMEM_TEST_RUNNER-} "$dlopen_program" "$library" 2>&1)
status=$?
[ $status = 0 ]
say $? "dlopen works or fails cleanly: $answer"
exit $broken
