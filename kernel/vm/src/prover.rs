//! The prover's calls: plan, contribute, prove, aggregate.

use std::collections::BTreeSet;

use proofloom_executor::Limits;
use proofloom_field::Digest;
use proofloom_stark::{Progress, Shared};

use crate::accelerators::Accelerators;
use crate::engine::Engine;
use crate::error::{KernelError, VerifyError};
use crate::gamma::{self, PhaseOneCommitment};
use crate::key::{ProvingKey, VerifyingKey, by_table};
use crate::layout::MAX_SEGMENT_CYCLES;
use crate::limit::{Limit, OverLimit};
use crate::plan::{Measures, Plan, Start};
use crate::proofs::{self, BoundaryProof, SegmentProof};
use crate::publics;
use crate::statement::Statement;
use crate::system::{boundary_machine, segment_machine};
use crate::tables::initfin::rows as boundary;
use crate::tables::local::rows as local;
use crate::tables::{VmTable, image};
use crate::trace::record::{Finish, Run, Runner};
use crate::trace::segment;
use crate::verifier::{self, Context};

/// A run of a program that is to be proven.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    pub key: &'a ProvingKey,
    /// Of the key's program.
    pub(crate) start: Start<'a>,
}

impl ProvingKey {
    /// The program on an input, cut into segments.
    pub const fn job<'a>(&'a self, input: &'a [u8], limits: Limits, segment_cycles: u64) -> Job<'a> {
        let start = Start { program: &self.program, input, limits, segment_cycles };
        Job { key: self, start }
    }
}

/// Commitment of a segment, or of the boundary (segment 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub segment: u32,
    pub commitment: Digest,
}

/// A proof with the commitment it belongs to.
#[derive(Clone, Debug)]
pub struct Proven {
    pub commitment: Digest,
    /// Canonical bytes of the segment or boundary proof.
    pub bytes: Vec<u8>,
    /// log2 height of every table there is, for measuring; `None` for those that the proof does not have.
    pub log_heights: Vec<Option<u8>>,
}

/// Number that stands for the boundary among segments.
pub const BOUNDARY: u32 = 0;

/// Judges the commitment of a part before its proof is made.
type Accept<'a> = &'a dyn Fn(&Digest) -> Result<(), KernelError>;

