//! Arithmetic modulo P = 2^31 - 2^24 + 1 on four lanes, in Montgomery form with R = 2^32.
//!
//! A lane is *canonical* when it is below P. Since 2 P < 2^32, a sum of two canonical lanes does
//! not wrap, and `min(x, x - P)` on unsigned words subtracts P exactly when x >= P (otherwise
//! x - P wraps to something larger). In the same way `min(d, d + P)` repairs d in (-P, P).
//!
//! # Montgomery reduction without multiplying by P
//!
//! P - 1 = 127 * 2^24, so dividing by 2^32 modulo P takes two exact divisions. Let
//! C = 2^32 c_hi + c_lo, and split c_lo = 2^24 b + c with c < 2^24.
//!
//! * C - c P is divisible by 2^24, with quotient 2^8 c_hi + e, where e = b - 127 c.
//! * For any d = e (mod 2^8), (2^8 c_hi + e) - d P is divisible by 2^8, with quotient
//!   r = c_hi + (e - d) / 2^8 - 127 * 2^16 d.
//!
//! So r = C / 2^32 (mod P), and r = (C - q P) / 2^32 exactly, where q = c + 2^24 d. The choice of d
//! decides the range of r:
//!
//! * d in \[0, 2^8): 0 <= q < 2^32, so 0 <= C < 2^32 P gives r in (-P, P).
//! * d in \[-2^7, 2^7): |q| <= 2^31, so |C| <= P^2 (< 2^31 P) gives r in (-P, P). This one takes
//!   signed products, which saves the corrections between two multiplications.
//!
//! All of it fits 32-bit lanes; a 32-bit lane product would cost two slow instructions, and a
//! third shuffle.

use super::lanes::{
    V, add, add64, and, dot16, from_lanes, high_words, low_words, min, mul_hi, mul_hi_signed, mul_lo, mul_lo_signed,
    mul32, sar, shl, shl64, shr, splat, sub,
};

/// The modulus.
pub const P: u32 = 0x7f00_0001;

/// P - 1 = 127 * 2^24.
const ODD_PART: u32 = 127;
const TWO_ADICITY: u32 = 24;

/// a + b for canonical a, b.
#[inline(always)]
pub fn add_mod(a: V, b: V) -> V {
    reduce_once(add(a, b))
}

/// a - b for canonical a, b.
#[inline(always)]
pub fn sub_mod(a: V, b: V) -> V {
    repair(sub(a, b))
}

/// x in [0, 2 P) to canonical.
#[inline(always)]
fn reduce_once(x: V) -> V {
    min(x, sub(x, splat(P)))
}

/// d in (-P, P) to canonical.
#[inline(always)]
fn repair(d: V) -> V {
    min(d, add(d, splat(P)))
}

/// e = b - 127 c of the low word 2^24 b + c (see the module's text).
#[inline(always)]
fn first_step(c_lo: V) -> V {
    let c = and(c_lo, splat((1 << TWO_ADICITY) - 1));
    // 127 c = 2^7 c - c. The 64-bit shift moves nothing across lanes, as 2^7 c < 2^31; a 32-bit one
    // would be turned into the slow lane product by the compiler.
    sub(add(shr(c_lo, TWO_ADICITY), c), shl64(c, 7))
}

/// C / 2^32 in (-P, P) for 0 <= C < 2^32 P.
#[inline(always)]
fn divide(c_hi: V, c_lo: V) -> V {
    let e = first_step(c_lo);
    let d = and(e, splat(0xff));
    let subtrahend = shl(dot16(d, splat(ODD_PART)), 16);
    sub(add(c_hi, sar(e, 8)), subtrahend)
}

/// C / 2^32 in (-P, P) for |C| <= P^2.
#[inline(always)]
fn divide_signed(c_hi: V, c_lo: V) -> V {
    let e = first_step(c_lo);
    // Rounds e / 2^8 to nearest, which is (e - d) / 2^8 for d in [-2^7, 2^7).
    let rounded = sar(add(e, splat(1 << 7)), 8);
    sub(add(c_hi, rounded), low_bits_times_odd_part(e, 8))
}

/// 127 * 2^(24-n) d for n <= 8, where d = x (mod 2^n) lies in \[-2^(n-1), 2^(n-1)).
///
/// Shifted by 16 - n, the low half of a lane is 2^(16-n) d as a signed 16-bit number, and only
/// that half has a factor: 127 * 2^8.
#[inline(always)]
fn low_bits_times_odd_part(x: V, n: u32) -> V {
    dot16(shl(x, 16 - n), splat(ODD_PART << 8))
}

/// a b for canonical a, b.
#[inline(always)]
pub fn mul_mod(a: V, b: V) -> V {
    repair(mul_signed(a, b))
}

/// a b in (-P, P) for signed words with |a b| <= P^2.
#[inline(always)]
fn mul_signed(a: V, b: V) -> V {
    let (lo, hi) = (mul_lo_signed(a, b), mul_hi_signed(a, b));
    divide_signed(high_words(lo, hi), low_words(lo, hi))
}

/// x^3 for x in [-P, P), read as signed words; canonical.
///
/// The square lies in (-P, P) uncorrected, so its product with x stays within P^2.
#[inline(always)]
pub fn cube_signed(x: V) -> V {
    repair(mul_signed(mul_signed(x, x), x))
}

/// A constant factor w, prepared for many products (Shoup's method).
///
/// With w' = floor(2^32 w / P) and q = floor(x w' / 2^32), the difference x w - q P lies in
/// [0, 2 P) for every 32-bit x, so its low word is all of it: one high product instead of a full
/// one, no reduction, and x need not be canonical. Here w is the plain value, not the Montgomery
/// form, so x keeps whatever form it has.
#[derive(Clone, Copy, Debug)]
pub struct Factor {
    value: u32,
    quotient: u32,
}

