//! Honest tables to try changes on.

use proofloom_executor::testkit::random_program_with;
use proofloom_executor::testkit::reg::{A0, A1, S0, SP, T0, T1, ZERO};
use proofloom_executor::testkit::{Assembler, DATA_BASE, Mix, TEXT_BASE, TestProgram, accelerator_calls, elf};
use proofloom_executor::{Accelerator, Op, load_elf};

use crate::cross::CrossPair;
use crate::debug::{Inspector, PreprocessedTables, Tables};
use crate::gamma;
use crate::trace::record::Runner;
use crate::trace::segment;

/// The tables of one proof, with the preprocessed ones.
pub struct Fixture {
    pub preprocessed: PreprocessedTables,
    pub tables: Tables,
}

/// Challenges that the tables do not depend on.
pub fn pair() -> CrossPair {
    gamma::cross_pair(&gamma::boundary_commitment(&Default::default()))
}

/// The tables of all segments and of the boundary of one run.
pub fn of_run(elf: &[u8], input: &[u8], segment_cycles: u64) -> Vec<Fixture> {
    let inspector = Inspector::new(load_elf(elf).expect("ELF"));
    let run = inspector.run(input, segment_cycles);
    let mut runner = Runner::new(run).expect("a short input");
    let mut tables = Vec::new();
    while runner.exit().is_none() {
        let record = runner.record().expect("a run that halts");
        let trace = segment::build(&run, &record, inspector.engine).expect("low tables");
        tables.push(Tables::segment(trace, &inspector.key, &record.publics(), &pair()));
    }
    let finish = runner.finish().expect("a run that halts");
    for trace in inspector.boundary(&run, &finish) {
        tables.push(Tables::boundary(trace, &inspector.key, &inspector.preprocessed, &pair()));
    }
    let fixture =
        |tables| Fixture { preprocessed: PreprocessedTables::new(&inspector.program, &inspector.rows), tables };
    tables.into_iter().map(fixture).collect()
}

fn random(seed: u64, mix: &Mix) -> TestProgram {
    random_program_with(seed, mix)
}

/// A word and a register that are not touched for 2^16 stamps.
fn patient() -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).li(A1, 77).store(Op::Sd, A1, 0, SP).li(S0, 9000);
    let again = asm.here_label();
    asm.i(Op::Addi, S0, S0, -1).branch(Op::Bne, S0, ZERO, again);
    asm.load(Op::Ld, A0, 0, SP).r(Op::Add, A0, A0, A1).exit_a0();
    elf(asm, 64)
}

/// Divisions, multiplications and shifts of numbers that are special to them.
fn special() -> Vec<u8> {
    let mut asm = Assembler::new(TEXT_BASE);
    let numbers = [0, 1, 7, u64::MAX, u64::MAX - 6, 1 << 63, 0x8000_0000, 0xffff_ffff_8000_0000, 64, 33];
    for a in numbers {
        asm.li(T0, a);
        for b in numbers {
            asm.li(T1, b);
            for op in [Op::Div, Op::Rem, Op::Divu, Op::Remu, Op::Divw, Op::Remw, Op::Divuw, Op::Remuw] {
                asm.r(op, A0, T0, T1);
            }
            for op in [Op::Mulh, Op::Mulhsu, Op::Mulw, Op::Slt, Op::Sltu, Op::Sra, Op::Sraw, Op::Sllw] {
                asm.r(op, A0, T0, T1);
            }
        }
    }
    asm.exit(0);
    elf(asm, 0)
}

/// Tables with rows of every accelerator.
pub fn accelerated() -> Vec<Fixture> {
    let calls = |accelerator| of_run(&accelerator_calls(accelerator, 8).elf(), &[], 1 << 20);
    Accelerator::ALL.into_iter().flat_map(calls).collect()
}

/// Tables with every kind of row.
pub fn all() -> Vec<Fixture> {
    let mix = Mix { body: 400, rounds: 1, digest: false, data_bytes: 4096, ..Mix::default() };
    let accesses = [Op::Lb, Op::Lbu, Op::Lh, Op::Lhu, Op::Lw, Op::Lwu, Op::Ld, Op::Sb, Op::Sh, Op::Sw, Op::Sd];
    let misaligned = Mix { aligned_percent: 10, ..Mix { ops: accesses.to_vec(), ..mix.clone() } };
    let mut fixtures = of_run(&random(7, &mix).elf(), b"input", 400);
    fixtures.extend(of_run(&random(1, &misaligned).elf(), &[], 1 << 20));
    fixtures.extend(of_run(&special(), &[], 1 << 20));
    fixtures.extend(of_run(&patient(), &[], 1 << 20));
    fixtures.extend(accelerated());
    fixtures
}
