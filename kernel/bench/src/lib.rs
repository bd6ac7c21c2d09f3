//! What the benchmarks of the prover's parts share: one small segment of a program that uses all
//! tables, ready to be proven and verified.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proofloom_executor::testkit::{Mix, random_program_with};
use proofloom_executor::{Limits, load_elf};
use proofloom_field::Digest;
use proofloom_stark::Progress;
use proofloom_vm::{BOUNDARY, Context, Job, ProvingKey, SegmentProof, Statement, challenge, setup, verify_segment};

/// Cycles of the segment: with the row that is kept as padding, a CPU table of 2^14 rows.
const CYCLES: u64 = (1 << 14) - 1;
const NUMBER: u32 = 1;
const SEED: u64 = 7;
/// More than a segment's cycles.
const ROUNDS: u64 = 100;

/// Time by phase of a proof.
#[derive(Clone, Debug)]
pub struct Phases {
    started: Instant,
    times: BTreeMap<&'static str, Duration>,
}

impl Default for Phases {
    fn default() -> Self {
        Self { started: Instant::now(), times: BTreeMap::new() }
    }
}

impl Phases {
    /// Sum over phases of these names.
    ///
    /// # Panics
    /// Where no phase of that name was reported: a figure of nothing would look fast.
    pub fn sum(&self, names: &[&str]) -> Duration {
        let time = |name: &&str| *self.times.get(name).expect("a phase of the prover");
        names.iter().map(time).sum()
    }
}

impl Progress for Phases {
    fn now_ms(&mut self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1000.0
    }

    fn phase(&mut self, name: &'static str, ms: f64) {
        *self.times.entry(name).or_default() += Duration::from_secs_f64(ms / 1000.0);
    }
}

/// The first segment of a run, with what is known before it is proven.
pub struct Segment {
    key: ProvingKey,
    statement: Statement,
    /// Of the boundary, then of the segments.
    commitments: Vec<Digest>,
}

impl Segment {
    /// Makes the program and runs it.
    ///
    /// # Panics
    /// If the program, which is always the same, cannot be run.
    pub fn new() -> Self {
        let mix = Mix { rounds: ROUNDS, ..Mix::default() };
        let program = load_elf(&random_program_with(SEED, &mix).elf()).expect("an ELF file");
        let key = setup(program).expect("a program of admitted size");
        let statement = job(&key).plan().expect("it halts").0.statement;
        let all: Vec<u32> = (BOUNDARY..=statement.segments).collect();
        let commitments = job(&key).contribute(&all).expect("it can be committed");
        Self { commitments: commitments.into_iter().map(|one| one.commitment).collect(), statement, key }
    }

    fn context(&self) -> Context<'_> {
        let vk = self.key.verifying.digest();
        let gamma = challenge(&vk, &self.statement, &self.commitments[0], &self.commitments[1..]);
        Context::new(&self.key.verifying, gamma)
    }

    /// Proves the segment. Gives its proof and what the time went to.
    ///
    /// # Panics
    /// If it cannot be proven, which would be the prover's mistake.
    pub fn prove(&self) -> (SegmentProof, Phases) {
        let mut phases = Phases::default();
        let gamma = self.context().gamma;
        let proven = job(&self.key).prove(NUMBER, gamma, &mut phases);
        let bytes = proven.expect("an honest segment can be proven").bytes;
        (SegmentProof::decode(&bytes).expect("its own bytes"), phases)
    }

    /// Verifies a proof of the segment.
    ///
    /// # Panics
    /// If it is refused, which would be the verifier's mistake.
    pub fn verify(&self, proof: &SegmentProof) {
        verify_segment(&self.context(), &self.commitments[NUMBER as usize], proof).expect("an honest proof");
    }
}

impl Default for Segment {
    fn default() -> Self {
        Self::new()
    }
}

fn job(key: &ProvingKey) -> Job<'_> {
    key.job(&[], Limits::default(), CYCLES)
}
