//! By the field's own products.

use p3_field::{Algebra, PrimeCharacteristicRing};
use proofloom_field::Challenge;

use super::Products;

/// A sum that is reduced with each product.
#[derive(Clone, Copy)]
pub struct Sum<X>(X);

impl<X: Algebra<Challenge> + Copy> Products<X> for Sum<X> {
    fn new() -> Self {
        Self(X::ZERO)
    }

    #[inline(always)]
    fn add(&mut self, a: X, b: X) {
        self.0 += a * b;
    }

    fn finish(&self) -> X {
        self.0
    }
}

/// a b + c d
#[inline(always)]
pub fn times2<X: PrimeCharacteristicRing>([a, c]: [X; 2], [b, d]: [X; 2]) -> X {
    a * b + c * d
}

/// `x += (y - x) z` for all pairs.
#[inline(never)]
pub fn fold<X: PrimeCharacteristicRing + Copy>(x: &mut [X], y: &[X], z: X) {
    x.iter_mut().zip(y).for_each(|(x, &y)| *x += (y - *x) * z);
}
