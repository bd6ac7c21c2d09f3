//! The scalar field element.

use core::fmt::{self, Debug, Display, Formatter};
use core::hash::Hash;
use core::iter::{Product, Sum};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use core::{array, iter};

use num_bigint::BigUint;
use p3_field::integers::QuotientMap;
use p3_field::op_assign_macros::{impl_add_assign, impl_div_methods, impl_mul_methods, impl_sub_assign};
use p3_field::{
    Field, InjectiveMonomial, Packable, PermutationMonomial, PrimeCharacteristicRing, PrimeField, PrimeField32,
    PrimeField64, RawDataSerializable, TwoAdicField, UniformSamplingField, impl_raw_serializable_primefield32,
};
use p3_koala_bear::{KoalaBear, KoalaBearParameters};
use p3_util::{flatten_to_base, reconstitute_from_base};
use rand::Rng;
use rand::distr::{Distribution, StandardUniform};
use serde::{Deserialize, Serialize};

use super::packed::PackedElem;

/// An element of KoalaBear, stored exactly as upstream stores it.
///
/// A type of its own only because upstream ties the choice of packing to the field type: every
/// scalar operation is upstream's, while [`Field::Packing`] is ours. The layout is that of
/// [`KoalaBear`] (a `u32` in Montgomery form, below P), so the encodings agree byte for byte.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[repr(transparent)]
#[must_use]
pub struct Elem(pub(crate) KoalaBear);

impl Elem {
    /// The element congruent to `value`.
    pub const fn new(value: u32) -> Self {
        Self(KoalaBear::new(value))
    }

    /// The element stored as `word`.
    ///
    /// # Safety
    /// `word` must be below P.
    #[inline(always)]
    pub(crate) const unsafe fn from_word(word: u32) -> Self {
        // SAFETY: upstream's element is `repr(transparent)` over a `u32` below P.
        Self(unsafe { core::mem::transmute::<u32, KoalaBear>(word) })
    }

    /// The array of elements congruent to `values`.
    pub const fn new_array<const N: usize>(values: [u32; N]) -> [Self; N] {
        wrap_array(KoalaBear::new_array(values))
    }
}

/// Reads an array of upstream elements as ours.
pub(crate) const fn wrap_array<const N: usize>(values: [KoalaBear; N]) -> [Elem; N] {
    let mut out = [Elem::ZERO; N];
    let mut i = 0;
    while i < N {
        out[i] = Elem(values[i]);
        i += 1;
    }
    out
}

impl Display for Elem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl Debug for Elem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.0, f)
    }
}

impl Distribution<Elem> for StandardUniform {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Elem {
        Elem(self.sample(rng))
    }
}

impl Packable for Elem {}

impl UniformSamplingField for Elem {
    const MAX_SINGLE_SAMPLE_BITS: usize = KoalaBearParameters::MAX_SINGLE_SAMPLE_BITS;
    const SAMPLING_BITS_M: [u64; 64] = KoalaBearParameters::SAMPLING_BITS_M;
}

impl Add for Elem {
    type Output = Self;

    #[inline(always)]
    fn add(self, rhs: Self) -> Self {
        Self(self.0 + rhs.0)
    }
}

impl Sub for Elem {
    type Output = Self;

    #[inline(always)]
    fn sub(self, rhs: Self) -> Self {
        Self(self.0 - rhs.0)
    }
}

impl Neg for Elem {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Mul for Elem {
    type Output = Self;

    #[inline(always)]
    fn mul(self, rhs: Self) -> Self {
        Self(self.0 * rhs.0)
    }
}

impl_add_assign!(Elem);
impl_sub_assign!(Elem);
impl_mul_methods!(Elem);
impl_div_methods!(Elem, Elem);

impl Sum for Elem {
    #[inline]
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        Self(iter.map(|x| x.0).sum())
    }
}

/// Reads a reference to our array as one to upstream's.
#[inline(always)]
fn unwrap_ref<const N: usize>(a: &[Elem; N]) -> &[KoalaBear; N] {
    // SAFETY: `Elem` is `repr(transparent)` over `KoalaBear`.
    unsafe { &*a.as_ptr().cast() }
}

