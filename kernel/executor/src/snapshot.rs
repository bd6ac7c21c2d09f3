//! Saving and restoring a machine, meant for segment boundaries.

use core::fmt;

use crate::emulator::{Machine, State};
use crate::memory::MemorySnapshot;

/// A machine's state at one point of an execution.
///
/// Making one costs a copy of the pages changed since the snapshot before it; unchanged pages are
/// shared between snapshots. It can be restored into any machine of the same program and input,
/// on any thread.
#[derive(Clone, Debug)]
pub struct Snapshot {
    program: u64,
    input_len: usize,
    state: State,
    memory: MemorySnapshot,
}

impl Snapshot {
    /// Instructions retired before this point.
    #[must_use]
    pub fn cycles(&self) -> u64 {
        self.state.cycles
    }

    /// Number of the segment that ended here; 0 at the start.
    #[must_use]
    pub fn segment(&self) -> u32 {
        self.state.segment
    }

    /// Bytes of page copies referred to, those shared with other snapshots included.
    #[must_use]
    pub fn page_bytes(&self) -> u64 {
        self.memory.copied_bytes()
    }
}

/// The snapshot was made with another program or another length of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotMismatch;

impl fmt::Display for SnapshotMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the snapshot belongs to another program or input: start a new execution")
    }
}

impl core::error::Error for SnapshotMismatch {}

impl Machine<'_> {
    /// Saves the present state.
    pub fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            program: self.program().fingerprint(),
            input_len: self.initial.input().len(),
            state: self.state.clone(),
            memory: self.memory.save(),
        }
    }

    /// Goes to a saved state. The limits stay this machine's own.
    ///
    /// # Errors
    /// [`SnapshotMismatch`] if program or input length differ. That the input's bytes are the same
    /// is up to the caller.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotMismatch> {
        let own = (self.program().fingerprint(), self.initial.input().len());
        if (snapshot.program, snapshot.input_len) != own {
            return Err(SnapshotMismatch);
        }
        self.state.clone_from(&snapshot.state);
        self.memory.restore(&snapshot.memory);
        Ok(())
    }
}
