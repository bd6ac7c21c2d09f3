//! From the claims about all columns to one about the stacks (the specification's "Reduction").
//!
//! Variables: u, rows of a stack; v, its columns; w, the oracle. An address is y = (u, v). The weight of a
//! chunk is a product over address bits: a kernel over the bits of the row, a combination over those of the
//! column, and eq with the offset over the others. Where these begin depends on the height, so all that
//! begins at a height is an array over all heights.

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::Val;

use crate::arith::{Arith, Check};
use crate::chunk::Chunk;
use crate::heights::Heights;
use crate::layout::columns_before;
use crate::multilinear::{prefix_products, suffix_products};
use crate::profile::{MAX_LOG_HEIGHT, Profile};
use crate::table::Group;

/// What is left to show: the stacks, folded by v and w, have a value at u.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduced<E> {
    pub u: Vec<E>,
    pub v: Vec<E>,
    pub w: Vec<E>,
    pub value: E,
}

/// Where all columns are claimed.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a, A: Arith> {
    pub profile: &'a Profile,
    /// Of all groups, in claim order.
    pub chunks: &'a [Chunk],
    pub heights: &'a Heights<A>,
    /// Address bits of the offset of every chunk of main, shown boolean, lowest first.
    pub offsets: &'a [Vec<A::V>],
}

/// Reads the rounds and the value; `point` has the row variables, `claims` are in claim order.
pub fn verify<A: Arith>(a: &mut A, columns: &Columns<'_, A>, point: &[A::E], claims: &[A::E]) -> Reduced<A::E> {
    let profile = columns.profile;
    let lambda = a.challenge();
    let powers = powers(a, lambda, claims.len());
    let mut sum = dot(a, &powers, claims);
    let mut challenges = Vec::new();
    for _ in 0..profile.address_variables() + profile.oracle_variables {
        let z;
        (sum, z) = round(a, sum);
        challenges.push(z);
    }
    let value = a.receive_challenges(1)[0];
    let w = challenges.split_off(profile.address_variables());
    let weight = weight(a, columns, point, &powers, &challenges, &w);
    let expected = a.mul(weight, value);
    a.assert_eq(sum, expected, Check::Reduction);
    let v = challenges.split_off(profile.stack_variables);
    Reduced { u: challenges, v, w, value }
}

/// One round of a sumcheck over h(X) = a + b X + c X^2, of which b and c are sent: the next claim and the
/// challenge.
pub fn round<A: Arith>(a: &mut A, sum: A::E) -> (A::E, A::E) {
    let message = a.receive_challenges(2);
    let z = a.challenge();
    let half = a.konst(Val::TWO.inverse());
    let mut rest = sum;
    for &coefficient in &message {
        rest = a.sub(rest, coefficient);
    }
    let constant = a.scale(rest, half);
    let quadratic = a.mul(message[1], z);
    let slope = a.add(message[0], quadratic);
    let part = a.mul(slope, z);
    (a.add(constant, part), z)
}

/// x^0 .. x^(count - 1)
fn powers<A: Arith>(a: &mut A, x: A::E, count: usize) -> Vec<A::E> {
    let factors = vec![x; count.saturating_sub(1)];
    prefix_products(a, &factors)
}

fn dot<A: Arith>(a: &mut A, x: &[A::E], y: &[A::E]) -> A::E {
    let mut sum = a.zero();
    for (&x, &y) in x.iter().zip(y) {
        let part = a.mul(x, y);
        sum = a.add(sum, part);
    }
    sum
}

/// The product of 1 - w_i or w_i, by the bits of the group's oracle.
pub fn oracle_weight<A: Arith>(a: &mut A, group: Group, w: &[A::E]) -> A::E {
    let mut product = a.one();
    for (bit, &w) in group.oracle_bits().into_iter().zip(w) {
        let factor = if bit { w } else { a.complement(w) };
        product = a.mul(product, factor);
    }
    product
}

/// The weight of all claims at an address and an oracle's point.
fn weight<A: Arith>(
    a: &mut A,
    columns: &Columns<'_, A>,
    point: &[A::E],
    powers: &[A::E],
    y: &[A::E],
    w: &[A::E],
) -> A::E {
    let at_heights = AtHeights::new(a, columns.chunks, point, powers, y);
    let mut offsets = columns.offsets.iter();
    let mut sum = a.zero();
    for group in Group::ALL {
        let mut of_group = a.zero();
        let mut before = columns_before(columns.chunks, group).into_iter();
        for chunk in columns.chunks.iter().filter(|chunk| chunk.group == group) {
            let (height, flags) = (columns.heights.log(chunk.table), columns.heights.of_table(chunk.table));
            let place = match (group, offsets.as_slice().first(), before.next()) {
                (Group::Main, Some(bits), _) => {
                    offsets.next();
                    at_heights.offset(a, chunk.log_columns, flags, bits)
                }
                (Group::Main, None, _) | (_, _, None) => a.zero(),
                (_, _, Some(columns)) => at_heights.canonical_offset(a, chunk.log_columns, columns, height),
            };
            let claims = at_heights.claims(a, chunk, height, powers);
            let part = a.mul(claims, place);
            of_group = a.add(of_group, part);
        }
        let oracle = oracle_weight(a, group, w);
        let part = a.mul(of_group, oracle);
        sum = a.add(sum, part);
    }
    sum
}

