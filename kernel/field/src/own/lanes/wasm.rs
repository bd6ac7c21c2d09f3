//! The lane instructions of `simd128`.

use core::arch::wasm32::{
    i32x4_add, i32x4_dot_i16x8, i32x4_mul, i32x4_shl, i32x4_shr, i32x4_shuffle, i32x4_sub, i64x2_add,
    i64x2_extmul_high_i32x4, i64x2_extmul_low_i32x4, i64x2_shl, u32x4_min, u32x4_shr, u32x4_splat,
    u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, v128, v128_and,
};

/// Four 32-bit lanes, or two 64-bit ones.
pub type V = v128;

/// A vector from its lanes.
#[inline(always)]
pub const fn from_lanes(a: [u32; 4]) -> V {
    core::arch::wasm32::u32x4(a[0], a[1], a[2], a[3])
}

/// The lanes of a vector.
#[inline(always)]
pub fn to_lanes(a: V) -> [u32; 4] {
    // SAFETY: both are sixteen bytes without padding; WASM is little-endian, lane 0 comes first.
    unsafe { core::mem::transmute(a) }
}

/// The same word in every lane.
#[inline(always)]
pub fn splat(x: u32) -> V {
    u32x4_splat(x)
}

/// Lane-wise sum modulo 2^32.
#[inline(always)]
pub fn add(a: V, b: V) -> V {
    i32x4_add(a, b)
}

/// Lane-wise difference modulo 2^32.
#[inline(always)]
pub fn sub(a: V, b: V) -> V {
    i32x4_sub(a, b)
}

/// Lane-wise unsigned minimum.
#[inline(always)]
pub fn min(a: V, b: V) -> V {
    u32x4_min(a, b)
}

/// Bitwise and.
#[inline(always)]
pub fn and(a: V, b: V) -> V {
    v128_and(a, b)
}

/// Lane-wise shift left by `n < 32`.
#[inline(always)]
pub fn shl(a: V, n: u32) -> V {
    i32x4_shl(a, n)
}

/// Shift left by `n < 64` of the two 64-bit lanes.
#[inline(always)]
pub fn shl64(a: V, n: u32) -> V {
    i64x2_shl(a, n)
}

/// Lane-wise logical shift right by `n < 32`.
#[inline(always)]
pub fn shr(a: V, n: u32) -> V {
    u32x4_shr(a, n)
}

/// Lane-wise arithmetic shift right by `n < 32`.
#[inline(always)]
pub fn sar(a: V, n: u32) -> V {
    i32x4_shr(a, n)
}

/// Per 32-bit lane, the sum of the products of its two signed 16-bit halves.
#[inline(always)]
pub fn dot16(a: V, b: V) -> V {
    i32x4_dot_i16x8(a, b)
}

/// Lane-wise product modulo 2^32. Costs two slow instructions on x86.
#[inline(always)]
pub fn mul32(a: V, b: V) -> V {
    i32x4_mul(a, b)
}

/// 64-bit products of lanes 0, 1 (unsigned).
#[inline(always)]
pub fn mul_lo(a: V, b: V) -> V {
    u64x2_extmul_low_u32x4(a, b)
}

/// 64-bit products of lanes 2, 3 (unsigned).
#[inline(always)]
pub fn mul_hi(a: V, b: V) -> V {
    u64x2_extmul_high_u32x4(a, b)
}

/// 64-bit products of lanes 0, 1 (signed).
#[inline(always)]
pub fn mul_lo_signed(a: V, b: V) -> V {
    i64x2_extmul_low_i32x4(a, b)
}

/// 64-bit products of lanes 2, 3 (signed).
#[inline(always)]
pub fn mul_hi_signed(a: V, b: V) -> V {
    i64x2_extmul_high_i32x4(a, b)
}

/// Sum modulo 2^64 of the two 64-bit lanes.
#[inline(always)]
pub fn add64(a: V, b: V) -> V {
    i64x2_add(a, b)
}

/// The low words of the four 64-bit lanes of `lo`, `hi`.
#[inline(always)]
pub fn low_words(lo: V, hi: V) -> V {
    i32x4_shuffle::<0, 2, 4, 6>(lo, hi)
}

/// The high words of the four 64-bit lanes of `lo`, `hi`.
#[inline(always)]
pub fn high_words(lo: V, hi: V) -> V {
    i32x4_shuffle::<1, 3, 5, 7>(lo, hi)
}

/// `([a0 b0 a2 b2], [a1 b1 a3 b3])`.
#[inline(always)]
pub fn interleave1(a: V, b: V) -> (V, V) {
    (i32x4_shuffle::<0, 4, 2, 6>(a, b), i32x4_shuffle::<1, 5, 3, 7>(a, b))
}

/// `([a0 a1 b0 b1], [a2 a3 b2 b3])`.
#[inline(always)]
pub fn interleave2(a: V, b: V) -> (V, V) {
    (i32x4_shuffle::<0, 1, 4, 5>(a, b), i32x4_shuffle::<2, 3, 6, 7>(a, b))
}

/// `[a1 a0 a3 a2]`.
#[inline(always)]
pub fn swap_neighbours(a: V) -> V {
    i32x4_shuffle::<1, 0, 3, 2>(a, a)
}

/// `[a2 a3 a0 a1]`.
#[inline(always)]
pub fn swap_halves(a: V) -> V {
    i32x4_shuffle::<2, 3, 0, 1>(a, a)
}
