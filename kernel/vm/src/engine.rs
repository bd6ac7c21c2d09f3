//! The two proof engines that the tables are for, while one follows the other.

use std::sync::OnceLock;

use proofloom_stark::Machine;

use crate::accelerators::Accelerators;
use crate::system::{boundary_machine, built, segment_machine};
use crate::tables::{BOUNDARY_TABLES, VmTable};

/// Which proof engine tables are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Proofs of format 3.
    Univariate,
    /// ADR 0007: its degrees count selectors, preprocessed columns may be closed forms, the boundary has shards.
    Multilinear,
}

impl Default for Engine {
    /// What rows are checked for unless one asks: so that all tests of the tables are about either.
    fn default() -> Self {
        if cfg!(feature = "multilinear") { Self::Multilinear } else { Self::Univariate }
    }
}

impl Engine {
    /// Tables of a segment proof, in order.
    pub fn segment_tables(self, used: Accelerators) -> Vec<VmTable> {
        used.tables().into_iter().map(|table| table.of(self)).collect()
    }

    /// Tables of the boundary's proofs, in order.
    pub fn boundary_tables(self) -> Vec<VmTable> {
        BOUNDARY_TABLES.map(|table| table.of(self)).to_vec()
    }

    /// The tables of a segment, for checks of their rows.
    pub fn segment(self, used: Accelerators) -> &'static Machine<VmTable> {
        static MULTILINEAR: [OnceLock<Machine<VmTable>>; Accelerators::SETS] =
            [const { OnceLock::new() }; Accelerators::SETS];
        match self {
            Self::Univariate => segment_machine(used),
            Self::Multilinear => {
                MULTILINEAR[used.index()].get_or_init(|| built(Machine::new(self.segment_tables(used))))
            }
        }
    }

    /// The tables of the boundary, or of a shard of it, for checks of their rows.
    pub fn boundary(self) -> &'static Machine<VmTable> {
        static MULTILINEAR: OnceLock<Machine<VmTable>> = OnceLock::new();
        match self {
            Self::Univariate => boundary_machine(),
            Self::Multilinear => MULTILINEAR.get_or_init(|| built(Machine::new(self.boundary_tables()))),
        }
    }
}
