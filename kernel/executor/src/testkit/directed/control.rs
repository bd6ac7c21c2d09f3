//! Branches, jumps, fences, calls, exit codes, and text with holes.

use super::{Case, DATA_BYTES, OUT, data};
use crate::isa::{Format, Op};
use crate::testkit::asm::Assembler;
use crate::testkit::program::{TEXT_BASE, TestProgram};
use crate::testkit::random::EDGES;
use crate::testkit::reg::{A0, A1, A2, A7, RA, S0, S1, S2, T0, ZERO};

pub(super) fn programs() -> Vec<TestProgram> {
    let branches = Op::ALL.iter().copied().filter(|op| op.format() == Format::Branch);
    let mut programs: Vec<_> = branches.map(branch_pairs).collect();
    programs.extend([branch_reach(), jumps(), far_jumps(), jump_registers()]);
    programs.extend([returns(), fences(), writes(), holes(), text_across_pages()]);
    programs.extend([0, 1, 42, 255].map(exit_code));
    programs
}

/// All pairs of edge values: 1 where the branch is taken, and the same with one register twice.
fn branch_pairs(op: Op) -> TestProgram {
    let mut case = Case::new();
    let end = data(EDGES.len() as u64);
    case.asm.li(S1, end).li(S0, data(0));
    let outer = case.asm.here_label();
    case.asm.load(Op::Ld, A1, 0, S0).li(S2, data(0));
    let inner = case.asm.here_label();
    case.asm.load(Op::Ld, A2, 0, S2);
    for [left, right] in [[A1, A2], [A1, A1], [A1, ZERO], [ZERO, A2]] {
        let taken = case.asm.label();
        case.asm.li(A0, 1).branch(op, left, right, taken).li(A0, 0).bind(taken);
        case.put(A0);
    }
    case.asm.i(Op::Addi, S2, S2, 8).branch(Op::Bltu, S2, S1, inner);
    case.asm.i(Op::Addi, S0, S0, 8).branch(Op::Bltu, S0, S1, outer);
    case.finish_on(op.mnemonic(), &EDGES)
}

/// The longest branches there are, both ways, and one to the very next instruction.
fn branch_reach() -> TestProgram {
    let mut case = Case::new();
    let asm = &mut case.asm;
    let (next, forward, far, back) = (asm.label(), asm.label(), asm.label(), asm.label());
    asm.li(A0, 0).branch(Op::Beq, ZERO, ZERO, next).bind(next);
    let start = asm.here();
    asm.branch(Op::Bge, ZERO, ZERO, forward).pad_to(start + 4092).bind(forward);
    asm.i(Op::Addi, A0, A0, 1).jal(ZERO, far);
    let start = asm.here();
    asm.bind(back).i(Op::Addi, A0, A0, 2);
    let end = asm.label();
    asm.jal(ZERO, end).pad_to(start + 4092).bind(far);
    asm.i(Op::Addi, A0, A0, 4).branch(Op::Bgeu, ZERO, ZERO, back);
    asm.bind(end);
    case.put(A0);
    case.finish("branch reach")
}

/// Link values, forwards and backwards, and a dropped link.
fn jumps() -> TestProgram {
    let mut case = Case::new();
    let (forward, back, end) = (case.asm.label(), case.asm.label(), case.asm.label());
    case.asm.jal(A0, forward);
    case.asm.bind(back);
    case.put(A1);
    case.asm.jal(ZERO, end).bind(forward);
    case.put(A0).put(ZERO);
    case.asm.jal(A1, back).bind(end);
    case.finish("jal")
}

/// A jump as far as one reaches, and back.
fn far_jumps() -> TestProgram {
    let mut case = Case::new();
    let (far, back) = (case.asm.label(), case.asm.label());
    case.asm.jal(A0, far).bind(back);
    case.put(A0).put(A1).put(RA);
    case.asm.write_output(OUT).exit(0);
    case.asm.pad_to(TEXT_BASE + (1 << 20) - 8).bind(far);
    case.asm.u(Op::Auipc, A1, 0x1000).jal(RA, back);
    TestProgram::new("far jumps", case.asm, DATA_BYTES)
}

