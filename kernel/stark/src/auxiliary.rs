//! The prover's auxiliary columns: fractions and accumulator of the lookup argument.

use p3_air::RowWindow;
use p3_field::{
    BasedVectorSpace, Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing,
    batch_multiplicative_inverse,
};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};

use crate::config::{CHALLENGE_DEGREE, PROFILE, PackedChallenge, PackedVal};
use crate::folder::{AuxFolder, LookupChallenges, PackedRow, PackedScratch, group_fraction};
use crate::packing::{LANES, TableRows};
use crate::shape::TableShape;
use crate::table::Table;

/// Packed rows per batch inversion: enough to hide the scalar inversions, small enough to stay
/// in the first cache levels.
const BATCH: usize = 64;

/// Some denominator is zero: the row's tuple collides with the challenge.
///
/// Happens with probability about `interactions * rows / 2^155`, or with a broken challenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ZeroDenominator;

/// Auxiliary columns (five base-field columns per group, accumulator first) and the terminal.
pub(crate) fn generate<T: Table>(
    table: &T,
    shape: &TableShape,
    rows: &TableRows<'_>,
    publics: &[Val],
    challenges: &LookupChallenges<Challenge>,
) -> Result<(RowMajorMatrix<Val>, Challenge), ZeroDenominator> {
    let (height, width) = (rows.main.height(), shape.aux_width());
    // Room for the extension up front, so that extending does not copy.
    let mut values = Vec::with_capacity((height * width) << PROFILE.log_blowup);
    values.resize(height * width, Val::ZERO);
    let mut totals = Challenge::zero_vec(height);
    let packed = challenges.map(|&challenge| PackedChallenge::from(challenge));
    let mut evaluator = Evaluator::new(shape, &packed, publics);
    for first in (0..height).step_by(BATCH * LANES) {
        let last = height.min(first + BATCH * LANES);
        let (out, totals) = (
            &mut values[first * width..last * width],
            &mut totals[first..last],
        );
        evaluator.fractions(table, rows, first, out, totals)?;
    }
    let terminal = accumulate(&totals, &mut values, width);
    Ok((RowMajorMatrix::new(values, width), terminal))
}

/// Writes the accumulator into column 0 and returns the sum of all totals.
fn accumulate(totals: &[Challenge], values: &mut [Val], width: usize) -> Challenge {
    let terminal: Challenge = totals.iter().copied().sum();
    let per_row = terminal * Val::from_usize(totals.len()).inverse();
    let mut accumulator = Challenge::ZERO;
    for (row, &total) in values.chunks_exact_mut(width).zip(totals) {
        row[..CHALLENGE_DEGREE].copy_from_slice(accumulator.as_basis_coefficients_slice());
        accumulator += total - per_row;
    }
    terminal
}

/// Buffers reused from batch to batch.
struct Evaluator<'a> {
    shape: &'a TableShape,
    challenges: &'a LookupChallenges<PackedChallenge>,
    publics: &'a [Val],
    scratch: PackedScratch,
    columns: [Vec<PackedVal>; 4],
    numerators: Vec<PackedChallenge>,
    denominators: Vec<PackedChallenge>,
}

impl<'a> Evaluator<'a> {
    fn new(
        shape: &'a TableShape,
        challenges: &'a LookupChallenges<PackedChallenge>,
        publics: &'a [Val],
    ) -> Self {
        Self {
            shape,
            challenges,
            publics,
            scratch: PackedScratch::new(shape.plan.slots.len()),
            columns: Default::default(),
            numerators: Vec::new(),
            denominators: Vec::new(),
        }
    }

    /// Fractions of the rows from `first` on: `out` has their auxiliary rows, `totals` their sums.
    fn fractions<T: Table>(
        &mut self,
        table: &T,
        rows: &TableRows<'_>,
        first: usize,
        out: &mut [Val],
        totals: &mut [Challenge],
    ) -> Result<(), ZeroDenominator> {
        self.numerators.clear();
        self.denominators.clear();
        for row in (first..first + totals.len()).step_by(LANES) {
            self.evaluate(table, rows, row);
        }
        invert(&mut self.denominators)?;
        let groups = self.shape.plan.columns();
        for (i, totals) in totals.chunks_exact_mut(LANES).enumerate() {
            let rows = &mut out[i * LANES * groups * CHALLENGE_DEGREE..];
            self.write(i * groups..(i + 1) * groups, rows, totals);
        }
        Ok(())
    }

    /// Appends numerator and denominator of every group for the rows `row..row + LANES`.
    fn evaluate<T: Table>(&mut self, table: &T, rows: &TableRows<'_>, row: usize) {
        let height = rows.main.height();
        let here: [usize; LANES] = std::array::from_fn(|lane| row + lane);
        let next = here.map(|row| (row + 1) % height);
        let [main, main_next, preprocessed, preprocessed_next] = &mut self.columns;
        rows.pack_main(&here, main);
        rows.pack_preprocessed(&here, preprocessed);
        let columns = &self.shape.interaction_next_columns;
        rows.pack_next(columns, &next, main_next, preprocessed_next);
        let is = |row: usize| PackedVal::from_fn(|lane| Val::from_bool(here[lane] == row));
        let packed = PackedRow {
            main: RowWindow::from_two_rows(main, main_next),
            preprocessed: RowWindow::from_two_rows(preprocessed, preprocessed_next),
            is_first_row: is(0),
            is_last_row: is(height - 1),
            is_transition: PackedVal::ONE - is(height - 1),
        };
        table.eval(&mut AuxFolder::new(
            packed,
            self.publics,
            self.challenges,
            &mut self.scratch,
        ));
        for group in &self.shape.plan.groups {
            let (numerator, denominator) = group_fraction(group, &self.scratch.lookups);
            self.numerators.push(numerator);
            self.denominators.push(denominator);
        }
    }

    /// Writes the fractions of one packed row; `inverses` are in `denominators` by now.
    fn write(&self, groups: std::ops::Range<usize>, out: &mut [Val], totals: &mut [Challenge]) {
        let width = self.shape.aux_width();
        let mut total = PackedChallenge::ZERO;
        for (column, index) in groups.enumerate() {
            let fraction = self.numerators[index] * self.denominators[index];
            total += fraction;
            // Group 0 has no column of its own: the accumulator is written later.
            if column == 0 {
                continue;
            }
            let coefficients: &[PackedVal] = fraction.as_basis_coefficients_slice();
            for (d, coefficient) in coefficients.iter().enumerate() {
                for (lane, &value) in coefficient.as_slice().iter().enumerate() {
                    out[lane * width + column * CHALLENGE_DEGREE + d] = value;
                }
            }
        }
        total.to_ext_slice(totals);
    }
}

/// Inverts every lane of every value in place (Montgomery's trick, all lanes side by side).
fn invert(values: &mut [PackedChallenge]) -> Result<(), ZeroDenominator> {
    let mut product = PackedChallenge::ONE;
    let mut prefixes = Vec::with_capacity(values.len());
    for &value in &*values {
        prefixes.push(product);
        product *= value;
    }
    let lanes: [Challenge; LANES] = std::array::from_fn(|lane| product.extract(lane));
    if lanes.iter().any(Field::is_zero) {
        return Err(ZeroDenominator);
    }
    let inverses = batch_multiplicative_inverse(&lanes);
    let mut inverse = PackedChallenge::from_ext_slice(&inverses);
    for (value, prefix) in values.iter_mut().zip(prefixes).rev() {
        (*value, inverse) = (prefix * inverse, inverse * *value);
    }
    Ok(())
}
