#!/bin/bash
# SPDX-License-Identifier: MIT
# What docs/ shows for services, containers and other mallocs holds: the drop-in is one to systemd, the Dockerfile names what
# the package has, the deployment is YAML, and every name of ours in migration.md is one.
#
#     pages_hold.sh SOURCE HAKMEM [HAKMEM_TRACE]
set -u
source=$1 hakmem=$2 trace=${3-}
. "$source/tests/places/promises.sh"
. "$source/tests/ecosystem/pages.sh"
soname=libhakmem.so.$(sed -n "s/^hakmem_abi = '\(.*\)'/\1/p" "$source/src/meson.build")

if have systemd-analyze systemd; then
    mkdir -p "$work/units/probe.service.d"
    printf '[Service]\nExecStart=/bin/true\n' > "$work/units/probe.service"
    cp "$source/docs/systemd/hakmem.conf" "$work/units/probe.service.d/"
    sed -i 's/^#\([A-Z]\)/\1/' "$work/units/probe.service.d/hakmem.conf" # what is left out holds, too
    SYSTEMD_UNIT_PATH=$work/units: quietly systemd-analyze verify --man=no "$work/units/probe.service"
    status=$?
    ! grep -qE 'hakmem.conf|probe' "$work/log" || status=1
    promise "systemd takes the drop-in" $status
fi
grep -q "^Environment=LD_PRELOAD=$soname\$" "$source/docs/systemd/hakmem.conf" &&
    sed -n '/^```ini/,/^```/p' "$source/docs/install.md" | grep '^[[E]' | grep -vxFf "$source/docs/systemd/hakmem.conf" > "$work/log"
[ ! -s "$work/log" ]
promise "it is that of docs/install.md" $?

write_files "$source/docs/containers.md" "$work/page"
grep -q "^ENV LD_PRELOAD=$soname\$" "$work/page/Dockerfile" && grep -q "COPY $(sed -n 's/^Package: \(libhakmem[0-9]*\)$/\1/p' "$source/debian/control")_" "$work/page/Dockerfile"
promise "the Dockerfile names the package and its library" $?
grep -q "value: $soname}" "$work/page/deployment.yaml"
promise "so does the deployment" $?
if python3 -c 'import yaml' 2> /dev/null; then
    quietly python3 -c 'import sys, yaml; assert yaml.safe_load(open(sys.argv[1]))["spec"]["template"]["spec"]["containers"][0]["env"]' \
        "$work/page/deployment.yaml"
    promise "which is YAML" $?
else
    note "left out: YAML is not read (Debian: python3-yaml)"
fi

# Names of ours: variables, functions, fields, options, commands.
page=$source/docs/migration.md
grep -oE 'HAKMEM_[A-Z_]+' "$page" "$source"/docs/{containers,install}.md -h | sort -u | while read -r name; do
    grep -rqF "\"$name\"" "$source/src" "$source/analysis" "$source/install" --include='*.c' || echo "$name"
done > "$work/log"
[ ! -s "$work/log" ]
promise "variables that are named are read" $?
grep -oE '\b(hakmem_[a-z]+|[a-z]+_bytes)\b' "$page" | sort -u | while read -r name; do
    grep -qw "$name" "$source/src/hakmem.h" || grep -qE "\`(GetNumericProperty|mallctl)[^|]*$name" "$page" || echo "$name"
done > "$work/log"
[ ! -s "$work/log" ]
promise "functions and fields of hakmem.h are there" $?
if [ -n "$trace" ]; then
    grep -ohE '`hakmem-trace [a-z]+( --[a-z]+)?' "$page" "$source"/docs/{containers,install}.md | tr -d '`' | sort -u | while read -r _ command option; do
        "$trace" "$command" --help 2> /dev/null | grep -qe "^  ${option:---help}" || echo "hakmem-trace $command $option"
    done > "$work/log"
    [ ! -s "$work/log" ]
    promise "commands and options are there" $?
fi
finish
