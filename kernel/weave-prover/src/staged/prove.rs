//! The rounds of all tables together.

use std::fmt;

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};
use proofloom_weave::gkr::{Folding, LeafClaim};
use proofloom_weave::messages::STAGED_ELEMENTS;
use proofloom_weave::staged::{StagedChallenges, TableWeights, summand, weights};
use proofloom_weave::{MAX_LOG_HEIGHT, Machine, Native, Row, Shape, Transcript};

use super::claims::{TableValues, in_claim_order, next_columns};
use super::gather::{Atoms, SMALL};
use super::grid::{self, Grid};
use super::plan::Plan;
use super::rounds::Folded;
use crate::multilinear::{horner, none};
use crate::progress::Progress;
use crate::trace::TableTrace;

/// A constraint does not hold on the given rows: there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violated {
    /// The table.
    pub table: &'static str,
}

impl fmt::Display for Violated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a constraint of table {} does not hold on its rows", self.table)
    }
}

impl std::error::Error for Violated {}

/// The messages of the active rounds and the columns' values.
#[derive(Clone, Debug)]
pub struct StagedProof {
    /// Three elements a round.
    pub list: Vec<Challenge>,
    /// Row variables, zero where no table has the bit.
    pub point: Vec<Challenge>,
    /// Values in claim order.
    pub values: Vec<Challenge>,
}

/// Shows that the leaves are those of the rows and that all constraints hold.
///
/// # Errors
/// [`Violated`] if a constraint does not.
pub fn prove<T>(
    machine: &Machine<T>,
    traces: &[TableTrace<'_>],
    publics: &[Vec<Val>],
    folding: &Folding<Challenge>,
    leaf: &LeafClaim<Challenge>,
    transcript: &mut Transcript,
    progress: &mut dyn Progress,
) -> Result<StagedProof, Violated> {
    let (lambda, alpha) = (transcript.challenge(), transcript.challenge());
    let challenges = StagedChallenges { lambda, alpha, slot: leaf.slot.clone() };
    let weights = weights(&mut Native::new("", &[], ()), machine, folding, &challenges);
    let of_tables = machine.shapes().iter().zip(traces).zip(publics).zip(&weights);
    let mut tables: Vec<Table<'_>> = of_tables
        .map(|(((shape, trace), publics), weights)| Table::new(shape, *trace, publics, weights, &leaf.row))
        .collect();
    progress.done("staged: first rounds");
    let rows = tables.iter().map(|table| table.log_height).max().unwrap_or(0);
    let (mut list, mut point) = (Vec::with_capacity(STAGED_ELEMENTS * rows), Vec::with_capacity(MAX_LOG_HEIGHT));
    for round in 0..rows {
        let polynomials: Vec<[Challenge; 4]> = tables.iter().map(|table| table.polynomial(&leaf.row, round)).collect();
        let message: [Challenge; STAGED_ELEMENTS] =
            core::array::from_fn(|i| polynomials.iter().map(|polynomial| polynomial[i + 1]).sum());
        transcript.absorb_challenges(&message);
        list.extend(message);
        let r = transcript.challenge();
        point.push(r);
        for (table, polynomial) in tables.iter_mut().zip(polynomials) {
            table.bind(&polynomial, &leaf.row, &point);
        }
    }
    for _ in rows..MAX_LOG_HEIGHT {
        transcript.absorb_challenges(&[Challenge::ZERO; STAGED_ELEMENTS]);
        let _ = transcript.challenge();
        point.push(Challenge::ZERO);
    }
    progress.done("staged: later rounds");
    let values: Result<Vec<_>, _> = tables.iter().map(|table| table.values(&point[..rows])).collect();
    let values = in_claim_order(machine, &values?);
    transcript.absorb_challenges(&values);
    progress.done("staged: values");
    Ok(StagedProof { list, point, values })
}

/// One table on its way through the rounds.
struct Table<'a> {
    shape: &'a Shape,
    trace: TableTrace<'a>,
    publics: &'a [Val],
    weights: &'a TableWeights<Challenge>,
    plan: Plan,
    atoms: Atoms,
    next: Vec<usize>,
    log_height: usize,
    /// Claim of this table alone, before each round.
    claim: Challenge,
    stage: Stage,
}

enum Stage {
    Grid(Grid),
    Folded(Folded),
    Set,
}

impl<'a> Table<'a> {
    fn new(
        shape: &'a Shape,
        trace: TableTrace<'a>,
        publics: &'a [Val],
        weights: &'a TableWeights<Challenge>,
        xi: &[Challenge],
    ) -> Self {
        let plan = Plan::new(shape, publics, weights);
        let (atoms, next, log_height) = (Atoms::new(&plan), next_columns(shape), trace.log_height());
        let grid = grid::sum(trace, &next, &plan, &atoms, &xi[..log_height], none(&xi[log_height..]));
        let [a, b, c, d] = grid.round(&xi[1..SMALL]);
        let claim = a + xi[0] * (b + c + d);
        Self { shape, trace, publics, weights, plan, atoms, next, log_height, claim, stage: Stage::Grid(grid) }
    }

    /// The round's polynomial, without eq's factor of its variable.
    fn polynomial(&self, xi: &[Challenge], round: usize) -> [Challenge; 4] {
        let x = xi[round];
        match &self.stage {
            Stage::Grid(grid) => grid.round(&xi[round + 1..SMALL]),
            Stage::Folded(folded) => {
                let [a, c, d] = folded.sums;
                // claim = (1 - x) h(0) + x h(1) = a + x (b + c + d)
                [a, (self.claim - a) * x.inverse() - c - d, c, d]
            }
            Stage::Set => {
                // Row 0 of the further variables counts alone.
                let at_zero = self.claim * (Challenge::ONE - x).inverse();
                [at_zero, -at_zero, Challenge::ZERO, Challenge::ZERO]
            }
        }
    }

    /// Sets the round's variable to the last of the challenges.
    fn bind(&mut self, polynomial: &[Challenge; 4], xi: &[Challenge], challenges: &[Challenge]) {
        let (done, h) = (challenges.len(), self.log_height);
        let r = challenges[done - 1];
        self.claim = horner(polynomial, r);
        match &mut self.stage {
            Stage::Grid(grid) if done < SMALL => grid.bind(r),
            Stage::Grid(_) => self.stage = Stage::Folded(self.fold(challenges, &xi[..h], none(&xi[h..]))),
            Stage::Folded(_) if done == h => self.stage = Stage::Set,
            Stage::Folded(folded) => folded.bind(&self.plan, r),
            Stage::Set => {}
        }
    }

    fn fold(&self, challenges: &[Challenge], point: &[Challenge], scale: Challenge) -> Folded {
        Folded::new(self.trace, &self.next, &self.plan, &self.atoms, challenges, point, scale)
    }

    /// All columns at the point; the summand there has to be what the rounds ended in.
    fn values(&self, point: &[Challenge]) -> Result<TableValues, Violated> {
        let (own, above) = point.split_at(self.log_height);
        let values = TableValues::new(&self.trace, &self.next, own);
        let row = Row {
            columns: &values.columns,
            next: &values.next,
            publics: self.publics,
            first: none(own),
            last: own.iter().copied().product(),
        };
        let value = summand(&mut Native::new("", &[], ()), self.shape, &row, self.weights);
        if value * none(above) == self.claim { Ok(values) } else { Err(Violated { table: self.shape.name }) }
    }
}
