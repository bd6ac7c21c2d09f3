//! The prover's calls: plan, contribute, prove, aggregate.

use std::collections::BTreeSet;

use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Digest, Val};
use proofloom_machine::Limits;
use proofloom_stark::{Machine, Progress, Shared};

use crate::accelerators::Accelerators;
use crate::error::{KernelError, VerifyError};
use crate::gamma::{self, SegmentPublics, SharedCommitment};
use crate::key::{ProvingKey, VerifyingKey, by_table};
use crate::layout::{MAX_SEGMENT_CYCLES, MAX_SEGMENTS};
use crate::proofs::{self, BoundaryProof, SegmentProof};
use crate::publics;
use crate::statement::Statement;
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;
use crate::trace::record::{Finish, Run, Runner};
use crate::trace::{boundary, local, segment};
use crate::verifier::{self, Context};

/// A program on an input, cut into segments.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    pub key: &'a ProvingKey,
    pub input: &'a [u8],
    pub limits: Limits,
    pub segment_cycles: u64,
}

/// A run's statement with what is not part of it.
#[derive(Clone, Debug)]
pub struct Plan {
    pub statement: Statement,
    pub misaligned_accesses: u64,
}

/// Leaf of a segment, or of the boundary (segment 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub segment: u32,
    pub leaf: Digest,
}

/// A proof with the leaf it belongs to.
#[derive(Clone, Debug)]
pub struct Proven {
    pub leaf: Digest,
    /// Canonical bytes of the segment or boundary proof.
    pub bytes: Vec<u8>,
    /// log2 height of every table there is, for measuring; `None` for those that the proof does not have.
    pub log_heights: Vec<Option<u8>>,
}

/// Columns and public values of a segment, by table of its machine.
pub struct SegmentWitness {
    pub machine: &'static Machine<VmTable>,
    pub fixed: Vec<Option<RowMajorMatrix<Val>>>,
    pub shared: Vec<Option<RowMajorMatrix<Val>>>,
    pub mains: Vec<RowMajorMatrix<Val>>,
    pub publics: Vec<Vec<Val>>,
}

/// Number that stands for the boundary among segments.
pub const BOUNDARY: u32 = 0;

