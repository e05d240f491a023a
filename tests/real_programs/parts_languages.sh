# SPDX-License-Identifier: MIT
# Interpreters. Sourced by real_programs.sh.

part_python() {
    export PYTHONMALLOC=malloc PYTHONHASHSEED=1
    on python3 "$here/work.py" "$(pick 20000 200000)" > outcome
}

# Python's own tests, of Debian's (libpython3-testsuite), where it is. The outcome: what each test said.
part_python_tests() {
    local python=/usr/bin/python3 tests
    tests="test_dict test_list test_set test_bytes test_unicode test_re test_json test_array test_memoryview test_struct test_pickle
        test_deque test_itertools test_gc test_threading test_queue test_zlib test_bz2 test_hashlib test_xml_etree test_decimal
        test_fork1 test_mmap"
    $python -c 'import test.test_dict' 2> /dev/null || { echo "not installed: libpython3-testsuite"; return 77; }
    export PYTHONMALLOC=malloc PYTHONHASHSEED=1
    # shellcheck disable=SC2086
    on $python -m test --tempdir "$PWD" $tests > tests.log 2>&1 || { grep -E 'FAIL|ERROR|failed' tests.log; return 1; }
    grep -E 'tests? OK|skipped|^Result' tests.log > outcome
}

part_perl() {
    PERL_HASH_SEED=0 on perl "$here/work.pl" "$(pick 20000 200000)" > outcome
}

part_node() {
    on node "$here/work.js" "$(pick 5000 100000)" > outcome
}

part_ruby() {
    on ruby "$here/work.rb" "$(pick 5000 100000)" > outcome
}

part_lua() {
    on lua "$here/work.lua" "$(pick 20000 500000)" > outcome
}
