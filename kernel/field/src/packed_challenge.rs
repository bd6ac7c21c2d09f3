//! One vector of challenge-field elements, as a ring over everything that expressions are made of.
//!
//! Upstream's packed extension is no algebra over the scalar field, which constraint builders need,
//! and reduces nine times a product where five do.

use core::fmt::Debug;
use core::iter::{Product, Sum};
use core::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use p3_field::{Algebra, BasedVectorSpace, PackedField, PackedValue, PrimeCharacteristicRing};

use crate::{Challenge, Val};

/// One vector of base-field elements.
// Named, because coherence does not look through `<Val as Field>::Packing`.
#[cfg(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128")))]
pub type PackedVal = crate::own::PackedElem;
/// One vector of base-field elements.
#[cfg(not(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128"))))]
pub type PackedVal = p3_koala_bear::PackedKoalaBearAVX2;

/// Elements of a vector.
pub const LANES: usize = <PackedVal as PackedValue>::WIDTH;

const DEGREE: usize = 5;

/// A vector of [`Challenge`]s, coefficient by coefficient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
#[must_use]
pub struct PackedExt(pub [PackedVal; DEGREE]);

impl PackedExt {
    /// The same element in every lane.
    #[inline]
    pub fn splat(value: Challenge) -> Self {
        let coefficients: &[Val] = value.as_basis_coefficients_slice();
        Self(core::array::from_fn(|d| coefficients[d].into()))
    }

    /// Lane by lane.
    pub fn from_fn(mut f: impl FnMut(usize) -> Challenge) -> Self {
        let lanes: [Challenge; LANES] = core::array::from_fn(&mut f);
        Self(core::array::from_fn(|d| {
            PackedVal::from_fn(|lane| {
                let coefficients: &[Val] = lanes[lane].as_basis_coefficients_slice();
                coefficients[d]
            })
        }))
    }

    /// One lane.
    pub fn lane(&self, lane: usize) -> Challenge {
        Challenge::from_basis_coefficients_fn(|d| self.0[d].as_slice()[lane])
    }

    /// The sum of all lanes.
    pub fn sum_lanes(&self) -> Challenge {
        (0..LANES).map(|lane| self.lane(lane)).sum()
    }

    /// The product, inlined: for loops with few of them and no constant factor.
    #[inline(always)]
    pub fn times(self, rhs: Self) -> Self {
        #[cfg(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128")))]
        return Self(crate::own::product::mul(&self.0, &rhs.0));
        #[cfg(not(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128"))))]
        {
            let mut out = [PackedVal::ZERO; DEGREE];
            p3_field::extension::trinomial_quintic_mul(&self.0, &rhs.0, &mut out);
            Self(out)
        }
    }

    /// self b + c d.
    #[inline(always)]
    pub fn dot2(self, b: Self, c: Self, d: Self) -> Self {
        #[cfg(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128")))]
        return Self(crate::own::product::dot2(&self.0, &b.0, &c.0, &d.0));
        #[cfg(not(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128"))))]
        return self.times(b) + c.times(d);
    }

    /// The sum of weight times element over all terms.
    #[inline(always)]
    pub fn weighted<'a>(terms: impl Iterator<Item = (&'a Self, PackedVal)>) -> Self {
        let terms = terms.map(|(weight, element)| (&weight.0[..], element));
        let sums = PackedVal::coeffwise_dot_product(DEGREE, terms);
        Self(core::array::from_fn(|d| sums[d]))
    }

    #[inline(always)]
    fn map(self, mut f: impl FnMut(PackedVal) -> PackedVal) -> Self {
        Self(core::array::from_fn(|d| f(self.0[d])))
    }
}

impl From<PackedVal> for PackedExt {
    #[inline(always)]
    fn from(value: PackedVal) -> Self {
        let mut out = [PackedVal::ZERO; DEGREE];
        out[0] = value;
        Self(out)
    }
}

impl From<Val> for PackedExt {
    #[inline(always)]
    fn from(value: Val) -> Self {
        PackedVal::from(value).into()
    }
}

impl From<Challenge> for PackedExt {
    #[inline(always)]
    fn from(value: Challenge) -> Self {
        Self::splat(value)
    }
}