impl<'a> Job<'a> {
    pub(crate) fn run(&self) -> Result<Run<'a>, KernelError> {
        if !(1..=MAX_SEGMENT_CYCLES).contains(&self.segment_cycles) {
            return Err(KernelError::Argument {
                what: "cycles per segment",
                allowed: format!("1 to {MAX_SEGMENT_CYCLES}"),
                got: self.segment_cycles.to_string(),
            });
        }
        Ok(Run {
            program: &self.key.program,
            rows: &self.key.rows,
            input: self.input,
            limits: self.limits,
            segment_cycles: self.segment_cycles,
        })
    }

    /// Runs the program once.
    ///
    /// # Errors
    /// The program's trap, or an argument out of range.
    pub fn plan(&self) -> Result<Plan, KernelError> {
        let run = self.run()?;
        let done =
            proofloom_machine::execute(run.program, run.input, run.limits, run.segment_cycles)?;
        check_segment_count(u64::from(done.segments), run.segment_cycles)?;
        Ok(Plan {
            statement: Statement {
                exit_code: done.exit_code,
                cycles: done.cycles,
                output: done.output,
                segments: done.segments,
            },
            misaligned_accesses: done.misaligned_accesses,
        })
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
        let more =
            |number: u32| wanted.contains(&BOUNDARY) || wanted.range(number + 1..).next().is_some();
        while runner.exit().is_none() && more(number) {
            number += 1;
            check_segment_count(u64::from(number), run.segment_cycles)?;
            if wanted.contains(&number) {
                if Some(number) == first {
                    // Its proof will be asked for next.
                    self.key.last_run.leave(&mut runner);
                }
                let leaf = contribute_segment(&mut runner)?;
                found.push(Contribution {
                    segment: number,
                    leaf,
                });
            } else {
                runner.skip()?;
            }
        }
        if let Some(&missing) = wanted.range(number + 1..).next() {
            return Err(no_such_segment(missing, number));
        }
        if wanted.contains(&BOUNDARY) {
            let (shared, _) = commit_boundary(&run, &finish(runner)?)?;
            let leaf = gamma::boundary_leaf(&commitment(&shared, VmTable::Initfin));
            found.insert(
                0,
                Contribution {
                    segment: BOUNDARY,
                    leaf,
                },
            );
        }
        Ok(found)
    }

    /// Proves one segment, or the boundary, under the global challenge.
    ///
    /// # Errors
    /// The program's trap, a segment that the run does not have, or a table over its height.
    pub fn prove(
        &self,
        number: u32,
        gamma: Digest,
        progress: &mut dyn Progress,
    ) -> Result<Proven, KernelError> {
        let run = self.run()?;
        if number == BOUNDARY {
            let mut runner = self.runner_before(run, None)?;
            while runner.exit().is_none() {
                runner.skip()?;
            }
            let finish = finish(runner)?;
            let proof = self.prove_boundary(&run, &finish, gamma, progress)?;
            let leaf = gamma::boundary_leaf(&proof.shared);
            return Ok(Proven {
                leaf,
                bytes: proof.encode(),
                log_heights: proof.proof.log_heights.into_iter().map(Some).collect(),
            });
        }
        let mut runner = self.runner_before(run, Some(number))?;
        while runner.exit().is_none() && runner.segments() + 1 < number {
            runner.skip()?;
        }
        if runner.exit().is_some() {
            return Err(no_such_segment(number, runner.segments()));
        }
        let proof = self.prove_segment(&run, runner, gamma, progress)?;
        let leaf = gamma::segment_leaf(&proof.publics, &proof.shared);
        Ok(Proven {
            leaf,
            bytes: proof.encode(),
            log_heights: proof.all_log_heights(),
        })
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
        progress: &mut dyn Progress,
    ) -> Result<SegmentProof, KernelError> {
        let started = progress.now_ms();
        let record = runner.record()?;
        self.key.last_run.leave(&mut runner);
        // Its memory is not needed any more, and the proof needs a lot.
        drop(runner);
        let publics = record.publics();
        let executed = progress.now_ms();
        progress.phase("execute", executed - started);
        let mut trace = segment::build(run, &record);
        drop(record);
        let accelerators = trace.accelerators;
        let machine = segment_machine(accelerators);
        let context = Context::new(&self.key.verifying, gamma);
        let (local, sum) = local::main(&trace.local, &trace.lasts, publics.number, &context.pair);
        let mut contents = vec![(VmTable::Local, trace.local.clone())];
        let shared = machine.commit_shared(by_table(machine, &mut contents))?;
        let mut local = Some(local);
        let mains = machine
            .tables()
            .iter()
            .filter_map(|&table| {
                if table == VmTable::Local {
                    local.take()
                } else {
                    trace.take_main(table)
                }
            })
            .collect();
        let commitment = commitment(&shared, VmTable::Local);
        let leaf = gamma::segment_leaf(&publics, &commitment);
        let values = publics::segment(machine, context.key, &publics, &context.pair, sum);
        let transcript = gamma::transcript(&gamma, publics.number, accelerators, &leaf);
        let traced = progress.now_ms();
        progress.phase("trace", traced - executed);
        let proof = machine.prove(
            &self.key.segment_fixed,
            shared,
            mains,
            &values,
            transcript,
            progress,
        )?;
        Ok(SegmentProof {
            publics,
            shared: commitment,
            sum,
            accelerators,
            proof,
        })
    }

    /// What a segment's proof is made from, committed by nobody yet.
    ///
    /// # Errors
    /// As [`Job::prove`].
    pub fn witness(
        &self,
        number: u32,
        gamma: Digest,
        progress: &mut dyn Progress,
    ) -> Result<SegmentWitness, KernelError> {
        let run = self.run()?;
        let mut runner = self.runner_before(run, Some(number))?;
        while runner.exit().is_none() && runner.segments() + 1 < number {
            runner.skip()?;
        }
        let started = progress.now_ms();
        let record = runner.record()?;
        drop(runner);
        let publics = record.publics();
        let executed = progress.now_ms();
        progress.phase("execute", executed - started);
        let mut trace = segment::build(&run, &record);
        drop(record);
        let machine = segment_machine(trace.accelerators);
        let context = Context::new(&self.key.verifying, gamma);
        let (local, sum) = local::main(&trace.local, &trace.lasts, publics.number, &context.pair);
        let values = publics::segment(machine, context.key, &publics, &context.pair, sum);
        let mut local = Some(local);
        let mains = machine
            .tables()
            .iter()
            .filter_map(|&table| match table {
                VmTable::Local => local.take(),
                _ => trace.take_main(table),
            })
            .collect();
        let shared = machine
            .tables()
            .iter()
            .map(|&table| (table == VmTable::Local).then(|| trace.local.clone()))
            .collect();
        let mut fixed = vec![
            (VmTable::Program, crate::trace::fixed::program(&self.key.rows)),
            (VmTable::Range, crate::trace::fixed::range()),
            (VmTable::Byte, crate::trace::fixed::byte()),
        ];
        let fixed = by_table(machine, &mut fixed);
        let traced = progress.now_ms();
        progress.phase("trace", traced - executed);
        Ok(SegmentWitness { machine, fixed, shared, mains, publics: values })
    }

    fn prove_boundary(
        &self,
        run: &Run<'_>,
        finish: &Finish,
        gamma: Digest,
        progress: &mut dyn Progress,
    ) -> Result<BoundaryProof, KernelError> {
        let machine = boundary_machine();
        let (shared, trace) = commit_boundary(run, finish)?;
        let context = Context::new(&self.key.verifying, gamma);
        let (mut contents, sum) = trace.mains(&context.pair);
        contents.push((
            VmTable::Image,
            boundary::image_main(1 << context.key.image_log_height),
        ));
        let mains = by_table(machine, &mut contents)
            .into_iter()
            .flatten()
            .collect();
        let commitment = commitment(&shared, VmTable::Initfin);
        let leaf = gamma::boundary_leaf(&commitment);
        let values = publics::boundary(machine, context.key, &context.pair, sum);
        let transcript = gamma::transcript(&gamma, BOUNDARY, Accelerators::NONE, &leaf);
        let proof = machine.prove(
            &self.key.boundary_fixed,
            shared,
            mains,
            &values,
            transcript,
            progress,
        )?;
        Ok(BoundaryProof {
            shared: commitment,
            sum,
            proof,
        })
    }
}

