//! From execution events to table rows.

pub mod boundary;
pub mod chain;
mod counts;
pub mod fixed;
pub mod local;
mod memory;
pub mod operations;
mod products;
pub mod record;
pub mod rows;
pub mod segment;
