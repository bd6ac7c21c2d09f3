//! What is opened where: one description, used by prover and verifier.
//!
//! All columns are opened at the out-of-domain point `zeta` of the tallest table, those read at the
//! next row also at `zeta * w`, where `w` generates the rows of the tallest: lifted (`lift.rs`),
//! every table's row and next row lie at these two points.

use std::ops::Range;

use p3_field::{PrimeCharacteristicRing, TwoAdicField};
use proofloom_field::{Challenge, Val};

use crate::config::CHALLENGE_DEGREE;
use crate::lift::{QUOTIENT_CHUNKS, lowered};
use crate::proof::TableOpening;
use crate::shape::TableShape;

/// The commitments of a proof, in opening order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoundKind {
    Fixed,
    Shared,
    Main,
    Aux,
    Quotient,
}

impl RoundKind {
    pub const ALL: [Self; 5] = [Self::Fixed, Self::Shared, Self::Main, Self::Aux, Self::Quotient];
}

/// What a committed matrix belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A table, by its index.
    Table(usize),
    /// The quotient of all tables: one of its chunks.
    Quotient(usize),
}

/// One committed matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenedMatrix {
    pub owner: Owner,
    pub width: usize,
    /// Columns that are also opened at the next row, ascending.
    pub next: Vec<usize>,
}

/// The matrices of one commitment, in commitment order. Empty if there is no such commitment.
pub(crate) fn round_matrices(shapes: &[TableShape], kind: RoundKind) -> Vec<OpenedMatrix> {
    if kind == RoundKind::Quotient {
        return (0..QUOTIENT_CHUNKS).map(quotient_chunk).collect();
    }
    let of_table = |(table, shape): (usize, &TableShape)| table_matrix(shape, table, kind);
    shapes.iter().enumerate().filter_map(of_table).collect()
}

fn quotient_chunk(chunk: usize) -> OpenedMatrix {
    OpenedMatrix { owner: Owner::Quotient(chunk), width: CHALLENGE_DEGREE, next: Vec::new() }
}

fn table_matrix(shape: &TableShape, table: usize, kind: RoundKind) -> Option<OpenedMatrix> {
    let next = &shape.next;
    let (width, next) = match kind {
        RoundKind::Fixed => (shape.fixed_width, next.fixed.clone()),
        RoundKind::Shared => (shape.shared_width, next.shared.clone()),
        RoundKind::Main => (shape.main_width, next.main.clone()),
        RoundKind::Aux => (shape.aux_width(), shape.aux_next().collect()),
        RoundKind::Quotient => (0, Vec::new()),
    };
    (width > 0).then_some(OpenedMatrix { owner: Owner::Table(table), width, next })
}

/// Splits rows of all matrices of a commitment into the values of the columns that are opened at
/// the point alone, and of those that are opened at the next row as well.
///
/// There must be one row per matrix, of its width.
pub(crate) fn split<'a, T: Copy + 'a>(
    next: impl Iterator<Item = &'a [usize]>,
    rows: impl Iterator<Item = &'a [T]>,
) -> Split<T> {
    let mut split = Split { alone: Vec::new(), both: Vec::new() };
    for (next, row) in next.zip(rows) {
        for (columns, also_next) in runs(next, row.len()) {
            let target = if also_next { &mut split.both } else { &mut split.alone };
            target.extend_from_slice(&row[columns]);
        }
    }
    split
}

/// Values of a commitment's columns, by where the columns are opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split<T> {
    /// At the point alone.
    pub alone: Vec<T>,
    /// At the point and at the next row.
    pub both: Vec<T>,
}

impl<T> Split<T> {
    /// The lists that are not empty, in order.
    pub fn into_lists(self) -> Vec<Vec<T>> {
        let lists = [self.alone, self.both].into_iter();
        lists.filter(|list| !list.is_empty()).collect()
    }
}

