//! Which matrices are opened where: one description, used by prover and verifier.

use p3_field::{Field, TwoAdicField};
use proofloom_field::{Challenge, Val};

use crate::config::CHALLENGE_DEGREE;
use crate::lift::{QUOTIENT_CHUNKS, lowered, shift};
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
    pub const ALL: [Self; 5] = [
        Self::Fixed,
        Self::Shared,
        Self::Main,
        Self::Aux,
        Self::Quotient,
    ];
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenedMatrix {
    /// Whose columns these are.
    pub owner: Owner,
    pub width: usize,
    /// Whether it is also opened at the next row.
    pub next: bool,
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
    OpenedMatrix {
        owner: Owner::Quotient(chunk),
        width: CHALLENGE_DEGREE,
        next: false,
    }
}

fn table_matrix(shape: &TableShape, table: usize, kind: RoundKind) -> Option<OpenedMatrix> {
    let (width, next) = match kind {
        RoundKind::Fixed => (shape.fixed_width, shape.next.fixed),
        RoundKind::Shared => (shape.shared_width, shape.next.shared),
        RoundKind::Main => (shape.main_width, shape.next.main),
        RoundKind::Aux => (shape.aux_width(), true),
        RoundKind::Quotient => (0, false),
    };
    (width > 0).then_some(OpenedMatrix {
        owner: Owner::Table(table),
        width,
        next,
    })
}

/// The out-of-domain point and the heights that say where it lies for each table.
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

    /// The points a matrix is opened at, as the commitment scheme counts: it takes every evaluation
    /// domain for the coset of the field's generator.
    pub fn points(&self, matrix: &OpenedMatrix) -> Vec<Challenge> {
        let log_height = self.log_height(matrix);
        let here = lowered(self.point, self.log_tallest(), log_height)
            * (Val::GENERATOR / shift(log_height));
        if matrix.next {
            vec![here, here * Val::two_adic_generator(log_height)]
        } else {
            vec![here]
        }
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
        Self {
            tables: vec![TableOpening::default(); tables],
            quotient: vec![Vec::new(); QUOTIENT_CHUNKS],
        }
    }

    /// Stores what the prover opened of one matrix.
    pub fn set(&mut self, kind: RoundKind, owner: Owner, points: Vec<Vec<Challenge>>) {
        let mut points = points.into_iter();
        let (here, next) = (
            points.next().unwrap_or_default(),
            points.next().unwrap_or_default(),
        );
        match owner {
            Owner::Table(table) => self.tables[table].set(kind, here, next),
            Owner::Quotient(chunk) => self.quotient[chunk] = here,
        }
    }
}

impl TableOpening {
    /// Values of a group at the point and at the next row.
    pub(crate) fn values(&self, kind: RoundKind) -> (&[Challenge], &[Challenge]) {
        match kind {
            RoundKind::Fixed => (&self.fixed, &self.fixed_next),
            RoundKind::Shared => (&self.shared, &self.shared_next),
            RoundKind::Main => (&self.main, &self.main_next),
            RoundKind::Aux => (&self.aux, &self.aux_next),
            RoundKind::Quotient => (&[], &[]),
        }
    }

    fn set(&mut self, kind: RoundKind, here: Vec<Challenge>, next: Vec<Challenge>) {
        match kind {
            RoundKind::Fixed => (self.fixed, self.fixed_next) = (here, next),
            RoundKind::Shared => (self.shared, self.shared_next) = (here, next),
            RoundKind::Main => (self.main, self.main_next) = (here, next),
            RoundKind::Aux => (self.aux, self.aux_next) = (here, next),
            RoundKind::Quotient => {}
        }
    }
}
