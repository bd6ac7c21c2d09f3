//! Rows of PROGRAM.

use super::ProgramPreprocessed;
use crate::program::ProgramRow;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::val;
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

/// The decoded program: a row for each slot that holds an instruction. Padding has an index that no
/// pc takes.
pub fn fixed(slots: &[Option<ProgramRow>]) -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(ProgramPreprocessed::<Val>::WIDTH);
    let nowhere = ProgramPreprocessed { index: -Val::ONE, ..ProgramPreprocessed::<Val>::default() };
    let instructions = (0u32..).zip(slots).filter_map(|(index, slot)| Some((index, slot.as_ref()?)));
    for (index, row) in instructions {
        let cols = ProgramPreprocessed {
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

/// Appends the row of an instruction that is executed `times`.
pub fn fill(rows: &mut Rows, _: &mut Counts, &times: &u32) {
    rows.push()[0] = val(times);
}
