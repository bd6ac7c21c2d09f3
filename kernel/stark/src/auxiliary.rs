//! The prover's auxiliary columns: fractions and accumulator of the lookup argument.

use p3_air::RowWindow;
use p3_field::{BasedVectorSpace, Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};

use crate::config::{CHALLENGE_DEGREE, PROOF_PARAMETERS, PackedChallenge, PackedVal};
use crate::folder::{AuxFolder, LookupChallenges, PackedRow, PackedScratch, group_fraction};
use crate::packing::{LANES, TableRows, invert};
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
    let mut values = Vec::with_capacity((height * width) << PROOF_PARAMETERS.log_blowup);
    values.resize(height * width, Val::ZERO);
    let mut totals = Challenge::zero_vec(height);
    let packed = challenges.map(|&challenge| PackedChallenge::from(challenge));
    let mut evaluator = Evaluator::new(shape, &packed, publics);
    for first in (0..height).step_by(BATCH * LANES) {
        let last = height.min(first + BATCH * LANES);
        let (out, totals) = (&mut values[first * width..last * width], &mut totals[first..last]);
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
    fn new(shape: &'a TableShape, challenges: &'a LookupChallenges<PackedChallenge>, publics: &'a [Val]) -> Self {
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
        invert(&mut self.denominators).ok_or(ZeroDenominator)?;
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
        let columns = &self.shape.interaction_next;
        rows.pack_next(columns, &next, main_next, preprocessed_next);
        let is = |row: usize| PackedVal::from_fn(|lane| Val::from_bool(here[lane] == row));
        let packed = PackedRow {
            main: RowWindow::from_two_rows(main, main_next),
            preprocessed: RowWindow::from_two_rows(preprocessed, preprocessed_next),
            is_first_row: is(0),
            is_last_row: is(height - 1),
            is_transition: PackedVal::ONE - is(height - 1),
        };
        table.eval(&mut AuxFolder::new(packed, self.publics, self.challenges, &mut self.scratch));
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

#[cfg(test)]
mod tests {
    use p3_air::{Air, BaseAir, WindowAccess};
    use p3_lookup::{Count, LogUpGadget, LookupProtocol, Lookups};

    use super::*;
    use crate::machine::Machine;
    use crate::table::TableBuilder;

    /// Two buses; reads next rows; counts of degree 0 to 2; one exclusive interaction.
    #[derive(Clone)]
    struct Mixed;

    impl BaseAir<Val> for Mixed {
        fn width(&self) -> usize {
            4
        }

        fn preprocessed_width(&self) -> usize {
            3
        }
    }

    impl Table for Mixed {
        fn name(&self) -> &'static str {
            "mixed"
        }

        fn fixed_width(&self) -> usize {
            1
        }

        fn shared_width(&self) -> usize {
            2
        }

        fn height_range(&self) -> (usize, usize) {
            (8, 8)
        }
    }

    impl<AB: TableBuilder> Air<AB> for Mixed {
        fn eval(&self, builder: &mut AB) {
            let (main, preprocessed) = (builder.main(), builder.preprocessed().clone());
            let (here, next) = (main.current_slice(), main.next_slice());
            let (flag, a, b, c) = (here[0], here[1], here[2], here[3]);
            let [fixed, shared] = [0, 2].map(|i| preprocessed.current_slice()[i]);
            let [fixed_next, shared_next] = [0, 2].map(|i| preprocessed.next_slice()[i]);
            builder.push_interaction("narrow", [a, b], 1);
            builder.push_interaction("narrow", [next[1], fixed_next], Count::bounded(flag.into(), 1));
            builder.push_interaction("wide", [a, b, c], Count::bounded(a * flag, 9));
            builder.push_interaction("narrow", [shared_next, fixed], -3);
            builder.push_interaction("wide", [c * a, shared.into(), next[3].into()], -1);
            let other = AB::Expr::ONE - flag.into();
            let branches = [
                (flag.into(), Count::from(-1), vec![a.into(), b.into()]),
                (other, Count::from(2), vec![c.into(), shared.into()]),
            ];
            builder.push_exclusive_interaction("narrow", branches);
        }
    }

    fn trace(width: usize, seed: u32) -> RowMajorMatrix<Val> {
        let cell = |i: u32| i.wrapping_mul(2_654_435_761).wrapping_add(seed) >> 7;
        let values = (0..256 * width as u32).map(|i| Val::from_u32(cell(i))).collect();
        RowMajorMatrix::new(values, width)
    }

    fn main_trace() -> RowMajorMatrix<Val> {
        let mut main = trace(4, 1);
        for (row, cells) in main.values.chunks_exact_mut(4).enumerate() {
            cells[0] = Val::from_bool(row % 3 == 1);
        }
        main
    }

    fn side_by_side(a: &RowMajorMatrix<Val>, b: &RowMajorMatrix<Val>) -> RowMajorMatrix<Val> {
        let rows = a.values.chunks_exact(a.width).zip(b.values.chunks_exact(b.width));
        let values = rows.flat_map(|(a, b)| [a, b].concat()).collect();
        RowMajorMatrix::new(values, a.width + b.width)
    }

    /// Fractions and terminal agree with the reference gadget, which has one column for each.
    #[test]
    fn fractions_agree_with_the_reference_gadget() {
        let machine = Machine::new(vec![Mixed]).expect("well formed");
        let shape = &machine.shapes[0];
        let alpha = Challenge::from_basis_coefficients_fn(|i| Val::from_usize(7 + 1000 * i));
        let beta = alpha.square() + Challenge::TWO;
        let challenges = machine.lookup_challenges(alpha, beta).remove(0);
        let (fixed, shared, main) = (trace(1, 2), trace(2, 3), main_trace());
        let rows = TableRows { fixed: Some(&fixed), shared: Some(&shared), main: &main };
        let (aux, terminal) = generate(&Mixed, shape, &rows, &[], &challenges).expect("no zero");

        let lookups = Lookups::from_air::<Challenge, _>(&Mixed);
        let pairs: Vec<_> = challenges.prefixes.iter().flat_map(|&prefix| [prefix, beta]).collect();
        let preprocessed = Some(side_by_side(&fixed, &shared));
        let (reference, expected) = LogUpGadget.generate_permutation(&main, &preprocessed, &[], &lookups, &pairs);
        assert_eq!(expected.expect("has lookups").0, terminal);

        let groups = &shape.plan.groups;
        assert_eq!(groups, &[vec![0, 1], vec![2, 3], vec![4], vec![5]]);
        let per_row = terminal * Val::from_usize(256).inverse();
        for row in 0..256 {
            let column = |row: usize, c: usize| {
                let start = row * aux.width + c * CHALLENGE_DEGREE;
                Challenge::from_basis_coefficients_fn(|d| aux.values[start + d])
            };
            let slots = &reference.values[row * reference.width..][1..];
            for (c, group) in groups.iter().enumerate().skip(1) {
                assert_eq!(column(row, c), group.iter().map(|&slot| slots[slot]).sum());
            }
            let step = column((row + 1) % 256, 0) - column(row, 0) + per_row;
            assert_eq!(step, slots[..6].iter().copied().sum(), "row {row}");
        }
    }

    #[test]
    fn a_tuple_that_meets_the_challenge_is_an_error() {
        let machine = Machine::new(vec![Mixed]).expect("well formed");
        let (fixed, shared, main) = (trace(1, 2), trace(2, 3), main_trace());
        let rows = TableRows { fixed: Some(&fixed), shared: Some(&shared), main: &main };
        let mut challenges = machine.lookup_challenges(Challenge::ONE, Challenge::TWO).remove(0);
        // Slot 0 carries (a, b): make its denominator vanish on row 100.
        let [a, b] = [1, 2].map(|i| main.values[400 + i]);
        challenges.prefixes[0] = challenges.beta_powers[1] * a + b;
        let result = generate(&Mixed, &machine.shapes[0], &rows, &[], &challenges);
        assert_eq!(result.err(), Some(ZeroDenominator));
    }
}
