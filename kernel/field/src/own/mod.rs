//! KoalaBear as a field type of our own, with four-lane packing.
//!
//! Upstream has no 31-bit packing for WASM and ties the packing to its field type. This module
//! wraps the scalar type unchanged and supplies the packing, the permutation and the batched tree
//! hashing. It compiles on every target; where the lanes are not hardware vectors it is a slow
//! but exact model of what ships (see [`lanes`]).

mod arith;
mod dft;
mod element;
mod extension;
mod hash;
mod lanes;
mod packed;
mod poseidon2;
pub(crate) mod product;

pub use dft::Dft;
pub use element::Elem;
pub use hash::{NodeCompress, RowHash};
pub use packed::PackedElem;
pub use poseidon2::Poseidon2;
