//! The layers of fractions of all tables, from the leaves down.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;
use proofloom_weave::Shape;

use super::leaves::LeafEvaluator;
use crate::packed::{LANES, LOG_LANES, PackedChallenge, lane, weighted};

/// Numerators and denominators of one slot's rows.
#[derive(Clone, Debug, Default)]
pub struct Fractions {
    pub p: Vec<PackedChallenge>,
    pub q: Vec<PackedChallenge>,
}

impl Fractions {
    fn with_capacity(vectors: usize) -> Self {
        Self { p: Vec::with_capacity(vectors), q: Vec::with_capacity(vectors) }
    }

    /// Rows that differ in the top bit, added.
    #[inline(never)]
    fn halved(&self) -> Self {
        let half = self.p.len() / 2;
        let ((p0, p1), (q0, q1)) = (self.p.split_at(half), self.q.split_at(half));
        let mut out = Self::with_capacity(half);
        for i in 0..half {
            out.p.push(p0[i] * q1[i] + p1[i] * q0[i]);
            out.q.push(q0[i] * q1[i]);
        }
        out
    }
}

/// The layers of one table that have at least a vector of rows; entry b has 2^b rows.
#[derive(Debug)]
pub struct TableLayers {
    layers: Vec<Option<Vec<Fractions>>>,
}

impl TableLayers {
    /// From a table's leaves. A table of a single vector has no layers but its leaves.
    pub fn new(leaves: &mut LeafEvaluator<'_>, log_height: usize) -> Self {
        let mut layers: Vec<Option<Vec<Fractions>>> = (0..=log_height).map(|_| None).collect();
        let mut layer = if log_height > LOG_LANES { first(leaves) } else { all(leaves) };
        for bits in (LOG_LANES..log_height.max(LOG_LANES + 1)).rev() {
            let below = (bits > LOG_LANES).then(|| layer.iter().map(Fractions::halved).collect());
            layers[bits] = Some(layer);
            let Some(below) = below else { break };
            layer = below;
        }
        Self { layers }
    }

    /// Takes a layer away.
    ///
    /// # Panics
    /// If it was taken before.
    pub fn take(&mut self, bits: usize) -> Vec<Fractions> {
        self.layers[bits].take().expect("each layer is taken once")
    }
}

/// The leaves of a single vector of rows.
fn all(leaves: &mut LeafEvaluator<'_>) -> Vec<Fractions> {
    leaves.evaluate(0);
    let fractions = leaves.p.iter().zip(&leaves.q);
    fractions.map(|(&p, &q)| Fractions { p: vec![p.into()], q: vec![q] }).collect()
}

/// The layer below the leaves.
#[inline(never)]
fn first(leaves: &mut LeafEvaluator<'_>) -> Vec<Fractions> {
    let half = leaves.vectors() / 2;
    let slots = leaves.p.len();
    let mut out = vec![Fractions::default(); slots];
    out.iter_mut().for_each(|fractions| *fractions = Fractions::with_capacity(half));
    let (mut p0, mut q0) = (leaves.p.clone(), leaves.q.clone());
    for j in 0..half {
        leaves.evaluate(j * LANES);
        std::mem::swap(&mut p0, &mut leaves.p);
        std::mem::swap(&mut q0, &mut leaves.q);
        leaves.evaluate((j + half) * LANES);
        for (k, fractions) in out.iter_mut().enumerate() {
            fractions.p.push(weighted([(&leaves.q[k], p0[k]), (&q0[k], leaves.p[k])].into_iter()));
            fractions.q.push(q0[k] * leaves.q[k]);
        }
    }
    out
}

/// All layers of at most as many row bits as a vector has lanes, the slot in the low bits, the root first.
pub fn dense(
    shapes: &[Shape],
    layers: &mut [TableLayers],
    slot_variables: usize,
) -> Vec<(Vec<Challenge>, Vec<Challenge>)> {
    let mut p = vec![Challenge::ZERO; LANES << slot_variables];
    let mut q = vec![Challenge::ONE; LANES << slot_variables];
    for (shape, layers) in shapes.iter().zip(layers) {
        for (k, fractions) in layers.take(LOG_LANES).into_iter().enumerate() {
            for row in 0..LANES {
                let at = shape.first_slot + k + (row << slot_variables);
                (p[at], q[at]) = (lane(&fractions.p[0], row), lane(&fractions.q[0], row));
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
