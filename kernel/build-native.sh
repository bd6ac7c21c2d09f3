#!/usr/bin/env bash
# Builds the native kernel that `proofloom bench kernel` compares the WASM build with:
# kernel/target-native/release/examples/native_bench. Needs Rust 1.95 or newer. The folder is its own
# because other flags would make cargo build everything again, back and forth.
#
# x86-64 is built for its third level (AVX2): without it the field's vector code is left out and the
# comparison says nothing. NATIVE_CPU names another processor, as for `rustc -C target-cpu`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

default_cpu() {
  [[ $(uname -m) == x86_64 ]] && echo x86-64-v3 || echo generic
}

command -v cargo >/dev/null || {
  echo 'build-native: cargo is needed (https://rustup.rs, or apt-get install cargo)' >&2
  exit 1
}
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target-native} \
  RUSTFLAGS="${RUSTFLAGS:-} -C target-cpu=${NATIVE_CPU:-$(default_cpu)}" \
  exec cargo build --release --locked -p proofloom-wasm --example native_bench "$@"
