//! A run that is proven in parts: what each contributes, and its proof.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Limits;
use proofloom_field::{Digest, Val};
use proofloom_vm::rows::{
    BoundaryTrace, CrossPair, Engine, Finish, LOG_MAX_SHARD, Record, Run, Runner, ShardSums, image_main, local_main,
    local_words, segment, segment_publics, shard_publics, shards,
};
use proofloom_vm::{Accelerators, Start, VmTable};
use proofloom_weave::{Group, Instance, Machine};
use proofloom_weave_prover::{GroupCommitment, Inputs, TableTrace, prove};

use crate::challenge::cross_pair;
use crate::error::ProveError;
use crate::key::ProvingKey;
use crate::leaf::{SegmentLeaf, ShardLeaf, SharedColumns};
use crate::machine::{segment_machine, shard_machine};
use crate::parts::{SegmentProof, ShardProof, commit};
use crate::table::MachineTable;
use crate::verifier::{KIND_SEGMENT, KIND_SHARD};

/// A part of a job: a segment of the run, or a shard of its boundary, both numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Segment(u32),
    Shard(u32),
}

/// What a part commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contribution {
    Segment(SegmentLeaf),
    Shard(ShardLeaf),
}

/// A program on an input, cut into segments and its boundary into shards.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    key: &'a ProvingKey,
    start: Start<'a>,
    log_shard: usize,
}

impl ProvingKey {
    /// The program on an input.
    pub const fn job<'a>(&'a self, input: &'a [u8], limits: Limits, segment_cycles: u64) -> Job<'a> {
        let start = Start { program: &self.program, input, limits, segment_cycles };
        Job { key: self, start, log_shard: LOG_MAX_SHARD }
    }
}

impl<'a> Job<'a> {
    /// The same with shards of 2^`log_rows` words, in place of the most that one can have.
    #[must_use]
    pub const fn with_log_shard(self, log_rows: usize) -> Self {
        Self { log_shard: log_rows, ..self }
    }

    fn run(&self) -> Run<'a> {
        Run { start: self.start, rows: &self.key.rows }
    }

    /// What all parts commit to: segments in order, then shards in order.
    ///
    /// # Errors
    /// The program's trap, or a part that is too large.
    pub fn contribute(&self) -> Result<Vec<Contribution>, ProveError> {
        let run = self.run();
        let mut runner = Runner::new(run)?;
        let mut found = Vec::new();
        while runner.exit().is_none() {
            let (publics, words) =
                runner.touch(|touched, history| (touched.publics(), local_words(&touched.words, history)))?;
            let (shared, _) = share(segment_machine(Accelerators::NONE), VmTable::Local, &words)?;
            found.push(Contribution::Segment(SegmentLeaf { publics, shared }));
        }
        for trace in shards(&run, &finish(runner)?, self.log_shard) {
            let (shared, _) = share(shard_machine(), VmTable::Initfin, &trace.phase_one)?;
            let publics = *trace.shard().expect("shards have their place");
            found.push(Contribution::Shard(ShardLeaf { publics, shared }));
        }
        Ok(found)
    }

    /// The boundary's shards.
    fn shards(&self) -> Result<Vec<BoundaryTrace>, ProveError> {
        let run = self.run();
        let mut runner = self.key.last_run.runner(run, u32::MAX)?;
        while runner.exit().is_none() {
            runner.skip()?;
        }
        Ok(shards(&run, &finish(runner)?, self.log_shard))
    }

    /// Proves a segment under the global challenge.
    ///
    /// # Errors
    /// The program's trap, a segment that the run does not have, or one that is too large.
    pub fn prove_segment(&self, number: u32, gamma: &Digest) -> Result<SegmentProof, ProveError> {
        let run = self.run();
        let mut runner = self.key.last_run.runner(run, number.saturating_sub(1))?;
        while runner.exit().is_none() && runner.segments() + 1 < number {
            runner.skip()?;
        }
        if number == 0 || runner.exit().is_some() {
            return Err(ProveError::NoSuchPart(format!("segment {number}")));
        }
        let record = runner.record()?;
        self.key.last_run.save_checkpoint(&mut runner);
        // Its memory is not needed any more, and the proof needs a lot.
        drop(runner);
        prove_record(self.key, &run, record, gamma)
    }

    /// Proves a shard of the boundary under the global challenge.
    ///
    /// # Errors
    /// The program's trap, or a shard that the boundary does not have.
    pub fn prove_shard(&self, number: u32, gamma: &Digest) -> Result<ShardProof, ProveError> {
        let missing = || ProveError::NoSuchPart(format!("shard {number}"));
        let at = number.checked_sub(1).ok_or_else(missing)?;
        let trace = self.shards()?.into_iter().nth(at as usize).ok_or_else(missing)?;
        prove_shard(self.key, &trace, gamma)
    }
}

