//! Arithmetic modulo P = 2^31 - 2^24 + 1 on four lanes, in Montgomery form with R = 2^32.
//!
//! A lane is *canonical* when it is below P. Since 2 P < 2^32, a sum of two canonical lanes does
//! not wrap, and `min(x, x - P)` on unsigned words subtracts P exactly when x >= P (otherwise
//! x - P wraps to something larger). In the same way `min(d, d + P)` repairs d in (-P, P).
//!
//! # Montgomery reduction without multiplications
//!
//! Given a product C = c_hi 2^32 + c_lo, take q with q P = c_lo (mod 2^32). Then
//! C - q P is divisible by 2^32 and its quotient is c_hi - high(q P).
//! P = 127 * 2^24 + 1 is so sparse that both steps need shifts only:
//!
//! * (127 * 2^24)^2 = 0 (mod 2^32), so P^-1 = 1 - 127 * 2^24 and, with u = 127 (c_lo mod 2^8),
//!   q = c_lo - u 2^24. The low three bytes of q are those of c_lo.
//! * Write q = 2^8 h + l, where l = c_lo mod 2^8. Then q P = 127 h 2^32 + (u 2^24 + q), and as the
//!   low 24 bits of q cannot carry, high(q P) = 127 h + ((u + (q >> 24)) >> 8).
//!
//! The same lines hold for q read as a signed word when the shifts of q are arithmetic ones; then
//! |high(q P)| <= P/2, which leaves room to skip corrections between two multiplications.

use super::lanes::{
    V, add, add64, and, dot16, from_lanes, high_words, low_words, min, mul_hi, mul_hi_signed,
    mul_lo, mul_lo_signed, sar, shl, shr, splat, sub,
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

/// 127 (c mod 2^8).
#[inline(always)]
fn low_byte_times_127(c: V) -> V {
    dot16(and(c, splat(0xff)), splat(ODD_PART))
}

/// high(q P) for the unsigned quotient q; result in [0, P).
#[inline(always)]
fn quotient_high(c_lo: V) -> V {
    let u = low_byte_times_127(c_lo);
    let q = sub(c_lo, shl(u, 24));
    let h = shr(q, 8);
    let carry = shr(add(u, shr(q, 24)), 8);
    add(sub(shl(h, 7), h), carry)
}

/// high(q P) for the signed quotient q; result in [-P/2, P/2).
#[inline(always)]
fn quotient_high_signed(c_lo: V) -> V {
    let u = low_byte_times_127(c_lo);
    let q = sub(c_lo, shl(u, 24));
    let h = sar(q, 8);
    let carry = sar(add(u, sar(q, 24)), 8);
    add(sub(shl(h, 7), h), carry)
}

/// a b for canonical a, b.
#[inline(always)]
pub fn mul_mod(a: V, b: V) -> V {
    reduce(mul_lo(a, b), mul_hi(a, b))
}

/// Montgomery reduction of unsigned 64-bit values below 2^32 P.
#[inline(always)]
fn reduce(lo: V, hi: V) -> V {
    repair(sub(high_words(lo, hi), quotient_high(low_words(lo, hi))))
}

/// Montgomery reduction of unsigned 64-bit values below 2^33 P.
#[inline(always)]
fn reduce_wide(lo: V, hi: V) -> V {
    let c_hi = reduce_once(high_words(lo, hi));
    repair(sub(c_hi, quotient_high(low_words(lo, hi))))
}

/// a b reduced with a signed quotient and without the last correction.
///
/// For |a b| <= P^2 the high word lies in [-P/2, P/2) and so does high(q P): result in (-P, P).
#[inline(always)]
fn mul_signed_lazy(a: V, b: V) -> V {
    let (lo, hi) = (mul_lo_signed(a, b), mul_hi_signed(a, b));
    sub(
        high_words(lo, hi),
        quotient_high_signed(low_words(lo, hi)),
    )
}

/// x^3 for x in [-P, P), read as signed words; canonical.
///
/// The square lies in (-P, P) uncorrected, so its product with x stays within P^2.
#[inline(always)]
pub fn cube_signed(x: V) -> V {
    repair(mul_signed_lazy(mul_signed_lazy(x, x), x))
}

/// x / 2 for canonical x: x/2 or (x + P)/2, whichever is an integer.
#[inline(always)]
pub fn halve(x: V) -> V {
    div_2exp(x, 1)
}

/// x / 2^n for canonical x and n <= 24.
///
/// 2^-n = -127 * 2^(24-n), so with x = hi 2^n + lo the quotient is hi - 127 lo 2^(24-n), a
/// difference of two canonical words.
#[inline(always)]
pub fn div_2exp(x: V, n: u32) -> V {
    let lo = and(x, splat((1 << n) - 1));
    let shift = TWO_ADICITY - n;
    // 127 y = 2^7 y - y.
    sub_mod(shr(x, n), sub(shl(lo, shift + 7), shl(lo, shift)))
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
        Self {
            lo: splat(0),
            hi: splat(0),
        }
    }

    /// a b for canonical a, b: below P^2 < 2^31 P.
    #[inline(always)]
    pub fn product(a: V, b: V) -> Self {
        Self {
            lo: mul_lo(a, b),
            hi: mul_hi(a, b),
        }
    }

    /// self + a b. The caller keeps the sum below 2^33 P, that is at most four products, or two
    /// after [`Wide::fold`].
    #[inline(always)]
    pub fn add_product(self, a: V, b: V) -> Self {
        Self {
            lo: add64(self.lo, mul_lo(a, b)),
            hi: add64(self.hi, mul_hi(a, b)),
        }
    }

    /// Same value modulo P, from below 2^33 P to below 2^32 P.
    ///
    /// 2^32 P has a zero low word, so only the high words take part and nothing borrows.
    #[inline(always)]
    pub fn fold(self) -> Self {
        let p_high = from_lanes([0, P, 0, P]);
        Self {
            lo: min(self.lo, sub(self.lo, p_high)),
            hi: min(self.hi, sub(self.hi, p_high)),
        }
    }

    /// Canonical value of a sum below 2^33 P.
    #[inline(always)]
    pub fn reduce(self) -> V {
        reduce_wide(self.lo, self.hi)
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
            reduce(sum.lo, sum.hi)
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
