//! Verification of one proof (the specification's "Transcript of one proof").

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Digest, RATE, Val};
use thiserror::Error;

use crate::arith::{Arith, Check, TreeShape};
use crate::gkr::{self, Folding};
use crate::heights::Heights;
use crate::layout::{LayoutError, chunks_of, place};
use crate::machine::Machine;
use crate::native::Native;
use crate::openings::Trees;
use crate::profile::MAX_LOG_HEIGHT;
use crate::proof::WeaveProof;
use crate::reduce::{self, Columns};
use crate::staged::{self, Statement};
use crate::table::{Group, Table};
use crate::whir;

/// What every proof's transcript starts from.
pub const DOMAIN: &str = "proofloom/weave/v1";

/// Limbs of an integer in the transcript.
const LIMBS: usize = 4;

/// What a proof is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance<V> {
    /// Challenge of all proofs of a job.
    pub gamma: [V; RATE],
    /// 1 for a segment, 2 for a boundary shard.
    pub kind: V,
    /// Its number among those of its kind, below 2^16.
    pub number: V,
    /// The accelerators whose tables the machine has.
    pub set: V,
    /// Digest of what was contributed before gamma.
    pub leaf: [V; RATE],
    /// Zeros if the machine has no fixed columns.
    pub fixed_root: [V; RATE],
    /// Zeros if the machine has no shared columns.
    pub shared_root: [V; RATE],
    /// Per table.
    pub publics: Vec<Vec<V>>,
}

/// Heights and layout as a proof brings them.
struct Preamble<A: Arith> {
    heights: Heights<A>,
    /// Address bits of the offsets of main's chunks.
    offsets: Vec<Vec<A::V>>,
    main_root: [A::V; RATE],
    /// Stacked columns of main.
    width: A::V,
}

/// Verifies the proof that `a` has at hand. Returns its heights, which key and leaf may fix.
pub fn verify<A: Arith, T: Table>(a: &mut A, machine: &Machine<T>, instance: &Instance<A::V>) -> Heights<A> {
    a.start(DOMAIN);
    let digest = machine.digest().map(|element| a.konst(element));
    a.absorb(&digest);
    a.absorb(&instance.gamma);
    let part = numbers(a, &[instance.kind, instance.number, instance.set].map(|number| vec![number]));
    a.absorb(&part);
    a.absorb(&instance.leaf);
    let Preamble { heights, offsets, main_root, width } = preamble(a, machine, instance);
    let (alpha, beta) = (a.challenge(), a.challenge());
    let folding = Folding::new(a, machine.buses(), alpha, beta);
    let leaf = gkr::verify(a, machine.slot_variables(), heights.active());
    let statement = Statement { machine, heights: &heights, publics: &instance.publics, folding: &folding };
    let staged::Outcome { point, claims } = staged::verify(a, &statement, &leaf);
    let profile = machine.profile();
    let columns = Columns { profile, chunks: machine.chunks(), heights: &heights, offsets: &offsets };
    let reduced = reduce::verify(a, &columns, &point, &claims);
    let stacks = [(Group::Fixed, instance.fixed_root), (Group::Shared, instance.shared_root), (Group::Main, main_root)];
    let stacks = stacks.map(|(group, root)| {
        let elements = if group == Group::Main { width } else { canonical_width(a, machine, group, &heights) };
        TreeShape { number: group as usize, root, elements, width: usize::from(machine.largest_width(group)) }
    });
    whir::verify(a, profile, &stacks, &reduced);
    heights
}

/// Stacked columns of a group whose columns have one height.
fn canonical_width<A: Arith, T>(a: &mut A, machine: &Machine<T>, group: Group, heights: &Heights<A>) -> A::V {
    let Some(chunk) = chunks_of(machine.chunks(), group).next() else {
        return a.konst(Val::ZERO);
    };
    let widths = (0..=MAX_LOG_HEIGHT).map(|height| {
        let log_heights = vec![height; machine.shapes().len()];
        let placement = place(machine.chunks(), group, &log_heights, machine.profile());
        // No tree has rows of no elements: a height that does not fit is refused.
        let width = placement.map_or(0, |placement| placement.width);
        a.konst_e(Challenge::from_u16(width))
    });
    let widths: Vec<A::E> = widths.collect();
    let width = a.read(&widths, heights.log(chunk.table));
    a.split(width)[0]
}

