//! From execution events to table rows.

pub mod accelerated;
pub mod boundary;
pub mod chain;
pub mod counts;
pub mod fixed;
mod keccak;
pub mod local;
mod memory;
pub mod operations;
mod products;
pub mod record;
pub mod rows;
pub mod segment;
mod sha256;
