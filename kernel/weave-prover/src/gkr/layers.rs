//! The layers of fractions of all tables, from the leaves down.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;
use proofloom_weave::Shape;

use super::leaves::SlotLeaves;
use crate::packed::{LANES, LOG_LANES, PackedChallenge, PackedVal, lane, weighted};
use crate::sum::Element;

/// Numerators and denominators of one slot's rows, in halves as for leaves.
#[derive(Clone, Debug, Default)]
pub struct Fractions {
    pub p: [Vec<PackedChallenge>; 2],
    pub q: [Vec<PackedChallenge>; 2],
}

impl Fractions {
    /// Of this many vectors of rows; `write` appends the fractions of a range of them.
    fn of(
        vectors: usize,
        write: impl Fn(core::ops::Range<usize>, &mut Vec<PackedChallenge>, &mut Vec<PackedChallenge>),
    ) -> Self {
        let lower = vectors.div_ceil(2);
        let mut out = Self::default();
        for (half, range) in [0..lower, lower..vectors].into_iter().enumerate() {
            let (p, q) = (&mut out.p[half], &mut out.q[half]);
            p.reserve_exact(range.len());
            q.reserve_exact(range.len());
            write(range, p, q);
        }
        out
    }

    /// The halves of a slot's leaves, added.
    fn of_leaves(leaves: &SlotLeaves) -> Self {
        let ([p0, p1], [q0, q1]) = (&leaves.p, &leaves.q);
        if p1.is_empty() {
            return Self { p: [p0.iter().map(|&p| p.into()).collect(), vec![]], q: [q0.clone(), vec![]] };
        }
        Self::of(p0.len(), |rows, p, q| {
            let r = || rows.clone();
            add_leaves([&p0[r()], &p1[r()]], [&q0[r()], &q1[r()]], p, q);
        })
    }

    /// The halves, added.
    fn halved(&self) -> Self {
        let ([p0, p1], [q0, q1]) = (&self.p, &self.q);
        Self::of(p0.len(), |rows, p, q| {
            let r = || rows.clone();
            add_rows([&p0[r()], &p1[r()]], [&q0[r()], &q1[r()]], p, q);
        })
    }
}

#[inline(never)]
fn add_leaves(
    [p0, p1]: [&[PackedVal]; 2],
    [q0, q1]: [&[PackedChallenge]; 2],
    p: &mut Vec<PackedChallenge>,
    q: &mut Vec<PackedChallenge>,
) {
    for i in 0..p0.len() {
        p.push(weighted([(&q1[i], p0[i]), (&q0[i], p1[i])].into_iter()));
        q.push(q0[i].times(q1[i]));
    }
}

#[inline(never)]
fn add_rows(
    [p0, p1]: [&[PackedChallenge]; 2],
    [q0, q1]: [&[PackedChallenge]; 2],
    p: &mut Vec<PackedChallenge>,
    q: &mut Vec<PackedChallenge>,
) {
    for i in 0..p0.len() {
        p.push(Element::times2([p0[i], p1[i]], [q1[i], q0[i]]));
        q.push(q0[i].times(q1[i]));
    }
}

/// Whether the layer below the leaves is kept, which has half of all fractions of the further layers, or is made again
/// from the leaves for its sumcheck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstLayer {
    Kept,
    MadeAgain,
}

impl FirstLayer {
    /// Fractions for which there is memory: a fraction takes 24 bytes as a leaf and 40 in all layers, 20 of them in the
    /// first.
    const KEPT: usize = 1 << 23;

    /// For so many fractions of all tables.
    pub const fn of(fractions: usize) -> Self {
        if fractions <= Self::KEPT { Self::Kept } else { Self::MadeAgain }
    }
}

/// The layers of one table that have at least a vector of rows, but for its leaves; entry b has 2^b rows. A table of
/// a single vector has a copy of its leaves.
#[derive(Debug)]
pub struct TableLayers {
    layers: Vec<Option<Vec<Fractions>>>,
}

impl TableLayers {
    /// From a table's leaves.
    pub fn new(leaves: &[SlotLeaves], log_height: usize, first: FirstLayer) -> Self {
        let mut layers: Vec<Option<Vec<Fractions>>> = (0..=log_height).map(|_| None).collect();
        let mut layer = all_of_leaves(leaves);
        for bits in (LOG_LANES..log_height.max(LOG_LANES + 1)).rev() {
            let below = (bits > LOG_LANES).then(|| layer.iter().map(Fractions::halved).collect());
            let kept = bits + 1 < log_height || below.is_none() || first == FirstLayer::Kept;
            layers[bits] = kept.then_some(layer);
            let Some(below) = below else { break };
            layer = below;
        }
        Self { layers }
    }