/// Columns `0..width` in runs, and whether they are among `next` (ascending, below `width`).
pub(crate) fn runs(next: &[usize], width: usize) -> Vec<(Range<usize>, bool)> {
    let mut runs = Vec::with_capacity(2 * next.len() + 1);
    let mut from = 0;
    for &column in next {
        runs.push((from..column, false));
        runs.push((column..column + 1, true));
        from = column + 1;
    }
    runs.push((from..width, false));
    runs.retain(|(columns, _)| !columns.is_empty());
    runs
}

/// The out-of-domain point, and the heights it is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Zeta<'a> {
    pub point: Challenge,
    pub log_heights: &'a [usize],
}

impl Zeta<'_> {
    /// log2 of the largest height.
    pub fn log_tallest(&self) -> usize {
        self.log_heights.iter().copied().max().unwrap_or(0)
    }

    /// log2 height of a matrix's columns.
    pub fn log_height(&self, matrix: &OpenedMatrix) -> usize {
        match matrix.owner {
            Owner::Table(table) => self.log_heights[table],
            Owner::Quotient(_) => self.log_tallest(),
        }
    }

    /// Where the point lies for a table.
    pub fn of_table(&self, table: usize) -> Challenge {
        lowered(self.point, self.log_tallest(), self.log_heights[table])
    }

    /// The point one row further.
    pub fn next(&self) -> Challenge {
        self.point * Val::two_adic_generator(self.log_tallest())
    }

    /// The point to the power of the largest height: one on the rows of every table.
    pub fn power(&self) -> Challenge {
        self.point.exp_power_of_2(self.log_tallest())
    }
}

/// What a proof opens at the out-of-domain point.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub tables: Vec<TableOpening>,
    pub quotient: Vec<Vec<Challenge>>,
}

impl Opened {
    /// Nothing yet.
    pub fn empty(tables: usize) -> Self {
        Self { tables: vec![TableOpening::default(); tables], quotient: vec![Vec::new(); QUOTIENT_CHUNKS] }
    }

    /// Stores the values of one matrix.
    pub fn set(&mut self, kind: RoundKind, owner: Owner, values: MatrixValues) {
        match owner {
            Owner::Table(table) => self.tables[table].set(kind, values),
            Owner::Quotient(chunk) => self.quotient[chunk] = values.here,
        }
    }
}

/// Values of one matrix at the out-of-domain point.
#[derive(Clone, Debug, Default)]
pub(crate) struct MatrixValues {
    /// Of all columns.
    pub here: Vec<Challenge>,
    /// Of the columns opened at the next row, there.
    pub next: Vec<Challenge>,
}

impl TableOpening {
    /// Values of a group at the point, and of the columns read there at the next row.
    pub(crate) fn values(&self, kind: RoundKind) -> (&[Challenge], &[Challenge]) {
        match kind {
            RoundKind::Fixed => (&self.fixed, &self.fixed_next),
            RoundKind::Shared => (&self.shared, &self.shared_next),
            RoundKind::Main => (&self.main, &self.main_next),
            RoundKind::Aux => (&self.aux, &self.aux_next),
            RoundKind::Quotient => (&[], &[]),
        }
    }

    fn set(&mut self, kind: RoundKind, MatrixValues { here, next }: MatrixValues) {
        match kind {
            RoundKind::Fixed => (self.fixed, self.fixed_next) = (here, next),
            RoundKind::Shared => (self.shared, self.shared_next) = (here, next),
            RoundKind::Main => (self.main, self.main_next) = (here, next),
            RoundKind::Aux => (self.aux, self.aux_next) = (here, next),
            RoundKind::Quotient => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split_by_where_their_columns_are_opened() {
        let next: [&[usize]; 3] = [&[1, 2], &[], &[0]];
        let rows: [&[u32]; 3] = [&[10, 11, 12, 13], &[20, 21], &[30]];
        let split = split(next.into_iter(), rows.into_iter());
        assert_eq!(split.alone, [10, 13, 20, 21]);
        assert_eq!(split.both, [11, 12, 30]);
    }

    #[test]
    fn lists_without_columns_are_left_out() {
        let next: [&[usize]; 1] = [&[0]];
        let row: [&[u32]; 1] = [&[5]];
        assert_eq!(split(next.into_iter(), row.into_iter()).into_lists(), [[5]]);
    }
}
