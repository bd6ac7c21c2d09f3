//! Four field elements, one per lane.

use core::iter::{Product, Sum};
use core::mem::transmute;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use p3_field::op_assign_macros::{
    impl_add_assign, impl_add_base_field, impl_div_methods, impl_mul_base_field, impl_mul_methods,
    impl_packed_field_div, impl_packed_value, impl_rng, impl_sub_assign, impl_sub_base_field, impl_sum_prod_base_field,
    ring_sum,
};
use p3_field::{
    Algebra, Field, InjectiveMonomial, PackedField, PackedFieldPow2, PackedValue, PermutationMonomial,
    PrimeCharacteristicRing, PrimeField32, TwoAdicField, impl_packed_field_pow_2,
};
use p3_util::reconstitute_from_base;
use rand::distr::{Distribution, StandardUniform};
use rand::{Rng, RngExt};

use super::arith::{self, Wide};
use super::element::Elem;
use super::lanes::{self, LANES, V, interleave1, interleave2};

/// Largest extension degree that upstream asks [`PackedField::coeffwise_dot_product`] for.
const MAX_DEGREE: usize = 8;

/// Four elements side by side in memory, worked on as one vector.
///
/// Aligned like a single element, as [`PackedValue`] demands, so a slice of elements can be read
/// as a slice of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
#[must_use]
pub struct PackedElem(pub [Elem; LANES]);

impl PackedElem {
    /// The lanes, each below P.
    #[inline(always)]
    pub(crate) fn to_vector(self) -> V {
        // SAFETY: both types are sixteen bytes; an `Elem` is a `u32`.
        unsafe { transmute(self.0) }
    }

    /// # Safety
    /// Every lane must be below P.
    #[inline(always)]
    pub(crate) unsafe fn from_vector(v: V) -> Self {
        // SAFETY: both types are sixteen bytes, and the caller keeps the lanes canonical.
        Self(unsafe { transmute::<V, [Elem; LANES]>(v) })
    }

    #[inline(always)]
    const fn splat(value: Elem) -> Self {
        Self([value; LANES])
    }
}

/// Reads an array of packed elements as vectors.
#[inline(always)]
fn to_vectors<const N: usize>(a: &[PackedElem; N]) -> [V; N] {
    a.map(PackedElem::to_vector)
}

impl From<Elem> for PackedElem {
    #[inline(always)]
    fn from(value: Elem) -> Self {
        // SAFETY: the stored form of an element is below P.
        unsafe { Self::from_vector(lanes::splat(value.to_unique_u32())) }
    }
}

// SAFETY (all four): canonical lanes in, canonical lanes out.
impl Add for PackedElem {
    type Output = Self;

    #[inline(always)]
    fn add(self, rhs: Self) -> Self {
        unsafe { Self::from_vector(arith::add_mod(self.to_vector(), rhs.to_vector())) }
    }
}

impl Sub for PackedElem {
    type Output = Self;

    #[inline(always)]
    fn sub(self, rhs: Self) -> Self {
        unsafe { Self::from_vector(arith::sub_mod(self.to_vector(), rhs.to_vector())) }
    }
}

impl Neg for PackedElem {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        unsafe { Self::from_vector(arith::sub_mod(lanes::splat(0), self.to_vector())) }
    }
}

impl Mul for PackedElem {
    type Output = Self;

    #[inline(always)]
    fn mul(self, rhs: Self) -> Self {
        unsafe { Self::from_vector(arith::mul_mod(self.to_vector(), rhs.to_vector())) }
    }
}

impl_add_assign!(PackedElem);
impl_sub_assign!(PackedElem);
impl_mul_methods!(PackedElem);
ring_sum!(PackedElem);
impl_rng!(PackedElem);
impl_add_base_field!(PackedElem, Elem);
impl_sub_base_field!(PackedElem, Elem);
impl_mul_base_field!(PackedElem, Elem);
impl_div_methods!(PackedElem, Elem);
impl_packed_field_div!(PackedElem);
impl_sum_prod_base_field!(PackedElem, Elem);
impl_packed_value!(PackedElem, Elem, LANES);

impl PrimeCharacteristicRing for PackedElem {
    type PrimeSubfield = Elem;

