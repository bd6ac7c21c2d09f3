#!/usr/bin/env python3
"""Runs guests under qemu-riscv64 and writes down what came out.

Every ELF of a folder is run on an empty input and on each file INPUTS/<name of the ELF>[-...];
the answer is one JSON object, case name -> case:

  elf, input            paths from the guests folder; input is null for an empty one
  exitCode              0..255 (Linux cuts it to 8 bits; no sample uses more)
  output                public output, hexadecimal
  instructions          retired, the halting ecall included
  misalignedAccesses    loads and stores whose address is no multiple of their size
  software              in place of these two where the guest called accelerators: Linux has none, so the
                        guest did their work itself. calls: how many times it asked

A guest with a symbol expect_CODE must instead be stopped by the machine:

  trap.code             the reason
  trap.pc               address of the instruction at fault, where there is one (that symbol)
  trap.address          memory address at fault, where there is one (symbol expect_address)
  trap.from             for FETCH_*: the jump (that symbol; null if control ran on), while
                        trap.pc is where it led (expect_address)
  trap.linux            what stops it under Linux, null if nothing does: a second opinion only,
                        since Linux allows more than the machine

usage: record.py --plugin PLUGIN.so --guests FOLDER --elves FOLDER [--inputs FOLDER] OUT.json
"""
import argparse
import json
import pathlib
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools"))
from bake_input import bake  # noqa: E402
from check_elf import Elf  # noqa: E402

TIMEOUT_S = 10
EXPECT = "expect_"
# These end a run as a whole: the limit decides where, or no instruction is at fault.
WITHOUT_PC = {"CYCLE_LIMIT", "OUTPUT_TOO_LONG", "STACK_OVERFLOW"}


def run(elf: bytes, data: bytes, plugin: pathlib.Path) -> dict:
    """Runs one guest on one input; returncode is negative if a signal ended it, None if nothing did."""
    with tempfile.TemporaryDirectory() as folder:
        guest, counts = pathlib.Path(folder, "guest.elf"), pathlib.Path(folder, "counts")
        guest.write_bytes(bake(elf, data))
        guest.chmod(0o755)
        command = ["qemu-riscv64", "-plugin", f"{plugin},out={counts}", str(guest)]
        try:
            done = subprocess.run(command, capture_output=True, cwd=folder, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            return {"returncode": None}
        numbers = counts.read_text().split() if counts.exists() else [0, 0, 0]
        instructions, misaligned, calls = map(int, numbers)
        counted = {"instructions": instructions, "misalignedAccesses": misaligned}
        if calls > 0:
            counted = {"software": {**counted, "calls": calls}}
        return {"returncode": done.returncode, "output": done.stdout.hex(), **counted}


def expected_trap(elf: Elf) -> dict | None:
    """What the expect_ symbols of a misbehaving guest say."""
    symbols = {name: value for name, value, _ in elf.symbols() if name.startswith(EXPECT)}
    address = symbols.pop(EXPECT + "address", None)
    if not symbols:
        return None
    ((name, pc),) = symbols.items()
    code = name.removeprefix(EXPECT)
    if code in WITHOUT_PC:
        return {"code": code}
    if code.startswith("FETCH_"):
        here, there = (None, pc) if address is None else (hex(pc), address)
        return {"code": code, "pc": hex(there), "from": here}
    trap = {"code": code, "pc": hex(pc)}
    return trap if address is None else {**trap, "address": hex(address)}


def how_linux_ended(returncode: int | None) -> str | None:
    """Name of the signal, "TIMEOUT", or None for an ordinary exit."""
    if returncode is None:
        return "TIMEOUT"
    return signal.Signals(-returncode).name if returncode < 0 else None


def record(elf_path: pathlib.Path, input_path: pathlib.Path | None, plugin: pathlib.Path) -> dict:
    """One case, without its paths."""
    elf = elf_path.read_bytes()
    result = run(elf, input_path.read_bytes() if input_path else b"", plugin)
    trap = expected_trap(Elf(elf))
    if trap:
        return {"trap": {**trap, "linux": how_linux_ended(result["returncode"])}}
    if result["returncode"] is None or result["returncode"] < 0:
        raise SystemExit(f"{elf_path.name}: ended by {how_linux_ended(result['returncode'])}")
    return {"exitCode": result.pop("returncode"), **result}


def cases(elves: pathlib.Path, inputs: pathlib.Path | None):
    """Yields (case name, ELF, input or None); an input belongs to the longest ELF name it begins with."""
    by_name = {path.stem: path for path in sorted(elves.glob("*.elf"))}
    yield from ((name, path, None) for name, path in by_name.items())
    for path in sorted(inputs.iterdir()) if inputs else []:
        owners = [name for name in by_name if path.name.startswith(name + "-")]
        if not owners:
            raise SystemExit(f"{path}: no guest is named like the beginning of this input")
        yield path.stem, by_name[max(owners, key=len)], path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("plugin", "guests", "elves"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--inputs", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    args = parser.parse_args()
    recorded = {}
    for name, elf, data in cases(args.elves, args.inputs):
        paths = {"elf": str(elf.relative_to(args.guests)),
                 "input": data and str(data.relative_to(args.guests))}
        recorded[name] = {**paths, **record(elf, data, args.plugin)}
    args.out.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
