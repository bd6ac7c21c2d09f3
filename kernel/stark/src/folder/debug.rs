//! Builder that evaluates a table on one row and records what does not hold.

use p3_air::{AirBuilder, ExtensionBuilder, RowWindow};
use p3_field::PrimeCharacteristicRing;
use p3_lookup::{Count, InteractionBuilder};
use proofloom_field::{Challenge, Val};

use crate::debug::{RowReport, Sent};
use crate::machine::Bus;

/// Two consecutive rows of one table and its selectors there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebugRow<'a> {
    pub main: RowWindow<'a, Val>,
    pub preprocessed: RowWindow<'a, Val>,
    pub is_first_row: Val,
    pub is_last_row: Val,
    pub is_transition: Val,
}

/// Evaluates a table on a single row.
#[derive(Debug)]
pub struct DebugFolder<'a> {
    row: DebugRow<'a>,
    public_values: &'a [Val],
    buses: &'a [Bus],
    next_constraint: usize,
    pub(crate) report: RowReport,
}

impl<'a> DebugFolder<'a> {
    pub(crate) fn new(row: DebugRow<'a>, public_values: &'a [Val], buses: &'a [Bus]) -> Self {
        Self { row, public_values, buses, next_constraint: 0, report: RowReport::default() }
    }

    fn check(&mut self, value: Challenge) {
        if value != Challenge::ZERO {
            self.report.violations.push((self.next_constraint, value));
        }
        self.next_constraint += 1;
    }

    /// Index of a bus; a machine knows all buses of its tables.
    fn bus(&self, name: &str) -> usize {
        self.buses.iter().position(|bus| bus.name == name).unwrap_or(self.buses.len())
    }

    fn interaction(&mut self, bus: usize, tuple: impl FnOnce() -> Vec<Val>, count: Val) {
        if count != Val::ZERO {
            self.report.sent.push(Sent { bus, tuple: tuple(), count });
        }
    }
}

impl<'a> AirBuilder for DebugFolder<'a> {
    type F = Val;
    type Expr = Val;
    type Var = Val;
    type PreprocessedWindow = RowWindow<'a, Val>;
    type MainWindow = RowWindow<'a, Val>;
    type PublicVar = Val;
    type PeriodicVar = Val;

    fn main(&self) -> Self::MainWindow {
        self.row.main
    }

    fn preprocessed(&self) -> &Self::PreprocessedWindow {
        &self.row.preprocessed
    }

    fn is_first_row(&self) -> Self::Expr {
        self.row.is_first_row
    }

    fn is_last_row(&self) -> Self::Expr {
        self.row.is_last_row
    }

    fn is_transition(&self) -> Self::Expr {
        self.row.is_transition
    }

    fn assert_zero<I: Into<Self::Expr>>(&mut self, x: I) {
        self.check(x.into().into());
    }

    fn public_values(&self) -> &[Self::PublicVar] {
        self.public_values
    }
}

impl ExtensionBuilder for DebugFolder<'_> {
    type EF = Challenge;
    type ExprEF = Challenge;
    type VarEF = Challenge;

    fn assert_zero_ext<I: Into<Self::ExprEF>>(&mut self, x: I) {
        self.check(x.into());
    }
}

impl InteractionBuilder for DebugFolder<'_> {
    fn push_interaction<E: Into<Self::Expr>>(
        &mut self,
        bus_name: &str,
        fields: impl IntoIterator<Item = E>,
        count: impl Into<Count<Self::Expr>>,
    ) {
        let tuple = || fields.into_iter().map(Into::into).collect();
        self.interaction(self.bus(bus_name), tuple, count.into().into_parts().0);
    }

    fn push_local_interaction(&mut self, _tuples: impl IntoIterator<Item = (Vec<Self::Expr>, Count<Self::Expr>)>) {
        // Machines with local interactions are refused when they are built.
    }

    fn push_exclusive_interaction(
        &mut self,
        bus_name: &str,
        branches: impl IntoIterator<Item = (Self::Expr, Count<Self::Expr>, Vec<Self::Expr>)>,
    ) {
        let bus = self.bus(bus_name);
        let mut flags = Vec::new();
        for (flag, count, tuple) in branches {
            flags.push(flag);
            self.interaction(bus, || tuple, flag * count.into_parts().0);
        }
        let boolean = |flag: &Val| *flag == Val::ZERO || *flag == Val::ONE;
        let set: Val = flags.iter().copied().sum();
        if !flags.iter().all(boolean) || !boolean(&set) {
            self.report.bad_flags.push(bus);
        }
    }
}