    const ZERO: Self = Self::splat(Elem::ZERO);
    const ONE: Self = Self::splat(Elem::ONE);
    const TWO: Self = Self::splat(Elem::TWO);
    const NEG_ONE: Self = Self::splat(Elem::NEG_ONE);

    #[inline(always)]
    fn from_prime_subfield(f: Self::PrimeSubfield) -> Self {
        f.into()
    }

    #[inline(always)]
    fn cube(&self) -> Self {
        // SAFETY: canonical lanes are non-negative as signed words; the result is canonical.
        unsafe { Self::from_vector(arith::cube_signed(self.to_vector())) }
    }

    #[inline(always)]
    fn halve(&self) -> Self {
        // SAFETY: canonical in, canonical out.
        unsafe { Self::from_vector(arith::halve(self.to_vector())) }
    }

    #[inline]
    fn mul_2exp_u64(&self, exp: u64) -> Self {
        *self * Elem::ONE.mul_2exp_u64(exp)
    }

    #[inline(always)]
    fn div_2exp_u64(&self, exp: u64) -> Self {
        if exp <= Elem::TWO_ADICITY as u64 {
            // SAFETY: canonical in, canonical out.
            unsafe { Self::from_vector(arith::div_2exp(self.to_vector(), exp as u32)) }
        } else {
            *self * Elem::ONE.div_2exp_u64(exp)
        }
    }

    #[inline(always)]
    fn dot_product<const N: usize>(u: &[Self; N], v: &[Self; N]) -> Self {
        // SAFETY: canonical in, canonical out.
        unsafe { Self::from_vector(arith::dot(&to_vectors(u), &to_vectors(v))) }
    }

    #[inline]
    fn zero_vec(len: usize) -> Vec<Self> {
        // SAFETY: `PackedElem` is `repr(transparent)` over `[Elem; LANES]`.
        unsafe { reconstitute_from_base(Elem::zero_vec(len * LANES)) }
    }
}

impl Algebra<Elem> for PackedElem {
    #[inline(always)]
    fn mixed_dot_product<const N: usize>(a: &[Self; N], f: &[Elem; N]) -> Self {
        Self::dot_product(a, &f.map(Self::from))
    }
}

impl InjectiveMonomial<3> for PackedElem {}

impl PermutationMonomial<3> for PackedElem {
    fn injective_exp_root_n(&self) -> Self {
        p3_field::exponentiation::exp_1420470955(*self)
    }
}

// SAFETY: `repr(transparent)` over `[Elem; LANES]`.
unsafe impl PackedField for PackedElem {
    type Scalar = Elem;

    #[inline]
    fn coeffwise_dot_product<'a, I>(d: usize, pairs: I) -> [Self; MAX_DEGREE]
    where
        Self: 'a,
        I: Iterator<Item = (&'a [Self], Self)>,
    {
        match d {
            // The challenge field's degree: five sums stay in registers.
            5 => coeffwise::<5>(pairs),
            _ => coeffwise::<MAX_DEGREE>(pairs),
        }
    }
}

/// Sums of coeffs\[k\] * base for k < D; missing coefficients count as zero.
#[inline(always)]
fn coeffwise<'a, const D: usize>(
    mut pairs: impl Iterator<Item = (&'a [PackedElem], PackedElem)>,
) -> [PackedElem; MAX_DEGREE] {
    let mut sums = [Wide::zero(); D];
    while let Some(first) = pairs.next() {
        // Two products fit on top of a folded sum.
        add_scaled(&mut sums, first, Wide::fold);
        if let Some(second) = pairs.next() {
            add_scaled(&mut sums, second, |sum| sum);
        }
    }
    let mut out = [PackedElem::ZERO; MAX_DEGREE];
    for (slot, sum) in out.iter_mut().zip(sums) {
        // SAFETY: the reduction returns canonical lanes.
        *slot = unsafe { PackedElem::from_vector(sum.reduce()) };
    }
    out
}

#[inline(always)]
fn add_scaled<const D: usize>(
    sums: &mut [Wide; D],
    (coeffs, base): (&[PackedElem], PackedElem),
    prepare: impl Fn(Wide) -> Wide,
) {
    for (sum, coeff) in sums.iter_mut().zip(coeffs) {
        *sum = prepare(*sum).add_product(coeff.to_vector(), base.to_vector());
    }
}

impl_packed_field_pow_2!(PackedElem; [(1, interleave1), (2, interleave2)], LANES);
