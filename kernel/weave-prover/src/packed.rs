//! Vectors of field elements, one element a lane.

use p3_field::{
    BasedVectorSpace, ExtensionField, Field, PackedField, PackedFieldExtension, PackedValue, PrimeCharacteristicRing,
};
use proofloom_field::{Challenge, Val};
use proofloom_weave::EXTENSION;

/// A vector of base-field elements.
pub type PackedVal = <Val as Field>::Packing;

/// A vector of challenge-field elements.
pub type PackedChallenge = <Challenge as ExtensionField<Val>>::ExtensionPacking;

/// Elements of a vector.
pub const LANES: usize = <PackedVal as PackedValue>::WIDTH;

/// log2 of [`LANES`].
pub const LOG_LANES: usize = LANES.trailing_zeros() as usize;

/// Which vector an element is in, and in which of its lanes.
#[inline]
pub const fn vector_and_lane(i: usize) -> (usize, usize) {
    let vector = i >> LOG_LANES;
    (vector, i - (vector << LOG_LANES))
}

/// The same element in all lanes.
#[inline]
pub fn splat(x: Challenge) -> PackedChallenge {
    PackedChallenge::from(x)
}

/// One lane.
#[inline]
pub fn lane(x: &PackedChallenge, lane: usize) -> Challenge {
    x.extract(lane)
}

/// The sum of all lanes.
pub fn sum_lanes(x: &PackedChallenge) -> Challenge {
    (0..LANES).map(|l| lane(x, l)).sum()
}

/// The sum of `weight * value` over all terms: reduces once for several products.
#[inline]
pub fn weighted<'a>(terms: impl Iterator<Item = (&'a PackedChallenge, PackedVal)>) -> PackedChallenge {
    let terms = terms.map(|(weight, value)| (weight.as_basis_coefficients_slice(), value));
    let sums = PackedVal::coeffwise_dot_product(EXTENSION, terms);
    PackedChallenge::from_basis_coefficients_fn(|d| sums[d])
}

/// A constant and columns, by their numbers among the cells of a row, with coefficients of the base field.
#[inline]
pub fn linear(constant: Val, columns: &[(u32, Val)], cells: &[PackedVal]) -> PackedVal {
    let mut sum = PackedVal::from(constant);
    for &(c, x) in columns {
        let cell = cells[c as usize];
        if x == Val::ONE {
            sum += cell;
        } else if x == Val::NEG_ONE {
            sum -= cell;
        } else {
            sum += cell * x;
        }
    }
    sum
}

/// Elements in vectors of neighbours. Their count is a multiple of [`LANES`].
pub fn pack(elements: &[Challenge]) -> Vec<PackedChallenge> {
    elements.chunks_exact(LANES).map(PackedChallenge::from_ext_slice).collect()
}

/// The elements of vectors, one by one.
pub fn unpack(vectors: &[PackedChallenge]) -> Vec<Challenge> {
    vectors.iter().flat_map(|vector| (0..LANES).map(move |l| lane(vector, l))).collect()
}

/// From neighbouring elements in a vector to elements that differ in the top bits of their number.
pub fn lanes_on_top(vectors: &[PackedChallenge]) -> Vec<PackedChallenge> {
    let count = vectors.len();
    let at = |i: usize| {
        let (vector, l) = vector_and_lane(i);
        lane(&vectors[vector], l)
    };
    (0..count).map(|j| PackedChallenge::from_ext_fn(|l| at(j + l * count))).collect()
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;

    use super::*;

    #[test]
    fn lanes_on_top_reorders_elements() {
        let elements: Vec<Challenge> = (0..4 * LANES).map(Challenge::from_usize).collect();
        let on_top = unpack(&lanes_on_top(&pack(&elements)));
        for (i, element) in on_top.into_iter().enumerate() {
            let (vector, l) = vector_and_lane(i);
            assert_eq!(element, Challenge::from_usize(vector + 4 * l));
        }
    }

    #[test]
    fn weighted_sums_are_sums_of_products() {
        let weights: Vec<PackedChallenge> = (1..6).map(|x| splat(Challenge::from_u32(x).exp_u64(9))).collect();
        let values: Vec<PackedVal> = (1..6).map(|x| PackedVal::from(Val::from_u32(x))).collect();
        let sum = weighted(weights.iter().zip(values.iter().copied()));
        let expected: PackedChallenge = weights.iter().zip(&values).map(|(&w, &v)| w * v).sum();
        assert_eq!(unpack(&[sum]), unpack(&[expected]));
    }
}
