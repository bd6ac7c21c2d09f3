#!/usr/bin/env bash
# Builds the bench as WebAssembly, as `kernel/build-wasm.sh` builds the kernel, and prints where it is. Needs a Rust
# compiler with the target's standard library or with the library's sources (Debian: rustc-web cargo-web rust-web-src
# lld); the first of those in PATH and in /usr/bin is taken. LTO=fat builds as the kernel ships.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../weave"

TARGET=wasm32-unknown-unknown
FEATURES=+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals

# Sets rustc and build_std.
find_compiler() {
  for rustc in "$(command -v rustc || true)" /usr/bin/rustc; do
    [[ -x $rustc && -x ${rustc%rustc}cargo ]] || continue
    build_std=()
    compgen -G "$("$rustc" --print target-libdir --target "$TARGET" 2>/dev/null)/libstd-*.rlib" >/dev/null && return
    build_std=(-Z "build-std=std,panic_abort")
    [[ -f $("$rustc" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock ]] && return
  done
  echo "build-wasm: no Rust compiler here builds for $TARGET; kernel/build-wasm.sh says what to install" >&2
  exit 1
}

find_compiler
# A stable compiler builds the standard library only when told that it bootstraps.
[[ ${#build_std[@]} -eq 0 ]] || export RUSTC_BOOTSTRAP=1
linker=${CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER:-$(compgen -c wasm-ld | sort | head -n 1)}
[[ -z $linker ]] || export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker
folder=${CARGO_TARGET_DIR:-$PWD/target}
RUSTC=$rustc CARGO_PROFILE_RELEASE_PANIC=abort CARGO_PROFILE_RELEASE_LTO=${LTO:-off} \
  RUSTFLAGS="-C target-feature=$FEATURES -C link-arg=--max-memory=$((4 << 30))" \
  "${rustc%rustc}cargo" build --release --locked --lib -p proofloom-weave-bench \
  ${build_std[@]+"${build_std[@]}"} --target "$TARGET" --target-dir "$folder" >&2
echo "$folder/$TARGET/release/proofloom_weave_bench.wasm"