/// Proves what was recorded of a segment, whether it is true or not.
pub(crate) fn prove_record(
    key: &ProvingKey,
    run: &Run<'_>,
    record: Record,
    gamma: &Digest,
) -> Result<SegmentProof, ProveError> {
    let publics = record.publics();
    let mut trace = segment(run, &record, Engine::Multilinear)?;
    // It takes as much as the trace.
    drop(record);
    let accelerators = trace.accelerators;
    let machine = segment_machine(accelerators);
    let pair = cross_pair(gamma);
    let (local, sum) = local_main(&trace.local, &trace.lasts, publics.number, &pair);
    let mut local = Some(local);
    let tables: Vec<VmTable> = machine.tables().iter().map(|table| table.rows()).collect();
    let main = |&table: &VmTable| if table == VmTable::Local { local.take() } else { trace.take_main(table) };
    let mains: Vec<_> = tables.iter().filter_map(main).collect();
    let (shared, commitment) = share(machine, VmTable::Local, &trace.local)?;
    let instance = Instance {
        gamma: *gamma,
        kind: KIND_SEGMENT,
        number: Val::from_u32(publics.number),
        set: Val::from_usize(accelerators.index()),
        leaf: SegmentLeaf { publics, shared }.digest(),
        fixed_root: key.verifying.segment_root,
        shared_root: shared.root,
        publics: segment_publics(&tables, &key.verifying, &publics, &pair, sum),
    };
    let part = Columns { machine, shared: &trace.local, mains: &mains, commitment };
    let proof = part.prove(key, &key.segment.commitment, &instance)?;
    Ok(SegmentProof { publics, shared, sum, accelerators, proof })
}

/// Proves the rows of a shard, whatever they say.
pub(crate) fn prove_shard(key: &ProvingKey, trace: &BoundaryTrace, gamma: &Digest) -> Result<ShardProof, ProveError> {
    let machine = shard_machine();
    let pair = cross_pair(gamma);
    let publics = *trace.shard().expect("shards have their place");
    let (mains, sums) = shard_mains(key, trace, publics.number == 1, &pair);
    let (shared, commitment) = share(machine, VmTable::Initfin, &trace.phase_one)?;
    let instance = Instance {
        gamma: *gamma,
        kind: KIND_SHARD,
        number: Val::from_u32(publics.number),
        set: Val::ZERO,
        leaf: ShardLeaf { publics, shared }.digest(),
        fixed_root: key.verifying.boundary_root,
        shared_root: shared.root,
        publics: shard_publics(&key.verifying, &pair, &publics, &sums),
    };
    let part = Columns { machine, shared: &trace.phase_one, mains: &mains, commitment };
    let proof = part.prove(key, &key.shard.commitment, &instance)?;
    Ok(ShardProof { publics, shared, sums, proof })
}

/// Main columns of a shard's tables, in their order, and its share of the cross-segment bus.
fn shard_mains(
    key: &ProvingKey,
    trace: &BoundaryTrace,
    image_here: bool,
    pair: &CrossPair,
) -> (Vec<RowMajorMatrix<Val>>, ShardSums) {
    let (mut contents, words) = trace.mains(pair);
    let (main, image) = image_main(&key.shard.columns, image_here, pair);
    contents.push((VmTable::SentImage, main));
    let take = |table: &MachineTable| {
        let at = contents.iter().position(|(other, _)| *other == table.rows())?;
        Some(contents.swap_remove(at).1)
    };
    (shard_machine().tables().iter().filter_map(take).collect(), ShardSums { words, image })
}

/// All columns of a part but the fixed ones.
struct Columns<'a> {
    machine: &'a Machine<MachineTable>,
    /// Of the one table that has any.
    shared: &'a RowMajorMatrix<Val>,
    /// In the tables' order.
    mains: &'a [RowMajorMatrix<Val>],
    commitment: GroupCommitment,
}

impl Columns<'_> {
    fn prove(
        &self,
        key: &ProvingKey,
        fixed: &GroupCommitment,
        instance: &Instance<Val>,
    ) -> Result<proofloom_weave::WeaveProof, ProveError> {
        let trace = |(&table, main)| {
            let has_shared = matches!(table, MachineTable(VmTable::Local | VmTable::Shard));
            TableTrace { fixed: key.fixed(table), shared: has_shared.then_some(self.shared), main }
        };
        let traces: Vec<TableTrace<'_>> = self.machine.tables().iter().zip(self.mains).map(trace).collect();
        let inputs = Inputs { machine: self.machine, instance, traces: &traces, fixed, shared: &self.commitment };
        Ok(prove(&inputs, &mut ())?)
    }
}

/// Commits the shared columns of a part.
pub(crate) fn share(
    machine: &Machine<MachineTable>,
    table: VmTable,
    columns: &RowMajorMatrix<Val>,
) -> Result<(SharedColumns, GroupCommitment), ProveError> {
    let commitment = commit(machine, Group::Shared, MachineTable::new(table), columns)?;
    let log_height = columns.height().ilog2() as u8;
    Ok((SharedColumns { log_height, root: commitment.root() }, commitment))
}

fn finish(runner: Runner<'_>) -> Result<Finish, ProveError> {
    runner.finish().ok_or_else(|| ProveError::NoSuchPart("end".to_owned()))
}
