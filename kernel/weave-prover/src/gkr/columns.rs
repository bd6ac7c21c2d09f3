//! The slots' rounds of a layer: one column of rows a slot, or several folded.
//!
//! Factors are those of [`super::factors`], but e and v carry eq's weight of their row, so no round multiplies by
//! it. A column's rows beyond its height are neutral: e = eq, v = 0, u = q = 1. A table that is not as high as the
//! layer has neutral rows in the whole other half: its u and q have no rows of their own. So a round costs, for
//! each pair of columns, the leading coefficient and the folds over the rows that one of the two has; values at 0
//! and 1 are the columns' own sums, and that of the folded column is the polynomial's value.

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::Challenge;

use super::factors::Factors;
use super::layers::Fractions;
use super::leaves::LeafEvaluator;
use super::prove::Rounds;
use crate::multilinear::{eq_packed, eq_table, fold_into};
use crate::packed::{LANES, PackedChallenge, splat, sum_lanes};

/// Weights of a layer's rows.
#[derive(Debug)]
pub struct RowWeights<'p> {
    point: &'p [Challenge],
    lambda: Challenge,
    eq: Vec<PackedChallenge>,
    /// `lambda eq`
    scaled: Vec<PackedChallenge>,
}

/// Rows of one slot.
#[derive(Debug, Default)]
pub struct Column {
    factors: Factors<PackedChallenge>,
    /// The sum of `e u + v q` less the neutral one, which is 1.
    sum: Challenge,
}

impl<'p> RowWeights<'p> {
    pub fn new(point: &'p [Challenge], lambda: Challenge) -> Self {
        Self { point, lambda, eq: eq_packed(point, Challenge::ONE), scaled: eq_packed(point, lambda) }
    }

    /// A slot whose rows of both halves are at hand.
    pub fn inner(&self, fractions: Fractions) -> Column {
        let (mut p, mut q) = (fractions.p, fractions.q);
        let half = p.len() / 2;
        let (mut u, q1) = (p.split_off(half), q.split_off(half));
        multiply(&mut q, &self.eq);
        multiply(&mut p, &self.scaled);
        let lambda = splat(self.lambda);
        u.iter_mut().zip(&q1).for_each(|(p1, &q1)| *p1 = q1 + *p1 * lambda);
        Column::new(Factors { e: q, v: p, u, q: q1 }, -Challenge::ONE)
    }

    /// The slots of a table whose leaves this layer adds.
    pub fn leaves(&self, leaves: &mut LeafEvaluator<'_>) -> Vec<Column> {
        let half = leaves.vectors() / 2;
        let lambda = splat(self.lambda);
        let mut all = empty(leaves.p.len(), half, half);
        for j in 0..half {
            leaves.evaluate(j * LANES);
            self.push_low(&mut all, leaves, j);
            leaves.evaluate((j + half) * LANES);
            for ((factors, &p), &q) in all.iter_mut().zip(&leaves.p).zip(&leaves.q) {
                factors.u.push(q + lambda * p);
                factors.q.push(q);
            }
        }
        all.into_iter().map(|factors| Column::new(factors, -Challenge::ONE)).collect()
    }

    /// The slots of a table that is not as high as this layer.
    pub fn low(&self, leaves: &mut LeafEvaluator<'_>) -> Vec<Column> {
        let vectors = leaves.vectors();
        let mut all = empty(leaves.p.len(), vectors, 0);
        for j in 0..vectors {
            leaves.evaluate(j * LANES);
            self.push_low(&mut all, leaves, j);
        }
        let neutral = sum_lanes(&self.eq[..vectors].iter().copied().sum());
        all.into_iter().map(|factors| Column::new(factors, -neutral)).collect()
    }

    fn push_low(&self, all: &mut [Factors<PackedChallenge>], leaves: &LeafEvaluator<'_>, j: usize) {
        for ((factors, &p), &q) in all.iter_mut().zip(&leaves.p).zip(&leaves.q) {
            factors.e.push(self.eq[j] * q);
            factors.v.push(self.scaled[j] * p);
        }
    }

    /// All rounds of a layer, over the columns of all slots; missing ones are neutral.
    pub fn rounds(
        &self,
        mut columns: Vec<Column>,
        slot_point: &[Challenge],
        rounds: &mut Rounds<'_>,
    ) -> [Challenge; 4] {
        columns.resize_with(1 << slot_point.len(), Column::default);
        for i in 0..slot_point.len() {
            columns = self.slot_round(columns, &slot_point[i + 1..], rounds);
        }
        let mut factors = columns.pop().expect("a cube has a point").factors;
        self.fill(&mut factors);
        let inverse = eq_inverse(self.point);
        multiply(&mut factors.e, &inverse);
        multiply(&mut factors.v, &inverse);
        factors.packed_rounds(self.point, rounds)
    }

    /// One round: neighbours are joined.
    fn slot_round(&self, columns: Vec<Column>, behind: &[Challenge], rounds: &mut Rounds<'_>) -> Vec<Column> {
        let pairs = columns.as_chunks::<2>().0;
        let leading: Vec<Challenge> = pairs.iter().map(|[a, b]| self.leading(&a.factors, &b.factors)).collect();
        let weights = eq_table(behind, Challenge::ONE);
        // The neutral 1 of every point is taken out of the columns' sums.
        let mut sums = [Challenge::ONE, Challenge::ONE, Challenge::ZERO];
        for (([a, b], &leading), &weight) in pairs.iter().zip(&leading).zip(&weights) {
            sums[0] += weight * a.sum;
            sums[1] += weight * b.sum;
            sums[2] += weight * leading;
        }
        let z = rounds.round(sums);
        let mut folded = Vec::with_capacity(columns.len() / 2);
        let mut rest = columns.into_iter();
        for leading in leading {
            let (Some(mut a), Some(mut b)) = (rest.next(), rest.next()) else { break };
            let sum = a.sum + z * (b.sum - a.sum - leading + z * leading);
            self.fold(&mut a.factors, &mut b.factors, z);
            folded.push(Column { factors: a.factors, sum });
        }
        folded
    }

