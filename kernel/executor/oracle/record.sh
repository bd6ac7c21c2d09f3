#!/bin/sh
# Records what qemu-riscv64 (user mode, with TCG plugins) makes of the test programs, into
# directed.txt and random.txt next to this script. Needs qemu-riscv64, a C compiler and cargo.
# The tests only read the recorded files.
#
# Usage: record.sh [number of random programs, default 4000]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${CC:-cc}" -O2 -Wall -fPIC -shared -o "$work/count.so" "$here/count.c"
cd "$here/../.."
cargo run --quiet --release -p proofloom-executor --features testkit --example record_oracle -- \
    "$(command -v qemu-riscv64)" "$work/count.so" "$work" "$here" "${1:-4000}"