/// Joins the boundary proof and all segment proofs, in order, and checks the result.
///
/// # Errors
/// [`VerifyError`]: the proofs are not those of the statement.
pub fn aggregate(
    key: &VerifyingKey,
    statement: &Statement,
    boundary: &[u8],
    segments: &[Vec<u8>],
) -> Result<Vec<u8>, VerifyError> {
    let bytes = proofs::compose(key, statement, boundary, segments);
    verifier::verify(&key.digest(), &bytes)?;
    Ok(bytes)
}

/// As [`aggregate`], for proofs that have been verified one by one against `leaves` (boundary first)
/// and their challenge: checks what they have to be together.
///
/// # Errors
/// [`VerifyError`]: they are not the proofs of the statement.
pub fn join(
    key: &VerifyingKey,
    statement: &Statement,
    leaves: &[Digest],
    boundary: &[u8],
    segments: &[Vec<u8>],
) -> Result<Vec<u8>, VerifyError> {
    let bytes = proofs::compose(key, statement, boundary, segments);
    verifier::verify_outline(key, &bytes, leaves)?;
    Ok(bytes)
}

fn contribute_segment(runner: &mut Runner<'_>) -> Result<Digest, KernelError> {
    let (touched, history) = runner.touch()?;
    // The table with shared columns is in every set's proof.
    let machine = segment_machine(Accelerators::NONE);
    let mut contents = vec![(VmTable::Local, local::shared(&touched.words, &history))];
    let shared = machine.commit_shared(by_table(machine, &mut contents))?;
    let publics = SegmentPublics {
        number: touched.number,
        pc_in: touched.pc_in,
        pc_out: touched.pc_out,
        cycles: touched.cycles,
        exit: touched.exit.unwrap_or(0),
    };
    Ok(gamma::segment_leaf(
        &publics,
        &commitment(&shared, VmTable::Local),
    ))
}

fn commit_boundary(
    run: &Run<'_>,
    finish: &Finish,
) -> Result<(Shared, boundary::BoundaryTrace), KernelError> {
    let trace = boundary::build(run, finish);
    let machine = boundary_machine();
    let mut contents = vec![(VmTable::Initfin, trace.shared.clone())];
    Ok((
        machine.commit_shared(by_table(machine, &mut contents))?,
        trace,
    ))
}

/// Root and height of the one table with shared columns.
fn commitment(shared: &Shared, table: VmTable) -> SharedCommitment {
    debug_assert!(matches!(table, VmTable::Local | VmTable::Initfin));
    let log_height = shared
        .log_heights()
        .into_iter()
        .flatten()
        .next()
        .unwrap_or(0);
    SharedCommitment {
        log_height: log_height as u8,
        root: shared.root().unwrap_or_default(),
    }
}

fn finish(runner: Runner<'_>) -> Result<Finish, KernelError> {
    runner
        .finish()
        .ok_or_else(|| KernelError::Prover("the run did not halt".to_owned()))
}

/// # Errors
/// [`KernelError::TooManySegments`].
pub fn check_segment_count(got: u64, segment_cycles: u64) -> Result<(), KernelError> {
    if got <= u64::from(MAX_SEGMENTS) {
        return Ok(());
    }
    Err(KernelError::TooManySegments {
        limit: MAX_SEGMENTS,
        got,
        segment_cycles,
    })
}

fn no_such_segment(segment: u32, segments: u32) -> KernelError {
    KernelError::Argument {
        what: "segment number",
        allowed: format!("0 (the boundary) to {segments}"),
        got: segment.to_string(),
    }
}
