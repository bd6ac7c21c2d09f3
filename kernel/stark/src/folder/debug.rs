//! Builder that evaluates a table on one row and records what does not hold.

use p3_air::{AirBuilder, ExtensionBuilder, RowWindow};
use p3_field::PrimeCharacteristicRing;
use p3_lookup::{Count, InteractionBuilder};
use proofloom_field::{Challenge, Val};

/// Two consecutive rows of one table and its selectors there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebugRow<'a> {
    pub main: RowWindow<'a, Val>,
    pub preprocessed: RowWindow<'a, Val>,
    pub is_first_row: Val,
    pub is_last_row: Val,
    pub is_transition: Val,
}

/// One tuple a row put on a bus, with its signed count.
#[derive(Clone, Debug)]
pub(crate) struct DebugInteraction {
    pub bus: String,
    pub tuple: Vec<Val>,
    pub count: Val,
}

/// Evaluates a table on a single row.
#[derive(Debug)]
pub struct DebugFolder<'a> {
    row: DebugRow<'a>,
    public_values: &'a [Val],
    next_constraint: usize,
    /// Index and value of every violated constraint.
    pub(crate) violations: Vec<(usize, Challenge)>,
    /// Everything the row put on a bus with a count other than zero.
    pub(crate) interactions: Vec<DebugInteraction>,
    /// Exclusive interactions whose flags are not boolean or of which more than one is set.
    pub(crate) bad_flags: Vec<String>,
}

impl<'a> DebugFolder<'a> {
    pub(crate) const fn new(row: DebugRow<'a>, public_values: &'a [Val]) -> Self {
        Self {
            row,
            public_values,
            next_constraint: 0,
            violations: Vec::new(),
            interactions: Vec::new(),
            bad_flags: Vec::new(),
        }
    }

    fn check(&mut self, value: Challenge) {
        if value != Challenge::ZERO {
            self.violations.push((self.next_constraint, value));
        }
        self.next_constraint += 1;
    }

    fn interaction(&mut self, bus: &str, tuple: Vec<Val>, count: Val) {
        if count != Val::ZERO {
            self.interactions.push(DebugInteraction {
                bus: bus.to_owned(),
                tuple,
                count,
            });
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
        let tuple = fields.into_iter().map(Into::into).collect();
        self.interaction(bus_name, tuple, count.into().into_parts().0);
    }

    fn push_local_interaction(
        &mut self,
        _tuples: impl IntoIterator<Item = (Vec<Self::Expr>, Count<Self::Expr>)>,
    ) {
        // Machines with local interactions are refused when they are built.
    }

    fn push_exclusive_interaction(
        &mut self,
        bus_name: &str,
        branches: impl IntoIterator<Item = (Self::Expr, Count<Self::Expr>, Vec<Self::Expr>)>,
    ) {
        let mut flags = Vec::new();
        for (flag, count, tuple) in branches {
            flags.push(flag);
            self.interaction(bus_name, tuple, flag * count.into_parts().0);
        }
        let boolean = |flag: &Val| *flag == Val::ZERO || *flag == Val::ONE;
        let set: Val = flags.iter().copied().sum();
        if !flags.iter().all(boolean) || !boolean(&set) {
            self.bad_flags.push(bus_name.to_owned());
        }
    }
}
