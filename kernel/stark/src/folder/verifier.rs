//! Builder that evaluates a table at the out-of-domain point.

use p3_air::{AirBuilder, ExtensionBuilder, RowWindow};
use p3_lookup::{Count, InteractionBuilder};
use proofloom_field::{Challenge, Val};

use super::lookup::{AtPoint, LookupChallenges, LookupSink, LookupValues};

/// Opened values and selectors of one table at the out-of-domain point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VerifierPoint<'a> {
    pub main: RowWindow<'a, Challenge>,
    pub preprocessed: RowWindow<'a, Challenge>,
    pub is_first_row: Challenge,
    pub is_last_row: Challenge,
    pub is_transition: Challenge,
}

/// Folds all constraints of a table into one value with powers of alpha (Horner).
#[derive(Debug)]
pub struct VerifierFolder<'a> {
    point: VerifierPoint<'a>,
    public_values: &'a [Val],
    alpha: Challenge,
    accumulator: Challenge,
    lookups: LookupSink<'a, Challenge, Challenge, AtPoint>,
}

impl<'a> VerifierFolder<'a> {
    /// Continues the fold in `accumulator`.
    pub(crate) fn new(
        point: VerifierPoint<'a>,
        public_values: &'a [Val],
        alpha: Challenge,
        challenges: &'a LookupChallenges<Challenge>,
        values: &'a mut LookupValues<Challenge, Challenge>,
        accumulator: Challenge,
    ) -> Self {
        let lookups = LookupSink::new(challenges, values);
        Self { point, public_values, alpha, accumulator, lookups }
    }

    /// The folded constraints so far.
    pub(crate) const fn accumulator(&self) -> Challenge {
        self.accumulator
    }
}

impl<'a> AirBuilder for VerifierFolder<'a> {
    type F = Val;
    type Expr = Challenge;
    type Var = Challenge;
    type PreprocessedWindow = RowWindow<'a, Challenge>;
    type MainWindow = RowWindow<'a, Challenge>;
    type PublicVar = Val;
    type PeriodicVar = Challenge;

    fn main(&self) -> Self::MainWindow {
        self.point.main
    }

    fn preprocessed(&self) -> &Self::PreprocessedWindow {
        &self.point.preprocessed
    }

    fn is_first_row(&self) -> Self::Expr {
        self.point.is_first_row
    }

    fn is_last_row(&self) -> Self::Expr {
        self.point.is_last_row
    }

    fn is_transition(&self) -> Self::Expr {
        self.point.is_transition
    }

    fn assert_zero<I: Into<Self::Expr>>(&mut self, x: I) {
        self.accumulator = self.accumulator * self.alpha + x.into();
    }

    fn public_values(&self) -> &[Self::PublicVar] {
        self.public_values
    }
}

impl ExtensionBuilder for VerifierFolder<'_> {
    type EF = Challenge;
    type ExprEF = Challenge;
    type VarEF = Challenge;

    fn assert_zero_ext<I: Into<Self::ExprEF>>(&mut self, x: I) {
        self.assert_zero(x);
    }
}

impl InteractionBuilder for VerifierFolder<'_> {
    fn push_interaction<E: Into<Self::Expr>>(
        &mut self,
        _bus_name: &str,
        fields: impl IntoIterator<Item = E>,
        count: impl Into<Count<Self::Expr>>,
    ) {
        self.lookups.plain(fields, count.into());
    }

    fn push_local_interaction(&mut self, _tuples: impl IntoIterator<Item = (Vec<Self::Expr>, Count<Self::Expr>)>) {
        // Machines with local interactions are refused when they are built.
    }

    fn push_exclusive_interaction(
        &mut self,
        _bus_name: &str,
        branches: impl IntoIterator<Item = (Self::Expr, Count<Self::Expr>, Vec<Self::Expr>)>,
    ) {
        self.lookups.exclusive(branches);
    }
}
