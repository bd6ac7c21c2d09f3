//! The value of the folded stacks at one point, against the trees (the specification's "WHIR").
//!
//! Statement: the sum over the cube of weight times g is T. The weight begins as eq(u, .), and every opened
//! position adds that g has the opened row's value at the position's point. g is folded from the top
//! variable down; oracle i commits what is left by its top variables, until it is sent in the clear.

use p3_field::{PrimeCharacteristicRing, TwoAdicField};
use proofloom_field::{RATE, Val};

use crate::EXTENSION;
use crate::arith::{Arith, Check, TreeShape};
use crate::multilinear::{eq, eq_table};
use crate::profile::Profile;
use crate::reduce::{Reduced, oracle_weight, round};
use crate::table::Group;

/// Number of the tree of an oracle other than 0; those of oracle 0 are numbered as in [`Group::ALL`].
const fn tree_of(oracle: usize) -> usize {
    Group::ALL.len() + oracle - 1
}

/// A statement about g: `weight` times its value at the powers `pow(z) = (z, z^2, z^4, ..)`.
struct Statement<A: Arith> {
    weight: A::E,
    point: Vec<A::V>,
}

/// Where an oracle is opened.
struct Query<V> {
    position: V,
    /// The element of the domain.
    z: V,
}

/// Reads the rounds and opens the trees. `stacks` are in the order of [`Group::ALL`], of width 0 where the
/// machine has no columns of the group.
pub fn verify<A: Arith>(a: &mut A, profile: &Profile, stacks: &[TreeShape<A::V>; 3], reduced: &Reduced<A::E>) {
    let mut sum = reduced.value;
    let mut statements: Vec<Statement<A>> = Vec::new();
    // By variable, those that were bound; they are from the top down.
    let mut bound: Vec<A::E> = Vec::new();
    let mut root = None;
    let mut last = Vec::new();
    for oracle in 0..profile.oracles.len() {
        let next = profile.oracles.get(oracle + 1);
        let next_root = next.map(|_| digest(a));
        if next.is_none() {
            last = a.receive_challenges(1 << profile.log_final_length);
        }
        let queries = queries(a, profile, oracle);
        let values = match root {
            None => stacked_values(a, stacks, reduced, &queries),
            Some(root) => folded_values(a, profile, oracle, &root, &bound, &queries),
        };
        let delta = a.challenge();
        let mut weight = delta;
        for (query, value) in queries.iter().zip(values) {
            let part = a.mul(weight, value);
            sum = a.add(sum, part);
            let point = squares(a, query.z, profile.variables_after(oracle));
            statements.push(Statement { weight, point });
            weight = a.mul(weight, delta);
        }
        for _ in 0..next.map_or(profile.log_final_length, |next| next.folded) {
            let z;
            (sum, z) = round(a, sum);
            bound.insert(0, z);
        }
        root = next_root;
    }
    let value = evaluate(a, last, &bound);
    let weight = final_weight(a, &reduced.u, &statements, &bound);
    let expected = a.mul(value, weight);
    a.assert_eq(sum, expected, Check::Final);
}

fn digest<A: Arith>(a: &mut A) -> [A::V; RATE] {
    let root = a.receive(RATE);
    core::array::from_fn(|i| root[i])
}

/// Reads the nonce and draws the positions.
fn queries<A: Arith>(a: &mut A, profile: &Profile, oracle: usize) -> Vec<Query<A::V>> {
    let count = profile.oracles[oracle].queries;
    a.receive(1);
    let blocks: Vec<A::V> = (0..(count + 1).div_ceil(RATE)).flat_map(|_| a.squeeze()).collect();
    for bit in a.bits(blocks[0], profile.grinding_bits) {
        a.assert_zero_v(bit, Check::Grinding);
    }
    blocks[1..=count].iter().map(|&element| query(a, element, profile.depth(oracle))).collect()
}

