//! What each lane instruction means, on plain words. Reference for native tests; not fast.

use core::array::from_fn;

/// Four 32-bit lanes, or two 64-bit ones (low word first).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct V([u32; 4]);

impl V {
    fn map2(self, other: Self, f: impl Fn(u32, u32) -> u32) -> Self {
        Self(from_fn(|i| f(self.0[i], other.0[i])))
    }

    fn map(self, f: impl Fn(u32) -> u32) -> Self {
        Self(self.0.map(f))
    }

    fn words64(self) -> [u64; 2] {
        from_fn(|i| u64::from(self.0[2 * i]) | u64::from(self.0[2 * i + 1]) << 32)
    }

    const fn from_words64(w: [u64; 2]) -> Self {
        Self([w[0] as u32, (w[0] >> 32) as u32, w[1] as u32, (w[1] >> 32) as u32])
    }
}

/// The two signed 16-bit halves of a word, low one first.
const fn halves(x: u32) -> [i32; 2] {
    [x as i16 as i32, (x >> 16) as i16 as i32]
}

/// A vector from its lanes.
#[inline(always)]
pub const fn from_lanes(a: [u32; 4]) -> V {
    V(a)
}

/// The lanes of a vector.
#[inline(always)]
pub const fn to_lanes(a: V) -> [u32; 4] {
    a.0
}

/// The same word in every lane.
#[inline(always)]
pub const fn splat(x: u32) -> V {
    V([x; 4])
}

/// Lane-wise sum modulo 2^32.
#[inline(always)]
pub fn add(a: V, b: V) -> V {
    a.map2(b, u32::wrapping_add)
}

/// Lane-wise difference modulo 2^32.
#[inline(always)]
pub fn sub(a: V, b: V) -> V {
    a.map2(b, u32::wrapping_sub)
}

/// Lane-wise unsigned minimum.
#[inline(always)]
pub fn min(a: V, b: V) -> V {
    a.map2(b, u32::min)
}

/// Bitwise and.
#[inline(always)]
pub fn and(a: V, b: V) -> V {
    a.map2(b, |x, y| x & y)
}

/// Lane-wise shift left by `n < 32`.
#[inline(always)]
pub fn shl(a: V, n: u32) -> V {
    a.map(|x| x << n)
}

/// Shift left by `n < 64` of the two 64-bit lanes.
#[inline(always)]
pub fn shl64(a: V, n: u32) -> V {
    V::from_words64(a.words64().map(|x| x << n))
}

/// Lane-wise logical shift right by `n < 32`.
#[inline(always)]
pub fn shr(a: V, n: u32) -> V {
    a.map(|x| x >> n)
}

/// Lane-wise arithmetic shift right by `n < 32`.
#[inline(always)]
pub fn sar(a: V, n: u32) -> V {
    a.map(|x| ((x as i32) >> n) as u32)
}

/// Per 32-bit lane, the sum of the products of its two signed 16-bit halves.
#[inline(always)]
pub fn dot16(a: V, b: V) -> V {
    a.map2(b, |x, y| {
        let [x, y] = [halves(x), halves(y)];
        (x[0] * y[0]).wrapping_add(x[1] * y[1]) as u32
    })
}

/// Lane-wise product modulo 2^32.
#[inline(always)]
pub fn mul32(a: V, b: V) -> V {
    a.map2(b, u32::wrapping_mul)
}

/// 64-bit products of lanes 0, 1 (unsigned).
#[inline(always)]
pub fn mul_lo(a: V, b: V) -> V {
    V::from_words64(from_fn(|i| u64::from(a.0[i]) * u64::from(b.0[i])))
}

/// 64-bit products of lanes 2, 3 (unsigned).
#[inline(always)]
pub fn mul_hi(a: V, b: V) -> V {
    mul_lo(swap_halves(a), swap_halves(b))
}

/// 64-bit products of lanes 0, 1 (signed).
#[inline(always)]
pub fn mul_lo_signed(a: V, b: V) -> V {
    let word = |x: u32| i64::from(x as i32);
    V::from_words64(from_fn(|i| (word(a.0[i]) * word(b.0[i])) as u64))
}

/// 64-bit products of lanes 2, 3 (signed).
#[inline(always)]
pub fn mul_hi_signed(a: V, b: V) -> V {
    mul_lo_signed(swap_halves(a), swap_halves(b))
}

/// Sum modulo 2^64 of the two 64-bit lanes.
#[inline(always)]
pub fn add64(a: V, b: V) -> V {
    let (x, y) = (a.words64(), b.words64());
    V::from_words64(from_fn(|i| x[i].wrapping_add(y[i])))
}

/// The low words of the four 64-bit lanes of `lo`, `hi`.
#[inline(always)]
pub const fn low_words(lo: V, hi: V) -> V {
    V([lo.0[0], lo.0[2], hi.0[0], hi.0[2]])
}

/// The high words of the four 64-bit lanes of `lo`, `hi`.
#[inline(always)]
pub const fn high_words(lo: V, hi: V) -> V {
    V([lo.0[1], lo.0[3], hi.0[1], hi.0[3]])
}

/// `([a0 b0 a2 b2], [a1 b1 a3 b3])`.
#[inline(always)]
pub const fn interleave1(V(a): V, V(b): V) -> (V, V) {
    (V([a[0], b[0], a[2], b[2]]), V([a[1], b[1], a[3], b[3]]))
}

/// `([a0 a1 b0 b1], [a2 a3 b2 b3])`.
#[inline(always)]
pub const fn interleave2(V(a): V, V(b): V) -> (V, V) {
    (V([a[0], a[1], b[0], b[1]]), V([a[2], a[3], b[2], b[3]]))
}

/// `[a1 a0 a3 a2]`.
#[inline(always)]
pub const fn swap_neighbours(V(a): V) -> V {
    V([a[1], a[0], a[3], a[2]])
}

/// `[a2 a3 a0 a1]`.
#[inline(always)]
pub const fn swap_halves(V(a): V) -> V {
    V([a[2], a[3], a[0], a[1]])
}
