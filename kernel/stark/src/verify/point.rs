//! The constraints of one table at the out-of-domain point.

use p3_air::RowWindow;
use p3_commit::PolynomialSpace;
use p3_field::{ExtensionField, Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};

use crate::config::CHALLENGE_DEGREE;
use crate::folder::{LookupChallenges, LookupValues, VerifierFolder, VerifierPoint, group_fraction};
use crate::lift::trace_domain;
use crate::proof::TableOpening;
use crate::shape::TableShape;
use crate::table::Table;

/// One table at the out-of-domain point.
pub(super) struct TablePoint<'a> {
    pub shape: &'a TableShape,
    pub log_height: usize,
    pub opening: &'a TableOpening,
    pub publics: &'a [Val],
    pub challenges: &'a LookupChallenges<Challenge>,
    pub terminal: Challenge,
    pub alpha: Challenge,
    /// Where the out-of-domain point lies for this table; outside of its domain.
    pub zeta: Challenge,
}

impl TablePoint<'_> {
    /// Folds the table's constraints, then those of `interactions.rs`, with alpha behind `sum`.
    pub(super) fn fold<T: Table>(&self, table: &T, sum: Challenge) -> Challenge {
        let selectors = trace_domain(self.log_height).selectors_at_point(self.zeta);
        let (preprocessed, preprocessed_next) = self.preprocessed();
        let main_next = spread(&self.opening.main_next, &self.shape.next.main, self.shape.main_width);
        let point = VerifierPoint {
            main: RowWindow::from_two_rows(&self.opening.main, &main_next),
            preprocessed: RowWindow::from_two_rows(&preprocessed, &preprocessed_next),
            is_first_row: selectors.is_first_row,
            is_last_row: selectors.is_last_row,
            is_transition: selectors.is_transition,
        };
        let mut values = LookupValues::new(self.shape.plan.slots.len());
        let (publics, alpha) = (self.publics, self.alpha);
        let mut folder = VerifierFolder::new(point, publics, alpha, self.challenges, &mut values, sum);
        table.eval(&mut folder);
        let folded = folder.accumulator();
        self.lookup_constraints(&values).into_iter().fold(folded, |sum, c| sum * alpha + c)
    }

    /// Fixed and shared columns side by side, at the point and at the next row.
    fn preprocessed(&self) -> (Vec<Challenge>, Vec<Challenge>) {
        let here = [self.opening.fixed.as_slice(), &self.opening.shared].concat();
        let (shape, next) = (self.shape, &self.shape.next);
        let fixed_next = spread(&self.opening.fixed_next, &next.fixed, shape.fixed_width);
        let shared_next = spread(&self.opening.shared_next, &next.shared, shape.shared_width);
        (here, [fixed_next, shared_next].concat())
    }

    fn lookup_constraints(&self, values: &LookupValues<Challenge, Challenge>) -> Vec<Challenge> {
        let Some((leading, others)) = self.shape.plan.groups.split_first() else {
            return Vec::new();
        };
        let columns = join(&self.opening.aux);
        let next = join(&self.opening.aux_next)[0];
        let per_row = self.terminal * Val::from_usize(1 << self.log_height).inverse();
        let fractions: Challenge = columns[1..].iter().copied().sum();
        let (numerator, denominator) = group_fraction(leading, values);
        let step = next - columns[0] - fractions + per_row;
        let mut constraints = vec![step * denominator - numerator];
        for (group, &fraction) in others.iter().zip(&columns[1..]) {
            let (numerator, denominator) = group_fraction(group, values);
            constraints.push(fraction * denominator - numerator);
        }
        constraints
    }
}

/// Challenge-field columns from their base-field columns. The length is a multiple of five.
pub(super) fn join(columns: &[Challenge]) -> Vec<Challenge> {
    let join = |chunk| <Challenge as ExtensionField<Val>>::from_ext_basis_coefficients(chunk);
    columns.chunks_exact(CHALLENGE_DEGREE).filter_map(join).collect()
}

/// A row with `values` in the given columns and zeros elsewhere, where nothing is read.
fn spread(values: &[Challenge], columns: &[usize], width: usize) -> Vec<Challenge> {
    let mut row = Challenge::zero_vec(width);
    for (&column, &value) in columns.iter().zip(values) {
        row[column] = value;
    }
    row
}
