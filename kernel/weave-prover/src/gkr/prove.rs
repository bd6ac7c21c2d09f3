//! The layers' sumchecks, from the root to the leaves.

use std::fmt;

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_weave::gkr::{Folding, LeafClaim};
use proofloom_weave::{MAX_LOG_HEIGHT, Machine, Transcript};

use super::columns::Column;
use super::factors::{Factors, fractions};
use super::layers::{FirstLayer, TableLayers, dense};
use super::leaves::{LeafPlan, SlotLeaves, leaves};
use super::rounds::Rounds;
use super::slots;
use super::tall::{RowWeights, Tall};
use crate::packed::LOG_LANES;
use crate::progress::Progress;
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
    progress: &mut dyn Progress,
) -> Result<LookupProof, Unbalanced> {
    let (shapes, sigma) = (machine.shapes(), machine.slot_variables());
    let of_tables = shapes.iter().zip(traces).zip(publics);
    let mut tables: Vec<Table> = of_tables
        .map(|((shape, &trace), publics)| Table::new(&LeafPlan::new(shape, publics, folding), trace))
        .collect();
    progress.done("lookups: leaves");
    let first = FirstLayer::of(tables.iter().map(|table| table.leaves.len() << table.log_height).sum());
    let mut layers: Vec<TableLayers> =
        tables.iter().map(|table| TableLayers::new(&table.leaves, table.log_height, first)).collect();
    let rows = tables.iter().map(|table| table.log_height).max().unwrap_or(0);
    progress.done("lookups: layers");
    let lowest = tables.iter().zip(&mut layers).map(|(table, layers)| layers.take(LOG_LANES, &table.leaves)).collect();
    let dense = dense(shapes, lowest, sigma);
    if dense[0].0[0] != Challenge::ZERO {
        return Err(Unbalanced);
    }
    let mut prover = Prover { transcript, list: Vec::new(), p: Challenge::ZERO, q: Challenge::ZERO, point: Vec::new() };
    prover.root(&dense[1]);
    for layer in &dense[2..] {
        prover.dense_layer(layer);
    }
    for bits in LOG_LANES..rows {
        prover.row_layer(&mut tables, &mut layers, bits, rows);
    }
    progress.done("lookups: rounds");
    for layer in sigma + rows..sigma + MAX_LOG_HEIGHT {
        prover.idle_layer(layer);
    }
    let Prover { list, p, q, mut point, .. } = prover;
    let row = point.split_off(sigma);
    Ok(LookupProof { list, leaf: LeafClaim { p, q, slot: point, row } })
}

/// One table's leaves.
struct Table {
    leaves: Vec<SlotLeaves>,
    log_height: usize,
}

impl Table {
    fn new(plan: &LeafPlan, trace: TableTrace<'_>) -> Self {
        Self { leaves: leaves(plan, trace), log_height: trace.log_height() }
    }

    /// The leaves for the layer that adds their halves. Where other tables are higher, they are needed again.
    fn take_leaves(&mut self, highest: usize) -> Vec<SlotLeaves> {
        if self.log_height == highest { std::mem::take(&mut self.leaves) } else { self.leaves.clone() }
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
        let mut all = Rounds::new(self.transcript, &mut self.list, lambda * self.p + self.q);
        let factors = rounds(&point, &mut all);
        self.point = all.challenges();
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

    /// The layer that adds rows which differ in bit `bits`, of tables of up to `2^highest` rows.
    fn row_layer(&mut self, tables: &mut [Table], layers: &mut [TableLayers], bits: usize, highest: usize) {
        let lambda = self.transcript.challenge();
        let sigma = self.point.len() - bits;
        let row_point = self.point[sigma..].to_vec();
        let weights = RowWeights::new(&row_point, lambda);
        let mut own: Vec<Vec<SlotLeaves>> = tables
            .iter_mut()
            .map(|table| if table.log_height == bits + 1 { table.take_leaves(highest) } else { Vec::new() })
            .collect();
        let mut columns = Vec::new();
        for ((table, layers), own) in tables.iter().zip(layers).zip(&mut own) {
            let of_rows = |rows| Column::of_rows(&weights, rows);
            if table.log_height > bits + 1 {
                let rows = layers.take(bits + 1, &table.leaves).into_iter();
                let rows = rows.map(|fractions| Tall::of_rows(&weights, fractions));
                columns.extend(rows.map(of_rows));
            } else if table.log_height == bits + 1 {
                let rows = std::mem::take(own).into_iter().map(|leaves| Tall::of_leaves(&weights, leaves));
                columns.extend(rows.map(of_rows));
            } else {
                columns.extend(table.leaves.iter().map(|leaves| Column::of_low(&weights, leaves)));
            }
        }
        self.layer(lambda, |point, rounds| slots::rounds(&weights, columns, &point[..sigma], rounds));
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
