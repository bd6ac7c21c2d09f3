//! A multilinear polynomial and its weights on the cube, while the highest variables are bound: in vectors of
//! neighbours as long as there are two of them.

use proofloom_field::Challenge;

use crate::packed::{LANES, PackedChallenge, pack, splat, sum_lanes, unpack};
use crate::sum::{Element, Products};

/// Values and weights.
#[derive(Debug)]
pub enum Halves {
    Packed(Tables<PackedChallenge>),
    Single(Tables<Challenge>),
}

#[derive(Debug)]
pub struct Tables<X> {
    values: Vec<X>,
    weights: Vec<X>,
}

impl<X: Element> Tables<X> {
    /// Constant and leading coefficient of the sum over all but the highest variable of value times weight.
    #[inline(never)]
    fn sums(&self) -> [X; 2] {
        let (low, high) = self.values.split_at(self.values.len() / 2);
        let (weights_low, weights_high) = self.weights.split_at(low.len());
        let mut sums = [X::Sum::new(); 2];
        for i in 0..low.len() {
            sums[0].add(low[i], weights_low[i]);
            sums[1].add(high[i] - low[i], weights_high[i] - weights_low[i]);
        }
        sums.map(|sum| sum.finish())
    }

    fn fold(&mut self, z: X) {
        for values in [&mut self.values, &mut self.weights] {
            let half = values.len() / 2;
            let (low, high) = values.split_at_mut(half);
            X::fold(low, high, z);
            values.truncate(half);
        }
    }
}

impl Halves {
    /// Of a polynomial with a power of two of values, and as many weights.
    pub fn new(values: &[Challenge], weights: &[Challenge]) -> Self {
        if values.len() < 2 * LANES {
            return Self::Single(Tables { values: values.to_vec(), weights: weights.to_vec() });
        }
        Self::Packed(Tables { values: pack(values), weights: pack(weights) })
    }

    /// Constant and leading coefficient of the next round's polynomial.
    pub fn sums(&self) -> [Challenge; 2] {
        match self {
            Self::Packed(tables) => tables.sums().map(|sum| sum_lanes(&sum)),
            Self::Single(tables) => tables.sums(),
        }
    }

    /// Binds the highest variable.
    pub fn fold(&mut self, z: Challenge) {
        match self {
            Self::Packed(tables) => {
                tables.fold(splat(z));
                if let ([values], [weights]) = (&tables.values[..], &tables.weights[..]) {
                    let (values, weights) = (unpack(&[*values]), unpack(&[*weights]));
                    *self = Self::Single(Tables { values, weights });
                }
            }
            Self::Single(tables) => tables.fold(z),
        }
    }

    /// Adds to the weights.
    pub fn add_weights(&mut self, added: &[Challenge]) {
        match self {
            Self::Packed(tables) => {
                tables.weights.iter_mut().zip(pack(added)).for_each(|(weight, added)| *weight += added);
            }
            Self::Single(tables) => tables.weights.iter_mut().zip(added).for_each(|(weight, &added)| *weight += added),
        }
    }

    /// The values.
    pub fn values(&self) -> Vec<Challenge> {
        match self {
            Self::Packed(tables) => unpack(&tables.values),
            Self::Single(tables) => tables.values.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
    use proofloom_field::Val;

    use super::*;

    fn numbers(seed: u64, count: usize) -> Vec<Challenge> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Val::from_u64(state >> 33)
        };
        (0..count).map(|_| Challenge::from_basis_coefficients_fn(|_| next())).collect()
    }

    fn line(values: &[Challenge], x: Challenge) -> Vec<Challenge> {
        let (low, high) = values.split_at(values.len() / 2);
        low.iter().zip(high).map(|(&low, &high)| low + (high - low) * x).collect()
    }

    #[test]
    fn rounds_are_those_of_the_tables_one_by_one() {
        let (mut values, mut weights, added) = (numbers(1, 64), numbers(2, 64), numbers(3, 64));
        let mut halves = Halves::new(&values, &weights);
        halves.add_weights(&added);
        weights.iter_mut().zip(&added).for_each(|(weight, &added)| *weight += added);
        for z in numbers(4, 6) {
            let at = |x: Challenge| -> Challenge {
                line(&values, x).iter().zip(line(&weights, x)).map(|(&value, weight)| value * weight).sum()
            };
            let [constant, leading] = halves.sums();
            assert_eq!(constant, at(Challenge::ZERO));
            // h(2) - 2 h(1) + h(0) is twice the leading coefficient.
            let second = at(Challenge::TWO) - at(Challenge::ONE).double() + at(Challenge::ZERO);
            assert_eq!(leading.double(), second);
            halves.fold(z);
            (values, weights) = (line(&values, z), line(&weights, z));
            assert_eq!(halves.values(), values);
        }
    }
}
