//! The slots' rounds of a layer: over columns of rows, one a slot.
//!
//! A round needs the columns' own sums, and for each pair of neighbours the leading coefficient of the polynomial
//! between them; the sum of the column that they become is the polynomial's value. Four columns become two, and the
//! next leading coefficient is summed, in one pass over their rows.

use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::Challenge;

use super::columns::{Column, Settled, folded_sum};
use super::rounds::Rounds;
use super::tall::{RowWeights, fold_and_sum};
use crate::multilinear::{eq_packed, eq_table};
use crate::packed::PackedChallenge;
use crate::sum::multiply;

/// Neighbours, and the leading coefficient between them.
type Pair<'l> = ([Column<'l>; 2], Challenge);

/// All rounds of a layer, over the columns of all slots and then over rows; missing columns are neutral.
pub fn rounds(
    weights: &RowWeights<'_>,
    mut columns: Vec<Column<'_>>,
    slot_point: &[Challenge],
    rounds: &mut Rounds<'_>,
) -> [Challenge; 4] {
    columns.resize_with(1 << slot_point.len(), Column::default);
    let mut pairs = pairs(weights, columns);
    let mut last = None;
    for (i, &x) in slot_point.iter().enumerate() {
        let z = rounds.round(x, sums(&pairs, &slot_point[i + 1..]));
        (pairs, last) = bind(weights, pairs, z);
    }
    let Settled { rows, .. } = last.unwrap_or_default().settled(weights);
    let mut factors = rows.into_factors(weights);
    let inverse = eq_inverse(weights.point);
    multiply(&mut factors.e, &inverse);
    multiply(&mut factors.v, &inverse);
    factors.packed_rounds(weights.point, rounds)
}

fn pairs<'l>(weights: &RowWeights<'_>, columns: Vec<Column<'l>>) -> Vec<Pair<'l>> {
    let mut rest = columns.into_iter();
    let mut pairs = Vec::with_capacity(rest.len() / 2);
    while let (Some(a), Some(b)) = (rest.next(), rest.next()) {
        pairs.push(pair(weights, a, b));
    }
    pairs
}

fn pair<'l>(weights: &RowWeights<'_>, mut a: Column<'l>, mut b: Column<'l>) -> Pair<'l> {
    let leading = Column::between(weights, &mut a, &mut b);
    ([a, b], leading)
}

/// Value at 0 and leading coefficient of a round's polynomial; `behind` are the coordinates of the slots' later
/// variables.
fn sums(pairs: &[Pair<'_>], behind: &[Challenge]) -> [Challenge; 2] {
    // The neutral 1 of every point is taken out of the columns' sums.
    let mut sums = [Challenge::ONE, Challenge::ZERO];
    for (([a, _], leading), weight) in pairs.iter().zip(eq_table(behind, Challenge::ONE)) {
        sums[0] += weight * a.sum();
        sums[1] += weight * *leading;
    }
    sums
}

/// Folds all pairs. What they become are pairs again, or one last column.
fn bind<'l>(weights: &RowWeights<'_>, pairs: Vec<Pair<'l>>, z: Challenge) -> (Vec<Pair<'l>>, Option<Column<'l>>) {
    let mut folded = Vec::with_capacity(pairs.len() / 2);
    let mut rest = pairs.into_iter();
    while let Some(first) = rest.next() {
        let Some(second) = rest.next() else { return (folded, Some(join(weights, first, z))) };
        let settled = |pair: &Pair<'_>| pair.0.iter().all(Column::is_settled);
        folded.push(if settled(&first) && settled(&second) {
            join_settled(weights, [first, second], z)
        } else {
            pair(weights, join(weights, first, z), join(weights, second, z))
        });
    }
    (folded, None)
}

fn join<'l>(weights: &RowWeights<'_>, ([a, b], leading): Pair<'l>, z: Challenge) -> Column<'l> {
    Column::join(weights, a, b, leading, z)
}

/// Two pairs of which all columns are settled.
fn join_settled<'l>(weights: &RowWeights<'_>, pairs: [Pair<'l>; 2], z: Challenge) -> Pair<'l> {
    let sums = pairs.each_ref().map(|([a, b], leading)| folded_sum([a.sum(), b.sum()], *leading, z));
    let rows = pairs.map(|(columns, _)| columns.map(|column| column.settled(weights).rows));
    let ([a, b], leading) = fold_and_sum(weights, rows, z);
    ([Column::of(a, sums[0]), Column::of(b, sums[1])], leading)
}

/// `1 / eq(point, i)` for all i: `1 / eq(x, b)` is `eq(1 - x, b) / (x (1 - x))`.
fn eq_inverse(point: &[Challenge]) -> Vec<PackedChallenge> {
    let swapped: Vec<Challenge> = point.iter().map(|&x| Challenge::ONE - x).collect();
    let scale: Challenge = point.iter().map(|&x| x * (Challenge::ONE - x)).product();
    eq_packed(&swapped, scale.inverse())
}
