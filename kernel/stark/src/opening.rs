//! Which matrices are opened where: one description, used by prover and verifier.

use p3_field::TwoAdicField;
use p3_field::coset::TwoAdicMultiplicativeCoset;
use proofloom_field::{Challenge, Val};

use crate::config::CHALLENGE_DEGREE;
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

/// One committed matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenedMatrix {
    pub table: usize,
    /// Quotient chunk; 0 in every other round.
    pub chunk: usize,
    pub width: usize,
    /// Whether it is also opened at the next row.
    pub next: bool,
}

/// The matrices of one commitment, in commitment order. Empty if there is no such commitment.
pub(crate) fn round_matrices(shapes: &[TableShape], kind: RoundKind) -> Vec<OpenedMatrix> {
    let of_table = |(table, shape): (usize, &TableShape)| table_matrices(shape, table, kind);
    shapes.iter().enumerate().flat_map(of_table).collect()
}

fn table_matrices(shape: &TableShape, table: usize, kind: RoundKind) -> Vec<OpenedMatrix> {
    let (width, next) = match kind {
        RoundKind::Fixed => (shape.fixed_width, shape.next.fixed),
        RoundKind::Shared => (shape.shared_width, shape.next.shared),
        RoundKind::Main => (shape.main_width, shape.next.main),
        RoundKind::Aux => (shape.aux_width(), true),
        RoundKind::Quotient => (CHALLENGE_DEGREE, false),
    };
    let chunks = if kind == RoundKind::Quotient {
        shape.chunks()
    } else {
        usize::from(width > 0)
    };
    (0..chunks)
        .map(|chunk| OpenedMatrix {
            table,
            chunk,
            width,
            next,
        })
        .collect()
}

impl OpenedMatrix {
    /// The points this matrix is opened at, for a table of the given log2 height.
    pub fn points(&self, zeta: Challenge, log_height: usize) -> Vec<Challenge> {
        if self.next {
            vec![zeta, next_point(zeta, log_height)]
        } else {
            vec![zeta]
        }
    }
}

/// The point one row after `point` on a trace of the given log2 height.
fn next_point(point: Challenge, log_height: usize) -> Challenge {
    point * Val::two_adic_generator(log_height)
}

/// The coset `shift * H` with `|H| = 2^log_size`. Sizes are at most twice the largest height.
pub(crate) fn coset(shift: Val, log_size: usize) -> TwoAdicMultiplicativeCoset<Val> {
    TwoAdicMultiplicativeCoset::new(shift, log_size)
        .expect("heights are limited to 2^20, the field has roots of unity of order 2^24")
}

impl TableOpening {
    /// Nothing opened yet, for a table with `chunks` quotient chunks.
    pub(crate) fn empty(chunks: usize) -> Self {
        Self {
            fixed: Vec::new(),
            fixed_next: Vec::new(),
            shared: Vec::new(),
            shared_next: Vec::new(),
            main: Vec::new(),
            main_next: Vec::new(),
            aux: Vec::new(),
            aux_next: Vec::new(),
            quotient: vec![Vec::new(); chunks],
        }
    }

    /// Values of a matrix at the point and at the next row. `chunk` must exist.
    pub(crate) fn values(&self, kind: RoundKind, chunk: usize) -> (&[Challenge], &[Challenge]) {
        match kind {
            RoundKind::Fixed => (&self.fixed, &self.fixed_next),
            RoundKind::Shared => (&self.shared, &self.shared_next),
            RoundKind::Main => (&self.main, &self.main_next),
            RoundKind::Aux => (&self.aux, &self.aux_next),
            RoundKind::Quotient => (&self.quotient[chunk], &[]),
        }
    }

    /// Stores what the prover opened.
    pub(crate) fn set(&mut self, kind: RoundKind, chunk: usize, mut points: Vec<Vec<Challenge>>) {
        let next = if points.len() > 1 {
            points.remove(1)
        } else {
            Vec::new()
        };
        let here = points.pop().unwrap_or_default();
        match kind {
            RoundKind::Fixed => (self.fixed, self.fixed_next) = (here, next),
            RoundKind::Shared => (self.shared, self.shared_next) = (here, next),
            RoundKind::Main => (self.main, self.main_next) = (here, next),
            RoundKind::Aux => (self.aux, self.aux_next) = (here, next),
            RoundKind::Quotient => self.quotient[chunk] = here,
        }
    }
}