impl<'a> Job<'a> {
    pub(crate) fn run(&self) -> Result<Run<'a>, KernelError> {
        let got = self.start.segment_cycles;
        if !(1..=MAX_SEGMENT_CYCLES).contains(&got) {
            return Err(KernelError::Argument {
                what: "cycles per segment",
                allowed: format!("1 to {MAX_SEGMENT_CYCLES}"),
                got: got.to_string(),
            });
        }
        Ok(Run { start: self.start, rows: &self.key.rows })
    }

    /// Runs the program once and measures what a proof of the run has to carry.
    ///
    /// # Errors
    /// The program's trap, an argument out of range, or a limit that the run is over.
    pub fn plan(&self) -> Result<(Plan, Measures), KernelError> {
        let Start { program, input, .. } = self.run()?.start;
        let request = 8 * program.image_words() + input.len();
        Ok(self.start.plan(request as u64)?)
    }

    /// Commits what the given segments ([`BOUNDARY`] among them) share with the others.
    ///
    /// # Errors
    /// The program's trap, a segment that the run does not have, or a table over its height.
    pub fn contribute(&self, segments: &[u32]) -> Result<Vec<Contribution>, KernelError> {
        let run = self.run()?;
        let wanted: BTreeSet<u32> = segments.iter().copied().collect();
        let first = wanted.range(BOUNDARY + 1..).next().copied();
        let mut runner = self.runner_before(run, first)?;
        let mut found = Vec::with_capacity(wanted.len());
        let mut number = runner.segments();
        let more = |number: u32| wanted.contains(&BOUNDARY) || wanted.range(number + 1..).next().is_some();
        while runner.exit().is_none() && more(number) {
            number = next_number(&runner)?;
            if wanted.contains(&number) {
                if Some(number) == first {
                    // Its proof will be asked for next.
                    self.key.last_run.save_checkpoint(&mut runner);
                }
                let commitment = contribute_segment(&mut runner)?;
                found.push(Contribution { segment: number, commitment });
            } else {
                runner.skip()?;
            }
        }
        if let Some(&missing) = wanted.range(number + 1..).next() {
            return Err(no_such_segment(missing, number));
        }
        if wanted.contains(&BOUNDARY) {
            let (phase_one, _) = commit_boundary(&run, &finish(runner)?)?;
            let commitment = gamma::boundary_commitment(&phase_one_commitment(&phase_one, VmTable::Initfin));
            found.insert(0, Contribution { segment: BOUNDARY, commitment });
        }
        Ok(found)
    }

    /// Proves one segment, or the boundary, under the global challenge.
    ///
    /// # Errors
    /// The program's trap, a segment that the run does not have, or a table over its height.
    pub fn prove(&self, number: u32, gamma: Digest, progress: &mut dyn Progress) -> Result<Proven, KernelError> {
        self.prove_if(number, gamma, &|_| Ok(()), progress)
    }

    /// As [`Self::prove`], but only if the part commits to what it contributed: `commitment`. Another commitment
    /// is noticed before the proof is made.
    ///
    /// # Errors
    /// As [`Self::prove`], and [`KernelError::StatementMismatch`].
    pub fn prove_for(
        &self,
        number: u32,
        gamma: Digest,
        commitment: &Digest,
        progress: &mut dyn Progress,
    ) -> Result<Proven, KernelError> {
        let accept = |own: &Digest| {
            if own == commitment {
                return Ok(());
            }
            Err(KernelError::StatementMismatch {
                what: "the segment's commitment",
                expected: verifier::hex(commitment),
                got: verifier::hex(own),
            })
        };
        self.prove_if(number, gamma, &accept, progress)
    }

    fn prove_if(
        &self,
        number: u32,
        gamma: Digest,
        accept: Accept<'_>,
        progress: &mut dyn Progress,
    ) -> Result<Proven, KernelError> {
        let run = self.run()?;
        if number == BOUNDARY {
            let mut runner = self.runner_before(run, None)?;
            while runner.exit().is_none() {
                next_number(&runner)?;
                runner.skip()?;
            }
            let finish = finish(runner)?;
            let proof = self.prove_boundary(&run, &finish, gamma, accept, progress)?;
            let commitment = gamma::boundary_commitment(&proof.phase_one);
            return Ok(Proven {
                commitment,
                bytes: proof.encode(),
                log_heights: proof.proof.log_heights.into_iter().map(Some).collect(),
            });
        }
        OverLimit::check(Limit::Segments, None, u64::from(number))?;
        let mut runner = self.runner_before(run, Some(number))?;
        while runner.exit().is_none() && runner.segments() + 1 < number {
            runner.skip()?;
        }
        if runner.exit().is_some() {
            return Err(no_such_segment(number, runner.segments()));
        }
        let proof = self.prove_segment(&run, runner, gamma, accept, progress)?;
        let commitment = gamma::segment_commitment(&proof.publics, &proof.phase_one);
        Ok(Proven { commitment, bytes: proof.encode(), log_heights: proof.all_log_heights() })
    }

    /// The run where it can go on to a segment, or to its end (`None`).
    fn runner_before(&self, run: Run<'a>, number: Option<u32>) -> Result<Runner<'a>, KernelError> {
        let behind = number.map_or(u32::MAX, |number| number - 1);
        Ok(self.key.last_run.runner(run, behind)?)
    }

    fn prove_segment(
        &self,
        run: &Run<'_>,
        mut runner: Runner<'_>,
        gamma: Digest,
        accept: Accept<'_>,
        progress: &mut dyn Progress,
    ) -> Result<SegmentProof, KernelError> {
        let started = progress.now_ms();
        let record = runner.record()?;
        self.key.last_run.save_checkpoint(&mut runner);
        // Its memory is not needed any more, and the proof needs a lot.
        drop(runner);
        let publics = record.publics();
        let executed = progress.now_ms();
        progress.phase("execute", executed - started);
        let mut trace = segment::build(run, &record, Engine::Univariate)?;
        drop(record);
        let accelerators = trace.accelerators;
        let machine = segment_machine(accelerators);
        let context = Context::new(&self.key.verifying, gamma);
        let (local, sum) = local::main(&trace.local, &trace.lasts, publics.number, &context.pair);
        let mut contents = vec![(VmTable::Local, trace.local.clone())];
        let phase_one = machine.commit_shared(by_table(machine, &mut contents))?;
        let mut local = Some(local);
        let mains = machine
            .tables()
            .iter()
            .filter_map(|&table| if table == VmTable::Local { local.take() } else { trace.take_main(table) })
            .collect();
        let phase_one_commitment = phase_one_commitment(&phase_one, VmTable::Local);
        let commitment = gamma::segment_commitment(&publics, &phase_one_commitment);
        accept(&commitment)?;
        let values = publics::segment(machine.tables(), context.key, &publics, &context.pair, sum);
        let transcript = gamma::transcript(&gamma, publics.number, accelerators, &commitment);
        let traced = progress.now_ms();
        progress.phase("trace", traced - executed);
        let proof = machine.prove(&self.key.segment_preprocessed, phase_one, mains, &values, transcript, progress)?;
        Ok(SegmentProof { publics, phase_one: phase_one_commitment, sum, accelerators, proof })
    }

    fn prove_boundary(
        &self,
        run: &Run<'_>,
        finish: &Finish,
        gamma: Digest,
        accept: Accept<'_>,
        progress: &mut dyn Progress,
    ) -> Result<BoundaryProof, KernelError> {
        let machine = boundary_machine();
        let (phase_one, trace) = commit_boundary(run, finish)?;
        let context = Context::new(&self.key.verifying, gamma);
        let (mut contents, sum) = trace.mains(&context.pair);
        contents.push((VmTable::Image, image::rows::main(1 << context.key.image_log_height)));
        let mains = by_table(machine, &mut contents).into_iter().flatten().collect();
        let phase_one_commitment = phase_one_commitment(&phase_one, VmTable::Initfin);
        let commitment = gamma::boundary_commitment(&phase_one_commitment);
        accept(&commitment)?;
        let values = publics::boundary(machine, context.key, &context.pair, sum);
        let transcript = gamma::transcript(&gamma, BOUNDARY, Accelerators::NONE, &commitment);
        let proof = machine.prove(&self.key.boundary_preprocessed, phase_one, mains, &values, transcript, progress)?;
        Ok(BoundaryProof { phase_one: phase_one_commitment, sum, proof })
    }
}

