//! Contents of the fixed tables.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;
use proofloom_machine::Program;

use crate::program::ProgramRow;
use crate::tables::fixed::{ByteFixed, ENTRIES, ImageFixed, ProgramFixed, RangeFixed};
use crate::trace::operations::{limb_vals, val};
use crate::trace::rows::Rows;

/// All numbers of 0 to 15 bits: entry 2^bits - 1 + value; the last entry repeats the first. Beside them
/// all of 16 bits: entry value. Entry i is in row i / [`ENTRIES`].
pub fn range() -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(RangeFixed::<Val>::WIDTH);
    let short = (0..16).flat_map(|bits| (0..1 << bits).map(move |value| (value, bits)));
    let short: Vec<(u32, u32)> = short.chain([(0, 0)]).collect();
    for (first, entries) in (0..).step_by(ENTRIES).zip(short.as_chunks::<ENTRIES>().0) {
        let cols = RangeFixed {
            value: entries.map(|(value, _)| val(value)),
            bits: entries.map(|(_, bits)| val(bits)),
            power: entries.map(|(_, bits)| val(1 << bits)),
            u16: val(first),
        };
        cols.write(rows.push());
    }
    rows.finish()
}

/// All pairs of bytes: entry 256 x + y, in row entry / [`ENTRIES`].
pub fn byte() -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(ByteFixed::<Val>::WIDTH);
    for (x, first) in (0..256).flat_map(|x| (0..256).step_by(ENTRIES).map(move |y| (x, y))) {
        let cols = ByteFixed {
            x: val(x),
            y: val(first),
            and: std::array::from_fn(|i| val(x & (first + i as u32))),
        };
        cols.write(rows.push());
    }
    rows.finish()
}

/// The decoded program: a row for each slot that holds an instruction. Padding has an index that no
/// pc takes.
pub fn program(slots: &[Option<ProgramRow>]) -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(ProgramFixed::<Val>::WIDTH);
    let nowhere = ProgramFixed {
        index: -Val::ONE,
        ..ProgramFixed::<Val>::default()
    };
    let instructions = (0u32..).zip(slots).filter_map(|(index, slot)| Some((index, slot.as_ref()?)));
    for (index, row) in instructions {
        let cols = ProgramFixed {
            index: val(index),
            flags: val(row.flags),
            opcode: val(row.opcode),
            rd: Val::from_u8(row.rd),
            rs1: Val::from_u8(row.rs1),
            rs2: Val::from_u8(row.rs2),
            imm: row.imm_limbs().map(val),
            t: Val::from_i64(row.t),
        };
        cols.write(rows.push());
    }
    rows.finish_with(|row| nowhere.write(row))
}

/// The words that the program file gives values to.
pub fn image(program: &Program) -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(ImageFixed::<Val>::WIDTH);
    let words = program
        .image()
        .iter()
        .flat_map(|interval| (interval.start..).zip(&interval.words));
    for (word, &value) in words {
        let cols = ImageFixed {
            real: Val::ONE,
            word: val(word),
            value: limb_vals(value),
        };
        cols.write(rows.push());
    }
    rows.finish()
}
