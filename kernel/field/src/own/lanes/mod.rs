//! Four 32-bit lanes: the only instructions the packed arithmetic is written in.
//!
//! [`wasm`] maps them one to one to `simd128`; [`portable`] spells out what each one means on
//! `[u32; 4]`. Everything above this module is shared, so the arithmetic that ships in WASM is
//! the arithmetic that native tests run: only these one-line wrappers differ.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::*;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::*;

/// Number of lanes.
pub const LANES: usize = 4;

/// Transpose a 4 x 4 matrix given by its rows.
#[inline(always)]
pub fn transpose(rows: [V; 4]) -> [V; 4] {
    // [a0 b0 a2 b2], [a1 b1 a3 b3] and the same for c, d; then the 64-bit halves.
    let (ab_even, ab_odd) = interleave1(rows[0], rows[1]);
    let (cd_even, cd_odd) = interleave1(rows[2], rows[3]);
    let (t0, t2) = interleave2(ab_even, cd_even);
    let (t1, t3) = interleave2(ab_odd, cd_odd);
    [t0, t1, t2, t3]
}
