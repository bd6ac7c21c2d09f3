//! Rows of the LOCAL table.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};

use super::{Local, LocalMain, LocalPhaseOne};
use crate::cross::{self, CrossPair, Token};
use crate::tables::{Definition, contributed};
use crate::trace::chain::{Place, Touch, Words};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{limb_vals, val};

/// A word that the segment touches.
pub struct Opened {
    place: Place,
    touch: Touch,
    /// Segment that touched it before, 0 for none.
    before: u32,
}

/// What a row holds beside the word.
pub struct Closing {
    /// Stamp of the last access.
    last: u32,
    fraction: Challenge,
    /// Sum of the fractions of the rows before.
    sum: Challenge,
}

/// Phase-one columns: one row for each word touched, registers first, by increasing address.
pub fn phase_one(words: &Words<Touch>, history: &Words<u32>) -> RowMajorMatrix<Val> {
    let touched = words.iter().filter(|(_, touch)| touch.last != 0);
    let opened = touched.map(|(place, touch)| Opened { place, touch, before: history.get(place) });
    contributed::<Local>(opened.collect::<Vec<_>>().into_iter(), |_| {})
}

/// Appends the phase-one columns of a word.
pub fn contribute(rows: &mut Rows, &Opened { place, touch, before }: &Opened) {
    let (space, address) = place.coordinates();
    let cols = LocalPhaseOne {
        real: Val::ONE,
        space: val(space),
        address: val(address),
        entering: limb_vals(touch.entering),
        leaving: limb_vals(touch.leaving),
        before: val(before),
    };
    cols.write(rows.push());
}

/// Appends the main columns of a row.
pub fn fill(rows: &mut Rows, _: &mut Counts, closing: &Closing) {
    let cols =
        LocalMain { last: val(closing.last), fraction: coefficients(closing.fraction), sum: coefficients(closing.sum) };
    cols.write(rows.push());
}

/// Sums fractions into an accumulator column: (sum before each row, total).
pub fn accumulate(fractions: &[Challenge]) -> (Vec<Challenge>, Challenge) {
    let mut total = Challenge::ZERO;
    let before = fractions
        .iter()
        .map(|&fraction| {
            let sum = total;
            total += fraction;
            sum
        })
        .collect();
    (before, total)
}

/// Coefficients of a challenge-field element.
pub fn coefficients(x: Challenge) -> [Val; cross::DEGREE] {
    core::array::from_fn(|i| x.as_basis_coefficients_slice()[i])
}

/// Main columns for the phase-one columns of segment `number`, and the table's cross-segment sum.
/// `lasts` holds the stamp of the last access per row.
pub fn main(
    phase_one: &RowMajorMatrix<Val>,
    lasts: &[u32],
    number: u32,
    pair: &CrossPair,
) -> (RowMajorMatrix<Val>, Challenge) {
    let tokens: Vec<_> = phase_one.row_slices().take(lasts.len()).map(|row| tokens(row, number)).collect();
    let mut fractions = cross::exchange_fractions(pair, &tokens);
    fractions.resize(phase_one.height(), Challenge::ZERO);
    let (sums, total) = accumulate(&fractions);
    let closing = |(i, (&fraction, &sum)): (usize, (&Challenge, &Challenge))| Closing {
        last: lasts.get(i).copied().unwrap_or(0),
        fraction,
        sum,
    };
    let closings = fractions.iter().zip(&sums).enumerate().map(closing);
    (Local::all_rows(&mut Counts::default(), closings), total)
}

/// (sent, received) of a row.
fn tokens(row: &[Val], number: u32) -> (Token<Val>, Token<Val>) {
    let cols = LocalPhaseOne::<Val>::read(row);
    let token = |value, segment| Token { space: cols.space, address: cols.address, value, segment };
    (token(cols.leaving, val(number)), token(cols.entering, cols.before))
}

/// Stamps of the last accesses, in the order of [`phase_one`].
pub fn lasts(words: &Words<Touch>) -> Vec<u32> {
    words.iter().map(|(_, touch)| touch.last).filter(|&last| last != 0).collect()
}