    /// The sum over rows of the products of differences.
    fn leading(&self, a: &Factors<PackedChallenge>, b: &Factors<PackedChallenge>) -> Challenge {
        // Beyond either height differences are zero.
        let rows = a.e.len().max(b.e.len()).min(a.u.len().max(b.u.len()));
        let one = PackedChallenge::ONE;
        let both = a.e.len().min(b.e.len()).min(a.u.len()).min(b.u.len()).min(rows);
        let mut sum = differences(
            [&a.e[..both], &b.e[..both], &a.u[..both], &b.u[..both]],
            [&a.v[..both], &b.v[..both], &a.q[..both], &b.q[..both]],
        );
        let at = |part: &[PackedChallenge], i: usize, neutral: PackedChallenge| part.get(i).copied().unwrap_or(neutral);
        for i in both..rows {
            let (eq, zero) = (self.eq[i], PackedChallenge::ZERO);
            let difference =
                |x: &[PackedChallenge], y: &[PackedChallenge], neutral| at(y, i, neutral) - at(x, i, neutral);
            sum += difference(&a.e, &b.e, eq) * difference(&a.u, &b.u, one);
            sum += difference(&a.v, &b.v, zero) * difference(&a.q, &b.q, one);
        }
        sum_lanes(&sum)
    }

    /// Folds b into a.
    fn fold(&self, a: &mut Factors<PackedChallenge>, b: &mut Factors<PackedChallenge>, z: Challenge) {
        let one = [PackedChallenge::ONE];
        let z = splat(z);
        fold_part(&mut a.e, &mut b.e, z, |rows| self.eq[rows].iter().copied());
        fold_part(&mut a.v, &mut b.v, z, |rows| rows.map(|_| PackedChallenge::ZERO));
        fold_part(&mut a.u, &mut b.u, z, |rows| rows.map(|_| one[0]));
        fold_part(&mut a.q, &mut b.q, z, |rows| rows.map(|_| one[0]));
    }

    /// Writes the neutral rows out.
    fn fill(&self, factors: &mut Factors<PackedChallenge>) {
        let vectors = self.eq.len();
        let have = factors.e.len();
        factors.e.extend_from_slice(&self.eq[have..]);
        factors.v.resize(vectors, PackedChallenge::ZERO);
        factors.u.resize(vectors, PackedChallenge::ONE);
        factors.q.resize(vectors, PackedChallenge::ONE);
    }
}

impl Column {
    /// `neutral` is the sum of neutral rows in their place, negated.
    fn new(factors: Factors<PackedChallenge>, neutral: Challenge) -> Self {
        let Factors { e, v, u, q } = &factors;
        let sum = if u.is_empty() {
            e.iter().zip(v).map(|(&e, &v)| e + v).sum::<PackedChallenge>()
        } else {
            dot(e, u) + dot(v, q)
        };
        let sum = sum_lanes(&sum) + neutral;
        Self { factors, sum }
    }
}

fn empty(slots: usize, left: usize, right: usize) -> Vec<Factors<PackedChallenge>> {
    let new = |_| Factors {
        e: Vec::with_capacity(left),
        v: Vec::with_capacity(left),
        u: Vec::with_capacity(right),
        q: Vec::with_capacity(right),
    };
    (0..slots).map(new).collect()
}

/// The longer of the two stays; `neutral` are the shorter one's further rows.
fn fold_part<N: Iterator<Item = PackedChallenge>>(
    a: &mut Vec<PackedChallenge>,
    b: &mut Vec<PackedChallenge>,
    z: PackedChallenge,
    neutral: impl Fn(core::ops::Range<usize>) -> N,
) {
    let both = a.len().min(b.len());
    fold_into(&mut a[..both], &b[..both], z);
    let from = both..a.len().max(b.len());
    if a.len() > both {
        // a + z (neutral - a)
        a[both..].iter_mut().zip(neutral(from)).for_each(|(a, neutral)| *a += (neutral - *a) * z);
    } else {
        a.extend(b[both..].iter().zip(neutral(from)).map(|(&b, neutral)| neutral + (b - neutral) * z));
    }
    *b = Vec::new();
}

#[inline(never)]
fn multiply(x: &mut [PackedChallenge], y: &[PackedChallenge]) {
    x.iter_mut().zip(y).for_each(|(x, &y)| *x *= y);
}

#[inline(never)]
fn dot(x: &[PackedChallenge], y: &[PackedChallenge]) -> PackedChallenge {
    x.iter().zip(y).map(|(&x, &y)| x * y).sum()
}

#[inline(never)]
fn differences([a, b, c, d]: [&[PackedChallenge]; 4], [e, f, g, h]: [&[PackedChallenge]; 4]) -> PackedChallenge {
    let mut sum = PackedChallenge::ZERO;
    for i in 0..a.len() {
        sum += (b[i] - a[i]) * (d[i] - c[i]) + (f[i] - e[i]) * (h[i] - g[i]);
    }
    sum
}

/// `1 / eq(point, i)` for all i: `1 / eq(x, b)` is `eq(1 - x, b) / (x (1 - x))`.
fn eq_inverse(point: &[Challenge]) -> Vec<PackedChallenge> {
    let swapped: Vec<Challenge> = point.iter().map(|&x| Challenge::ONE - x).collect();
    let scale: Challenge = point.iter().map(|&x| x * (Challenge::ONE - x)).product();
    eq_packed(&swapped, scale.inverse())
}
