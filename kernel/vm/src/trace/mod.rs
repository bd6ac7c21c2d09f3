//! From execution events to table rows.

pub mod boundary;
pub mod chain;
mod counts;
pub mod fixed;
pub mod local;
mod memory;
mod operations;
pub mod record;
mod rows;
pub mod segment;
