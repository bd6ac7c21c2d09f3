#!/usr/bin/env bash
# Builds every guest into guests/elf/ and writes their digests. The result does not depend on
# where the repository lies or when it is built; with the package versions named below it is
# bit for bit what is committed.
#
# usage: guests/build.sh            rebuild in place
#        guests/build.sh --check    rebuild into a temporary folder and compare with what is committed
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sdk=$here/sdk/c
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$here

CC=${GUEST_CC:-riscv64-unknown-elf-gcc}
CFLAGS=(-march=rv64im -mabi=lp64 -mcmodel=medany -O2 -std=c11 -Wall -Wextra -Werror
        -ffreestanding -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables)
LDFLAGS=(-march=rv64im -mabi=lp64 -nostdlib -static -Wl,--gc-sections,--build-id=none)
FIBONACCI_ONLY=add,sub,addi,lui,auipc,jal,beq,bne,blt,bge,bltu,bgeu,ld,sd,ecall

require_tools() {
    local tool missing=0
    for tool in "$CC" python3 sha256sum; do
        command -v "$tool" >/dev/null || { echo "guests/build.sh: $tool not found" >&2; missing=1; }
    done
    if ((missing)); then
        echo "On Debian 12: apt-get install gcc-riscv64-unknown-elf python3" >&2
        exit 1
    fi
}

# The object of one source file. Paths are relative so that none reaches the object.
compile() { # SOURCE OBJECT
    (cd "$here" && "$CC" "${CFLAGS[@]}" -I sdk/c/include -I programs/common \
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
    "$CC" "${LDFLAGS[@]}" -T "$sdk/link.ld" "$@" -lgcc -o "$elf"
    riscv64-unknown-elf-strip --strip-debug --discard-all "$elf"
}

has_sources() { # FOLDER SUFFIX
    compgen -G "${1%/}/*.$2" >/dev/null
}

# A folder with C sources is linked with the SDK; one with assembly alone brings its own start.
build_native() { # NAME FOLDER
    local name=$1 objects
    compile_all "$work/$name" "$2"/*.[cS]
    if has_sources "$2" c; then
        objects+=("${sdk_objects[@]}")
    fi
    link "$out/elf/$name.elf" "${objects[@]}"
}

build_programs() {
    local folder name objects sdk_objects
    compile_all "$work/sdk" "$sdk"/src/*.[cS]
    sdk_objects=("${objects[@]}")
    for folder in "$here"/programs/*/; do
        name=$(basename "$folder")
        if has_sources "$folder" '[cS]'; then
            build_native "$name" "${folder%/}"
        fi
    done
}

# Instruction tests: each once with its data close to the text and once far away.
TEST_DATA_BASES=(80100000 a0030000)

link_test() { # OUT DATA-BASE OBJECT
    "$CC" "${LDFLAGS[@]}" -Wl,--no-relax,--defsym=DATA_BASE=0x"$2" -T "$here/tests/link.ld" "$3" -o "$1"
}

build_tests() {
    local source name base elf objects
    mkdir -p "$out/tests/elf" "$out/tests/traps/elf"
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
}

check_elves() {
    local elf
    for elf in "$out"/elf/*.elf; do
        case $elf in
            # Its illegal word is the point of it.
            */trap.elf) python3 "$here/tools/check_elf.py" --data-in-text "$elf" ;;
            *) python3 "$here/tools/check_elf.py" "$elf" ;;
        esac
    done
    python3 "$here/tools/check_elf.py" --data-in-text "$out"/tests/elf/*.elf "$out"/tests/traps/elf/*.elf
    python3 "$here/tools/check_elf.py" --only "$FIBONACCI_ONLY" "$out/elf/fibonacci.elf"
}

write_digests() {
    (cd "$out" && sha256sum elf/*.elf tests/elf/*.elf tests/traps/elf/*.elf >elf/DIGESTS)
}

compare() {
    if diff -u "$here/elf/DIGESTS" "$out/elf/DIGESTS"; then
        (cd "$here" && sha256sum --quiet --check elf/DIGESTS)
        echo "guests/build.sh: the committed ELFs are what their sources give"
    else
        echo "guests/build.sh: sources and committed ELFs differ; run guests/build.sh and commit" >&2
        "$CC" --version | head -1 >&2
        echo "The committed ones were built with Debian 12's gcc-riscv64-unknown-elf 12.2.0-14+deb12u1" >&2
        exit 1
    fi
}

main() {
    require_tools
    case ${1:-} in
        '') ;;
        --check) out=$work/out ;;
        *) echo "usage: guests/build.sh [--check]" >&2; exit 2 ;;
    esac
    mkdir -p "$out/elf"
    build_programs
    build_tests
    check_elves
    write_digests
    if [[ ${1:-} == --check ]]; then
        compare
    fi
}

main "$@"
