//! From execution events to table rows.

pub mod accelerated;
pub mod chain;
pub mod counts;
pub mod memory;
pub mod operation;
pub mod products;
pub mod record;
pub mod rows;
pub mod segment;
pub mod values;
