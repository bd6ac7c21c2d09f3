//! Limbs are 16-bit numbers, stores go to writable memory, loads to mapped memory.

use p3_field::PrimeCharacteristicRing;
use proofloom_executor::map::PROGRAM_BASE;
use proofloom_field::Val;

use super::*;
use crate::debug::Tables;
use crate::tables::VmTable;
use crate::tables::cpu::CpuCols;

/// The same number in another notation: one limb more by 2^16, the next one less by one.
fn other(limbs: [Val; LIMBS]) -> [Val; LIMBS] {
    let [l0, l1, l2, l3] = limbs;
    [l0 + Val::from_u32(1 << 16), l1 - Val::ONE, l2, l3]
}

/// The limbs of a sum are checked where it is made, or it would have two notations.
#[test]
fn a_sum_has_limbs_below_2_16() {
    // a5 = 0xc000 + 0x15000: the lowest limb carries, or is above 2^16.
    let inspector = inspector();
    let mut claim = honest(&inspector);
    let sum = limbs_of(0x2_1000);
    assert_eq!(claim.register(A5).last, sum);
    claim.register(A5).last = other(sum);
    claim.local_register(2, A5).cols.leaving = other(sum);
    let broken = claim.broken_with(|part, tables| {
        let cpu = &mut tables.main[0];
        let is_sum = |cells: &&mut [Val]| CpuCols::<Val>::read(cells).rd == Val::from_u8(A5);
        if part == 2 {
            let cells = cpu.values.chunks_exact_mut(cpu.width).find(is_sum).expect("the sum");
            CpuCols { c: other(sum), ..CpuCols::read(cells) }.write(cells);
        }
    });
    assert_broken(&broken, &["segment 2: narrow bus of CPU"]);
}

/// A word of the input in another notation, wherever it goes.
#[test]
fn input_has_limbs_below_2_16() {
    let inspector = inspector();
    let mut claim = honest(&inspector);
    let given = limbs_of(u64::from_le_bytes(*INPUT.as_array().expect("a word")));
    let row = claim.word(GIVEN);
    assert_eq!((row.first, row.last), (given, given));
    (row.first, row.last) = (other(given), other(given));
    claim.register(A4).last = other(given);
    claim.local_register(2, A4).cols.leaving = other(given);
    let local = &mut claim.local(2, GIVEN).cols;
    (local.entering, local.leaving) = (other(given), other(given));
    let broken = claim.broken_with(|part, tables| {
        if part == 2 {
            rewrite(tables, given);
        }
    });
    assert_broken(&broken, &["boundary: narrow bus of INITFIN"]);
}

/// Writes a number in the other notation wherever it stands in main columns. It shares its two
/// lowest limbs with no other cell.
fn rewrite(tables: &mut Tables, limbs: [Val; LIMBS]) {
    let counts = |table: VmTable| matches!(table.base(), VmTable::Range | VmTable::Byte | VmTable::Program);
    for (_, main) in tables.machine.tables().iter().zip(&mut tables.main).filter(|(table, _)| !counts(**table)) {
        for cell in &mut main.values {
            if *cell == limbs[0] {
                *cell = other(limbs)[0];
            } else if *cell == limbs[1] {
                *cell = other(limbs)[1];
            }
        }
    }
}

/// A program that accesses memory which it must not, and goes on.
fn trespass(op: Op, addr: u64) -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, addr).li(A0, 0x5a5a);
    match op {
        Op::Lb | Op::Lh | Op::Lw | Op::Ld => asm.load(op, A1, 0, SP),
        _ => asm.store(op, A0, 0, SP),
    };
    asm.exit(0);
    let mut test = TestProgram::new("trespass", asm, 64);
    test.input = INPUT.to_vec();
    test
}

fn broken_by(op: Op, addr: u64) -> BTreeSet<String> {
    let inspector = Inspector::new(load_elf(&trespass(op, addr).elf()).expect("ELF"));
    let claimed = FaultyExecutor::new(&inspector.program, INPUT).run(1 << 20, |_, _, _| Effect::Happens);
    Claim::of(&inspector, INPUT, &claimed).broken()
}

#[test]
fn stores_below_writable_memory_are_refused_whatever_their_size() {
    let stores = [(Op::Sd, 0, "ALIGNED"), (Op::Sw, 4, "NARROW"), (Op::Sb, 1, "NARROW"), (Op::Sd, 5, "CROSSING")];
    for (op, offset, table) in stores {
        for base in [TEXT_BASE, INPUT_BASE] {
            assert_broken(&broken_by(op, base + offset), &[&format!("segment 1: narrow bus of {table}")]);
        }
        // One word below is refused, the first word is not.
        let broken = broken_by(op, DATA_BASE - 8 + offset);
        assert!(broken.contains(&format!("segment 1: narrow bus of {table}")), "{broken:?}");
        assert_broken(&broken_by(op, DATA_BASE + offset), &[]);
    }
}

#[test]
fn unmapped_memory_has_no_tokens() {
    for addr in [0, INPUT_BASE - 8, INPUT_BASE + 64, PROGRAM_BASE - 8, DATA_BASE - 8] {
        for (op, offset) in [(Op::Ld, 0), (Op::Lw, 0), (Op::Lb, 7), (Op::Lh, 1)] {
            assert_broken(&broken_by(op, addr + offset), &["boundary: narrow bus of INITFIN"]);
        }
    }
    for (op, offset) in [(Op::Ld, 0), (Op::Lw, 3), (Op::Lb, 7), (Op::Ld, 1)] {
        assert_broken(&broken_by(op, INPUT_BASE + offset), &[]);
    }
}
