//! Rows of the LOCAL table.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};

use super::{LocalMain, LocalPhaseOne};
use crate::cross::{self, CrossPair, Token};
use crate::layout::{LOG_MIN_HEIGHT, SPACE_MEM, SPACE_REG};
use crate::trace::chain::{Place, Touch, Words};
use crate::trace::rows::Rows;
use crate::trace::values::{limb_vals, val};

/// Space and address of a place.
pub const fn coordinates(place: Place) -> (u32, u32) {
    match place {
        Place::Register(register) => (SPACE_REG, register as u32),
        Place::Memory(word) => (SPACE_MEM, word),
    }
}

/// Phase-one columns: one row for each word touched, registers first, by increasing address.
pub fn phase_one(words: &Words<Touch>, history: &Words<u32>) -> RowMajorMatrix<Val> {
    let touched = || words.iter().filter(|(_, touch)| touch.last != 0);
    let mut rows = Rows::with_room(LocalPhaseOne::<Val>::WIDTH, touched().count());
    for (place, touch) in touched() {
        let (space, address) = coordinates(place);
        let cols = LocalPhaseOne {
            real: Val::ONE,
            space: val(space),
            address: val(address),
            entering: limb_vals(touch.entering),
            leaving: limb_vals(touch.leaving),
            before: val(history.get(place)),
        };
        cols.write(rows.push());
    }
    rows.finish()
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
    let mut rows = Rows::with_room(LocalMain::<Val>::WIDTH, phase_one.height());
    for (i, (&fraction, &sum)) in fractions.iter().zip(&sums).enumerate() {
        let cols = LocalMain {
            last: val(lasts.get(i).copied().unwrap_or(0)),
            fraction: coefficients(fraction),
            sum: coefficients(sum),
        };
        cols.write(rows.push());
    }
    debug_assert!(rows.len() >= 1 << LOG_MIN_HEIGHT);
    (rows.finish(), total)
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
