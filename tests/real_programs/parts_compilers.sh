# SPDX-License-Identifier: MIT
# Compilers: their objects are the same to the byte. Sourced by real_programs.sh.

compile_sources() { # compiler
    local level defines=(-DHAK_CACHE_WORDS=1 '-DHAK_VERSION="0"') source
    for level in header/none cache/magazine metadata/flat classify/routed freelist/bitmap check/key; do
        source=${level%%/*}
        defines+=("-DHAK_${source^^}=\"factors/$level.h\"")
    done
    mkdir objects
    local sources=("$root"/src/*.c)
    for source in "${sources[@]:0:$(pick 4 100)}"; do
        on "$1" -std=gnu11 -O2 -g -D_GNU_SOURCE -I"$root/src" -I"$root/probes" "${defines[@]}" "-ffile-prefix-map=$PWD=." \
            -c "$source" -o "objects/$(basename "$source" .c).o" || return 1
    done
    (cd objects && sha256sum -- *.o) > outcome
}

part_gcc() {
    compile_sources gcc
}

part_clang() {
    compile_sources clang
}

part_gxx() {
    on g++ -std=c++17 -O1 -frandom-seed=1 "-DDEPTH=$(pick 20 120)" -c "$here/templates.cpp" -o templates.o || return 1
    sha256sum < templates.o > outcome
}

part_rust() {
    rustc -O -o work "$here/work.rs" || { echo "rustc can't build here"; return 77; }
    on ./work "$(pick 20000 200000)" > outcome
}

part_go() {
    cp "$here/work.go" .
    HOME=$PWD GOFLAGS=-mod=mod GOTOOLCHAIN=local CGO_ENABLED=1 go build -o work work.go || { echo "go can't build here"; return 77; }
    on ./work "$(pick 2000 50000)" > outcome
}