impl Add for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn add(self, rhs: Self) -> Self {
        Self(core::array::from_fn(|d| self.0[d] + rhs.0[d]))
    }
}

impl Sub for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn sub(self, rhs: Self) -> Self {
        Self(core::array::from_fn(|d| self.0[d] - rhs.0[d]))
    }
}

impl Neg for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|x| -x)
    }
}

impl Mul for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn mul(self, rhs: Self) -> Self {
        let mut out = Self::ZERO;
        multiply(&self, &rhs, &mut out);
        out
    }
}

/// One copy for all expressions: a product is long enough for a call, and functions with hundreds of
/// them inlined, or with a factor kept from one round of a loop to the next, are compiled badly.
#[inline(never)]
fn multiply(a: &PackedExt, b: &PackedExt, out: &mut PackedExt) {
    *out = a.times(*b);
}

/// Operations with something that lies in the constant coefficient.
macro_rules! scalar_ops {
    ($scalar:ty) => {
        impl Add<$scalar> for PackedExt {
            type Output = Self;
            #[inline(always)]
            fn add(mut self, rhs: $scalar) -> Self {
                self.0[0] += rhs;
                self
            }
        }
        impl Sub<$scalar> for PackedExt {
            type Output = Self;
            #[inline(always)]
            fn sub(mut self, rhs: $scalar) -> Self {
                self.0[0] -= rhs;
                self
            }
        }
        impl Mul<$scalar> for PackedExt {
            type Output = Self;
            #[inline(always)]
            fn mul(self, rhs: $scalar) -> Self {
                let rhs = PackedVal::from(rhs);
                self.map(|x| x * rhs)
            }
        }
        impl Algebra<$scalar> for PackedExt {}
    };
}

/// Operations in place from the others.
macro_rules! assign_ops {
    ($($rhs:ty),*) => {$(
        impl AddAssign<$rhs> for PackedExt {
            #[inline(always)]
            fn add_assign(&mut self, rhs: $rhs) {
                *self = *self + rhs;
            }
        }
        impl SubAssign<$rhs> for PackedExt {
            #[inline(always)]
            fn sub_assign(&mut self, rhs: $rhs) {
                *self = *self - rhs;
            }
        }
        impl MulAssign<$rhs> for PackedExt {
            #[inline(always)]
            fn mul_assign(&mut self, rhs: $rhs) {
                *self = *self * rhs;
            }
        }
    )*};
}

scalar_ops!(Val);
scalar_ops!(PackedVal);
assign_ops!(PackedExt, PackedVal, Val, Challenge);

impl Add<Challenge> for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn add(self, rhs: Challenge) -> Self {
        self + Self::splat(rhs)
    }
}

impl Sub<Challenge> for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn sub(self, rhs: Challenge) -> Self {
        self - Self::splat(rhs)
    }
}

impl Mul<Challenge> for PackedExt {
    type Output = Self;
    #[inline(always)]
    fn mul(self, rhs: Challenge) -> Self {
        self * Self::splat(rhs)
    }
}

impl Algebra<Challenge> for PackedExt {}

impl Sum for PackedExt {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |a, b| a + b)
    }
}

impl Product for PackedExt {
    fn product<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ONE, |a, b| a * b)
    }
}

impl PrimeCharacteristicRing for PackedExt {
    type PrimeSubfield = Val;

    const ZERO: Self = Self([PackedVal::ZERO; DEGREE]);
    const ONE: Self = Self(constant(PackedVal::ONE));
    const TWO: Self = Self(constant(PackedVal::TWO));
    const NEG_ONE: Self = Self(constant(PackedVal::NEG_ONE));

    #[inline(always)]
    fn from_prime_subfield(f: Val) -> Self {
        f.into()
    }

    #[inline(always)]
    fn halve(&self) -> Self {
        self.map(|x| x.halve())
    }
}

const fn constant(value: PackedVal) -> [PackedVal; DEGREE] {
    [value, PackedVal::ZERO, PackedVal::ZERO, PackedVal::ZERO, PackedVal::ZERO]
}
