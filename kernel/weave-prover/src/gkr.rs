//! Lookups: fractional GKR over the interactions of all tables.
//!
//! Each layer adds fractions whose rows differ in the top bit. So a table of height 2^h has 2^b rows in the layer
//! of b row variables for b < h, and above its height its leaves go on as they are, beside neutral rows 0/1. A
//! layer keeps the rows of each slot apart. Leaves are evaluated once; their numerators are of the base field.

mod columns;
mod factors;
mod layers;
mod leaves;
mod prove;
mod rounds;
mod slots;
mod tall;

pub use leaves::LeafPlan;
pub use prove::{LookupProof, Unbalanced, prove};
