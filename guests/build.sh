#!/usr/bin/env bash
# Builds the C library, every guest and every instruction test, and writes their digests. The
# result does not depend on where the repository lies or when it is built; with the package
# versions named below it is bit for bit what is committed.
#
# usage: guests/build.sh            rebuild in place
#        guests/build.sh --check    rebuild into a temporary folder and compare with what is committed
#
# GUEST_CARGO_TARGET_DIR keeps what cargo compiled from one call to the next (a minute for core and
# alloc); GUEST_CC, GUEST_RUSTC and GUEST_CARGO name other tools.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sdk=$here/sdk/c
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$here

CC=${GUEST_CC:-riscv64-unknown-elf-gcc}
FLAGS=("@$sdk/guest.flags")
WARNINGS=(-std=c11 -Wall -Wextra -Werror)

# Debian's, which bring the sources of core and alloc; not what rustup may have put first in PATH.
GUEST_RUSTC=${GUEST_RUSTC:-/usr/bin/rustc}
GUEST_CARGO=${GUEST_CARGO:-/usr/bin/cargo}
RUST_TARGET=riscv64im_zicclsm-unknown-none-elf
RUST_STD_TARGET=riscv64im_zicclsm-unknown-zkvm-elf
cargo_target=${GUEST_CARGO_TARGET_DIR:-$work/cargo}

# Debian's C library, for the guests that show how to use it.
PICOLIBC=/usr/lib/picolibc/riscv64-unknown-elf
PICOLIBC_FLAGS=(-isystem "$PICOLIBC/include" -DPICOLIBC_DOUBLE_PRINTF_SCANF)
PICOLIBC_LIBRARIES=("-L$PICOLIBC/lib/rv64im/lp64" -lc -lm)

# The first slice of the prover's instructions.
FIBONACCI_ONLY=add,sub,addi,lui,auipc,jal,beq,bne,blt,bge,bltu,bgeu,ld,sd,ecall

require_tools() {
    local tool missing=0
    for tool in "$CC" "$GUEST_RUSTC" "$GUEST_CARGO" ld.lld python3 sha256sum; do
        command -v "$tool" >/dev/null || { echo "guests/build.sh: $tool not found" >&2; missing=1; }
    done
    if [[ ! -d $PICOLIBC ]]; then
        echo "guests/build.sh: $PICOLIBC not found" >&2
        missing=1
    fi
    if ((missing)); then
        echo "On Debian 12: apt-get install gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf rustc-web cargo-web rust-web-src lld python3" >&2
        exit 1
    fi
}

# The object of one source file. Paths are relative so that none reaches the object.
compile() { # SOURCE OBJECT, FLAG...
    (cd "$here" && "$CC" "${FLAGS[@]}" "${WARNINGS[@]}" "${@:3}" -I sdk/c/include -I programs/common \
        -Wa,-I,programs/common,-I,tests \
        -c "${1#"$here"/}" -o "$2")
}

compile_all() { # FOLDER, SOURCE...; sets objects
    local folder=$1 source object
    shift
    mkdir -p "$folder"
    objects=()
    for source in "$@"; do
        object=$folder/$(basename "$source").o
        compile "$source" "$object"
        objects+=("$object")
    done
}

link() { # OUT, OBJECT...
    local elf=$1
    shift
    "$CC" "${FLAGS[@]}" -T "$sdk/link.ld" "$@" -lgcc -o "$elf"
    strip_debug "$elf"
}

strip_debug() { # ELF
    riscv64-unknown-elf-strip --strip-debug --discard-all "$1"
}

build_library() {
    local objects
    compile_all "$work/sdk" "$sdk"/src/*.[cS]
    mkdir -p "$(dirname "$library")"
    rm -f "$library"
    riscv64-unknown-elf-ar rcsD "$library" "${objects[@]}"
}

has_sources() { # FOLDER SUFFIX
    compgen -G "${1%/}/*.$2" >/dev/null
}

# A folder with C sources is linked with the SDK; one with assembly alone brings its own start.
build_native() { # NAME FOLDER
    local name=$1 objects
    compile_all "$work/$name" "$2"/*.[cS]
    if has_sources "$2" c; then
        objects+=("$library")
    fi
    link "$out/elf/$name.elf" "${objects[@]}"
}

# A folder with a Cargo.toml is a Rust guest; its settings lie beside it.
build_rust() { # NAME FOLDER
    cargo_build "$2"
    take_rust "$1" "$out/elf"
}

cargo_build() { # FOLDER
    (cd "$1" && RUSTC=$GUEST_RUSTC RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$cargo_target CARGO_INCREMENTAL=0 \
        "$GUEST_CARGO" build --quiet --release --locked)
}

take_rust() { # NAME ELF-FOLDER [TARGET]
    cp "$cargo_target/${3:-$RUST_TARGET}/release/$1" "$2/$1.elf"
    strip_debug "$2/$1.elf"
}

build_programs() {
    local folder name
    for folder in "$here"/programs/*/; do
        name=$(basename "$folder")
        if [[ -f $folder/Cargo.toml ]]; then
            build_rust "$name" "${folder%/}"
        elif has_sources "$folder" '[cS]'; then
            build_native "$name" "${folder%/}"
        fi
    done
}

# Instruction tests: each once with its data close to the text and once far away.
TEST_DATA_BASES=(80100000 a0030000)

link_test() { # OUT DATA-BASE OBJECT
    "$CC" "${FLAGS[@]}" -Wl,--no-relax,--defsym=DATA_BASE=0x"$2" -T "$here/tests/link.ld" "$3" -o "$1"
}

