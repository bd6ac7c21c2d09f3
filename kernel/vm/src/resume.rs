//! Going on from where a run was left, instead of running it from its beginning again.
//!
//! Proofs of one run are made one after another, mostly in the order of its segments. Each needs the
//! run up to its segment: of segment n all n - 1 before it, of all segments together the square.

use std::sync::{Mutex, PoisonError};

use proofloom_executor::{Limits, Trap};

use crate::trace::record::{Checkpoint, Run, Runner};

/// Most bytes that are kept of a run. What a segment's proof needs is several times as much.
const MAX_BYTES: u64 = 128 << 20;

/// The run of a program that was made last, where it was left between two segments.
pub struct LastRun {
    left: Mutex<Option<Left>>,
    max_bytes: u64,
}

struct Left {
    input: Vec<u8>,
    limits: Limits,
    segment_cycles: u64,
    checkpoint: Checkpoint,
}

impl Left {
    fn is_of(&self, run: &Run<'_>) -> bool {
        let start = &run.start;
        // How many cycles a run may have makes no difference before it has had them.
        let max_cycles = start.limits.max_cycles;
        let limits = Limits { max_cycles, ..self.limits };
        self.segment_cycles == start.segment_cycles
            && self.checkpoint.cycles() <= max_cycles
            && limits == start.limits
            && self.input == start.input
    }
}

impl Default for LastRun {
    fn default() -> Self {
        Self::within(MAX_BYTES)
    }
}

impl LastRun {
    /// None yet; of those to come, only what fits into so many bytes.
    fn within(max_bytes: u64) -> Self {
        Self { left: Mutex::new(None), max_bytes }
    }

    /// A runner of `run` after at most `segments` segments: as far as the last run allows.
    ///
    /// # Errors
    /// [`Trap`] if the input is too long.
    pub fn runner<'a>(&self, run: Run<'a>, segments: u32) -> Result<Runner<'a>, Trap> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let left = left.as_ref().filter(|left| left.is_of(&run));
        match left.map(|left| &left.checkpoint) {
            Some(checkpoint) if checkpoint.segments() <= segments => Runner::resume(run, checkpoint),
            _ => Runner::new(run),
        }
    }

    /// Leaves a run here, in place of the one before it, unless that would take too much memory.
    pub fn save_checkpoint(&self, runner: &mut Runner<'_>) {
        let start = runner.run().start;
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        // Before the copy is made, so that there are never two.
        *left = None;
        if runner.bytes() + start.input.len() as u64 <= self.max_bytes {
            *left = Some(Left {
                input: start.input.to_vec(),
                limits: start.limits,
                segment_cycles: start.segment_cycles,
                checkpoint: runner.checkpoint(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use proofloom_executor::testkit::workloads;
    use proofloom_executor::{Program, load_elf};

    use super::*;
    use crate::plan::Start;
    use crate::program::ProgramRow;
    use crate::trace::record::program_rows;

    fn program() -> (Program, Vec<Option<ProgramRow>>) {
        let memory = &workloads(500)[2];
        let program = load_elf(&memory.elf()).expect("ELF");
        let rows = program_rows(&program);
        (program, rows)
    }

    /// Leaves a run of segments of 100 cycles after three of them; then tries others.
    fn after_three(max_bytes: u64, test: impl FnOnce(&LastRun, Run<'_>)) {
        let (program, rows) = program();
        let start = Start { program: &program, input: &[1, 2], limits: Limits::default(), segment_cycles: 100 };
        let run = Run { start, rows: &rows };
        let last = LastRun::within(max_bytes);
        let mut runner = Runner::new(run).expect("a short input");
        for _ in 0..3 {
            runner.skip().expect("no trap");
        }
        last.save_checkpoint(&mut runner);
        test(&last, run);
    }

    fn found(last: &LastRun, run: Run<'_>, segments: u32) -> u32 {
        last.runner(run, segments).expect("a short input").segments()
    }

    #[test]
    fn a_run_goes_on_from_where_it_was_left_but_never_back() {
        after_three(MAX_BYTES, |last, run| {
            let behind = [0, 2, 3, 4, u32::MAX].map(|segments| found(last, run, segments));
            assert_eq!(behind, [0, 0, 3, 3, 3]);
            let mut on = last.runner(run, 3).expect("a short input");
            let mut anew = Runner::new(run).expect("a short input");
            (0..3).for_each(|_| anew.skip().expect("no trap"));
            let (on, anew) = (on.record().expect("no trap"), anew.record().expect("no trap"));
            assert_eq!((on.number, on.pc_in, on.registers), (4, anew.pc_in, anew.registers));
            assert_eq!(on.steps, anew.steps);
            assert!(on.history.iter().eq(anew.history.iter()));
        });
    }

    #[test]
    fn another_run_begins_at_its_beginning() {
        after_three(MAX_BYTES, |last, run| {
            let Run { start, rows } = run;
            let with = |limits| Start { limits, ..start };
            let others = [
                Start { input: &[1, 3], ..start },
                Start { input: &[1, 2, 0], ..start },
                Start { segment_cycles: 101, ..start },
                with(Limits { max_memory_bytes: 1 << 20, ..start.limits }),
                // Fewer than lie behind.
                with(Limits { max_cycles: 299, ..start.limits }),
            ];
            assert_eq!(others.map(|start| found(last, Run { start, rows }, 9)), [0; 5]);
        });
    }

    #[test]
    fn a_run_that_may_have_more_or_fewer_cycles_is_the_same_run() {
        after_three(MAX_BYTES, |last, Run { start, rows }| {
            for max_cycles in [300, 5000, u64::MAX] {
                let start = Start { limits: Limits { max_cycles, ..start.limits }, ..start };
                assert_eq!(found(last, Run { start, rows }, 9), 3, "{max_cycles}");
            }
        });
    }

    #[test]
    fn what_takes_too_much_memory_is_not_kept() {
        after_three(1000, |last, run| assert_eq!(found(last, run, 9), 0));
    }
}
