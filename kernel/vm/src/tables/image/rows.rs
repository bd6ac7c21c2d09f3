//! Rows of IMAGE.

use super::ImagePreprocessed;
use crate::trace::rows::Rows;
use crate::trace::values::{limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Program;
use proofloom_field::Val;

/// The words that the program file gives values to.
pub fn preprocessed(program: &Program) -> RowMajorMatrix<Val> {
    let mut rows = Rows::new(ImagePreprocessed::<Val>::WIDTH);
    let words = program.image().iter().flat_map(|interval| (interval.start..).zip(&interval.words));
    for (word, &value) in words {
        let cols = ImagePreprocessed { real: Val::ONE, word: val(word), value: limb_vals(value) };
        cols.write(rows.push());
    }
    rows.finish()
}

/// Main columns: a table needs one.
pub fn main(height: usize) -> RowMajorMatrix<Val> {
    RowMajorMatrix::new(vec![Val::ZERO; height], 1)
}