/// Reads heights, layout and main's root, and absorbs them with the other roots and the public values.
fn preamble<A: Arith, T: Table>(a: &mut A, machine: &Machine<T>, instance: &Instance<A::V>) -> Preamble<A> {
    let log_heights = a.take(machine.shapes().len());
    let width = a.take(1);
    let chunks = chunks_of(machine.chunks(), Group::Main).count();
    let offsets: Vec<[A::V; 2]> = (0..chunks)
        .map(|_| {
            let limbs = a.take(2);
            [limbs[0], limbs[1]]
        })
        .collect();
    let all: Vec<Vec<A::V>> = log_heights
        .iter()
        .chain(&width)
        .map(|&number| vec![number])
        .chain(offsets.iter().map(|o| o.to_vec()))
        .collect();
    let message = numbers(a, &all);
    a.absorb(&message);
    a.absorb(&instance.fixed_root);
    a.absorb(&instance.shared_root);
    let main_root = a.receive(RATE);
    a.absorb(&instance.publics.concat());
    let heights = Heights::new(a, machine.shapes(), &log_heights);
    let bits = machine.profile().address_variables();
    let offsets = offsets.iter().map(|&[low, high]| [a.bits(low, 16), a.bits(high, bits - 16)].concat()).collect();
    Preamble { heights, offsets, main_root: core::array::from_fn(|i| main_root[i]), width: width[0] }
}

/// Integers of which the low limbs are given, in whole.
fn numbers<A: Arith>(a: &mut A, low_limbs: &[Vec<A::V>]) -> Vec<A::V> {
    let zero = a.konst(Val::ZERO);
    let whole = |limbs: &Vec<A::V>| (0..LIMBS).map(|i| limbs.get(i).copied().unwrap_or(zero)).collect::<Vec<_>>();
    low_limbs.iter().flat_map(whole).collect()
}

/// A proof that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    /// Public values of another shape than the tables'.
    #[error("the public values are not as many as the tables have")]
    Publics,
    /// A root for columns that the machine does not have, or none for some that it has.
    #[error("a root of {group} columns is given where the machine has none, or the other way round")]
    Root { group: Group },
    /// Columns that fit no stack.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// A check of the protocol failed.
    #[error("the proof is refused: {0:?} does not hold")]
    Refused(Check),
}

/// What a verification took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Permutations of the transcript, the machine's digest not counted.
    pub transcript_permutations: u64,
    /// Permutations of rows and paths.
    pub tree_permutations: u64,
}

/// Verifies a proof natively.
///
/// # Errors
/// [`VerifyError`].
pub fn verify_proof<T: Table>(
    machine: &Machine<T>,
    instance: &Instance<Val>,
    proof: &WeaveProof,
) -> Result<Work, VerifyError> {
    check_shape(machine, instance)?;
    let tape = proof.tape(machine);
    let mut a = Native::new(DOMAIN, &tape, Trees::new(proof.trees(machine)?));
    verify(&mut a, machine, instance);
    let work =
        Work { transcript_permutations: a.transcript_permutations(), tree_permutations: a.openings().permutations() };
    a.finish().map_err(VerifyError::Refused)?;
    Ok(work)
}

fn check_shape<T>(machine: &Machine<T>, instance: &Instance<Val>) -> Result<(), VerifyError> {
    let expected = machine.shapes().iter().map(|shape| shape.publics);
    if !expected.eq(instance.publics.iter().map(Vec::len)) {
        return Err(VerifyError::Publics);
    }
    for (group, root) in [(Group::Fixed, &instance.fixed_root), (Group::Shared, &instance.shared_root)] {
        let present = machine.shapes().iter().any(|shape| shape.committed(group) > 0);
        if present == (*root == Digest::default()) {
            return Err(VerifyError::Root { group });
        }
    }
    Ok(())
}