/// What the weights of chunks are made of, at every height.
struct AtHeights<E> {
    /// eq(r, y) over the row's bits.
    row: Vec<E>,
    /// The same for the next row, cyclically.
    next_row: Vec<E>,
    /// Per log2 of a number of columns, the sum of lambda_c^column eq(column, ..) over the bits above the row's.
    columns: Vec<Vec<E>>,
    /// 1 - y_i and 2 y_i - 1.
    complements: Vec<E>,
    slopes: Vec<E>,
    /// Products of 1 - y_i from a bit on.
    above: Vec<E>,
}

impl<E: Copy> AtHeights<E> {
    fn new<A: Arith<E = E>>(a: &mut A, chunks: &[Chunk], point: &[E], powers: &[E], y: &[E]) -> Self {
        let complements: Vec<E> = y.iter().map(|&y| a.complement(y)).collect();
        let slopes: Vec<E> = y.iter().zip(&complements).map(|(&y, &rest)| a.sub(y, rest)).collect();
        let above = suffix_products(a, &complements);
        let (row, next_row) = rows(a, point, y, &complements, &slopes);
        let widest = chunks.iter().map(|chunk| chunk.log_columns).max().unwrap_or(0);
        let mut columns = vec![vec![a.one(); MAX_LOG_HEIGHT + 1]];
        for k in 0..widest {
            let base = powers[1 << k];
            let factors: Vec<E> = (0..=MAX_LOG_HEIGHT)
                .map(|height| match (y.get(height + k), complements.get(height + k)) {
                    (Some(&y), Some(&rest)) => {
                        let part = a.mul(base, y);
                        a.add(rest, part)
                    }
                    // An address has no such bit: columns beyond the stack are zero.
                    _ => a.one(),
                })
                .collect();
            columns.push(columns[k].iter().zip(factors).map(|(&product, factor)| a.mul(product, factor)).collect());
        }
        Self { row, next_row, columns, complements, slopes, above }
    }

    /// The weight of a chunk's claims over the bits of row and column.
    fn claims<A: Arith<E = E>>(&self, a: &mut A, chunk: &Chunk, height: A::V, powers: &[E]) -> E {
        let row = a.read(&self.row, height);
        let mut rows = a.mul(powers[chunk.first_claim], row);
        if chunk.next {
            let next_row = a.read(&self.next_row, height);
            let part = a.mul(powers[chunk.first_next_claim()], next_row);
            rows = a.add(rows, part);
        }
        let columns = a.read(&self.columns[chunk.log_columns], height);
        a.mul(rows, columns)
    }

    /// eq of the address with an offset, over the bits from `height + log_columns` on. The height is given
    /// by flags: bit i is among those unless `i - log_columns` is below it.
    fn offset<A: Arith<E = E>>(&self, a: &mut A, log_columns: usize, flags: &[A::V], bits: &[A::V]) -> E {
        let mut product = a.one();
        for (i, &bit) in bits.iter().enumerate().skip(log_columns) {
            let part = a.scale(self.slopes[i], bit);
            let mut factor = a.add(self.complements[i], part);
            if let Some(&below) = flags.get(i - log_columns) {
                let one = a.one();
                factor = a.select(below, one, factor);
            }
            product = a.mul(product, factor);
        }
        product
    }

    /// The same for the canonical offset of a group that has one height: so many whole columns.
    fn canonical_offset<A: Arith<E = E>>(&self, a: &mut A, log_columns: usize, columns: usize, height: A::V) -> E {
        let length = (usize::BITS - columns.leading_zeros()) as usize;
        let at = |a: &mut A, height: usize| {
            let mut product = a.one();
            for k in log_columns..length {
                let factor = match (columns >> k & 1 == 1, self.complements.get(height + k)) {
                    (true, Some(&rest)) => a.complement(rest),
                    (false, Some(&rest)) => rest,
                    // An address has no such bit.
                    (true, None) => a.zero(),
                    (false, None) => a.one(),
                };
                product = a.mul(product, factor);
            }
            let above = self.above[(height + length.max(log_columns)).min(self.complements.len())];
            a.mul(product, above)
        };
        let places: Vec<E> = (0..=MAX_LOG_HEIGHT).map(|height| at(a, height)).collect();
        a.read(&places, height)
    }
}

/// Kernels of the row and of the next row, for tables of every height: products of the first 0, 1, .. factors.
fn rows<A: Arith>(
    a: &mut A,
    point: &[A::E],
    y: &[A::E],
    complements: &[A::E],
    slopes: &[A::E],
) -> (Vec<A::E>, Vec<A::E>) {
    let (mut row, mut next_row) = (vec![a.one()], vec![a.one()]);
    // shift = carried on + still carrying; see "Reduction".
    let (mut settled, mut carrying) = (a.zero(), a.one());
    for i in 0..point.len().min(y.len()) {
        let (r, rest) = (point[i], a.complement(point[i]));
        let part = a.mul(r, slopes[i]);
        let equal = a.add(complements[i], part);
        row.push(a.mul(row[i], equal));
        let kept = a.mul(settled, equal);
        let ends = a.mul(rest, y[i]);
        let ended = a.mul(carrying, ends);
        settled = a.add(kept, ended);
        let goes_on = a.mul(r, complements[i]);
        carrying = a.mul(carrying, goes_on);
        next_row.push(a.add(settled, carrying));
    }
    (row, next_row)
}
