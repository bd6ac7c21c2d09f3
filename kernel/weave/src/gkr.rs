//! Lookups: a fractional GKR over the interactions of all tables.
//!
//! Leaf (slot, row) is the fraction count / denominator of an interaction in a row, 0/1 above its table's
//! height and for numbers that no interaction has. Slot bits come first: variables 0..sigma are the slot,
//! the [`MAX_LOG_HEIGHT`](crate::MAX_LOG_HEIGHT) behind them the row. Layer l has l variables and follows from
//! layer l + 1 by that layer's last one: `p = p0 q1 + p1 q0`, `q = q0 q1`.

mod folding;
mod verify;

pub use folding::Folding;
pub use verify::{LeafClaim, round, verify};
