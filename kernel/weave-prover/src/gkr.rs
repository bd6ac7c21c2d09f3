//! Lookups: fractional GKR over the interactions of all tables.
//!
//! Each layer adds fractions whose rows differ in the top bit. So a table of height 2^h has 2^b rows in the layer
//! of b row variables for b < h, and above its height its leaves go on as they are, beside neutral rows 0/1. A
//! layer keeps the rows of each slot apart. Leaves are not kept: they are evaluated from the trace when the layer
//! below them is made, and again for the sumcheck of the layers that read them.

mod columns;
mod factors;
mod layers;
mod leaves;
mod prove;

pub use leaves::LeafPlan;
pub use prove::{LookupProof, Unbalanced, prove};
