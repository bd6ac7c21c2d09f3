//! Why a proof is refused.

use thiserror::Error;

/// Why a proof was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StarkError {
    /// A list does not have one entry per table (per table with interactions, per chunk, per column).
    #[error("{list}: {got} entries, expected {expected}")]
    Count { list: &'static str, expected: usize, got: usize },
    /// The caller's public values do not fit the table.
    #[error("table {table}: {got} public values, expected {expected}")]
    PublicValues { table: &'static str, expected: usize, got: usize },
    /// A root is missing or should not be there.
    #[error("{root} root: expected {}, got {}", presence(*expected), presence(!*expected))]
    RootPresence { root: &'static str, expected: bool },
    /// A height outside of what the table admits.
    #[error("table {table}: height 2^{got}, admitted are 2^{min}..2^{max}")]
    Height { table: &'static str, min: usize, max: usize, got: usize },
    /// The verifying key or the segment commitment says another height.
    #[error("table {table}: height 2^{got}, its {group} columns have {}", log2(*expected))]
    HeightMismatch { table: &'static str, group: &'static str, expected: Option<usize>, got: usize },
    /// Multiplicities could wrap around the characteristic.
    #[error("bus counts may reach {bound}, the limit is the characteristic of the field")]
    CountBound { bound: u128 },
    /// Opened values of the wrong number.
    #[error("table {table}: {got} opened values of its {group} columns, expected {expected}")]
    OpenedWidth { table: &'static str, group: &'static str, expected: usize, got: usize },
    /// A commitment inside the opening proof has more than one root.
    #[error("FRI layer {layer}: Merkle cap of {got} roots, expected 1")]
    CapSize { layer: usize, got: usize },
    /// The out-of-domain point hit a row or an evaluation domain (probability about 2^-132).
    #[error("the out-of-domain point lies in a domain of the proof")]
    PointInDomain,
    /// The opened values do not belong to the commitments.
    #[error("opening proof refused: {reason}")]
    Opening { reason: String },
    /// The constraints of some table do not hold: one quotient serves all, so none is named.
    #[error("the tables' constraints do not match the quotient at the out-of-domain point")]
    Constraints,
    /// Something was sent on a bus and not received, or the other way round.
    #[error("the buses do not balance: the terminals do not sum to zero")]
    Unbalanced,
}

fn presence(present: bool) -> &'static str {
    if present { "present" } else { "absent" }
}

fn log2(height: Option<usize>) -> String {
    height.map_or_else(|| "none".to_owned(), |height| format!("2^{height}"))
}