impl PrimeCharacteristicRing for Elem {
    type PrimeSubfield = Self;

    const ZERO: Self = Self(KoalaBear::ZERO);
    const ONE: Self = Self(KoalaBear::ONE);
    const TWO: Self = Self(KoalaBear::TWO);
    const NEG_ONE: Self = Self(KoalaBear::NEG_ONE);

    #[inline(always)]
    fn from_prime_subfield(f: Self) -> Self {
        f
    }

    #[inline]
    fn halve(&self) -> Self {
        Self(self.0.halve())
    }

    #[inline]
    fn mul_2exp_u64(&self, exp: u64) -> Self {
        Self(self.0.mul_2exp_u64(exp))
    }

    #[inline]
    fn div_2exp_u64(&self, exp: u64) -> Self {
        Self(self.0.div_2exp_u64(exp))
    }

    #[inline]
    fn sum_array<const N: usize>(input: &[Self]) -> Self {
        let input: &[Self; N] = input.try_into().expect("input length must equal N");
        Self(KoalaBear::sum_array::<N>(unwrap_ref(input)))
    }

    #[inline]
    fn dot_product<const N: usize>(u: &[Self; N], v: &[Self; N]) -> Self {
        Self(KoalaBear::dot_product(unwrap_ref(u), unwrap_ref(v)))
    }

    #[inline]
    fn zero_vec(len: usize) -> Vec<Self> {
        // SAFETY: `Elem` is `repr(transparent)` over `KoalaBear`.
        unsafe { reconstitute_from_base(flatten_to_base::<KoalaBear, _>(KoalaBear::zero_vec(len))) }
    }
}

impl InjectiveMonomial<3> for Elem {}

impl PermutationMonomial<3> for Elem {
    #[inline]
    fn injective_exp_root_n(&self) -> Self {
        Self(self.0.injective_exp_root_n())
    }
}

impl RawDataSerializable for Elem {
    impl_raw_serializable_primefield32!();
}

impl Field for Elem {
    type Packing = PackedElem;

    const GENERATOR: Self = Self(KoalaBear::GENERATOR);

    #[inline]
    fn try_inverse(&self) -> Option<Self> {
        self.0.try_inverse().map(Self)
    }

    #[inline]
    fn order() -> BigUint {
        KoalaBear::order()
    }
}

/// Conversions from every integer type are upstream's.
macro_rules! quotient_maps {
    ($($int:ty),*) => {$(
        impl QuotientMap<$int> for Elem {
            #[inline]
            fn from_int(int: $int) -> Self {
                Self(KoalaBear::from_int(int))
            }

            #[inline]
            fn from_canonical_checked(int: $int) -> Option<Self> {
                KoalaBear::from_canonical_checked(int).map(Self)
            }

            #[inline]
            unsafe fn from_canonical_unchecked(int: $int) -> Self {
                // SAFETY: same contract as upstream's, upheld by the caller.
                Self(unsafe { KoalaBear::from_canonical_unchecked(int) })
            }
        }
    )*};
}

// `usize` and `isize` follow from upstream's blanket implementations.
quotient_maps!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128);

impl PrimeField for Elem {
    fn as_canonical_biguint(&self) -> BigUint {
        self.0.as_canonical_biguint()
    }
}

impl PrimeField64 for Elem {
    const ORDER_U64: u64 = KoalaBear::ORDER_U64;

    #[inline]
    fn as_canonical_u64(&self) -> u64 {
        self.0.as_canonical_u64()
    }

    #[inline]
    fn to_unique_u64(&self) -> u64 {
        self.0.to_unique_u64()
    }
}

impl PrimeField32 for Elem {
    const ORDER_U32: u32 = KoalaBear::ORDER_U32;

    #[inline]
    fn as_canonical_u32(&self) -> u32 {
        self.0.as_canonical_u32()
    }

    #[inline]
    fn to_unique_u32(&self) -> u32 {
        self.0.to_unique_u32()
    }
}

impl TwoAdicField for Elem {
    const TWO_ADICITY: usize = KoalaBear::TWO_ADICITY;

    #[inline]
    fn two_adic_generator(bits: usize) -> Self {
        Self(KoalaBear::two_adic_generator(bits))
    }
}
