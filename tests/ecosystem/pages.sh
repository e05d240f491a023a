# SPDX-License-Identifier: MIT
# Sourced: the files that a page of docs/ holds, each in a block of code behind a comment <!-- file: NAME -->.
# shellcheck shell=bash

write_files() { # PAGE FOLDER
    awk -v folder="$2" '
        /^<!-- file: .* -->$/ { name = $3; next }
        /^```/ && name != "" && !inside { inside = 1; path = folder "/" name; sub("[^/]*$", "", path); system("mkdir -p \"" path "\""); next }
        /^```/ && inside { close(folder "/" name); inside = 0; name = ""; next }
        inside { print > (folder "/" name) }' "$1"
}