/// P^-1 modulo 2^32.
const P_INVERSE: u32 = 0x8100_0001;

impl Factor {
    /// The factor with plain value `value` and Montgomery form `monty`.
    ///
    /// The Montgomery form is 2^32 w mod P, the remainder of the division that defines w'. So
    /// w' P = 2^32 w - monty exactly, and modulo 2^32 that gives w' without dividing.
    #[inline(always)]
    pub const fn new(value: u32, monty: u32) -> Self {
        Self { value, quotient: monty.wrapping_mul(P_INVERSE).wrapping_neg() }
    }

    /// x w, canonical, for any word x.
    #[inline(always)]
    pub const fn mul_word(self, x: u32) -> u32 {
        let q = ((x as u64 * self.quotient as u64) >> 32) as u32;
        let r = x.wrapping_mul(self.value).wrapping_sub(q.wrapping_mul(P));
        if r < P { r } else { r - P }
    }

    /// The factor in every lane.
    #[inline(always)]
    pub fn splat(self) -> FactorLanes {
        FactorLanes { value: splat(self.value), quotient: splat(self.quotient) }
    }
}

/// A [`Factor`] for vectors.
#[derive(Clone, Copy)]
pub struct FactorLanes {
    value: V,
    quotient: V,
}

impl FactorLanes {
    /// x w, canonical, for any words x.
    #[inline(always)]
    pub fn mul(self, x: V) -> V {
        let q = high_words(mul_lo(x, self.quotient), mul_hi(x, self.quotient));
        reduce_once(sub(mul32(x, self.value), mul32(q, splat(P))))
    }
}

/// a - b + P for canonical a, b: a - b modulo P as a word below 2 P.
#[inline(always)]
pub fn sub_lazy(a: V, b: V) -> V {
    add(sub(a, b), splat(P))
}

/// x / 2 for canonical x: x/2 or (x + P)/2, whichever is an integer.
#[inline(always)]
pub fn halve(x: V) -> V {
    let odd = sar(shl(x, 31), 31);
    add(shr(x, 1), and(odd, splat(P.div_ceil(2))))
}

/// x / 2^n for canonical x and n <= 24.
///
/// 2^-n = -127 * 2^(24-n), so with x = 2^n h + d the quotient is h - 127 * 2^(24-n) d.
#[inline(always)]
pub fn div_2exp(x: V, n: u32) -> V {
    match n {
        0 => x,
        1 => halve(x),
        2..=8 => {
            // d signed: both terms are at most P/2 in absolute value.
            let rounded = shr(add(x, splat(1 << (n - 1))), n);
            repair(sub(rounded, low_bits_times_odd_part(x, n)))
        }
        _ => {
            // d unsigned, held at the top of the lane: 127 * 2^(24-n) d = 2^(31-n) d - 2^(24-n) d.
            let top = shl(x, 32 - n);
            sub_mod(shr(x, n), sub(shr(top, 1), shr(top, 8)))
        }
    }
}

/// Unreduced sums of products: lanes 0, 1 and lanes 2, 3 as 64-bit words.
#[derive(Clone, Copy)]
pub struct Wide {
    lo: V,
    hi: V,
}

impl Wide {
    /// The empty sum.
    #[inline(always)]
    pub fn zero() -> Self {
        Self { lo: splat(0), hi: splat(0) }
    }

    /// a b for canonical a, b: below P^2 < 2^31 P.
    #[inline(always)]
    pub fn product(a: V, b: V) -> Self {
        Self { lo: mul_lo(a, b), hi: mul_hi(a, b) }
    }

    /// self + a b. The caller keeps the sum below 2^33 P, that is at most four products, or two
    /// after [`Wide::fold`].
    #[inline(always)]
    pub fn add_product(self, a: V, b: V) -> Self {
        Self { lo: add64(self.lo, mul_lo(a, b)), hi: add64(self.hi, mul_hi(a, b)) }
    }

    /// Same value modulo P, from below 2^33 P to below 2^32 P.
    ///
    /// 2^32 P has a zero low word, so only the high words take part and nothing borrows.
    #[inline(always)]
    pub fn fold(self) -> Self {
        let p_high = from_lanes([0, P, 0, P]);
        Self { lo: min(self.lo, sub(self.lo, p_high)), hi: min(self.hi, sub(self.hi, p_high)) }
    }

    /// Canonical value of a sum below 2^33 P.
    #[inline(always)]
    pub fn reduce(self) -> V {
        let c_hi = reduce_once(high_words(self.lo, self.hi));
        repair(divide(c_hi, low_words(self.lo, self.hi)))
    }
}

/// Sum of a\[i\] b\[i\] for canonical lanes; one reduction however long the sum.
#[inline(always)]
pub fn dot<const N: usize>(a: &[V; N], b: &[V; N]) -> V {
    match N {
        0 => splat(0),
        1 => mul_mod(a[0], b[0]),
        2 => {
            let sum = Wide::product(a[0], b[0]).add_product(a[1], b[1]);
            repair(divide(high_words(sum.lo, sum.hi), low_words(sum.lo, sum.hi)))
        }
        _ => dot_long(a, b),
    }
}

/// [`dot`] for N > 2: four products fit, afterwards two more per fold.
#[inline(always)]
fn dot_long<const N: usize>(a: &[V; N], b: &[V; N]) -> V {
    let mut sum = Wide::product(a[0], b[0]);
    let mut i = 1;
    while i < N {
        if i >= 4 && i % 2 == 0 {
            sum = sum.fold();
        }
        sum = sum.add_product(a[i], b[i]);
        i += 1;
    }
    sum.reduce()
}
