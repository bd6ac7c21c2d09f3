//! Multilinear polynomials: equality weights and round polynomials.

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, LANES, PackedExt};

/// log2 of the vector width.
pub const LOG_LANES: usize = LANES.trailing_zeros() as usize;

/// `eq(point, i)` for all i, variable b being bit b of i.
pub fn eq_table(point: &[Challenge], scale: Challenge) -> Vec<Challenge> {
    let mut table = Vec::with_capacity(1 << point.len());
    table.push(scale);
    for &x in point {
        for i in 0..table.len() {
            let high = table[i] * x;
            table[i] -= high;
            table.push(high);
        }
    }
    table
}

/// [`eq_table`] in vectors of consecutive entries. The point has at least [`LOG_LANES`] coordinates.
pub fn eq_packed(point: &[Challenge], scale: Challenge) -> Vec<PackedExt> {
    let (low, high) = point.split_at(LOG_LANES);
    let lanes = eq_table(low, scale);
    eq_vectors(PackedExt::from_fn(|lane| lanes[lane]), high)
}

/// [`eq_table`] with the top coordinates in the lanes: entry j, lane l is `eq(point, j + l 2^..)`.
pub fn eq_lanes_on_top(point: &[Challenge], scale: Challenge) -> Vec<PackedExt> {
    let (low, high) = point.split_at(point.len() - LOG_LANES);
    let lanes = eq_table(high, scale);
    eq_vectors(PackedExt::from_fn(|lane| lanes[lane]), low)
}

fn eq_vectors(first: PackedExt, point: &[Challenge]) -> Vec<PackedExt> {
    let mut table = Vec::with_capacity(1 << point.len());
    table.push(first);
    for &x in point {
        let x = PackedExt::splat(x);
        for i in 0..table.len() {
            let high = table[i] * x;
            table[i] -= high;
            table.push(high);
        }
    }
    table
}

/// Sums neighbours: the weights without the lowest variable.
pub fn drop_lowest<T: Copy + core::ops::Add<Output = T>>(table: &mut Vec<T>) {
    for i in 0..table.len() / 2 {
        table[i] = table[2 * i] + table[2 * i + 1];
    }
    table.truncate(table.len() / 2);
}

/// `eq(a, b)`.
pub fn eq(a: &[Challenge], b: &[Challenge]) -> Challenge {
    let one = Challenge::ONE;
    a.iter()
        .zip(b)
        .map(|(&a, &b)| (one - a) * (one - b) + a * b)
        .product()
}

/// Folds neighbours with z: the table of the other variables with the lowest one set to z.
pub fn fold_lowest(table: &mut Vec<Challenge>, z: Challenge) {
    for i in 0..table.len() / 2 {
        let (a, b) = (table[2 * i], table[2 * i + 1]);
        table[i] = a + (b - a) * z;
    }
    table.truncate(table.len() / 2);
}

/// Value at z of the cubic with these values at 0, 1, -1, 2.
pub fn cubic_at(values: [Challenge; 4], z: Challenge) -> Challenge {
    let [a, b, c, d] = cubic_coefficients(values);
    a + z * (b + z * (c + z * d))
}

/// Coefficients of the cubic with these values at 0, 1, -1, 2.
pub fn cubic_coefficients([v0, v1, vm, v2]: [Challenge; 4]) -> [Challenge; 4] {
    let a = v0;
    let even = (v1 + vm).halve() - a; // c
    let odd = (v1 - vm).halve(); // b + d
    // v2 = a + 2b + 4c + 8d = a + 4c + 2 odd + 6d
    let six_d = v2 - a - even.double().double() - odd.double();
    let d = six_d * Challenge::from_u32(6).inverse();
    [a, odd - d, even, d]
}

/// a with a = T - x (b + c), T the claim under `eq(x, .)`.
pub fn inverse(x: Challenge) -> Challenge {
    x.inverse()
}
