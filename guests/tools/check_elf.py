#!/usr/bin/env python3
"""Checks that an ELF is a guest the machine takes.

- ELF64, little-endian, RISC-V, static executable; no float ABI, no compressed instructions
- no segment both writable and executable; read-only segments below the writable ones
- every word of its code is one 4-byte RV64IM instruction, or one that stops the run
  on purpose (EBREAK, UNIMP);
  words that the assembler marked as data ("$d" symbols) are skipped

usage: check_elf.py [--only add,sub,...] [--data-in-text] GUEST.elf ...

--only          the code may use only these instructions
--data-in-text  words that are no instruction are allowed in the code (for hand-written tests)
"""
import argparse
import pathlib
import struct
import sys

SHF_EXECINSTR = 4
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
PF_X, PF_W = 1, 2
EM_RISCV = 243

BRANCHES = {0: "beq", 1: "bne", 4: "blt", 5: "bge", 6: "bltu", 7: "bgeu"}
LOADS = {0: "lb", 1: "lh", 2: "lw", 3: "ld", 4: "lbu", 5: "lhu", 6: "lwu"}
STORES = {0: "sb", 1: "sh", 2: "sw", 3: "sd"}
IMMEDIATES = {0: "addi", 2: "slti", 3: "sltiu", 4: "xori", 6: "ori", 7: "andi"}
OPS = {
    0x00: ["add", "sll", "slt", "sltu", "xor", "srl", "or", "and"],
    0x01: ["mul", "mulh", "mulhsu", "mulhu", "div", "divu", "rem", "remu"],
    0x20: ["sub", None, None, None, None, "sra", None, None],
}
OPS_32 = {
    0x00: ["addw", "sllw", None, None, None, "srlw", None, None],
    0x01: ["mulw", None, None, None, "divw", "divuw", "remw", "remuw"],
    0x20: ["subw", None, None, None, None, "sraw", None, None],
}
# unimp is an access to a control register; compilers put it where control must never come.
SYSTEM = {0x0000_0073: "ecall", 0x0010_0073: "ebreak", 0xC000_1073: "unimp"}


def shift_immediate(word: int, suffix: str, shamt_bits: int) -> str | None:
    """Name of slli, srli, srai or a W variant; None when the upper bits are not those."""
    upper, funct3 = word >> (20 + shamt_bits), (word >> 12) & 7
    arithmetic = 0x400 >> shamt_bits
    names = {(0, 1): "slli", (0, 5): "srli", (arithmetic, 5): "srai"}
    name = names.get((upper, funct3))
    return name + suffix if name else None


def mnemonic(word: int) -> str | None:
    """The instruction's name, or None if the word is no instruction of the machine."""
    opcode, funct3, funct7 = word & 0x7F, (word >> 12) & 7, word >> 25
    shift = funct3 in (1, 5)
    match opcode:
        case 0x37: return "lui"
        case 0x17: return "auipc"
        case 0x6F: return "jal"
        case 0x67: return "jalr" if funct3 == 0 else None
        case 0x63: return BRANCHES.get(funct3)
        case 0x03: return LOADS.get(funct3)
        case 0x23: return STORES.get(funct3)
        case 0x13: return shift_immediate(word, "", 6) if shift else IMMEDIATES.get(funct3)
        case 0x1B:
            return shift_immediate(word, "w", 5) if shift else {0: "addiw"}.get(funct3)
        case 0x33: return OPS.get(funct7, [None] * 8)[funct3]
        case 0x3B: return OPS_32.get(funct7, [None] * 8)[funct3]
        case 0x0F: return "fence" if funct3 == 0 else None
        case 0x73: return SYSTEM.get(word)
    return None


