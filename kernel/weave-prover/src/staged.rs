//! Constraints and leaves of all tables: one sumcheck over the rows.
//!
//! A table's summand is a [`plan::Plan`]: a linear form of its columns and a list of products. The first two
//! rounds come from one pass over the trace, as sums of the terms at all points of a grid while columns are still
//! base-field values. Then what the products are made of is folded, and no other column. Columns are claimed in a
//! pass of its own at the end.

mod claims;
mod gather;
mod grid;
mod plan;
mod prove;
mod rounds;

pub use prove::{StagedProof, Violated, prove};