    /// Takes a layer away. One that was not kept is made from the leaves.
    pub fn take(&mut self, bits: usize, leaves: &[SlotLeaves]) -> Vec<Fractions> {
        self.layers[bits].take().unwrap_or_else(|| all_of_leaves(leaves))
    }
}

fn all_of_leaves(leaves: &[SlotLeaves]) -> Vec<Fractions> {
    leaves.iter().map(Fractions::of_leaves).collect()
}

/// All layers of at most as many row bits as a vector has lanes, the slot in the low bits, the root first. `layers` are
/// the tables' with a vector of rows.
pub fn dense(
    shapes: &[Shape],
    layers: Vec<Vec<Fractions>>,
    slot_variables: usize,
) -> Vec<(Vec<Challenge>, Vec<Challenge>)> {
    let mut p = vec![Challenge::ZERO; LANES << slot_variables];
    let mut q = vec![Challenge::ONE; LANES << slot_variables];
    for (shape, layers) in shapes.iter().zip(layers) {
        for (k, fractions) in layers.into_iter().enumerate() {
            for row in 0..LANES {
                let at = shape.first_slot + k + (row << slot_variables);
                (p[at], q[at]) = (lane(&fractions.p[0][0], row), lane(&fractions.q[0][0], row));
            }
        }
    }
    let mut dense = vec![(p, q)];
    for _ in 0..slot_variables + LOG_LANES {
        let (p, q) = &dense[dense.len() - 1];
        let half = p.len() / 2;
        let sums = (0..half).map(|i| p[i] * q[i + half] + p[i + half] * q[i]).collect();
        let products = (0..half).map(|i| q[i] * q[i + half]).collect();
        dense.push((sums, products));
    }
    dense.reverse();
    dense
}

#[cfg(test)]
mod tests {
    use p3_field::BasedVectorSpace;
    use p3_field::PackedValue;
    use proofloom_field::Val;

    use super::*;

    fn slot(vectors: usize, seed: u32) -> SlotLeaves {
        let lower = vectors.div_ceil(2);
        let val = |i: usize| Val::from_u32(seed).exp_u64(i as u64 + 3);
        let p = |i: usize| PackedVal::from_fn(|lane| val(LANES * i + lane));
        let q = |i: usize| PackedChallenge::from_basis_coefficients_fn(|d| p(7 * i + d));
        let halves = [0..lower, lower..vectors];
        SlotLeaves { p: halves.clone().map(|r| r.map(p).collect()), q: halves.map(|r| r.map(q).collect()) }
    }

    #[test]
    fn a_layer_that_is_made_again_is_the_one_that_was_not_kept() {
        for log_vectors in 1..5 {
            let leaves = [slot(1 << log_vectors, 3), slot(1 << log_vectors, 5)];
            let log_height = LOG_LANES + log_vectors;
            let layers = |first| TableLayers::new(&leaves, log_height, first);
            let (mut kept, mut made) = (layers(FirstLayer::Kept), layers(FirstLayer::MadeAgain));
            for bits in LOG_LANES..log_height {
                let [kept, made] = [&mut kept, &mut made].map(|layers| layers.take(bits, &leaves));
                assert!(kept.iter().zip(&made).all(|(kept, made)| kept.p == made.p && kept.q == made.q), "{bits}");
                let rows = kept[0].p[0].len() + kept[0].p[1].len();
                assert_eq!(rows * LANES, 1 << bits);
            }
        }
    }

    #[test]
    fn layers_are_sums_of_fractions() {
        let leaves = [slot(8, 3)];
        let fractions = |fractions: &Fractions| -> Challenge {
            let parts = fractions.p.iter().flatten().zip(fractions.q.iter().flatten());
            parts.flat_map(|(p, q)| (0..LANES).map(|l| lane(p, l) / lane(q, l))).sum()
        };
        let of_leaves: Challenge = leaves[0]
            .halves()
            .flat_map(|(_, p, q)| p.iter().zip(q))
            .flat_map(|(p, q)| (0..LANES).map(|l| Challenge::from(p.as_slice()[l]) / lane(q, l)))
            .sum();
        let mut layers = TableLayers::new(&leaves, LOG_LANES + 3, FirstLayer::Kept);
        for bits in LOG_LANES..LOG_LANES + 3 {
            assert_eq!(fractions(&layers.take(bits, &leaves)[0]), of_leaves, "{bits}");
        }
    }
}
