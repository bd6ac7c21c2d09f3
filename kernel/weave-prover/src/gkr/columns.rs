//! One slot of a layer's sumcheck, or several folded: the neutral rows and what differs from them.
//!
//! Neutral rows have e = eq, v = 0, u = q = 1; their sum is 1. A column differs by
//!
//! - rows that are tall, of which `scale` is left: c (e - eq), c v, c (u - 1), c (q - 1). With
//!   `A = sum (e - eq)(u - 1) + v (q - 1)` and the slope `B = sum (e - eq) + eq (u - 1) + v` they add c B + c^2 A;
//! - the slots of tables that are not as high as the layer. Their other half is neutral, so they add
//!   `w eq (q - 1)` to e and `w lambda eq p` to v, on the rows of their table: a sum of their own, and a cross sum with
//!   the tall rows.
//!
//! So a round between a column with tall rows and one without them changes scalars alone.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;

use super::leaves::SlotLeaves;
use super::tall::{RowWeights, Tall, fold, leading};
use crate::packed::{PackedChallenge, PackedVal, splat, sum_lanes, weighted};
use crate::sum::{Element, Products, multiply};

/// A slot of a low table.
#[derive(Clone, Copy, Debug)]
struct Low<'l> {
    weight: Challenge,
    leaves: &'l SlotLeaves,
}

/// Tall rows with what is known of their sums.
#[derive(Debug)]
struct TallPart {
    rows: Tall,
    scale: Challenge,
    /// A + B of the module's text.
    sum: Challenge,
    /// B, if it was needed.
    slope: Option<Challenge>,
}

/// One slot, or several folded.
#[derive(Debug, Default)]
pub struct Column<'l> {
    tall: Option<TallPart>,
    low: Vec<Low<'l>>,
    low_sum: Challenge,
    /// Cross sum of low slots and tall rows.
    cross: Challenge,
}

/// Columns whose rows are all tall.
#[derive(Debug)]
pub struct Settled {
    pub rows: Tall,
    pub sum: Challenge,
}

impl<'l> Column<'l> {
    /// A column of tall rows.
    pub fn of_rows(weights: &RowWeights<'_>, rows: Tall) -> Self {
        let sum = rows.sum(weights) - Challenge::ONE;
        Self::of(rows, sum)
    }

    /// Tall rows with their sum, less the neutral one.
    pub fn of(rows: Tall, sum: Challenge) -> Self {
        Self { tall: Some(TallPart { rows, scale: Challenge::ONE, sum, slope: None }), ..Self::default() }
    }

    /// A slot of a low table.
    pub fn of_low(weights: &RowWeights<'_>, leaves: &'l SlotLeaves) -> Self {
        let mut sum = PackedChallenge::ZERO;
        for (first, p, q) in leaves.halves() {
            let (eq, scaled) = (&weights.eq[first..][..q.len()], &weights.scaled[first..][..q.len()]);
            sum += dot_less_one(eq, q) + weighted(scaled.iter().zip(p.iter().copied()));
        }
        Self { low: vec![Low { weight: Challenge::ONE, leaves }], low_sum: sum_lanes(&sum), ..Self::default() }
    }

    /// Whether there is nothing but tall rows, none of them scaled.
    pub fn is_settled(&self) -> bool {
        self.low.is_empty() && self.tall.as_ref().is_some_and(|tall| tall.scale == Challenge::ONE)
    }

    /// The sum over all rows, less the neutral one.
    pub fn sum(&self) -> Challenge {
        self.low_sum + self.tall.as_ref().map_or(Challenge::ZERO, |tall| tall.sum() + tall.scale * self.cross)
    }

    /// The leading coefficient of the polynomial between two columns. Those with tall rows are settled.
    pub fn between(weights: &RowWeights<'_>, x: &mut Self, y: &mut Self) -> Challenge {
        match (x.tall.is_some(), y.tall.is_some()) {
            (false, false) => Challenge::ZERO,
            (true, true) => {
                x.settle(weights);
                y.settle(weights);
                match (&x.tall, &y.tall) {
                    (Some(x), Some(y)) => leading(weights, &x.rows, &y.rows),
                    _ => Challenge::ZERO,
                }
            }
            (true, false) => x.beside(weights, y),
            (false, true) => y.beside(weights, x),
        }
    }

    /// The leading coefficient between this column and one that has no tall rows.
    fn beside(&mut self, weights: &RowWeights<'_>, other: &mut Self) -> Challenge {
        let Some(tall) = &mut self.tall else { return Challenge::ZERO };
        other.cross = cross(weights, &tall.rows, &other.low);
        let slope = *tall.slope.get_or_insert_with(|| tall.rows.slope(weights));
        let c = tall.scale;
        c * (c * (tall.sum - slope) + self.cross - other.cross)
    }

