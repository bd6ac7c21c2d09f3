//! A run as its steps tell it, true or not.

use std::collections::VecDeque;

use proofloom_executor::{Accelerator, HALT_INDEX, Program, Step, WordAccess};

use crate::opcode;
use crate::program::ProgramRow;
use crate::trace::chain::{Place, Words};
use crate::trace::record::{Finish, Record, accesses, next_index};

/// What a prover may claim of a run. Everything else follows from it: registers and memory are
/// what the steps say they are.
#[derive(Clone, Debug)]
pub struct ClaimedExecution {
    /// Instructions, segment by segment.
    pub segments: Vec<Vec<Step>>,
    /// The words that each call of an accelerator replaced, in the order of the calls.
    pub replaced: Vec<Vec<WordAccess>>,
    pub exit_code: u32,
    /// The public output.
    pub output: Vec<u8>,
    /// The program whose instructions the steps execute, if it is not the one of the key.
    pub program: Option<Program>,
}

impl ClaimedExecution {
    /// Instructions of the whole run.
    pub fn cycles(&self) -> u64 {
        self.segments.iter().map(|steps| steps.len() as u64).sum()
    }

    /// What the segments' and the boundary's tables are built from.
    pub fn records(&self, rows: &[Option<ProgramRow>], entry: u32) -> (Vec<Record>, Finish) {
        let mut replay = Replay { next: entry, calls: self.replaced.iter().cloned().collect(), ..Replay::default() };
        let records =
            (1..).zip(&self.segments).map(|(number, steps)| replay.record(self, number, steps, rows)).collect();
        let Replay { history, last, .. } = replay;
        (records, Finish { output: self.output.clone(), history, last })
    }
}

/// The state between two segments.
#[derive(Default)]
struct Replay {
    next: u32,
    registers: [u64; 32],
    history: Words<u32>,
    last: Words<u64>,
    /// What the calls that are still to come replaced.
    calls: VecDeque<Vec<WordAccess>>,
}

impl Replay {
    fn record(
        &mut self,
        claimed: &ClaimedExecution,
        number: u32,
        steps: &[Step],
        rows: &[Option<ProgramRow>],
    ) -> Record {
        let (registers, history, pc_in) = (self.registers, self.history.clone(), self.next);
        let mut replaced = Vec::new();
        for step in steps {
            let row = rows.get(step.index as usize).copied().flatten();
            if let Some(row) = row {
                let is_call = row.opcode == opcode::ECALL && Accelerator::of_call(step.rs1).is_some();
                let words = is_call.then(|| self.calls.pop_front()).flatten();
                let touched = words.as_deref().unwrap_or_default();
                accesses(&row, step, touched, |place, _, after| self.access(number, place, after));
                replaced.extend(words);
            }
        }
        let end = steps.last();
        self.next = end.map_or(pc_in, next_index);
        let exit = end.is_some_and(|step| step.next_index == HALT_INDEX).then_some(claimed.exit_code);
        Record { number, steps: steps.to_vec(), replaced, registers, pc_in, pc_out: self.next, exit, history }
    }

    fn access(&mut self, number: u32, place: Place, after: u64) {
        *self.history.entry(place) = number;
        *self.last.entry(place) = after;
        if let Place::Register(register) = place {
            self.registers[usize::from(register)] = after;
        }
    }
}
