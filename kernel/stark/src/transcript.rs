//! What both sides absorb, and when.
//!
//! Every structural number enters before the first challenge that depends on it. Only two
//! functions differ in what they are given: the prover's values or the proof's.

use p3_challenger::{CanObserve, FieldChallenger};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Challenger, Digest, Val};

use crate::machine::{Machine, QUOTIENT_COLUMNS};
use crate::shape::TableShape;
use crate::table::Table;

/// Separates this protocol's transcript from everything else seeded the same way.
const DOMAIN: &[u8] = b"proofloom/stark/v1";

/// Heights, roots and public values that precede the lookup challenges.
pub(crate) struct Preamble<'a> {
    pub log_heights: &'a [usize],
    pub fixed_root: Option<Digest>,
    pub shared_root: Option<Digest>,
    pub main_root: Digest,
    pub publics: &'a [Vec<Val>],
}

/// Absorbs structure, roots and public values; returns the lookup pair (alpha, beta).
pub(crate) fn begin<T: Table>(
    machine: &Machine<T>,
    challenger: &mut Challenger,
    preamble: &Preamble<'_>,
) -> (Challenge, Challenge) {
    observe_number(challenger, DOMAIN.len());
    DOMAIN.iter().for_each(|&byte| observe_number(challenger, usize::from(byte)));
    observe_number(challenger, machine.shapes.len());
    observe_number(challenger, QUOTIENT_COLUMNS);
    for (shape, &log_height) in machine.shapes.iter().zip(preamble.log_heights) {
        observe_shape(challenger, shape, log_height);
    }
    observe_root(challenger, preamble.fixed_root);
    observe_root(challenger, preamble.shared_root);
    observe_root(challenger, Some(preamble.main_root));
    for values in preamble.publics {
        observe_number(challenger, values.len());
        challenger.observe_slice(values);
    }
    (challenger.sample_algebra_element(), challenger.sample_algebra_element())
}

/// Absorbs the auxiliary commitment and the terminals; returns the constraint challenge.
pub(crate) fn after_aux(challenger: &mut Challenger, aux_root: Option<Digest>, terminals: &[Challenge]) -> Challenge {
    observe_root(challenger, aux_root);
    observe_number(challenger, terminals.len());
    terminals.iter().for_each(|&terminal| challenger.observe_algebra_element(terminal));
    challenger.sample_algebra_element()
}

/// Absorbs the quotient commitment; returns the out-of-domain point.
pub(crate) fn after_quotient(challenger: &mut Challenger, quotient_root: Digest) -> Challenge {
    observe_root(challenger, Some(quotient_root));
    challenger.sample_algebra_element()
}

fn observe_shape(challenger: &mut Challenger, shape: &TableShape, log_height: usize) {
    let numbers = [
        log_height,
        shape.fixed_width,
        shape.shared_width,
        shape.main_width,
        shape.aux_width(),
        shape.publics,
        shape.constraints.total_constraints(),
    ];
    numbers.into_iter().for_each(|number| observe_number(challenger, number));
    for columns in [&shape.next.fixed, &shape.next.shared, &shape.next.main] {
        observe_number(challenger, columns.len());
        columns.iter().for_each(|&column| observe_number(challenger, column));
    }
}

/// All numbers here are far below the characteristic: distinct numbers stay distinct.
fn observe_number(challenger: &mut Challenger, number: usize) {
    challenger.observe(Val::from_usize(number));
}

fn observe_root(challenger: &mut Challenger, root: Option<Digest>) {
    observe_number(challenger, usize::from(root.is_some()));
    if let Some(root) = root {
        challenger.observe_slice(&root);
    }
}
