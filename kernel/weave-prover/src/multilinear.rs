//! Multilinear polynomials as tables of values, single or in vectors.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;

use crate::packed::{LOG_LANES, PackedChallenge, lanes_on_top, pack};
use crate::sum::Element;

/// `scale eq(point, i)` for all i, variable b being bit b of i.
pub fn eq_table(point: &[Challenge], scale: Challenge) -> Vec<Challenge> {
    let mut table = vec![scale];
    extend(&mut table, point);
    table
}

/// [`eq_table`] in vectors of neighbours. The point has at least [`LOG_LANES`] coordinates.
pub fn eq_packed(point: &[Challenge], scale: Challenge) -> Vec<PackedChallenge> {
    let (low, high) = point.split_at(LOG_LANES);
    let mut table = pack(&eq_table(low, scale));
    extend(&mut table, high);
    table
}

/// [`eq_table`] with the top coordinates in the lanes.
pub fn eq_lanes_on_top(point: &[Challenge], scale: Challenge) -> Vec<PackedChallenge> {
    let (low, high) = point.split_at(point.len() - LOG_LANES);
    let mut table = lanes_on_top(&pack(&eq_table(high, scale)));
    extend(&mut table, low);
    table
}

/// Adds variables on top.
fn extend<X: Element>(table: &mut Vec<X>, point: &[Challenge]) {
    for &x in point {
        let x = X::from(x);
        for i in 0..table.len() {
            let high = table[i].times(x.reread());
            table[i] -= high;
            table.push(high);
        }
    }
}

/// The table of `eq` without its lowest variable: sums of neighbours.
pub fn drop_lowest<X: Element>(table: &mut Vec<X>) {
    for i in 0..table.len() / 2 {
        table[i] = table[2 * i] + table[2 * i + 1];
    }
    table.truncate(table.len() / 2);
}

/// Sets the lowest variable to z.
pub fn fold_lowest<X: Element>(values: &mut Vec<X>, z: Challenge) {
    let z = X::from(z);
    for i in 0..values.len() / 2 {
        let (a, b) = (values[2 * i], values[2 * i + 1]);
        values[i] = a + (b - a).times(z.reread());
    }
    values.truncate(values.len() / 2);
}

/// Value at z of a polynomial, constant term first.
pub fn horner(coefficients: &[Challenge], z: Challenge) -> Challenge {
    coefficients.iter().rev().fold(Challenge::ZERO, |sum, &coefficient| sum * z + coefficient)
}

/// The product of `1 - x`.
pub fn none(point: &[Challenge]) -> Challenge {
    point.iter().map(|&x| Challenge::ONE - x).product()
}
