//! Small programs that execute one instruction of interest, with everything around it that makes
//! its result matter: the result ends up in the output and in the exit code.

use proofloom_executor::map::OUTPUT_BASE;
use proofloom_executor::testkit::reg::{A0, A1, A7, S0, SP, T0, T1, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, TEXT_BASE, TestProgram};
use proofloom_executor::{Format, Op};

/// A program and the slot of its instruction of interest.
pub struct Trial {
    pub name: String,
    pub test: TestProgram,
    pub slot: u32,
}

/// Operands of register instructions: carries in every limb, signs, equality, edges.
const OPERANDS: [(u64, u64); 4] = [
    (0x8123_4567_89ab_cdef, 0x0fed_cba9_8765_4325),
    (0x0000_0000_7fff_ffff, 0xffff_ffff_ffff_ffff),
    (0x8000_0000_0000_0000, 0xffff_ffff_8000_0001),
    (0x0001_0002_0003_0004, 0x0001_0002_0003_0004),
];

/// Data at [`DATA_BASE`]: every byte differs from its neighbours, some are negative.
fn data() -> Vec<u8> {
    (0..64u8).map(|i| i.wrapping_mul(37) ^ 0x5a).collect()
}

/// Starts a program: `body` appends the instruction of interest and returns its slot.
fn trial(name: String, operands: (u64, u64), body: impl FnOnce(&mut Assembler) -> u32) -> Trial {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(T0, operands.0).li(T1, operands.1).li(SP, DATA_BASE + 16).li(S0, OUTPUT_BASE).li(A0, 5);
    // Two of the words that are accessed later have been accessed before.
    asm.load(Op::Ld, A1, 0, SP).load(Op::Ld, A1, 8, SP);
    let slot = body(&mut asm);
    asm.store(Op::Sd, A0, 8, S0);
    for word in 0..3 {
        asm.load(Op::Ld, A1, 8 * word, SP).store(Op::Sd, A1, 16 + 8 * word, S0);
    }
    asm.li(A1, 32).store(Op::Sd, A1, 0, S0).exit_a0();
    // A fault of the halt needs somewhere to go on.
    asm.exit(0).exit(0);
    let mut test = TestProgram::new(name.clone(), asm, 64);
    test.data = data();
    Trial { name, test, slot }
}

fn slot(asm: &Assembler) -> u32 {
    ((asm.here() - TEXT_BASE) / 4) as u32
}

/// Appends one instruction and returns its slot.
fn at(asm: &mut Assembler, emit: impl FnOnce(&mut Assembler)) -> u32 {
    let slot = slot(asm);
    emit(asm);
    slot
}

fn arithmetic(op: Op) -> Vec<Trial> {
    let shift = matches!(op, Op::Slli | Op::Srli | Op::Srai | Op::Slliw | Op::Srliw | Op::Sraiw);
    let with = |(i, operands): (usize, &(u64, u64))| {
        let imm = if shift { [21, 1, 31, 0][i] } else { [-1366, 2047, -2048, 0][i] };
        trial(format!("{} #{i}", op.mnemonic()), *operands, |asm| {
            at(asm, |asm| match op.format() {
                Format::Register => {
                    asm.r(op, A0, T0, T1);
                }
                Format::Upper => {
                    asm.u(op, A0, imm << 12);
                }
                _ => {
                    asm.i(op, A0, T0, imm);
                }
            })
        })
    };
    OPERANDS.iter().enumerate().map(with).collect()
}

/// A jump over an instruction that would change the result.
fn jump(op: Op, operands: (u64, u64), number: usize) -> Trial {
    trial(format!("{} #{number}", op.mnemonic()), operands, |asm| {
        let target = asm.label();
        if op == Op::Jalr {
            let offset = [-1366i64, 2047][number % 2];
            let after = asm.here() + 4 * 8;
            // The constant takes a number of instructions that depends on it.
            asm.li(T0, after.wrapping_add_signed(-offset));
            while asm.here() < after - 8 {
                asm.i(Op::Addi, ZERO, ZERO, 0);
            }
            let slot = at(asm, |asm| {
                asm.i(op, A0, T0, offset);
            });
            asm.i(Op::Addi, A0, A0, 77);
            return slot;
        }
        let slot = at(asm, |asm| match op {
            Op::Jal => {
                asm.jal(A0, target);
            }
            _ => {
                asm.branch(op, T0, T1, target);
            }
        });
        asm.i(Op::Addi, A0, A0, 77).bind(target);
        slot
    })
}

/// Offsets that put an access of `size` bytes at the start of a word, inside one, and across two.
fn offsets(size: u8) -> Vec<i64> {
    match size {
        1 => vec![-8, 7],
        2 => vec![-8, 5, 7],
        4 => vec![-8, 3, 6],
        _ => vec![-8, 5, 1],
    }
}

fn access(op: Op) -> Vec<Trial> {
    let with = |offset: i64| {
        trial(format!("{} at {offset}", op.mnemonic()), OPERANDS[0], |asm| {
            at(asm, |asm| match op.format() {
                Format::Load => {
                    asm.load(op, A0, offset, SP);
                }
                _ => {
                    asm.store(op, T0, offset, SP);
                }
            })
        })
    };
    offsets(op.access_bytes()).into_iter().map(with).collect()
}

fn calls() -> Vec<Trial> {
    let call = |name: &str, number: u64| {
        trial(name.to_owned(), OPERANDS[0], |asm| {
            asm.li(A7, number).li(A0, 0x1_2345_6789);
            at(asm, |asm| {
                asm.ecall();
            })
        })
    };
    vec![call("ecall write", 64), call("ecall halt", 93)]
}

/// The trials of one operation.
pub fn of(op: Op) -> Vec<Trial> {
    let jumps = || OPERANDS.iter().enumerate().map(|(i, operands)| jump(op, *operands, i));
    match op.format() {
        Format::Register | Format::Immediate | Format::Upper => arithmetic(op),
        Format::Jump | Format::JumpRegister => jumps().take(2).collect(),
        Format::Branch => jumps().collect(),
        Format::Load | Format::Store => access(op),
        Format::Ecall => calls(),
        Format::Fence => {
            vec![trial("fence".to_owned(), OPERANDS[0], |asm| {
                at(asm, |asm| {
                    asm.raw(0x0ff0_000f);
                })
            })]
        }
    }
}

/// The trials of all operations.
pub fn all() -> Vec<Trial> {
    Op::ALL.iter().flat_map(|&op| of(op)).collect()
}