class Elf:
    """The parts of a 64-bit little-endian ELF that the checks need."""

    def __init__(self, data: bytes):
        self.data = data
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("not a 64-bit little-endian ELF")
        self.type, self.machine = struct.unpack_from("<HH", data, 16)
        (self.entry, phoff, shoff, self.flags, _, phentsize, phnum, shentsize, shnum, shstrndx
         ) = struct.unpack_from("<QQQIHHHHHH", data, 24)
        self.segments = [struct.unpack_from("<IIQQQQQQ", data, phoff + i * phentsize)
                         for i in range(phnum)]
        self.sections = [struct.unpack_from("<IIQQQQIIQQ", data, shoff + i * shentsize)
                         for i in range(shnum)]
        self.names = self.sections[shstrndx][4] if shnum else 0

    def text(self, offset: int) -> str:
        """The zero-terminated string at a file offset."""
        return self.data[offset : self.data.index(b"\0", offset)].decode()

    def symbols(self):
        """Yields (name, value, section index)."""
        for _, kind, _, _, offset, size, link, _, _, entsize in self.sections:
            if kind != 2:
                continue
            strings = self.sections[link][4]
            for at in range(offset, offset + size, entsize):
                name, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", self.data, at)
                yield self.text(strings + name), value, section

    def code(self):
        """Yields (section index, address, bytes) of each executable section."""
        for i, (_, kind, flags, address, offset, size, *_) in enumerate(self.sections):
            if kind == 1 and flags & SHF_EXECINSTR and size:
                yield i, address, self.data[offset : offset + size]


def data_marks(elf: Elf, section: int) -> list[tuple[int, bool]]:
    """(address, is data) where the assembler switched between code and data."""
    marks = [(value, name.startswith("$d")) for name, value, where in elf.symbols()
             if where == section and name[:2] in ("$d", "$x")]
    return sorted(marks)


def instructions(elf: Elf):
    """Yields (address, word) of every word that is meant to be code."""
    for section, base, code in elf.code():
        if len(code) % 4 or base % 4:
            raise ValueError(f"executable section at {base:#x} is not made of whole words")
        marks, is_data = data_marks(elf, section), False
        for (word,), address in zip(struct.iter_unpack("<I", code), range(base, base + len(code), 4)):
            while marks and marks[0][0] <= address:
                is_data = marks.pop(0)[1]
            if not is_data:
                yield address, word


def header_faults(elf: Elf):
    """Yields what is wrong with the header and the segments."""
    if (elf.type, elf.machine) != (2, EM_RISCV):
        yield f"not a static RISC-V executable (type {elf.type}, machine {elf.machine})"
    if elf.flags & 0x0F:
        yield f"flags {elf.flags:#x}: compressed code, a float ABI or RVE"
    loads = [s for s in elf.segments if s[0] == PT_LOAD and s[6] > 0]
    if any(s[0] in (PT_DYNAMIC, PT_INTERP) for s in elf.segments):
        yield "has a dynamic section or an interpreter"
    writable = [s[3] for s in loads if s[1] & PF_W]
    for _, flags, _, address, _, _, size, _ in loads:
        if flags & PF_W and flags & PF_X:
            yield f"segment at {address:#x} is writable and executable"
        if not flags & PF_W and writable and address + size > min(writable):
            yield f"read-only segment at {address:#x} is not below the writable ones"


def code_faults(elf: Elf, allowed: set[str] | None, data_in_text: bool):
    """Yields what is wrong with the code."""
    for address, word in instructions(elf):
        name = mnemonic(word)
        if name is None and not data_in_text:
            yield f"{address:#x}: {word:#010x} is no RV64IM instruction"
        elif name and allowed is not None and name not in allowed:
            yield f"{address:#x}: {name} is not among the allowed instructions"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=lambda names: set(names.split(",")))
    parser.add_argument("--data-in-text", action="store_true")
    parser.add_argument("elf", nargs="+", type=pathlib.Path)
    args = parser.parse_args()
    bad = 0
    for path in args.elf:
        try:
            elf = Elf(path.read_bytes())
            faults = [*header_faults(elf), *code_faults(elf, args.only, args.data_in_text)]
        except (ValueError, struct.error, IndexError) as error:
            faults = [str(error)]
        for fault in faults[:10]:
            print(f"{path}: {fault}", file=sys.stderr)
        bad += bool(faults)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
