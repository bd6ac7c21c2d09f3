//! The machines: the tables of a segment proof, for each set of accelerators, and those of the
//! boundary proof.

use std::sync::OnceLock;

use proofloom_stark::{Machine, MachineError};

use crate::accelerators::Accelerators;
use crate::tables::{BOUNDARY_TABLES, VmTable};

/// A table list that cannot be analysed is a mistake in this crate; its tests build all.
pub fn built(machine: Result<Machine<VmTable>, MachineError>) -> Machine<VmTable> {
    machine.unwrap_or_else(|error| panic!("{error}"))
}

/// Tables of the proof of a segment that uses these accelerators.
pub fn segment_machine(used: Accelerators) -> &'static Machine<VmTable> {
    static MACHINES: [OnceLock<Machine<VmTable>>; Accelerators::SETS] = [const { OnceLock::new() }; Accelerators::SETS];
    MACHINES[used.index()].get_or_init(|| {
        built(match used {
            Accelerators::ALL => Machine::new(used.tables()),
            // Analysing the widest tables takes longer than everything else a key needs: once will do.
            _ => segment_machine(Accelerators::ALL).with_tables(&used.tables()),
        })
    })
}

/// Tables of the boundary proof.
pub fn boundary_machine() -> &'static Machine<VmTable> {
    static MACHINE: OnceLock<Machine<VmTable>> = OnceLock::new();
    MACHINE.get_or_init(|| built(Machine::new(BOUNDARY_TABLES.to_vec())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_of_some_tables_are_what_analysing_those_gives() {
        for set in 0..Accelerators::SETS as u8 {
            let used = Accelerators::try_from(set).expect("a set");
            let (derived, analysed) = (segment_machine(used), built(Machine::new(used.tables())));
            assert_eq!(derived.tables(), analysed.tables());
            assert_eq!(derived.stats(), analysed.stats());
            assert_eq!(derived.buses(), analysed.buses());
        }
    }
}
