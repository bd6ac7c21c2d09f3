//! Rows of IMAGE.

use super::{Image, ImagePreprocessed};
use crate::tables::Definition;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Program;
use proofloom_field::Val;

/// The words that the program file gives values to.
pub fn fixed(program: &Program) -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(ImagePreprocessed::<Val>::WIDTH);
    let words = program.image().iter().flat_map(|interval| (interval.start..).zip(&interval.words));
    for (word, &value) in words {
        let cols = ImagePreprocessed { real: Val::ONE, word: val(word), value: limb_vals(value) };
        cols.write(rows.push());
    }
    rows.finish()
}

/// Main columns of a table of that height.
pub fn main(height: usize) -> RowMajorMatrix<Val> {
    Image::all_rows(&mut Counts::default(), (0..height).map(|_| ()))
}

/// Appends a row: a table needs main columns.
pub fn fill(rows: &mut Rows, _: &mut Counts, (): &()) {
    rows.push();
}
