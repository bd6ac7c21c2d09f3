//! The three kinds of trace commitments and their checks.

use p3_commit::Mmcs;
use p3_dft::TwoAdicSubgroupDft;
use p3_field::PrimeCharacteristicRing;
use p3_matrix::Matrix;
use p3_matrix::bitrev::BitReversibleMatrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_util::log2_strict_usize;
use proofloom_field::{Digest, Val};
use thiserror::Error;

use crate::config::{CommitData, PROOF_PARAMETERS, engine};
use crate::lift;
use crate::machine::Machine;
use crate::shape::TableShape;
use crate::table::Table;

/// One of the three column groups of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Fixed,
    Shared,
    Main,
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fixed => "fixed",
            Self::Shared => "shared",
            Self::Main => "main",
        })
    }
}

/// Traces that do not fit the machine they are meant for. A mistake of the caller.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TraceError {
    /// One entry per table is needed.
    #[error("{group} traces: {got} entries for {expected} tables")]
    TableCount { group: Group, expected: usize, got: usize },
    /// A table has columns of this group but no trace was given, or the other way round.
    #[error("table {table}: {group} trace has {got} columns, the table declares {expected}")]
    Width { table: &'static str, group: Group, expected: usize, got: usize },
    /// Heights must be powers of two within the table's range.
    #[error("table {table}: {group} trace of height {got}; allowed are powers of two 2^{min}..2^{max}")]
    Height { table: &'static str, group: Group, got: usize, min: usize, max: usize },
    /// All groups of one table share one height.
    #[error("table {table}: {group} trace of height 2^{got}, its other columns have 2^{expected}")]
    HeightMismatch { table: &'static str, group: Group, expected: usize, got: usize },
}

/// Traces and commitment of one column group over all tables.
#[derive(Debug)]
pub(crate) struct CommittedGroup {
    /// Trace per table; `None` where the table has no columns of the group.
    pub traces: Vec<Option<RowMajorMatrix<Val>>>,
    /// `None` when no table has columns of the group.
    pub commitment: Option<(Digest, CommitData)>,
}

impl CommittedGroup {
    pub fn root(&self) -> Option<Digest> {
        self.commitment.as_ref().map(|(root, _)| *root)
    }

    /// The trace of a table, if it has columns of the group.
    pub fn trace(&self, table: usize) -> Option<&RowMajorMatrix<Val>> {
        self.traces.get(table).and_then(Option::as_ref)
    }

    pub fn log_heights(&self) -> Vec<Option<usize>> {
        let log_height = |trace: &RowMajorMatrix<Val>| log2_strict_usize(trace.height());
        self.traces.iter().map(|trace| trace.as_ref().map(log_height)).collect()
    }
}

/// Columns fixed by the verifying key: committed once, reused by every proof.
///
/// Keeps the extended matrices and the tree, which is what makes reuse worthwhile. Serves every machine
/// that begins with the tables it was made for, if the further tables have no fixed columns.
#[derive(Debug)]
pub struct Fixed(pub(crate) CommittedGroup);

impl Fixed {
    /// Root for the verifying key; `None` if no table has fixed columns.
    pub fn root(&self) -> Option<Digest> {
        self.0.root()
    }

    /// log2 height per table; `None` where a table has no fixed columns.
    pub fn log_heights(&self) -> Vec<Option<usize>> {
        self.0.log_heights()
    }
}

/// Columns of the contribution phase, committed before gamma.
#[derive(Debug)]
pub struct Shared(pub(crate) CommittedGroup);

impl Shared {
    /// Root for the segment's commitment; `None` if no table has shared columns.
    pub fn root(&self) -> Option<Digest> {
        self.0.root()
    }

    /// log2 height per table; `None` where a table has no shared columns.
    pub fn log_heights(&self) -> Vec<Option<usize>> {
        self.0.log_heights()
    }
}

impl<T: Table> Machine<T> {
    /// Commits the fixed columns. `traces` has one entry per table, `None` without fixed columns.
    ///
    /// # Errors
    /// [`TraceError`] if counts, widths or heights do not match the tables.
    pub fn commit_fixed(&self, traces: Vec<Option<RowMajorMatrix<Val>>>) -> Result<Fixed, TraceError> {
        check_group(&self.shapes, traces.iter().map(Option::as_ref), Group::Fixed)?;
        Ok(Fixed(commit_group(traces)))
    }

    /// Commits the shared columns. `traces` has one entry per table, `None` without shared columns.
    ///
    /// # Errors
    /// [`TraceError`] if counts, widths or heights do not match the tables.
    pub fn commit_shared(&self, traces: Vec<Option<RowMajorMatrix<Val>>>) -> Result<Shared, TraceError> {
        check_group(&self.shapes, traces.iter().map(Option::as_ref), Group::Shared)?;
        Ok(Shared(commit_group(traces)))
    }
}

/// Checks widths and heights of one group.
pub(crate) fn check_group<'a>(
    shapes: &[TableShape],
    traces: impl ExactSizeIterator<Item = Option<&'a RowMajorMatrix<Val>>>,
    group: Group,
) -> Result<(), TraceError> {
    if traces.len() != shapes.len() {
        return Err(TraceError::TableCount { group, expected: shapes.len(), got: traces.len() });
    }
    for (shape, trace) in shapes.iter().zip(traces) {
        check_trace(shape, trace, group)?;
    }
    Ok(())
}

fn check_trace(shape: &TableShape, trace: Option<&RowMajorMatrix<Val>>, group: Group) -> Result<(), TraceError> {
    let table = shape.name;
    let expected = match group {
        Group::Fixed => shape.fixed_width,
        Group::Shared => shape.shared_width,
        Group::Main => shape.main_width,
    };
    let got = trace.map_or(0, |trace| trace.width);
    if got != expected {
        return Err(TraceError::Width { table, group, expected, got });
    }
    let (min, max) = shape.height_range;
    let allowed = |height: usize| height.is_power_of_two() && (1 << min..=1 << max).contains(&height);
    match trace.map(Matrix::height) {
        Some(got) if !allowed(got) => Err(TraceError::Height { table, group, got, min, max }),
        _ => Ok(()),
    }
}

fn commit_group(traces: Vec<Option<RowMajorMatrix<Val>>>) -> CommittedGroup {
    let extended: Vec<_> = traces.iter().flatten().map(extend).collect();
    let commitment = (!extended.is_empty()).then(|| commit_extended(extended));
    CommittedGroup { traces, commitment }
}

/// Low-degree extension of a trace: its values on the evaluation domain, in bit-reversed order.
pub(crate) fn extend(trace: &RowMajorMatrix<Val>) -> RowMajorMatrix<Val> {
    // Room for the result up front, so that extending does not copy again.
    let mut values = Vec::with_capacity(trace.values.len() << PROOF_PARAMETERS.log_blowup);
    values.extend_from_slice(&trace.values);
    extend_from(RowMajorMatrix::new(values, trace.width), Val::ONE)
}

/// Low-degree extension of evaluations on the coset `shift * H`, to the evaluation domain of their
/// height in bit-reversed order.
pub(crate) fn extend_from(evaluations: RowMajorMatrix<Val>, shift: Val) -> RowMajorMatrix<Val> {
    let (dft, added_bits) = (&engine().dft, PROOF_PARAMETERS.log_blowup);
    let target = lift::shift(log2_strict_usize(evaluations.height()));
    let extended = dft.coset_lde_batch(evaluations, added_bits, target / shift);
    extended.bit_reverse_rows().to_row_major_matrix()
}

/// Commits extended matrices in bit-reversed order. There must be at least one.
pub(crate) fn commit_extended(matrices: Vec<RowMajorMatrix<Val>>) -> (Digest, CommitData) {
    let (cap, data) = engine().mmcs.commit(matrices);
    // The profile's cap height is 0: exactly one root.
    (cap.roots()[0], data)
}

/// The extended matrices under a commitment, in the order they were committed.
pub(crate) fn extended_matrices(data: &CommitData) -> Vec<&RowMajorMatrix<Val>> {
    engine().mmcs.get_matrices(data)
}
