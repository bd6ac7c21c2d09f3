//! Four lanes of `simd128`: products are added as 64-bit words and reduced when a sum is asked for.
//!
//! A lane is an element in Montgomery form, below P = 2^31 - 2^24 + 1. A product of two is below P^2 < 2^31 P, so two
//! more fit on a sum below 2^32 P before a conditional subtraction of 2^32 P brings it back (`proofloom_field`'s
//! arithmetic has the proofs). In F, X^5 = 1 - X^2: a coefficient of a product is five products of coefficients of one
//! factor with sums of those of the other.

use core::arch::wasm32::{
    i32x4_add, i32x4_dot_i16x8, i32x4_shl, i32x4_shr, i32x4_shuffle, i32x4_sub, i64x2_add, i64x2_shl, u32x4, u32x4_min,
    u32x4_shr, u32x4_splat, u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, v128, v128_and,
};
use core::mem::transmute;

use p3_field::extension::PackedQuinticTrinomialExtensionField;
use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing};
use proofloom_field::Challenge;
use proofloom_field::own::{Elem, PackedElem};
use proofloom_weave::EXTENSION;

use super::{Element, Products, plain};
use crate::packed::{PackedChallenge, PackedVal};

const P: u32 = 0x7f00_0001;

/// The coefficients of a vector of challenges.
type Coefficients = [v128; EXTENSION];

#[inline(always)]
fn load(x: &PackedChallenge) -> Coefficients {
    // SAFETY: upstream's vector of challenges is `repr(transparent)` over its coefficients, each of them four words.
    unsafe { transmute::<PackedChallenge, Coefficients>(*x) }
}

/// Lanes have to be below P.
#[inline(always)]
fn challenges(x: Coefficients) -> PackedChallenge {
    // SAFETY: as for `load`; four words below P are four elements.
    unsafe { transmute::<Coefficients, PackedChallenge>(x) }
}

#[inline(always)]
fn sub(a: v128, b: v128) -> v128 {
    let difference = i32x4_sub(a, b);
    u32x4_min(difference, i32x4_add(difference, u32x4_splat(P)))
}

impl Element for Challenge {
    type Sum = plain::Sum<Self>;
}

/// [`PackedChallenge`]: two implementations of a trait are told apart by types that are written out.
impl Element for PackedQuinticTrinomialExtensionField<Elem, PackedElem> {
    type Sum = PackedSum;

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        times(self, other)
    }

    #[inline(always)]
    fn times2(a: [Self; 2], b: [Self; 2]) -> Self {
        times2(a, b)
    }

    #[inline(always)]
    fn reread(&self) -> Self {
        *core::hint::black_box(self)
    }

    fn fold(x: &mut [Self], y: &[Self], z: Self) {
        fold(x, y, z);
    }
}

/// Lanes 0, 1 and lanes 2, 3 as 64-bit words.
#[derive(Clone, Copy)]
struct Wide {
    lo: v128,
    hi: v128,
}

impl Wide {
    #[inline(always)]
    fn zero() -> Self {
        Self { lo: u32x4_splat(0), hi: u32x4_splat(0) }
    }

    #[inline(always)]
    fn add(self, a: v128, b: v128) -> Self {
        Self {
            lo: i64x2_add(self.lo, u64x2_extmul_low_u32x4(a, b)),
            hi: i64x2_add(self.hi, u64x2_extmul_high_u32x4(a, b)),
        }
    }

    /// From below 2^33 P to below 2^32 P.
    #[inline(always)]
    fn fold(self) -> Self {
        let p = u32x4(0, P, 0, P);
        Self { lo: u32x4_min(self.lo, i32x4_sub(self.lo, p)), hi: u32x4_min(self.hi, i32x4_sub(self.hi, p)) }
    }

    /// The element that a sum below 2^33 P stands for, divided by 2^32 as Montgomery's form has it.
    #[inline(always)]
    fn reduce(self) -> v128 {
        let high = i32x4_shuffle::<1, 3, 5, 7>(self.lo, self.hi);
        let low = i32x4_shuffle::<0, 2, 4, 6>(self.lo, self.hi);
        let high = u32x4_min(high, i32x4_sub(high, u32x4_splat(P)));
        let c = v128_and(low, u32x4_splat(0x00ff_ffff));
        let e = i32x4_sub(i32x4_add(u32x4_shr(low, 24), c), i64x2_shl(c, 7));
        let d = v128_and(e, u32x4_splat(0xff));
        let subtrahend = i32x4_shl(i32x4_dot_i16x8(d, u32x4_splat(127)), 16);
        let r = i32x4_sub(i32x4_add(high, i32x4_shr(e, 8)), subtrahend);
        u32x4_min(r, i32x4_add(r, u32x4_splat(P)))
    }
}

/// What each coefficient of a product with b has the coefficients of the other factor multiplied by. Written out, so
/// that nothing of it is kept in memory.
#[inline(always)]
fn factors([b0, b1, b2, b3, b4]: Coefficients) -> [Coefficients; EXTENSION] {
    let (d14, d03, d42) = (sub(b1, b4), sub(b0, b3), sub(b4, b2));
    let e = sub(b3, d14);
    [
        [b0, b4, b3, b2, d14],
        [b1, b0, b4, b3, b2],
        [b2, d14, d03, d42, e],
        [b3, b2, d14, d03, d42],
        [b4, b3, b2, d14, d03],
    ]
}

