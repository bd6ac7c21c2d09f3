//! What the checker finds.

use std::fmt;

use proofloom_field::Challenge;

use crate::prove::ProveError;

/// A constraint that is not zero on a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub table: &'static str,
    pub row: usize,
    /// Index in emission order, as in `MachineError::DegreeTooHigh`.
    pub constraint: usize,
    pub value: Challenge,
}

/// Where a tuple was put on a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub table: &'static str,
    pub row: usize,
    /// Signed count: small negative numbers are shown as such.
    pub count: i64,
}

/// A tuple whose counts do not add up to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imbalance {
    pub bus: String,
    /// Canonical values; by convention the first element is the tuple's kind.
    pub tuple: Vec<u32>,
    /// Sum of all counts, signed as in [`Place`].
    pub sum: i64,
    /// The first rows that contributed, of either sign.
    pub places: Vec<Place>,
}

/// Everything that is wrong with a set of traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DebugReport {
    /// The first violations, in table and row order.
    pub violations: Vec<Violation>,
    pub violation_count: usize,
    /// The first unbalanced tuples, sorted by bus and tuple.
    pub imbalances: Vec<Imbalance>,
    pub imbalance_count: usize,
    /// The first rows (table, row, bus) whose exclusive flags are not boolean or not exclusive.
    pub bad_flags: Vec<(&'static str, usize, String)>,
}

impl fmt::Display for DebugReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} constraint violations", self.violation_count)?;
        for v in &self.violations {
            writeln!(f, "  {} row {}: constraint {} is {:?}", v.table, v.row, v.constraint, v.value)?;
        }
        writeln!(f, "{} unbalanced tuples", self.imbalance_count)?;
        for imbalance in &self.imbalances {
            writeln!(f, "  {} {:?}: sum {:+}", imbalance.bus, imbalance.tuple, imbalance.sum)?;
            for place in &imbalance.places {
                writeln!(f, "    {} row {}: {:+}", place.table, place.row, place.count)?;
            }
        }
        for (table, row, bus) in &self.bad_flags {
            writeln!(f, "  {table} row {row}: flags of the exclusive interaction on {bus}")?;
        }
        Ok(())
    }
}

/// Why `debug_check` did not say "all is well".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DebugError {
    /// The traces do not even fit the machine.
    #[error(transparent)]
    Input(#[from] ProveError),
    /// Constraints or buses fail.
    #[error("{0}")]
    Report(Box<DebugReport>),
}
