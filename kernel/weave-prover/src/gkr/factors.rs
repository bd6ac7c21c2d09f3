//! The rows' rounds of a layer: four factors over all points of a cube.
//!
//! The summand `lambda (p0 q1 + p1 q0) + q0 q1` is written as `e u + v q` with `e = q0`, `v = lambda p0`,
//! `u = q1 + lambda p1`, `q = q1`: two products in place of three.

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::Challenge;

use super::rounds::Rounds;
use crate::multilinear::{drop_lowest, eq_lanes_on_top, eq_table, fold_lowest};
use crate::packed::{LANES, LOG_LANES, PackedChallenge, lanes_on_top, sum_lanes, unpack};
use crate::sum::{Element, Products};

/// The four factors.
#[derive(Clone, Debug, Default)]
pub struct Factors<X> {
    pub e: Vec<X>,
    pub v: Vec<X>,
    pub u: Vec<X>,
    pub q: Vec<X>,
}

impl<X: Element> Factors<X> {
    fn parts(&mut self) -> [&mut Vec<X>; 4] {
        [&mut self.e, &mut self.v, &mut self.u, &mut self.q]
    }

    /// Value at 0 and the leading coefficient of the next round's polynomial; `eq` is over the variables behind the
    /// lowest.
    #[inline(never)]
    fn sums(&self, eq: &[X]) -> [X; 2] {
        let Self { e, v, u, q } = self;
        let mut sums = [X::Sum::new(); 2];
        for (j, &weight) in eq.iter().enumerate() {
            let (a, b) = (2 * j, 2 * j + 1);
            sums[0].add(weight, X::times2([e[a], v[a]], [u[a], q[a]]));
            sums[1].add(weight, X::times2([e[b] - e[a], v[b] - v[a]], [u[b] - u[a], q[b] - q[a]]));
        }
        sums.map(|sum| sum.finish())
    }
}

impl Factors<Challenge> {
    /// All rounds that are left. Returns the factors at the end.
    pub fn single_rounds(mut self, point: &[Challenge], rounds: &mut Rounds<'_>) -> [Challenge; 4] {
        let mut eq = eq_table(point, Challenge::ONE);
        for &x in point {
            drop_lowest(&mut eq);
            let z = rounds.round(x, self.sums(&eq));
            self.parts().into_iter().for_each(|part| fold_lowest(part, z));
        }
        [self.e[0], self.v[0], self.u[0], self.q[0]]
    }
}

impl Factors<PackedChallenge> {
    /// As for single values; rows are neighbours in the vectors.
    pub fn packed_rounds(mut self, point: &[Challenge], rounds: &mut Rounds<'_>) -> [Challenge; 4] {
        self.parts().into_iter().for_each(|part| *part = lanes_on_top(part));
        let (low, high) = point.split_at(point.len() - LOG_LANES);
        let mut eq = eq_lanes_on_top(point, Challenge::ONE);
        for &x in low {
            drop_lowest(&mut eq);
            let z = rounds.round(x, self.sums(&eq).map(|sum| sum_lanes(&sum)));
            self.parts().into_iter().for_each(|part| fold_lowest(part, z));
        }
        debug_assert_eq!(self.e.len() * LANES, 1 << high.len());
        let [e, v, u, q] = [self.e, self.v, self.u, self.q].map(|part| unpack(&part));
        Factors { e, v, u, q }.single_rounds(high, rounds)
    }
}

/// p0, q0, p1, q1 of the factors.
pub fn fractions(lambda: Challenge, [e, v, u, q]: [Challenge; 4]) -> [Challenge; 4] {
    let inverse = lambda.inverse();
    [v * inverse, e, (u - q) * inverse, q]
}
