//! Which accelerators a segment uses: each has a table of its own, and a segment's proof has the
//! tables of those that the segment uses.

use proofloom_executor::Accelerator;
use serde::{Deserialize, Serialize};

use crate::tables::{SEGMENT_TABLES, VmTable};

/// A set of accelerators. Only sets of accelerators that exist can be decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Accelerators(u8);

impl Accelerators {
    /// Count of all sets.
    pub const SETS: usize = 1 << Accelerator::ALL.len();
    /// The empty set.
    pub const NONE: Self = Self(0);
    /// The set of all.
    pub const ALL: Self = Self(Self::SETS as u8 - 1);

    /// The set with one more.
    #[must_use]
    pub const fn with(self, accelerator: Accelerator) -> Self {
        Self(self.0 | 1 << accelerator as u8)
    }

    /// Whether one is in the set.
    #[must_use]
    pub const fn has(self, accelerator: Accelerator) -> bool {
        self.0 >> accelerator as u8 & 1 == 1
    }

    /// The number of the set, below [`Self::SETS`].
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Tables of a segment proof, in order.
    #[must_use]
    pub fn tables(self) -> Vec<VmTable> {
        let used = Accelerator::ALL.into_iter().filter(|&accelerator| self.has(accelerator));
        SEGMENT_TABLES.into_iter().chain(used.map(table)).collect()
    }
}

impl From<Accelerators> for u8 {
    fn from(set: Accelerators) -> Self {
        set.0
    }
}

impl TryFrom<u8> for Accelerators {
    type Error = String;

    fn try_from(set: u8) -> Result<Self, String> {
        if set <= Self::ALL.0 {
            return Ok(Self(set));
        }
        Err(format!("set {set:#b} of accelerators, only {:#b} exist", Self::ALL.0))
    }
}

/// The table that does an accelerator's calls.
pub const fn table(accelerator: Accelerator) -> VmTable {
    match accelerator {
        Accelerator::KeccakF => VmTable::Keccak,
        Accelerator::Sha256 => VmTable::Sha256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_unknown_accelerators_are_not_decoded() {
        for set in 0..=u8::MAX {
            let decoded = bcs::from_bytes::<Accelerators>(&[set]);
            assert_eq!(decoded.is_ok(), usize::from(set) < Accelerators::SETS, "{set}");
        }
    }

    #[test]
    fn every_set_has_the_tables_of_its_accelerators_behind_those_of_all() {
        for set in 0..Accelerators::SETS as u8 {
            let tables = Accelerators(set).tables();
            let (common, own) = tables.split_at(SEGMENT_TABLES.len());
            assert_eq!(common, SEGMENT_TABLES);
            assert_eq!(own.len(), set.count_ones() as usize);
        }
    }
}