/// The position in the low bits of an element, and the generator of the domain to the power of its reversed
/// bits: bit k stands for the generator of order 2^(k + 1).
fn query<A: Arith>(a: &mut A, element: A::V, depth: usize) -> Query<A::V> {
    let (mut position, mut z) = (a.konst(Val::ZERO), a.konst(Val::ONE));
    for (k, bit) in a.bits(element, depth).into_iter().enumerate() {
        let place = a.konst(Val::from_u32(1 << k));
        let part = a.mul_v(bit, place);
        position = a.add_v(position, part);
        let less = a.konst(Val::two_adic_generator(k + 1) - Val::ONE);
        let part = a.mul_v(bit, less);
        let part = a.mul_v(part, z);
        z = a.add_v(z, part);
    }
    Query { position, z }
}

/// x, x^2, x^4, ..
fn squares<A: Arith>(a: &mut A, x: A::V, count: usize) -> Vec<A::V> {
    let mut squares = vec![x];
    while squares.len() < count {
        let last = squares[squares.len() - 1];
        squares.push(a.mul_v(last, last));
    }
    squares
}

/// Values of the folded stacks: rows of all trees at the same positions.
fn stacked_values<A: Arith>(
    a: &mut A,
    stacks: &[TreeShape<A::V>; 3],
    reduced: &Reduced<A::E>,
    queries: &[Query<A::V>],
) -> Vec<A::E> {
    let columns = eq_table(a, &reduced.v);
    let positions: Vec<A::V> = queries.iter().map(|query| query.position).collect();
    let mut values = vec![a.zero(); queries.len()];
    for (group, stack) in Group::ALL.into_iter().zip(stacks) {
        if stack.width == 0 {
            continue;
        }
        let oracle = oracle_weight(a, group, &reduced.w);
        let rows = a.open(stack, &positions);
        for (value, row) in values.iter_mut().zip(&rows) {
            let mut sum = a.zero();
            for (&cell, &weight) in row.iter().zip(&columns) {
                let part = a.scale(weight, cell);
                sum = a.add(sum, part);
            }
            let part = a.mul(oracle, sum);
            *value = a.add(*value, part);
        }
    }
    values
}

/// Values of what an oracle's columns are folded to by the lowest of `bound`.
fn folded_values<A: Arith>(
    a: &mut A,
    profile: &Profile,
    oracle: usize,
    root: &[A::V; RATE],
    bound: &[A::E],
    queries: &[Query<A::V>],
) -> Vec<A::E> {
    let folded = profile.oracles[oracle].folded;
    let weights = eq_table(a, &bound[..folded]);
    let positions: Vec<A::V> = queries.iter().map(|query| query.position).collect();
    let width = EXTENSION << folded;
    let elements = a.konst(Val::from_usize(width));
    let rows = a.open(&TreeShape { number: tree_of(oracle), root: *root, elements, width }, &positions);
    let value = |row: &Vec<A::V>| {
        let mut sum = a.zero();
        for (&coefficients, &weight) in row.as_chunks::<EXTENSION>().0.iter().zip(&weights) {
            let cell = a.join(coefficients);
            let part = a.mul(cell, weight);
            sum = a.add(sum, part);
        }
        sum
    };
    rows.iter().map(value).collect()
}

/// The value of a multilinear polynomial, given by monomial coefficients, at the first variables.
fn evaluate<A: Arith>(a: &mut A, mut coefficients: Vec<A::E>, point: &[A::E]) -> A::E {
    for &x in point {
        if coefficients.len() == 1 {
            break;
        }
        let pairs = coefficients.as_chunks::<2>().0.iter();
        coefficients = pairs
            .map(|&[without, with]| {
                let part = a.mul(with, x);
                a.add(without, part)
            })
            .collect();
    }
    coefficients[0]
}

/// eq(u, U) plus the statements' eq with the powers of their z.
fn final_weight<A: Arith>(a: &mut A, u: &[A::E], statements: &[Statement<A>], bound: &[A::E]) -> A::E {
    let complements: Vec<A::E> = bound.iter().map(|&x| a.complement(x)).collect();
    let slopes: Vec<A::E> = bound.iter().zip(&complements).map(|(&x, &rest)| a.sub(x, rest)).collect();
    let mut sum = eq(a, u, bound);
    for Statement { weight, point } in statements {
        let mut product = *weight;
        for (i, &z) in point.iter().enumerate() {
            let part = a.scale(slopes[i], z);
            let factor = a.add(complements[i], part);
            product = a.mul(product, factor);
        }
        sum = a.add(sum, product);
    }
    sum
}