/// `jalr` clears the lowest bit of the target, may use its destination as base, and sign-extends
/// its offset.
fn jump_registers() -> TestProgram {
    let mut case = Case::new();
    let start = case.asm.label();
    case.asm.li(A2, 0).jal(ZERO, start);
    let function = case.asm.here();
    case.asm.i(Op::Addi, A2, A2, 1).i(Op::Jalr, ZERO, S1, 0).bind(start);
    for rd in [RA, T0, ZERO, A0] {
        for imm in [-2048i64, -7, -4, -1, 0, 1, 4, 9, 2047] {
            for odd in [0, 1] {
                case.asm.li(T0, function.wrapping_add_signed(odd - imm));
                case.asm.u(Op::Auipc, S1, 0).i(Op::Addi, S1, S1, 12).i(Op::Jalr, rd, T0, imm);
                case.put(rd).put(T0).put(A2);
            }
        }
    }
    case.finish("jalr")
}

/// Calls of a function that calls another, with the link saved in memory.
fn returns() -> TestProgram {
    let mut case = Case::new();
    let (outer, inner, end) = (case.asm.label(), case.asm.label(), case.asm.label());
    case.asm.li(S0, data(0)).li(A0, 1).jal(RA, outer).jal(RA, outer).jal(ZERO, end);
    case.asm.bind(outer).store(Op::Sd, RA, 0, S0).jal(RA, inner).jal(RA, inner);
    case.asm.load(Op::Ld, RA, 0, S0).i(Op::Jalr, ZERO, RA, 0);
    case.asm.bind(inner).i(Op::Slli, A0, A0, 3).i(Op::Addi, A0, A0, 5).i(Op::Jalr, ZERO, RA, 0);
    case.asm.bind(end);
    case.put(A0).put(RA);
    case.finish("returns")
}

/// `fence` in its variants changes nothing.
fn fences() -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A0, 99);
    for word in [0x0ff0_000f, 0x8330_000f, 0x0100_000f, 0x0000_000f] {
        case.asm.raw(word).i(Op::Addi, A0, A0, 1);
    }
    case.put(A0);
    case.finish("fence")
}

/// `ecall` 64 keeps all registers except, elsewhere, a0.
fn writes() -> TestProgram {
    let mut case = Case::new();
    case.asm.li(A1, 7).li(A2, 0).li(A0, 1).li(A7, 64).ecall();
    case.put(A1).put(A2).put(A7);
    case.finish("write")
}

fn exit_code(code: u64) -> TestProgram {
    Case::new().finish_with(format!("exit {code}"), code)
}

/// Zero words, all-one words, compressed and foreign encodings in the text that are never reached,
/// and are read as data.
fn holes() -> TestProgram {
    let mut case = Case::new();
    let over = case.asm.label();
    case.asm.u(Op::Auipc, A1, 0).jal(ZERO, over);
    for word in [0, u32::MAX, 0x4501_4501, 0x0010_0073, 0xc000_2573, 0x1234_5678] {
        case.asm.raw(word);
    }
    case.asm.bind(over);
    for offset in [8, 12, 14, 17, 24] {
        case.asm.load(Op::Ld, A0, offset, A1);
        case.put(A0);
    }
    case.finish("holes in the text")
}

/// Straight code over several pages.
fn text_across_pages() -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(A0, 1);
    for step in 0..2500 {
        asm.i(Op::Addi, A0, A0, step % 2048).i(Op::Slli, A1, A0, 3).r(Op::Xor, A0, A0, A1);
    }
    let mut case = Case::after(asm);
    case.put(A0).put(A1);
    case.finish("text across pages")
}
