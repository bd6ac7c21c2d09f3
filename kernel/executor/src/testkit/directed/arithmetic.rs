//! Register, immediate and upper-immediate operations over edge values.

use super::{Case, OUT, data};
use crate::isa::{Format, Op};
use crate::testkit::program::{TEXT_BASE, TestProgram};
use crate::testkit::random::EDGES;
use crate::testkit::reg::{A0, A1, A2, A3, S0, S1, S2, T0, T1, ZERO};

/// Immediates of 12 bits around every boundary of two's complement.
const IMMEDIATES: [i64; 12] = [-2048, -2047, -1025, -2, -1, 0, 1, 2, 31, 1023, 2046, 2047];

/// Bit patterns that show every misplaced bit, on top of the edge values.
const PATTERNS: [u64; 6] = [
    0x0123_4567_89ab_cdef,
    0xfedc_ba98_7654_3210,
    0x5555_5555_5555_5555,
    0xaaaa_aaaa_aaaa_aaaa,
    0x0000_0001_ffff_fffe,
    3,
];

/// What upper immediates are made of: the 20-bit field.
const UPPERS: [i64; 8] = [0, 1, 2, 0x7_ffff, -0x8_0000, -1, 0x1_2345, -0x5_4321];

pub(super) fn programs() -> Vec<TestProgram> {
    let ops = Op::ALL.iter().copied();
    let table = ops.filter_map(|op| match op.format() {
        Format::Register => Some(register_pairs(op)),
        Format::Immediate => Some(immediates(op)),
        _ => None,
    });
    let mut programs: Vec<_> = table.collect();
    let registers = Op::ALL.iter().copied().filter(|op| op.format() == Format::Register);
    programs.extend(registers.map(aliases));
    programs.extend([upper_immediates(Op::Lui), upper_immediates(Op::Auipc)]);
    programs.extend([auipc_across_bit_12(), constants()]);
    programs
}

fn operands() -> Vec<u64> {
    EDGES.into_iter().chain(PATTERNS).chain([63, 64]).collect()
}

/// Loops `body` over the operands, with the current one in `value`; uses `pointer`, `end`.
fn for_each_operand(case: &mut Case, [value, pointer, end]: [u8; 3], body: impl FnOnce(&mut Case)) {
    let count = operands().len() as u64;
    case.asm.li(pointer, data(0)).li(end, data(count));
    let again = case.asm.here_label();
    case.asm.load(Op::Ld, value, 0, pointer);
    body(case);
    case.asm.i(Op::Addi, pointer, pointer, 8);
    case.asm.branch(Op::Bltu, pointer, end, again);
}

/// All pairs of operands.
fn register_pairs(op: Op) -> TestProgram {
    let mut case = Case::new();
    for_each_operand(&mut case, [A1, S0, S1], |case| {
        for_each_operand(case, [A2, S2, A3], |case| {
            case.asm.r(op, A0, A1, A2);
            case.put(A0);
        });
    });
    case.finish_on(op.mnemonic(), &operands())
}

/// Destination equal to sources, sources equal to each other, x0 in every place.
fn aliases(op: Op) -> TestProgram {
    const PLACES: [[u8; 3]; 8] = [
        [A1, A1, A2],
        [A2, A1, A2],
        [A0, A1, A1],
        [A1, A1, A1],
        [ZERO, A1, A2],
        [A0, ZERO, A2],
        [A0, A1, ZERO],
        [A0, ZERO, ZERO],
    ];
    let mut case = Case::new();
    for_each_operand(&mut case, [T0, S0, S1], |case| {
        for [rd, rs1, rs2] in PLACES {
            case.asm.i(Op::Addi, A1, T0, 0).li(A2, 0xffff_ffff_8000_0007);
            case.asm.r(op, rd, rs1, rs2);
            // After a write to x0 this shows that nothing changed.
            case.put(rd).put(A1);
        }
    });
    case.finish_on(format!("{} aliases", op.mnemonic()), &operands())
}

fn immediates_of(op: Op) -> Vec<i64> {
    match op {
        Op::Slli | Op::Srli | Op::Srai => (0..64).collect(),
        Op::Slliw | Op::Srliw | Op::Sraiw => (0..32).collect(),
        _ => IMMEDIATES.to_vec(),
    }
}

fn immediates(op: Op) -> TestProgram {
    let mut case = Case::new();
    for_each_operand(&mut case, [A1, S0, S1], |case| {
        for imm in immediates_of(op) {
            case.asm.i(op, A0, A1, imm);
            case.put(A0);
        }
        case.asm.i(op, ZERO, A1, 1).i(op, A1, A1, 3).i(op, A2, ZERO, 1);
        case.put(ZERO).put(A1).put(A2);
    });
    case.finish_on(op.mnemonic(), &operands())
}

fn upper_immediates(op: Op) -> TestProgram {
    let mut case = Case::new();
    for field in UPPERS {
        case.asm.u(op, A0, field << 12).u(op, ZERO, field << 12);
        case.put(A0).put(ZERO);
    }
    case.finish(op.mnemonic())
}

/// `auipc` in the last slots below and the first above multiples of 4096, where adding the low
/// bits of the pc carries.
fn auipc_across_bit_12() -> TestProgram {
    let mut case = Case::new();
    for page in [0x1000, 0x2000, 0xf000, 0x1_0000] {
        let over = case.asm.label();
        case.asm.jal(ZERO, over).pad_to(TEXT_BASE + page - 8).bind(over);
        case.asm.u(Op::Auipc, T0, -0x1000).u(Op::Auipc, T1, 0x7fff_f000);
        case.asm.u(Op::Auipc, A0, 0x1000).u(Op::Auipc, A1, -0x8000_0000);
        case.put(T0).put(T1).put(A0).put(A1);
    }
    case.finish("auipc across bit 12")
}

/// The assembler's constants, since every other program relies on them.
fn constants() -> TestProgram {
    let mut case = Case::new();
    for value in operands() {
        case.asm.li(A0, value);
        case.put(A0);
    }
    case.asm.li(A0, 0).i(Op::Addi, A0, OUT, 0);
    case.put(A0);
    case.finish("constants")
}
