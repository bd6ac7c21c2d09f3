#!/usr/bin/env python3
"""Adds the private input to an ELF as one more read-only segment.

The machine maps the input region itself. A Linux user-mode emulator does not, so for it the
region becomes a PT_LOAD at 0x4000_0000: the 8-byte length, the bytes, zeros up to 8. Nothing
else of the file changes; the program header table moves to its end.

usage: bake_input.py GUEST.elf INPUT|- OUT.elf        ("-": empty input)
"""
import pathlib
import struct
import sys

INPUT_BASE = 0x4000_0000
PAGE = 0x1000
PHDR = struct.Struct("<IIQQQQQQ")
PT_LOAD, PF_R = 1, 4
E_PHOFF, E_PHNUM = 0x20, 0x38


def input_region(data: bytes) -> bytes:
    """The region's bytes: length word, input, zero padding to a whole word."""
    return struct.pack("<Q", len(data)) + data + bytes(-len(data) % 8)


def bake(elf: bytes, data: bytes) -> bytes:
    """Returns `elf` with a segment that holds `data` at the input region."""
    (phoff,) = struct.unpack_from("<Q", elf, E_PHOFF)
    (phnum,) = struct.unpack_from("<H", elf, E_PHNUM)
    region = input_region(data)
    at = -(-len(elf) // PAGE) * PAGE
    header = PHDR.pack(PT_LOAD, PF_R, at, INPUT_BASE, INPUT_BASE, len(region), len(region), PAGE)
    table = header + elf[phoff : phoff + phnum * PHDR.size]  # ascending addresses: ours is lowest
    out = bytearray(elf.ljust(at, b"\0") + region + table)
    struct.pack_into("<Q", out, E_PHOFF, at + len(region))
    struct.pack_into("<H", out, E_PHNUM, phnum + 1)
    return bytes(out)


def main() -> None:
    guest, source, out = sys.argv[1:4]
    data = b"" if source == "-" else pathlib.Path(source).read_bytes()
    path = pathlib.Path(out)
    path.write_bytes(bake(pathlib.Path(guest).read_bytes(), data))
    path.chmod(0o755)


if __name__ == "__main__":
    main()
