#!/usr/bin/env bash
# Runs the committed guests under qemu-riscv64, which knows nothing of Proofloom, and records exit
# code, output, instruction count and misaligned accesses in expected.json and in tests/expected.json,
# tests/traps/expected.json and tests/cases/expected.json. The machine's tests compare with these files, so they need no qemu.
#
# usage: guests/oracle.sh            record anew
#        guests/oracle.sh --check    run again and compare with what is recorded
set -euo pipefail
export LC_ALL=C
ulimit -c 0 # some guests are ended by a signal, on purpose

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

require_tools() {
    local tool
    for tool in qemu-riscv64 gcc python3; do
        command -v "$tool" >/dev/null || {
            echo "guests/oracle.sh: $tool not found. On Debian 12: apt-get install qemu-user gcc python3" >&2
            exit 1
        }
    done
}

record() { # OUT ELF-FOLDER [INPUT-FOLDER]
    python3 -B "$here/oracle/record.py" --plugin "$work/count.so" --guests "$here" \
        --elves "$2" ${3:+--inputs "$3"} "$work/$1"
}

settle() { # NAME: keep the new record, or compare it with the committed one
    if [[ $mode == --check ]]; then
        diff -u "$here/$1" "$work/$1"
    else
        cp "$work/$1" "$here/$1"
    fi
}

mode=${1:-}
if [[ -n $mode && $mode != --check ]]; then
    echo "usage: guests/oracle.sh [--check]" >&2
    exit 2
fi
require_tools
mkdir -p "$work/tests/traps" "$work/tests/cases"
gcc -O2 -Wall -Wextra -shared -fPIC "$here/oracle/qemu_count.c" -o "$work/count.so"
record expected.json "$here/elf" "$here/inputs"
settle expected.json
for folder in tests tests/traps tests/cases; do
    inputs=$here/$folder/inputs
    [[ -d $inputs ]] || inputs=
    record "$folder/expected.json" "$here/$folder/elf" "$inputs"
    settle "$folder/expected.json"
done
