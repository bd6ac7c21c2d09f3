//! The layers' sumchecks, from the root to the leaves.

use std::fmt;

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_weave::gkr::{Folding, LeafClaim};
use proofloom_weave::{MAX_LOG_HEIGHT, Machine, Shape, Transcript};

use super::columns::RowWeights;
use super::factors::{Factors, fractions};
use super::layers::{TableLayers, dense};
use super::leaves::{LeafEvaluator, LeafPlan};
use crate::packed::LOG_LANES;
use crate::trace::TableTrace;

/// The interactions of the given rows do not balance: there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbalanced;

impl fmt::Display for Unbalanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the interactions of all tables do not add up to zero")
    }
}

impl std::error::Error for Unbalanced {}

/// The messages of active layers, and what is left to show.
#[derive(Clone, Debug)]
pub struct LookupProof {
    pub list: Vec<Challenge>,
    pub leaf: LeafClaim<Challenge>,
}

/// One layer's sumcheck: what it sends, and its challenges.
#[derive(Debug)]
pub struct Rounds<'t> {
    transcript: &'t mut Transcript,
    list: &'t mut Vec<Challenge>,
    challenges: Vec<Challenge>,
}

impl Rounds<'_> {
    /// One round, from the values at 0 and 1 and the leading coefficient.
    pub fn round(&mut self, [at_zero, at_one, leading]: [Challenge; 3]) -> Challenge {
        let message = [at_one - at_zero - leading, leading];
        self.transcript.absorb_challenges(&message);
        self.list.extend(message);
        let z = self.transcript.challenge();
        self.challenges.push(z);
        z
    }
}

/// Shows that all fractions add up to zero.
///
/// # Errors
/// [`Unbalanced`] if they do not.
pub fn prove<T>(
    machine: &Machine<T>,
    traces: &[TableTrace<'_>],
    publics: &[Vec<Val>],
    folding: &Folding<Challenge>,
    transcript: &mut Transcript,
) -> Result<LookupProof, Unbalanced> {
    let (shapes, sigma) = (machine.shapes(), machine.slot_variables());
    let plans: Vec<LeafPlan> =
        shapes.iter().zip(publics).map(|(shape, publics)| LeafPlan::new(shape, publics, folding)).collect();
    let mut tables: Vec<Table<'_>> = plans.iter().zip(traces).map(|(plan, trace)| Table::new(plan, *trace)).collect();
    let mut layers: Vec<TableLayers> =
        tables.iter_mut().map(|table| TableLayers::new(&mut table.leaves, table.log_height)).collect();
    let rows = tables.iter().map(|table| table.log_height).max().unwrap_or(0);
    let dense = dense(shapes, &mut layers, sigma);
    if dense[0].0[0] != Challenge::ZERO {
        return Err(Unbalanced);
    }
    let mut prover = Prover { transcript, list: Vec::new(), p: Challenge::ZERO, q: Challenge::ZERO, point: Vec::new() };
    prover.root(&dense[1]);
    for layer in &dense[2..] {
        prover.dense_layer(layer);
    }
    for bits in LOG_LANES..rows {
        prover.row_layer(shapes, &mut tables, &mut layers, bits, sigma);
    }
    for layer in sigma + rows..sigma + MAX_LOG_HEIGHT {
        prover.idle_layer(layer);
    }
    let Prover { list, p, q, mut point, .. } = prover;
    let row = point.split_off(sigma);
    Ok(LookupProof { list, leaf: LeafClaim { p, q, slot: point, row } })
}

/// One table's leaves.
struct Table<'a> {
    leaves: LeafEvaluator<'a>,
    log_height: usize,
}

impl<'a> Table<'a> {
    fn new(plan: &'a LeafPlan, trace: TableTrace<'a>) -> Self {
        Self { leaves: LeafEvaluator::new(plan, trace), log_height: trace.log_height() }
    }
}

/// The claims about one layer, and what was sent.
struct Prover<'t> {
    transcript: &'t mut Transcript,
    list: Vec<Challenge>,
    p: Challenge,
    q: Challenge,
    point: Vec<Challenge>,
}

impl Prover<'_> {
    /// Sends a layer's last values, whose claims at the drawn point are the next layer's.
    fn send(&mut self, values @ [p0, q0, p1, q1]: [Challenge; 4]) {
        self.transcript.absorb_challenges(&values);
        self.list.extend(values);
        let rho = self.transcript.challenge();
        self.point.push(rho);
        (self.p, self.q) = (p0 + rho * (p1 - p0), q0 + rho * (q1 - q0));
    }

    fn root(&mut self, (p, q): &(Vec<Challenge>, Vec<Challenge>)) {
        self.send([p[0], q[0], p[1], q[1]]);
    }

    /// A sumcheck and its last values.
    fn layer(&mut self, lambda: Challenge, rounds: impl FnOnce(&[Challenge], &mut Rounds<'_>) -> [Challenge; 4]) {
        let point = std::mem::take(&mut self.point);
        let mut all = Rounds { transcript: self.transcript, list: &mut self.list, challenges: Vec::new() };
        let factors = rounds(&point, &mut all);
        self.point = all.challenges;
        self.send(fractions(lambda, factors));
    }

    fn dense_layer(&mut self, (p, q): &(Vec<Challenge>, Vec<Challenge>)) {
        let lambda = self.transcript.challenge();
        let half = p.len() / 2;
        let ((p0, p1), (q0, q1)) = (p.split_at(half), q.split_at(half));
        let factors = Factors {
            e: q0.to_vec(),
            v: p0.iter().map(|&p| p * lambda).collect(),
            u: p1.iter().zip(q1).map(|(&p, &q)| q + p * lambda).collect(),
            q: q1.to_vec(),
        };
        self.layer(lambda, |point, rounds| factors.single_rounds(point, rounds));
    }

    /// The layer that adds rows which differ in bit `bits`.
    fn row_layer(
        &mut self,
        shapes: &[Shape],
        tables: &mut [Table<'_>],
        layers: &mut [TableLayers],
        bits: usize,
        sigma: usize,
    ) {
        let lambda = self.transcript.challenge();
        let row_point = self.point[sigma..].to_vec();
        let weights = RowWeights::new(&row_point, lambda);
        let mut columns = Vec::new();
        for ((table, layers), shape) in tables.iter_mut().zip(layers).zip(shapes) {
            if shape.slots.is_empty() {
                continue;
            }
            if table.log_height > bits + 1 {
                columns.extend(layers.take(bits + 1).into_iter().map(|fractions| weights.inner(fractions)));
            } else if table.log_height == bits + 1 {
                columns.extend(weights.leaves(&mut table.leaves));
            } else {
                columns.extend(weights.low(&mut table.leaves));
            }
        }
        self.layer(lambda, |point, rounds| weights.rounds(columns, &point[..sigma], rounds));
    }

    /// A layer whose row bit no table has: zeros, and the claims stay.
    fn idle_layer(&mut self, layer: usize) {
        let _ = self.transcript.challenge();
        for _ in 0..layer {
            self.transcript.absorb_challenges(&[Challenge::ZERO; 2]);
            let _ = self.transcript.challenge();
        }
        self.transcript.absorb_challenges(&[Challenge::ZERO; 4]);
        let _ = self.transcript.challenge();
        self.point.push(Challenge::ZERO);
    }
}
