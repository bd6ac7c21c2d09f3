//! Values of multilinear polynomials on the cube: variable b is bit b of the index.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};

/// The two parts of the next row's kernel at all rows: what no longer carries, and what still does. Their sum
/// is the kernel of tables with as many bits; see the specification's "Reduction".
pub fn shift_tables(point: &[Challenge]) -> [Vec<Challenge>; 2] {
    let (mut settled, mut carrying) = (vec![Challenge::ZERO], vec![Challenge::ONE]);
    for &r in point {
        let rest = Challenge::ONE - r;
        let half = settled.len();
        settled.resize(2 * half, Challenge::ZERO);
        carrying.resize(2 * half, Challenge::ZERO);
        for i in 0..half {
            settled[half + i] = settled[i] * r + carrying[i] * rest;
            settled[i] *= rest;
            carrying[i] *= r;
        }
    }
    [settled, carrying]
}

/// The kernel of the next row, for all rows of a table with as many bits as the point.
pub fn shift_table(point: &[Challenge]) -> Vec<Challenge> {
    let [settled, carrying] = shift_tables(point);
    settled.into_iter().zip(carrying).map(|(a, b)| a + b).collect()
}

/// Binds the lowest variable. An odd length means that a zero is missing at the end.
pub fn fold_lowest(values: &mut Vec<Challenge>, z: Challenge) {
    for i in 0..values.len().div_ceil(2) {
        let (low, high) = (values[2 * i], values.get(2 * i + 1).copied().unwrap_or(Challenge::ZERO));
        values[i] = low + (high - low) * z;
    }
    values.truncate(values.len().div_ceil(2));
}

/// Constant and leading coefficient of the sum over all but the lowest variable of a times b.
pub fn sums_lowest(a: &[Challenge], b: &[Challenge]) -> [Challenge; 2] {
    let (mut constant, mut leading) = (Challenge::ZERO, Challenge::ZERO);
    for (a, b) in a.chunks(2).zip(b.chunks(2)) {
        let [a1, b1] = [a, b].map(|pair| pair.get(1).copied().unwrap_or(Challenge::ZERO));
        constant += a[0] * b[0];
        leading += (a1 - a[0]) * (b1 - b[0]);
    }
    [constant, leading]
}

/// Replaces values by monomial coefficients.
pub fn moebius(values: &mut [Challenge]) {
    for_halves(values, |without, with| *with -= *without);
}

/// The transpose of [`moebius`]: replaces weights of coefficients by weights of values.
pub fn transpose_moebius(weights: &mut [Challenge]) {
    for_halves(weights, |without, with| *without -= *with);
}

/// For each bit, all pairs of entries without and with it.
fn for_halves(values: &mut [Challenge], step: impl Fn(&mut Challenge, &mut Challenge)) {
    let mut half = 1;
    while half < values.len() {
        for pair in values.chunks_exact_mut(2 * half) {
            let (without, with) = pair.split_at_mut(half);
            without.iter_mut().zip(with).for_each(|(without, with)| step(without, with));
        }
        half *= 2;
    }
}

/// z, z^2, z^4, ..: where a multilinear polynomial has the value at z of the univariate one with the same
/// coefficients.
pub fn squares(z: Val, count: usize) -> Vec<Val> {
    core::iter::successors(Some(z), |z| Some(z.square())).take(count).collect()
}

/// The element with these coefficients, constant term first.
pub fn join(coefficient: impl FnMut(usize) -> Val) -> Challenge {
    Challenge::from_basis_coefficients_fn(coefficient)
}

/// Coefficients, constant term first.
pub fn split(element: &Challenge) -> &[Val] {
    element.as_basis_coefficients_slice()
}
