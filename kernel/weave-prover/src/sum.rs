//! The inner loops of all rounds: sums of products that are reduced once, and folds by one challenge.

use p3_field::Algebra;
use proofloom_field::Challenge;

mod plain;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::check;

/// A sum of products.
pub trait Products<X>: Copy {
    /// The empty sum.
    fn new() -> Self;
    /// Adds a product.
    fn add(&mut self, a: X, b: X);
    /// The sum.
    fn finish(&self) -> X;
}

/// What a table of values is made of: challenges, or vectors of them.
pub trait Element: Algebra<Challenge> + Copy {
    /// Sums of its products.
    type Sum: Products<Self>;

    /// The product.
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }

    /// The sum of two products: `a[0] b[0] + a[1] b[1]`.
    #[inline(always)]
    fn times2(a: [Self; 2], b: [Self; 2]) -> Self {
        plain::times2(a, b)
    }

    /// Itself, as a factor of many rows. Where registers are few, it is read from memory each time: what is made of it
    /// would fill them.
    #[inline(always)]
    fn reread(&self) -> Self {
        *self
    }

    /// `x += (y - x) z` for all pairs.
    fn fold(x: &mut [Self], y: &[Self], z: Self) {
        plain::fold(x, y, z);
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl<X: Algebra<Challenge> + Copy> Element for X {
    type Sum = plain::Sum<X>;
}

/// Multiplies each of x by its partner.
#[inline(never)]
pub fn multiply<X: Element>(x: &mut [X], y: &[X]) {
    x.iter_mut().zip(y).for_each(|(x, &y)| *x = x.times(y));
}
