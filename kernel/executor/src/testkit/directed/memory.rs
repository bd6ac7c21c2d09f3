//! Loads and stores: every size at every offset, across words and pages, and the special regions.

use super::{Case, DATA_BYTES, data};
use crate::isa::{Format, Op};
use crate::map::INPUT_BASE;
use crate::testkit::asm::Assembler;
use crate::testkit::program::{DATA_BASE, TEXT_BASE, TestProgram};
use crate::testkit::reg::{A0, A1, A2, A3, S0, S1, S2, T0, T1, ZERO};

/// Offsets from the middle of the window of [`pattern`] that reach over words on both sides.
const REACH: core::ops::RangeInclusive<i64> = -17..=17;

/// A page boundary inside the data.
const BOUNDARY: u64 = DATA_BASE + 4096;

pub(super) fn programs() -> Vec<TestProgram> {
    let of = |format| Op::ALL.iter().copied().filter(move |op| op.format() == format);
    let mut programs: Vec<_> = of(Format::Load).map(loads).collect();
    programs.extend(of(Format::Store).map(stores));
    programs.extend(of(Format::Load).map(loads_of_text));
    programs.extend([long_offsets(), store_to_load(), overlapping_copies()]);
    programs.extend([input_words(), untouched_memory(), last_bytes()]);
    programs
}

/// Two pages of bytes, with all sign combinations around the page boundary.
fn pattern() -> Vec<u64> {
    let byte = |position: u64| (position.wrapping_mul(0x9d) ^ position >> 3) & 0xff;
    let word = |index: u64| (0..8).fold(0, |word, at| word | byte(8 * index + at) << (8 * at));
    (0..1024).map(word).collect()
}

/// A load at every offset around a page boundary, once by the immediate and once by the base.
fn loads(op: Op) -> TestProgram {
    let mut case = Case::new();
    for offset in REACH {
        case.asm.li(A1, BOUNDARY).load(op, A0, offset, A1);
        case.asm.li(A2, BOUNDARY.wrapping_add_signed(offset)).load(op, A2, 0, A2);
        case.asm.load(op, ZERO, 0, A1);
        case.put(A0).put(A2).put(ZERO);
    }
    case.finish_on(op.mnemonic(), &pattern())
}

/// A store at every offset around a page boundary, each followed by the words around it.
fn stores(op: Op) -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A1, BOUNDARY).li(A2, 0x8182_8384_8586_8788);
    for offset in REACH {
        case.asm.store(op, A2, offset, A1);
        for word in -4..4 {
            case.asm.load(Op::Ld, A0, 8 * word, A1);
            case.put(A0);
        }
        case.asm.store(op, ZERO, offset, A1).i(Op::Addi, A2, A2, 0x111);
    }
    case.finish_on(op.mnemonic(), &pattern())
}

/// Text is readable, also misaligned.
fn loads_of_text(op: Op) -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A1, TEXT_BASE);
    for offset in 0..24 {
        case.asm.load(op, A0, offset, A1);
        case.put(A0);
    }
    case.finish(format!("{} of text", op.mnemonic()))
}

fn long_offsets() -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A1, BOUNDARY).li(A2, 0x1122_3344_5566_7788);
    for offset in [-2048, -2041, -1, 1, 2039, 2040, 2047] {
        case.asm.store(Op::Sd, A2, offset, A1).load(Op::Ld, A0, offset, A1);
        case.asm.load(Op::Lhu, A3, offset, A1).i(Op::Addi, A2, A2, 0x77);
        case.put(A0).put(A3);
    }
    case.finish_on("long offsets", &pattern())
}

/// Narrow stores into a word that is then loaded in other sizes, base and value the same register.
fn store_to_load() -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A1, BOUNDARY - 4).li(S0, 0xffff_ffff_ffff_ff80);
    for (store, bytes) in [(Op::Sb, 1), (Op::Sh, 2), (Op::Sw, 4), (Op::Sd, 8)] {
        case.asm.store(store, S0, bytes, A1).store(store, A1, 2 * bytes, A1);
        for load in [Op::Lb, Op::Lbu, Op::Lh, Op::Lhu, Op::Lw, Op::Lwu, Op::Ld] {
            case.asm.load(load, A0, bytes, A1).load(load, T0, bytes + 1, A1);
            case.put(A0).put(T0);
        }
    }
    case.finish_on("store to load", &pattern())
}

/// Copies a range onto itself, shifted by each of 1 to 9 bytes, eight bytes at a time.
fn overlapping_copies() -> TestProgram {
    let mut case = Case::new();
    for shift in 1..10 {
        case.asm.li(S0, BOUNDARY - 64).li(S1, BOUNDARY + 64);
        let again = case.asm.here_label();
        case.asm.load(Op::Ld, T0, 0, S0).store(Op::Sd, T0, shift, S0).i(Op::Addi, S0, S0, 8);
        case.asm.branch(Op::Bltu, S0, S1, again);
        for word in -10..10 {
            case.asm.load(Op::Ld, A0, 8 * word, S1);
            case.put(A0);
        }
    }
    case.finish_on("overlapping copies", &pattern())
}

/// Sums and samples the input region: the length word, misaligned loads, the zero padding.
fn input_words() -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A1, INPUT_BASE).load(Op::Ld, A0, 0, A1);
    case.put(A0);
    case.asm.i(Op::Addi, S0, A1, 8).r(Op::Add, S1, S0, A0);
    case.asm.li(S2, 0);
    let again = case.asm.here_label();
    case.asm.load(Op::Lbu, T0, 0, S0).i(Op::Slli, T1, S2, 5).r(Op::Sub, S2, T1, S2);
    case.asm.r(Op::Add, S2, S2, T0).i(Op::Addi, S0, S0, 1);
    case.asm.branch(Op::Bne, S0, S1, again);
    case.asm.i(Op::Andi, S1, S1, -8).load(Op::Ld, A2, 0, S1);
    case.asm.load(Op::Ld, A3, 13, A1).load(Op::Lw, A0, 5, A1);
    case.put(S2).put(A2).put(A3).put(A0);
    let mut program = case.finish("input");
    program.input = (0..5003u64).map(|at| (at.wrapping_mul(0x6d) >> 2) as u8).collect();
    program
}

/// RAM is zero where the file has no contents, to its last byte.
fn untouched_memory() -> TestProgram {
    let mut case = Case::new();
    for position in [0, 1, 511, 512, 1023, DATA_BYTES / 8 - 1] {
        case.asm.li(A1, data(position)).load(Op::Ld, A0, 0, A1);
        case.put(A0);
    }
    case.finish_on("untouched memory", &[7])
}

/// A file segment that ends inside a word: the rest of the word is zero and writable.
fn last_bytes() -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(A1, DATA_BASE);
    let mut case = Case::after(asm);
    for offset in [0, 8, 13, 16] {
        case.asm.load(Op::Ld, A0, offset, A1);
        case.put(A0);
    }
    case.asm.li(A2, 0xa5).store(Op::Sb, A2, 15, A1).load(Op::Ld, A0, 8, A1);
    case.put(A0);
    let mut program = case.finish("last bytes");
    program.data = (1..=13).collect();
    program
}