    /// Folds y into x. `leading` is from [`Self::between`].
    pub fn join(weights: &RowWeights<'_>, mut x: Self, mut y: Self, leading: Challenge, z: Challenge) -> Self {
        let line = |a: Challenge, b: Challenge| a + z * (b - a);
        let (x_sum, y_sum) = (x.sum(), y.sum());
        match (x.tall.take(), y.tall.take()) {
            (Some(a), Some(b)) => Self::of(fold(weights, a.rows, b.rows, z), folded_sum([x_sum, y_sum], leading, z)),
            (a, b) => {
                let rest = Challenge::ONE - z;
                x.low.iter_mut().for_each(|low| low.weight *= rest);
                y.low.iter_mut().for_each(|low| low.weight *= z);
                x.low.append(&mut y.low);
                let scaled = |tall: TallPart, factor| TallPart { scale: tall.scale * factor, ..tall };
                let tall = a.map(|tall| scaled(tall, rest)).or_else(|| b.map(|tall| scaled(tall, z)));
                Self { tall, low: x.low, low_sum: line(x.low_sum, y.low_sum), cross: line(x.cross, y.cross) }
            }
        }
    }

    /// Makes all rows tall.
    fn settle(&mut self, weights: &RowWeights<'_>) {
        if !self.is_settled() {
            let Settled { rows, sum } = std::mem::take(self).settled(weights);
            *self = Self::of(rows, sum);
        }
    }

    /// All rows as tall ones.
    pub fn settled(self, weights: &RowWeights<'_>) -> Settled {
        let sum = self.sum();
        let mut rows = match self.tall {
            Some(TallPart { mut rows, scale, .. }) => {
                if scale != Challenge::ONE {
                    rows.approach_neutral(weights, scale);
                }
                rows
            }
            None => Tall::neutral(weights),
        };
        if !self.low.is_empty() {
            let [e, v] = low_rows(weights, &self.low);
            rows.add(weights, &e, &v);
        }
        Settled { rows, sum }
    }
}

impl TallPart {
    /// c B + c^2 A
    fn sum(&self) -> Challenge {
        match self.slope {
            Some(slope) => self.scale * (slope + self.scale * (self.sum - slope)),
            // Nothing scales the rows without asking for the slope.
            None => self.sum,
        }
    }
}

/// The polynomial's value at z, given those at 0 and 1, less the neutral one, and the leading coefficient.
pub fn folded_sum([at_zero, at_one]: [Challenge; 2], leading: Challenge, z: Challenge) -> Challenge {
    at_zero + z * (at_one - at_zero - leading + z * leading)
}

/// Vectors of rows that the highest of the slots has.
fn highest(low: &[Low<'_>]) -> usize {
    low.iter().map(|low| low.leaves.vectors()).max().unwrap_or(0)
}

/// `sum eq (q_l - 1)(u - 1) + lambda eq p_l (q - 1)` over the rows of all slots l, weighted.
fn cross(weights: &RowWeights<'_>, rows: &Tall, low: &[Low<'_>]) -> Challenge {
    let [mut u, mut q] = rows.first_rows(weights, highest(low));
    multiply(&mut u, &weights.eq);
    multiply(&mut q, &weights.scaled);
    let mut total = Challenge::ZERO;
    for low in low {
        let mut own = PackedChallenge::ZERO;
        for (first, p, denominators) in low.leaves.halves() {
            let (u, q) = (&u[first..][..p.len()], &q[first..][..p.len()]);
            own += dot_less_one(u, denominators) + weighted(q.iter().zip(p.iter().copied()));
        }
        total += low.weight * sum_lanes(&own);
    }
    total
}

#[inline(never)]
fn dot_less_one(u: &[PackedChallenge], q: &[PackedChallenge]) -> PackedChallenge {
    let mut sum = <PackedChallenge as Element>::Sum::new();
    u.iter().zip(q).for_each(|(&u, &q)| sum.add(u, q - PackedChallenge::ONE));
    sum.finish()
}

/// What low slots add to e and v.
fn low_rows(weights: &RowWeights<'_>, low: &[Low<'_>]) -> [Vec<PackedChallenge>; 2] {
    let vectors = highest(low);
    let [mut e, mut v] = [(); 2].map(|()| vec![PackedChallenge::ZERO; vectors]);
    for low in low {
        let weight = splat(low.weight);
        for (first, p, q) in low.leaves.halves() {
            add_low(&mut e[first..], &mut v[first..], p, q, weight);
        }
    }
    multiply(&mut e, &weights.eq);
    multiply(&mut v, &weights.scaled);
    [e, v]
}

#[inline(never)]
fn add_low(
    e: &mut [PackedChallenge],
    v: &mut [PackedChallenge],
    p: &[PackedVal],
    q: &[PackedChallenge],
    weight: PackedChallenge,
) {
    e.iter_mut().zip(q).for_each(|(sum, &q)| *sum += (q - PackedChallenge::ONE).times(weight.reread()));
    v.iter_mut().zip(p).for_each(|(sum, &p)| *sum += weight * p);
}