/// Five sums, each below 2^32 P between calls.
#[derive(Clone, Copy)]
pub struct PackedSum([Wide; EXTENSION]);

/// A sum below 2^32 P with five more products, below 2^32 P again.
#[inline(always)]
fn more(sum: Wide, [a0, a1, a2, a3, a4]: Coefficients, [f0, f1, f2, f3, f4]: Coefficients) -> Wide {
    sum.add(a0, f0).add(a1, f1).fold().add(a2, f2).add(a3, f3).fold().add(a4, f4).fold()
}

impl Products<PackedChallenge> for PackedSum {
    fn new() -> Self {
        Self([Wide::zero(); EXTENSION])
    }

    #[inline(always)]
    fn add(&mut self, a: PackedChallenge, b: PackedChallenge) {
        let (a, [f0, f1, f2, f3, f4]) = (load(&a), factors(load(&b)));
        let [s0, s1, s2, s3, s4] = &mut self.0;
        *s0 = more(*s0, a, f0);
        *s1 = more(*s1, a, f1);
        *s2 = more(*s2, a, f2);
        *s3 = more(*s3, a, f3);
        *s4 = more(*s4, a, f4);
    }

    fn finish(&self) -> PackedChallenge {
        challenges(self.0.map(Wide::reduce))
    }
}

/// The sum of five products, reduced.
#[inline(always)]
fn product([a0, a1, a2, a3, a4]: Coefficients, [f0, f1, f2, f3, f4]: Coefficients) -> v128 {
    Wide::zero().add(a0, f0).add(a1, f1).add(a2, f2).add(a3, f3).fold().add(a4, f4).reduce()
}

/// A product with five reductions, where the field's own has nine.
#[inline(always)]
fn times(a: PackedChallenge, b: PackedChallenge) -> PackedChallenge {
    let (a, [f0, f1, f2, f3, f4]) = (load(&a), factors(load(&b)));
    challenges([product(a, f0), product(a, f1), product(a, f2), product(a, f3), product(a, f4)])
}

/// The sum of ten products, reduced.
#[inline(always)]
fn product2(a: Coefficients, f: Coefficients, c: Coefficients, [g0, g1, g2, g3, g4]: Coefficients) -> v128 {
    let [c0, c1, c2, c3, c4] = c;
    more(Wide::zero(), a, f).add(c0, g0).add(c1, g1).fold().add(c2, g2).add(c3, g3).fold().add(c4, g4).reduce()
}

/// a b + c d
#[inline(always)]
fn times2([a, c]: [PackedChallenge; 2], [b, d]: [PackedChallenge; 2]) -> PackedChallenge {
    let ([a, c], [f0, f1, f2, f3, f4]) = ([load(&a), load(&c)], factors(load(&b)));
    let [g0, g1, g2, g3, g4] = factors(load(&d));
    challenges([
        product2(a, f0, c, g0),
        product2(a, f1, c, g1),
        product2(a, f2, c, g2),
        product2(a, f3, c, g3),
        product2(a, f4, c, g4),
    ])
}

/// By products rather than coefficient by coefficient of many rows, which takes twice as long.
#[inline(never)]
fn fold(x: &mut [PackedChallenge], y: &[PackedChallenge], z: PackedChallenge) {
    x.iter_mut().zip(y).for_each(|(x, &y)| *x += times(y - *x, z.reread()));
}

/// Whether sums, products and folds are those of the field's own arithmetic, for the largest elements and others.
pub fn check() -> bool {
    use crate::packed::LANES;
    use p3_field::PackedValue;
    use proofloom_field::Val;
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // One element in four is P - 1 in Montgomery's form, whose products are largest.
        let largest = -Val::from_u64(1 << 32).inverse();
        if state >> 62 == 0 { largest } else { Val::from_u64(state >> 33) }
    };
    let mut vector =
        || PackedChallenge::from_basis_coefficients_fn(|_| PackedVal::from_fn(|_: usize| -> Val { next() }));
    let lists: Vec<[PackedChallenge; 4]> = (0..200).map(|_| core::array::from_fn(|_| vector())).collect();
    let mut sum = PackedSum::new();
    lists.iter().for_each(|&[a, b, ..]| sum.add(a, b));
    let plain: PackedChallenge = lists.iter().map(|&[a, b, ..]| a * b).sum();
    let (x, y) = (lists.iter().map(|list| list[0]), lists.iter().map(|list| list[1]));
    let (mut folded, y, z): (Vec<_>, Vec<_>, _) = (x.collect(), y.collect(), lists[7][2]);
    fold(&mut folded, &y, z);
    let plainly_folded = lists.iter().map(|&[x, y, ..]| x + (y - x) * z);
    let products = lists.iter().all(|&[a, b, c, d]| times(a, b) == a * b && times2([a, c], [b, d]) == a * b + c * d);
    LANES == 4 && sum.finish() == plain && products && plainly_folded.eq(folded)
}