build_tests() {
    local source name base elf objects
    mkdir -p "$out/tests/elf" "$out/tests/traps/elf" "$out/tests/limits/elf"
    for source in "$here"/tests/*.S; do
        name=$(basename "$source" .S)
        compile_all "$work/tests" "$source"
        for base in "${TEST_DATA_BASES[@]}"; do
            elf=$out/tests/elf/$name-$base.elf
            link_test "$elf" "$base" "${objects[0]}"
            riscv64-unknown-elf-strip --strip-all "$elf"
        done
    done
    for source in "$here"/tests/traps/*.S; do
        name=$(basename "$source" .S)
        compile_all "$work/traps" "$source"
        elf=$out/tests/traps/elf/$name.elf
        link_test "$elf" a0030000 "${objects[0]}"
        riscv64-unknown-elf-strip --strip-debug --discard-all "$elf"
    done
    # What programs must not get away with: without the SDK, whose own checks are not what is tested.
    for source in "$here"/tests/limits/*.[cS]; do
        name=$(basename "${source%.*}")
        compile_all "$work/limits" "$source"
        elf=$out/tests/limits/elf/$name.elf
        link_test "$elf" a0030000 "${objects[0]}"
        riscv64-unknown-elf-strip --strip-debug --discard-all "$elf"
    done
}

# Guests that show what the SDKs promise, and that the machine stops what they cannot.
build_cases() {
    local source name objects expect elves=$out/tests/cases/elf
    mkdir -p "$elves" "$work/cases"
    for source in "$here"/tests/cases/c/*.c; do
        name=$(basename "$source" .c)
        expect=()
        [[ $name != stack-* ]] || expect=(-Wl,--defsym=expect_STACK_OVERFLOW=0)
        compile_all "$work/cases" "$source"
        link "$elves/$name.elf" "${expect[@]}" "${objects[@]}" "$library"
    done
    compile "$sdk/picolibc/system.c" "$work/cases/system.o" -std=gnu11 "${PICOLIBC_FLAGS[@]}"
    for source in "$here"/tests/cases/libc/*.c; do
        name=$(basename "$source" .c)
        compile "$source" "$work/cases/$name.o" -std=gnu11 "${PICOLIBC_FLAGS[@]}"
        link "$elves/$name.elf" "$work/cases/$name.o" "$work/cases/system.o" "$library" "${PICOLIBC_LIBRARIES[@]}"
    done
    cargo_build "$here/tests/cases/rust"
    for source in "$here"/tests/cases/rust/src/bin/*.rs; do
        take_rust "$(basename "$source" .rs)" "$elves"
    done
    cargo_build "$here/tests/cases/rust-std"
    take_rust rust-std "$elves" "$RUST_STD_TARGET"
}

check_elves() {
    local elf
    for elf in "$out"/elf/*.elf "$out"/tests/cases/elf/*.elf; do
        case $elf in
            # Its illegal word is the point of it.
            */trap.elf) python3 -B "$here/tools/check_elf.py" --data-in-text "$elf" ;;
            *) python3 -B "$here/tools/check_elf.py" "$elf" ;;
        esac
    done
    python3 -B "$here/tools/check_elf.py" --data-in-text "$out"/tests/elf/*.elf "$out"/tests/traps/elf/*.elf \
        "$out"/tests/limits/elf/*.elf
    python3 -B "$here/tools/check_elf.py" --only "$FIBONACCI_ONLY" "$out/elf/fibonacci.elf"
}

write_digests() {
    (cd "$out" && sha256sum sdk/c/libproofloom.a elf/*.elf tests/elf/*.elf tests/traps/elf/*.elf tests/limits/elf/*.elf tests/cases/elf/*.elf >elf/DIGESTS)
}

compare() {
    if diff -u "$here/elf/DIGESTS" "$out/elf/DIGESTS"; then
        (cd "$here" && sha256sum --quiet --check elf/DIGESTS)
        echo "guests/build.sh: the committed ELFs are what their sources give"
    else
        echo "guests/build.sh: sources and committed ELFs differ; run guests/build.sh and commit" >&2
        echo "Built now with $("$CC" --version | head -1) and $("$GUEST_RUSTC" --version);" >&2
        echo "the committed ones with Debian 12's gcc-riscv64-unknown-elf 12.2.0-14+deb12u1+11+b2 and" >&2
        echo "rustc-web 1.96.0+dfsg1-1~deb12u2" >&2
        exit 1
    fi
}

# The sample inputs that a script makes are committed as well.
compare_inputs() {
    local made
    python3 -B "$here/tools/make_inputs.py" "$work/inputs"
    for made in "$work"/inputs/*; do
        cmp "$made" "$here/inputs/$(basename "$made")"
    done
}

main() {
    require_tools
    case ${1:-} in
        '') ;;
        --check) out=$work/out ;;
        *) echo "usage: guests/build.sh [--check]" >&2; exit 2 ;;
    esac
    library=$out/sdk/c/libproofloom.a
    mkdir -p "$out/elf"
    rm -f "$out"/elf/*.elf "$out"/tests/elf/*.elf "$out"/tests/traps/elf/*.elf "$out"/tests/limits/elf/*.elf \
        "$out"/tests/cases/elf/*.elf
    build_library
    build_programs
    build_cases
    build_tests
    check_elves
    write_digests
    if [[ ${1:-} == --check ]]; then
        compare_inputs
        compare
    fi
}

main "$@"
