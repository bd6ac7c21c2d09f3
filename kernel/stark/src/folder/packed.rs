//! Builders over packed rows: one for auxiliary columns, one for the quotient.

use p3_air::{AirBuilder, ExtensionBuilder, RowWindow};
use p3_lookup::{Count, InteractionBuilder};
use proofloom_field::{Challenge, Val};

use super::lookup::{InLanes, LookupChallenges, LookupSink, LookupValues};
use crate::config::{PackedChallenge, PackedVal};

/// Two consecutive rows of one table, and the selectors there, for `PackedVal::WIDTH` positions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PackedRow<'a> {
    pub main: RowWindow<'a, PackedVal>,
    pub preprocessed: RowWindow<'a, PackedVal>,
    pub is_first_row: PackedVal,
    pub is_last_row: PackedVal,
    pub is_transition: PackedVal,
}

/// Buffers of an evaluation, reused for every packed row.
#[derive(Debug)]
pub(crate) struct PackedScratch {
    pub base_constraints: Vec<PackedVal>,
    pub ext_constraints: Vec<PackedChallenge>,
    pub lookups: LookupValues<PackedVal, PackedChallenge>,
}

impl PackedScratch {
    pub fn new(slots: usize) -> Self {
        let lookups = LookupValues::new(slots);
        Self { base_constraints: Vec::new(), ext_constraints: Vec::new(), lookups }
    }
}

/// Evaluates a table on packed rows.
///
/// With `CONSTRAINTS` it keeps constraint values and interactions (quotient); without, only the
/// interactions, and the compiler drops what nothing reads (auxiliary columns).
#[derive(Debug)]
pub struct PackedFolder<'a, const CONSTRAINTS: bool> {
    row: PackedRow<'a>,
    public_values: &'a [Val],
    base_constraints: &'a mut Vec<PackedVal>,
    ext_constraints: &'a mut Vec<PackedChallenge>,
    lookups: LookupSink<'a, PackedVal, PackedChallenge, InLanes>,
}

/// Evaluates only the interactions of a table.
pub type AuxFolder<'a> = PackedFolder<'a, false>;

/// Evaluates constraints and interactions of a table.
pub type QuotientFolder<'a> = PackedFolder<'a, true>;

impl<'a, const CONSTRAINTS: bool> PackedFolder<'a, CONSTRAINTS> {
    /// Clears the constraints of the previous row in `scratch`.
    #[inline]
    pub(crate) fn new(
        row: PackedRow<'a>,
        public_values: &'a [Val],
        challenges: &'a LookupChallenges<PackedChallenge>,
        scratch: &'a mut PackedScratch,
    ) -> Self {
        scratch.base_constraints.clear();
        scratch.ext_constraints.clear();
        Self {
            row,
            public_values,
            base_constraints: &mut scratch.base_constraints,
            ext_constraints: &mut scratch.ext_constraints,
            lookups: LookupSink::new(challenges, &mut scratch.lookups),
        }
    }
}

impl<'a, const CONSTRAINTS: bool> AirBuilder for PackedFolder<'a, CONSTRAINTS> {
    type F = Val;
    type Expr = PackedVal;
    type Var = PackedVal;
    type PreprocessedWindow = RowWindow<'a, PackedVal>;
    type MainWindow = RowWindow<'a, PackedVal>;
    type PublicVar = Val;
    type PeriodicVar = PackedVal;

    #[inline]
    fn main(&self) -> Self::MainWindow {
        self.row.main
    }

    #[inline]
    fn preprocessed(&self) -> &Self::PreprocessedWindow {
        &self.row.preprocessed
    }

    #[inline]
    fn is_first_row(&self) -> Self::Expr {
        self.row.is_first_row
    }

    #[inline]
    fn is_last_row(&self) -> Self::Expr {
        self.row.is_last_row
    }

    #[inline]
    fn is_transition(&self) -> Self::Expr {
        self.row.is_transition
    }

    #[inline]
    fn assert_zero<I: Into<Self::Expr>>(&mut self, x: I) {
        if CONSTRAINTS {
            self.base_constraints.push(x.into());
        }
    }

    #[inline]
    fn public_values(&self) -> &[Self::PublicVar] {
        self.public_values
    }
}

impl<const CONSTRAINTS: bool> ExtensionBuilder for PackedFolder<'_, CONSTRAINTS> {
    type EF = Challenge;
    type ExprEF = PackedChallenge;
    type VarEF = PackedChallenge;

    #[inline]
    fn assert_zero_ext<I: Into<Self::ExprEF>>(&mut self, x: I) {
        if CONSTRAINTS {
            self.ext_constraints.push(x.into());
        }
    }
}

impl<const CONSTRAINTS: bool> InteractionBuilder for PackedFolder<'_, CONSTRAINTS> {
    #[inline]
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
