//! Values of all columns of a table at the point where the rounds end.

use p3_field::{PackedValue, PrimeCharacteristicRing};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};
use proofloom_weave::{Group, Machine, Shape};

use crate::multilinear::{eq_packed, eq_table};
use crate::packed::{LANES, PackedChallenge, PackedVal, lane, splat, sum_lanes, vector_and_lane, weighted};
use crate::trace::TableTrace;

/// Values of a table's columns, numbered through fixed, shared, main; of the next row those that are read.
#[derive(Clone, Debug)]
pub struct TableValues {
    pub columns: Vec<Challenge>,
    pub next: Vec<Challenge>,
}

impl TableValues {
    /// At a point with as many coordinates as the table's height has bits.
    pub fn new(trace: &TableTrace<'_>, next: &[usize], point: &[Challenge]) -> Self {
        let columns: Vec<Challenge> = trace.groups().flat_map(|matrix| evaluate_columns(matrix, point)).collect();
        let mut values = vec![Challenge::ZERO; columns.len()];
        if !next.is_empty() {
            let eq = eq_packed(point, Challenge::ONE);
            next.iter().for_each(|&c| values[c] = next_value(trace, c, &eq));
        }
        Self { columns, next: values }
    }
}

/// Numbers of the columns that a table reads at the next row, among those of all groups.
pub fn next_columns(shape: &Shape) -> Vec<usize> {
    let of = |group: Group| shape.next.of(group).iter().map(move |c| shape.first_column(group) + c);
    Group::ALL.into_iter().flat_map(of).collect()
}

/// The values of all tables in claim order.
pub fn in_claim_order<T>(machine: &Machine<T>, tables: &[TableValues]) -> Vec<Challenge> {
    let mut values = Vec::with_capacity(machine.claims());
    for chunk in machine.chunks() {
        let first = machine.shapes()[chunk.table].first_column(chunk.group);
        let table = &tables[chunk.table];
        values.extend(chunk.columns.iter().map(|c| table.columns[first + c]));
        if chunk.next {
            values.extend(chunk.columns.iter().map(|c| table.next[first + c]));
        }
    }
    values
}

/// The value of a column's cyclic next rows.
fn next_value(trace: &TableTrace<'_>, column: usize, eq: &[PackedChallenge]) -> Challenge {
    let height = eq.len() * LANES;
    let mut sum = PackedChallenge::ZERO;
    for (j, &weight) in eq.iter().enumerate() {
        let rows = core::array::from_fn(|l| (LANES * j + l + 1) % height);
        sum += weight * trace.gather_one(column, &rows);
    }
    sum_lanes(&sum)
}

/// Values of all columns of a matrix, the low rows of a block with one weight each.
#[inline(never)]
fn evaluate_columns(matrix: &RowMajorMatrix<Val>, point: &[Challenge]) -> Vec<Challenge> {
    let width = matrix.width;
    let (low, high) = point.split_at(point.len().min(8));
    let low: Vec<PackedChallenge> = eq_table(low, Challenge::ONE).into_iter().map(splat).collect();
    let vectors = width.div_ceil(LANES);
    let mut sums = vec![PackedChallenge::ZERO; vectors];
    for (block, weight) in eq_table(high, Challenge::ONE).into_iter().enumerate() {
        let rows = &matrix.values[block * low.len() * width..][..low.len() * width];
        for (group, sum) in sums.iter_mut().enumerate() {
            let first = group * LANES;
            let cell = |row: usize, l: usize| if first + l < width { rows[row * width + first + l] } else { Val::ZERO };
            let own = if first + LANES <= width {
                let cells = (0..low.len()).map(|row| *PackedVal::from_slice(&rows[row * width + first..][..LANES]));
                weighted(low.iter().zip(cells))
            } else {
                weighted(low.iter().zip((0..low.len()).map(|row| PackedVal::from_fn(|l| cell(row, l)))))
            };
            *sum += own * splat(weight);
        }
    }
    (0..width).map(vector_and_lane).map(|(vector, l)| lane(&sums[vector], l)).collect()
}
