//! The prover from traces to openings.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Digest, Val};

use crate::commit::{Committed, codewords, to_coefficients};
use crate::layout::{FIXED, LOG_ROWS, Layout, MAIN, SHARED};
use crate::machine::{Machine, Table};
use crate::rows::TableRows;
use crate::sponge::Transcript;
use crate::verify::Proof;
use crate::{gkr, reduce, staged, whir};

/// Receives what each phase took.
pub trait Phases {
    fn lap(&mut self, name: &'static str);
}

/// The fixed oracle, made once for a program.
pub struct Fixed(pub Option<Committed>);

impl Fixed {
    pub fn root(&self) -> Option<Digest> {
        self.0.as_ref().map(|tree| tree.root)
    }
}

/// Sizes of a proof that was made.
#[derive(Debug)]
pub struct Summary {
    pub widths: [usize; 3],
    pub fractions: usize,
    pub claims: usize,
    pub opened_bytes: usize,
    pub state: Digest,
}

fn commit(stack: &RowMajorMatrix<Val>, phases: &mut dyn Phases) -> Option<Committed> {
    if stack.width == 0 {
        return None;
    }
    let mut coefficients = stack.clone();
    to_coefficients(&mut coefficients);
    phases.lap("commit moebius");
    let words = codewords(&coefficients, 1);
    drop(coefficients);
    phases.lap("commit encode");
    let committed = Committed::new(words);
    phases.lap("commit hash");
    Some(committed)
}

fn layout_of<T>(machine: &Machine<T>, tables: &[TableRows<'_>]) -> Layout {
    let log_heights: Vec<usize> = tables.iter().map(TableRows::log_height).collect();
    Layout::new(&machine.shapes, &log_heights)
}

/// Commits the fixed columns.
pub fn fixed<T: Table>(machine: &Machine<T>, tables: &[TableRows<'_>], phases: &mut dyn Phases) -> Fixed {
    Fixed(commit(&layout_of(machine, tables).stack(FIXED, tables), phases))
}

/// Makes all of a proof's work.
pub fn prove<T: Table>(
    machine: &Machine<T>,
    fixed: &Fixed,
    tables: &[TableRows<'_>],
    publics: &[Vec<Val>],
    phases: &mut dyn Phases,
) -> (Summary, Proof) {
    let layout = layout_of(machine, tables);
    let stacks: [RowMajorMatrix<Val>; 3] = core::array::from_fn(|oracle| layout.stack(oracle, tables));
    phases.lap("commit stack");
    let main = commit(&stacks[MAIN], phases);
    let shared = commit(&stacks[SHARED], phases);
    let trees = [main.as_ref(), shared.as_ref(), fixed.0.as_ref()];

    let mut transcript = Transcript::new(b"proofloom/weave/v1");
    for tree in [&main, &shared].into_iter().flatten() {
        transcript.send(&tree.root);
    }
    if let Some(root) = fixed.root() {
        transcript.absorb(&root);
    }
    for values in publics {
        transcript.absorb(values);
    }
    let (alpha, beta) = (transcript.challenge(), transcript.challenge());
    let foldings = gkr::foldings(machine, alpha, beta);
    let leaf = gkr::prove(machine, tables, publics, &foldings, &mut transcript, |name| phases.lap(name));
    let outcome = staged::prove(machine, tables, publics, &foldings, &leaf, &mut transcript, |name| phases.lap(name));
    let values = claim_values(machine, &layout, &outcome.claims);
    transcript.absorb_ext(&values);
    let reduced = reduce::prove(&layout, tables, &stacks, &outcome.point, &values, &mut transcript, |name| {
        phases.lap(name)
    });
    drop(stacks);
    let opened = whir::prove(reduced, trees, &mut transcript, |name| phases.lap(name));
    let log_height = |t: usize| tables[t].log_height();
    let summary = Summary {
        widths: layout.widths,
        fractions: machine.shapes.iter().enumerate().map(|(t, s)| s.slots.len() << log_height(t)).sum(),
        claims: layout.claims,
        opened_bytes: opened.bytes,
        state: transcript.squeeze(),
    };
    (summary, Proof { messages: transcript.sent, openings: opened.openings })
}

/// The claimed values in claim order.
fn claim_values<T>(machine: &Machine<T>, layout: &Layout, claims: &[staged::TableClaims]) -> Vec<Challenge> {
    let mut values = vec![Challenge::ZERO; layout.claims];
    for chunk in &layout.chunks {
        let (shape, own) = (&machine.shapes[chunk.table], &claims[chunk.table]);
        for (i, &c) in chunk.columns.iter().enumerate() {
            values[chunk.claim + i] = own.columns[c];
            if let Some(next) = shape.next.iter().position(|&next| next == c).filter(|_| chunk.next) {
                values[chunk.claim + chunk.columns.len() + i] = own.next[next];
            }
        }
    }
    values
}

const _: () = assert!(LOG_ROWS == 17);