/// Aggregates the boundary proof and all segment proofs, in order, and checks the result.
///
/// # Errors
/// [`VerifyError`]: the proofs are not those of the statement.
pub fn aggregate(
    key: &VerifyingKey,
    statement: &Statement,
    boundary: &[u8],
    segments: &[Vec<u8>],
) -> Result<Vec<u8>, VerifyError> {
    let bytes = proofs::encode_final(key, statement, boundary, segments);
    verifier::verify(&key.digest(), &bytes)?;
    Ok(bytes)
}

/// As [`aggregate`], for proofs that have been verified one by one against `commitments` (boundary first)
/// and their challenge: checks what they have to be together.
///
/// # Errors
/// [`VerifyError`]: they are not the proofs of the statement.
pub fn aggregate_verified(
    key: &VerifyingKey,
    statement: &Statement,
    commitments: &[Digest],
    boundary: &[u8],
    segments: &[Vec<u8>],
) -> Result<Vec<u8>, VerifyError> {
    let bytes = proofs::encode_final(key, statement, boundary, segments);
    verifier::verify_header(key, &bytes, commitments)?;
    Ok(bytes)
}

fn contribute_segment(runner: &mut Runner<'_>) -> Result<Digest, KernelError> {
    let (publics, rows) =
        runner.touch(|touched, history| (touched.publics(), local::phase_one(&touched.words, history)))?;
    // The table with phase-one columns is in every set's proof.
    let machine = segment_machine(Accelerators::NONE);
    let phase_one = machine.commit_shared(by_table(machine, &mut vec![(VmTable::Local, rows)]))?;
    Ok(gamma::segment_commitment(&publics, &phase_one_commitment(&phase_one, VmTable::Local)))
}

fn commit_boundary(run: &Run<'_>, finish: &Finish) -> Result<(Shared, boundary::BoundaryTrace), KernelError> {
    let trace = boundary::build(run, finish);
    let machine = boundary_machine();
    let mut contents = vec![(VmTable::Initfin, trace.phase_one.clone())];
    Ok((machine.commit_shared(by_table(machine, &mut contents))?, trace))
}

/// Root and height of the one table with phase-one columns.
fn phase_one_commitment(phase_one: &Shared, table: VmTable) -> PhaseOneCommitment {
    debug_assert!(matches!(table, VmTable::Local | VmTable::Initfin));
    let log_height = phase_one.log_heights().into_iter().flatten().next().unwrap_or(0);
    PhaseOneCommitment { log_height: log_height as u8, root: phase_one.root().unwrap_or_default() }
}

/// The number of the segment that comes next. No run goes on for ever: a proof has only so many.
fn next_number(runner: &Runner<'_>) -> Result<u32, OverLimit> {
    let number = runner.segments() + 1;
    OverLimit::check(Limit::Segments, None, u64::from(number)).map(|()| number)
}

fn finish(runner: Runner<'_>) -> Result<Finish, KernelError> {
    runner.finish().ok_or_else(|| KernelError::Prover("the run did not halt".to_owned()))
}

fn no_such_segment(segment: u32, segments: u32) -> KernelError {
    KernelError::Argument {
        what: "segment number",
        allowed: format!("0 (the boundary) to {segments}"),
        got: segment.to_string(),
    }
}
