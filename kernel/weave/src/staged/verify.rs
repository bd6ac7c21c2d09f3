//! The rounds' checks, and the sum at the point where they end.

use crate::arith::{Arith, Check};
use crate::expression::Row;
use crate::gkr::{Folding, LeafClaim, round};
use crate::heights::Heights;
use crate::machine::{Machine, Shape};
use crate::multilinear::{prefix_products, suffix_products};
use crate::staged::weights::{StagedChallenges, TableWeights, weights};
use crate::table::Table;

/// What a proof is about, as far as these rounds need it.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a, A: Arith, T> {
    pub machine: &'a Machine<T>,
    pub heights: &'a Heights<A>,
    /// Public values per table.
    pub publics: &'a [Vec<A::V>],
    pub folding: &'a Folding<A::E>,
}

/// What is left to show: the columns' values.
#[derive(Clone, Debug)]
pub struct Outcome<E> {
    /// Row variables; a table's columns are claimed at as many of the first as its height has bits.
    pub point: Vec<E>,
    /// Values in claim order.
    pub claims: Vec<E>,
}

/// Reads the rounds and the column values.
pub fn verify<A: Arith, T: Table>(a: &mut A, statement: &Statement<'_, A, T>, leaf: &LeafClaim<A::E>) -> Outcome<A::E> {
    let (lambda, alpha) = (a.challenge(), a.challenge());
    let challenges = StagedChallenges { lambda, alpha, slot: leaf.slot.clone() };
    let (sum, point) = rounds(a, statement.heights.active(), leaf, lambda);
    let claims = a.receive_challenges(statement.machine.claims());
    let weights = weights(a, statement.machine, statement.folding, &challenges);
    let expected = sum_of_tables(a, statement, &weights, &point, &claims);
    a.assert_eq(sum, expected, Check::Constraints);
    Outcome { point, claims }
}

/// All rounds: the last claim and the point. An inactive one changes nothing, as its message is zero.
fn rounds<A: Arith>(a: &mut A, active: &[A::V], leaf: &LeafClaim<A::E>, lambda: A::E) -> (A::E, Vec<A::E>) {
    let less = {
        let one = a.one();
        a.sub(leaf.q, one)
    };
    let scaled = a.mul(lambda, less);
    let mut sum = a.add(leaf.p, scaled);
    let mut point = Vec::with_capacity(active.len());
    for (&flag, &x) in active.iter().zip(&leaf.row) {
        let message = a.receive_challenges(3);
        for &coefficient in &message {
            let rest = a.scale(coefficient, flag);
            a.assert_eq(coefficient, rest, Check::InactiveMessage);
        }
        let r = a.challenge();
        sum = round(a, sum, x, &message, r);
        point.push(a.scale(r, flag));
    }
    (sum, point)
}

/// G at the point, with the claimed values of the columns.
fn sum_of_tables<A: Arith, T: Table>(
    a: &mut A,
    statement: &Statement<'_, A, T>,
    weights: &[TableWeights<A::E>],
    point: &[A::E],
    claims: &[A::E],
) -> A::E {
    let complements: Vec<A::E> = point.iter().map(|&x| a.complement(x)).collect();
    let (first, last) = (prefix_products(a, &complements), prefix_products(a, point));
    let above = suffix_products(a, &complements);
    let columns = columns(a, statement.machine, point, claims);
    let mut sum = a.zero();
    for (table, shape) in statement.machine.shapes().iter().enumerate() {
        let log = statement.heights.log(table);
        let (columns, next) = &columns[table];
        let publics = &statement.publics[table];
        let row = Row { columns, next, publics, first: a.read(&first, log), last: a.read(&last, log) };
        let value = summand(a, shape, &row, &weights[table]);
        let above = a.read(&above, log);
        let part = a.mul(above, value);
        sum = a.add(sum, part);
    }
    sum
}

/// Values of all columns and next-row columns per table: what is claimed, and closed forms.
fn columns<A: Arith, T: Table>(
    a: &mut A,
    machine: &Machine<T>,
    point: &[A::E],
    claims: &[A::E],
) -> Vec<(Vec<A::E>, Vec<A::E>)> {
    let zero = a.zero();
    let empty = |shape: &Shape| (vec![zero; shape.width()], vec![zero; shape.width()]);
    let mut values: Vec<_> = machine.shapes().iter().map(empty).collect();
    for chunk in machine.chunks() {
        let first = machine.shapes()[chunk.table].first_column(chunk.group);
        let (columns, next) = &mut values[chunk.table];
        for (i, &column) in chunk.columns.iter().enumerate() {
            columns[first + column] = claims[chunk.first_claim + i];
            if chunk.next {
                next[first + column] = claims[chunk.first_next_claim() + i];
            }
        }
    }
    for ((table, shape), (columns, _)) in machine.tables().iter().zip(machine.shapes()).zip(&mut values) {
        if shape.closed_forms {
            let forms = table.closed_forms(a, &point[..shape.heights.0]);
            columns[..shape.fixed].copy_from_slice(&forms);
        }
    }
    values
}

/// A table's weighted sum of constraints and fractions.
pub fn summand<A: Arith>(a: &mut A, shape: &Shape, row: &Row<'_, A::V, A::E>, weights: &TableWeights<A::E>) -> A::E {
    let values = shape.dag.evaluate(a, row);
    let constraints = shape.constraints.iter().zip(&weights.constraints);
    let counts = shape.slots.iter().map(|slot| &slot.count).zip(&weights.counts);
    let tuples = shape.slots.iter().zip(&weights.tuples).flat_map(|(slot, weights)| slot.tuple.iter().zip(weights));
    let mut sum = weights.constant;
    for (&node, &weight) in constraints.chain(counts).chain(tuples) {
        let part = a.mul(values[node], weight);
        sum = a.add(sum, part);
    }
    sum
}
