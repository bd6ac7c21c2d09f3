//! What the prover refuses to start with.

use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_util::log2_strict_usize;
use proofloom_field::Val;
use thiserror::Error;

use crate::commit::{Fixed, Group, Shared, TraceError, check_group};
use crate::machine::Machine;
use crate::table::Table;

/// A proof that could not be made. The prover does not check constraints: see `debug_check`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProveError {
    /// The traces do not fit the machine.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// Wrong number of public values.
    #[error("table {table}: {got} public values, the table declares {expected}")]
    PublicValues { table: &'static str, expected: usize, got: usize },
    /// One list of public values per table is needed.
    #[error("public values for {got} tables, the machine has {expected}")]
    PublicTables { expected: usize, got: usize },
    /// Multiplicities could wrap around the characteristic: use fewer rows.
    #[error("bus counts may reach {bound}, the limit is the characteristic of the field")]
    CountBound { bound: u128 },
    /// A tuple met the challenge; retrying cannot help, the proof is deterministic.
    #[error("table {table}: a lookup denominator is zero")]
    ZeroDenominator { table: &'static str },
    /// The commitment scheme refused to open.
    #[error("opening failed: {reason}")]
    Opening { reason: String },
}

impl<T: Table> Machine<T> {
    /// Checks all inputs and returns the log2 height per table.
    pub(crate) fn check_inputs(
        &self,
        fixed: &Fixed,
        shared: &Shared,
        main: &[RowMajorMatrix<Val>],
        publics: &[Vec<Val>],
    ) -> Result<Vec<usize>, ProveError> {
        check_group(&self.shapes, main.iter().map(Some), Group::Main)?;
        let log_heights: Vec<_> = main.iter().map(|trace| log2_strict_usize(trace.height())).collect();
        for (group, kind) in [(&fixed.0, Group::Fixed), (&shared.0, Group::Shared)] {
            // Tables after those that the fixed columns were committed for have none.
            let tables = match kind {
                Group::Fixed => self.shapes.len().max(group.traces.len()),
                _ => group.traces.len(),
            };
            check_group(&self.shapes, (0..tables).map(|i| group.trace(i)), kind)?;
            self.check_heights(kind, &log_heights, &group.log_heights())?;
        }
        self.check_publics(publics)?;
        if !self.counts_fit(&log_heights) {
            return Err(ProveError::CountBound { bound: self.count_bound(&log_heights) });
        }
        Ok(log_heights)
    }

    pub(crate) fn check_heights(
        &self,
        group: Group,
        log_heights: &[usize],
        given: &[Option<usize>],
    ) -> Result<(), TraceError> {
        for ((shape, &expected), given) in self.shapes.iter().zip(log_heights).zip(given) {
            if let Some(got) = given.filter(|&got| got != expected) {
                return Err(TraceError::HeightMismatch { table: shape.name, group, expected, got });
            }
        }
        Ok(())
    }

    pub(crate) fn check_publics(&self, publics: &[Vec<Val>]) -> Result<(), ProveError> {
        if publics.len() != self.shapes.len() {
            let (expected, got) = (self.shapes.len(), publics.len());
            return Err(ProveError::PublicTables { expected, got });
        }
        for (shape, values) in self.shapes.iter().zip(publics) {
            if values.len() != shape.publics {
                let (table, expected, got) = (shape.name, shape.publics, values.len());
                return Err(ProveError::PublicValues { table, expected, got });
            }
        }
        Ok(())
    }
}
