#!/usr/bin/env bash
# Builds kernel/dist/proofloom_kernel.wasm and records the digest of its sources beside it.
#
#   kernel/build-wasm.sh            build (needs Rust with a WASM standard library, or its sources)
#   kernel/build-wasm.sh --check    compare the committed binary with the sources (needs only Node)
#
# The binary depends on the sources and the compiler, not on where they lie: paths are remapped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
kernel=$PWD

TARGET=wasm32-unknown-unknown
FEATURES=+simd128,+bulk-memory,+sign-ext,+nontrapping-fptoint,+mutable-globals
INITIAL_MEMORY=$((64 << 20))
MAX_MEMORY=$((4 << 30))

fail() {
  printf 'build-wasm: %s\n' "$@" >&2
  exit 1
}

# The first of the given commands that exists, as a path.
first_command() {
  local name
  for name in "$@"; do command -v "$name" && return; done
  return 1
}

has_wasm_std() {
  local libdir
  libdir=$("$1" --print target-libdir --target "$TARGET" 2>/dev/null) &&
    compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

has_std_sources() {
  [[ -f $("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock ]]
}

# Sets rustc, cargo and build_std. A rustup toolchain may be first in PATH and lack WASM while the
# distribution's compiler has it, so both are looked at.
find_toolchain() {
  local candidate test
  for test in has_wasm_std has_std_sources; do
    for candidate in "$(first_command rustc || true)" /usr/bin/rustc; do
      [[ -x $candidate && -x ${candidate%rustc}cargo ]] || continue
      "$test" "$candidate" || continue
      rustc=$candidate cargo=${candidate%rustc}cargo
      [[ $test == has_wasm_std ]] && build_std=() || build_std=(-Z "build-std=std,panic_abort")
      return
    done
  done
  fail "no Rust compiler here can build for $TARGET; one of these helps:" \
    "  rustup target add $TARGET" \
    "  apt-get install rustc-web cargo-web rust-web-src lld   (Debian)" \
    "The committed binary can be checked without Rust: kernel/build-wasm.sh --check"
}

# rustup brings a linker; a distribution's compiler wants one named.
find_linker() {
  [[ -n ${CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER:-} ]] && return
  compgen -G "$("$rustc" --print sysroot)/lib/rustlib/*/bin/rust-lld" >/dev/null && return
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(first_command wasm-ld wasm-ld-{25..14}) ||
    fail "no WASM linker found; install lld (wasm-ld)"
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
}

# Where source files may lie, and the name each place gets in the binary.
path_prefixes() {
  local std registry
  std=$("$rustc" --print sysroot)/lib/rustlib/src/rust
  printf '%s=%s\n' "$kernel" kernel "$std" rust
  [[ ! -d $std ]] || printf '%s=%s\n' "$(readlink -f "$std")" rust
  for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
    printf '%s=%s\n' "${registry%/}" crates
  done
}

# Flags are separated by 0x1f, so that paths with blanks survive.
rust_flags() {
  local prefix flags=(
    -C "target-feature=$FEATURES"
    -C "link-arg=--initial-memory=$INITIAL_MEMORY"
    -C "link-arg=--max-memory=$MAX_MEMORY"
    -C strip=symbols
  )
  while IFS= read -r prefix; do flags+=(--remap-path-prefix "$prefix"); done < <(path_prefixes)
  local IFS=$'\x1f'
  printf '%s' "${flags[*]}"
}

build() {
  find_toolchain
  find_linker
  local target_dir=${CARGO_TARGET_DIR:-$kernel/target-wasm}
  # The registry folder has to exist before its path can be remapped.
  RUSTC=$rustc "$cargo" fetch --locked --quiet
  # A stable compiler builds the standard library only when told that it bootstraps.
  [[ ${#build_std[@]} -eq 0 ]] || export RUSTC_BOOTSTRAP=1
  # Taken once: a source edited during the build must make the check below fail.
  local digest
  digest=$(node source-digest.mjs print)
  RUSTC=$rustc CARGO_ENCODED_RUSTFLAGS=$(rust_flags) PROOFLOOM_SOURCE_DIGEST=$digest \
    "$cargo" build --locked --profile dist --lib -p proofloom-wasm \
    ${build_std[@]+"${build_std[@]}"} --target "$TARGET" --target-dir "$target_dir"
  mkdir -p dist
  cp "$target_dir/$TARGET/dist/proofloom_wasm.wasm" dist/proofloom_kernel.wasm
  printf '%s\n' "$digest" >dist/SOURCE_DIGEST
  node source-digest.mjs check
}

command -v node >/dev/null || fail "node is needed for the source digest; install Node 20 or newer"
case ${1:-} in
  --check) exec node source-digest.mjs check ;;
  '') build ;;
  *) fail "usage: build-wasm.sh [--check]" ;;
esac
