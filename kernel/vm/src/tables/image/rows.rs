//! Rows of IMAGE.

use super::{Image, ImagePreprocessed, SentImage, SentImageMain};
use crate::cross::{self, CrossPair, Token};
use crate::layout::SPACE_IMAGE;
use crate::tables::Definition;
use crate::tables::local::rows::{accumulate, coefficients};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, limb_vals, val};
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Program;
use proofloom_field::{Challenge, Val};

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

/// A row whose word is sent on the cross-segment bus.
pub struct Sent {
    fraction: Challenge,
    /// Sum of the fractions of the rows before.
    sum: Challenge,
}

/// Appends the main columns of a row whose word is sent.
pub fn fill_sent(rows: &mut Rows, sent: &Sent) {
    let cols = SentImageMain { fraction: coefficients(sent.fraction), sum: coefficients(sent.sum) };
    cols.write(rows.push());
}

/// Main columns of a table whose words are sent if `here`, and their sum.
pub fn sent(fixed: &RowMajorMatrix<Val>, here: bool, pair: &CrossPair) -> (RowMajorMatrix<Val>, Challenge) {
    let denominator = |row: &[Val]| {
        let ImagePreprocessed { word, value, .. } = ImagePreprocessed::<Val>::read(row);
        pair.denominator(Token { space: val(SPACE_IMAGE), address: word, value, segment: Val::ZERO })
    };
    let inverses = cross::batch_inverse(&fixed.row_slices().map(denominator).collect::<Vec<_>>());
    let real = fixed.row_slices().map(|row| ImagePreprocessed::<Val>::read(row).real * bit(here));
    let fractions: Vec<Challenge> = inverses.into_iter().zip(real).map(|(inverse, times)| inverse * times).collect();
    let (sums, total) = accumulate(&fractions);
    let rows = fractions.iter().zip(&sums).map(|(&fraction, &sum)| Sent { fraction, sum });
    (SentImage::all_rows(&mut Counts::default(), rows), total)
}
