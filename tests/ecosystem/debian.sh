#!/bin/bash
# SPDX-License-Identifier: MIT
# The Debian packages build from what git has, by an ordinary user too, without a word of lintian's; unpacked, hakmem and
# hakmem-trace run from them; nothing is in two of them, nor outside of /usr.
#
#     debian.sh SOURCE
set -u
source=$1
. "$source/tests/places/promises.sh"
have dpkg-buildpackage dpkg-dev && have dh debhelper && have git git || exit 77
dpkg-checkbuilddeps "$source/debian/control" 2> "$work/log" || skip_all "$(cat "$work/log")"
git -C "$source" rev-parse HEAD > /dev/null 2>&1 || skip_all "no git here"
version=$(dpkg-parsechangelog -l "$source/debian/changelog" -S Version)
tree=$work/hakmem-$version
mkdir "$tree"
# What git has and what is changed, as a commit would.
(cd "$source" && git ls-files -coz --exclude-standard | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
    tar --null -T - -cf - | tar -xf - -C "$tree")

as_user=()
if [ "$(id -u)" = 0 ] && have setpriv util-linux; then
    chmod 755 "$work"
    chown -R 65534:65534 "$work"
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$work")
fi
cd "$tree" || exit 1
limit=1500 quietly "${as_user[@]}" env -u MAKEFLAGS -u MALLOC_PERTURB_ -u LD_LIBRARY_PATH dpkg-buildpackage -us -uc
promise "dpkg-buildpackage, with its tests${as_user:+, as user 65534}" $?
[ $broken = 0 ] || exit 1
cd "$work" || exit 1
[ -s "hakmem_$version.dsc" ] && [ "$(ls -- *_"$version"_*.deb | grep -vc dbgsym)" = 3 ]
promise "a source package, and three binary ones" $?

if have lintian lintian; then
    quietly "${as_user[@]}" lintian --fail-on error,warning "hakmem_${version}_$(dpkg --print-architecture).changes"
    status=$?
    ! grep -qE '^[EW]:' "$work/log" || status=1
    promise "lintian has nothing to say" $status
fi

mkdir root
for package in libhakmem1 libhakmem-dev hakmem-trace; do
    dpkg-deb -c "$package"_*.deb | awk '!/^d/ { print $6 }' >> "$work/files"
    dpkg-deb -x "$package"_*.deb root
done
sort "$work/files" | uniq -d > "$work/log"
[ ! -s "$work/log" ]
promise "no file is in two packages" $?
grep -v '^\./usr/' "$work/files" > "$work/log"
[ ! -s "$work/log" ]
promise "no file outside of /usr" $?
for package in libhakmem1 libhakmem-dev hakmem-trace; do
    dpkg-deb -I "$package"_*.deb | grep -E 'postinst|prerm|postrm|preinst|conffiles'
done > "$work/log"
[ ! -s "$work/log" ]
promise "no scripts and no settings, so that nothing stays behind" $?

unset LD_LIBRARY_PATH HAKMEM_LIBRARY HAKMEM_BENCH
quietly root/usr/bin/hakmem --stats ls / && grep -q '^hakmem: statistics of process' "$work/log"
promise "hakmem ls" $?
quietly root/usr/bin/hakmem-trace run --no-bpf -- ls / && grep -qE 'operations [1-9]' "$work/log"
promise "hakmem-trace run -- ls" $?
quietly root/usr/bin/hakmem-trace health --rounds 6 --operations 10000 --bound 0 --memory 0
grep -q mid-size "$work/log"
promise "hakmem-trace health" $?
if have lexgrog man-db; then
    for page in root/usr/share/man/man*/*.gz; do
        lexgrog "$page" > /dev/null 2>> "$work/log" || echo "$page" >> "$work/log"
    done
    [ ! -s "$work/log" ] && [ "$(ls root/usr/share/man/man1 | wc -l)" -ge 14 ]
    promise "man pages" $?
fi
finish
