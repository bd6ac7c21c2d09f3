//! Two proven segments under one gamma, made once and shared by all tests.

use std::sync::OnceLock;

use p3_challenger::{CanObserve, FieldChallenger};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Challenger, Digest, Val};
use proofloom_stark::{Fixed, Machine, Shared, Silent, StarkError, StarkProof, VerifyInput, challenger};

use crate::toy::{self, TABLES, Toy, Witness};

/// log2 height of the tallest table in the fixture.
pub const LOG_HEIGHT: usize = 9;

/// One proven segment with everything its verifier knows.
pub struct Segment {
    pub number: u32,
    pub witness: Witness,
    pub publics: Vec<Vec<Val>>,
    pub shared_root: Digest,
    pub shared_log_heights: Vec<Option<usize>>,
    pub proof: StarkProof,
}

pub struct Fixture {
    pub machine: Machine<Toy>,
    pub fixed: Fixed,
    pub gamma: Digest,
    pub segments: [Segment; 2],
}

pub fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| build([toy::witness(0, LOG_HEIGHT), toy::witness(1, LOG_HEIGHT)]))
}

pub fn machine() -> Machine<Toy> {
    Machine::new(TABLES.to_vec()).expect("the toy machine is well formed")
}

/// Runs all phases: commit shared columns, draw gamma, prove both segments.
pub fn build(witnesses: [Witness; 2]) -> Fixture {
    let machine = machine();
    let fixed = machine.commit_fixed(toy::fixed_traces()).expect("fixed traces fit");
    let shared = witnesses.each_ref().map(|witness| commit_shared(&machine, witness));
    let gamma = gamma(shared.each_ref().map(|shared| shared.root().expect("memory is shared")));
    let mut number = 0;
    let segments = witnesses.map(|witness| {
        number += 1;
        prove(&machine, &fixed, gamma, number - 1, witness)
    });
    Fixture { machine, fixed, gamma, segments }
}

fn commit_shared(machine: &Machine<Toy>, witness: &Witness) -> Shared {
    machine.commit_shared(witness.shared.clone()).expect("shared traces fit")
}

/// A digest of all shared roots.
pub fn gamma(roots: [Digest; 2]) -> Digest {
    let mut transcript = challenger();
    roots.iter().for_each(|root| transcript.observe_slice(root));
    std::array::from_fn(|_| p3_challenger::CanSample::<Val>::sample(&mut transcript))
}

/// The pair of the cross-segment bus: from gamma alone.
pub fn cross_pair(gamma: Digest) -> (Challenge, Challenge) {
    let mut transcript = challenger();
    transcript.observe_slice(&gamma);
    (transcript.sample_algebra_element(), transcript.sample_algebra_element())
}

/// The transcript a segment's proof starts from.
pub fn seeded(gamma: Digest, number: u32, leaf: Digest) -> Challenger {
    let mut transcript = challenger();
    transcript.observe_slice(&gamma);
    transcript.observe(Val::from_u32(number));
    transcript.observe_slice(&leaf);
    transcript
}

fn prove(machine: &Machine<Toy>, fixed: &Fixed, gamma: Digest, number: u32, mut witness: Witness) -> Segment {
    let (alpha, beta) = cross_pair(gamma);
    let publics = toy::finish(&mut witness, alpha, beta);
    let shared = commit_shared(machine, &witness);
    let shared_root = shared.root().expect("memory is shared");
    let shared_log_heights = shared.log_heights();
    let main = witness.main.clone();
    let transcript = seeded(gamma, number, shared_root);
    let proof =
        machine.prove(fixed, shared, main, &publics, transcript, &mut Silent).expect("the witness fits the machine");
    Segment { number, witness, publics, shared_root, shared_log_heights, proof }
}

impl Fixture {
    /// What the verifier of a segment knows, before a test spoils it.
    pub fn input<'a>(&self, segment: &'a Segment, heights: &'a [Option<usize>]) -> VerifyInput<'a> {
        VerifyInput {
            fixed_root: self.fixed.root(),
            fixed_log_heights: heights,
            shared_root: Some(segment.shared_root),
            shared_log_heights: &segment.shared_log_heights,
            publics: &segment.publics,
        }
    }

    /// Verifies `proof` in the place of the segment's own.
    pub fn verify(&self, segment: &Segment, proof: &StarkProof) -> Result<(), StarkError> {
        let heights = self.fixed.log_heights();
        let transcript = seeded(self.gamma, segment.number, segment.shared_root);
        self.machine.verify(&self.input(segment, &heights), transcript, proof)
    }
}
