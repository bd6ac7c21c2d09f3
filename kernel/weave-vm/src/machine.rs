//! The machines: the tables of a segment proof, for each set of accelerators, and those of a shard.

use std::sync::OnceLock;

use proofloom_vm::Accelerators;
use proofloom_vm::rows::Engine;
use proofloom_weave::Machine;

use crate::table::MachineTable;

/// A table list that cannot be analysed is a mistake in the tables; tests build all.
fn built(tables: Vec<proofloom_vm::VmTable>) -> Machine<MachineTable> {
    let tables = tables.into_iter().map(MachineTable::new).collect();
    Machine::new(tables).unwrap_or_else(|error| panic!("{error}"))
}

/// Tables of the proof of a segment that uses these accelerators.
pub fn segment_machine(used: Accelerators) -> &'static Machine<MachineTable> {
    static MACHINES: [OnceLock<Machine<MachineTable>>; Accelerators::SETS] =
        [const { OnceLock::new() }; Accelerators::SETS];
    MACHINES[used.index()].get_or_init(|| built(Engine::Multilinear.segment_tables(used)))
}

/// Tables of the proof of a shard of the boundary.
pub fn shard_machine() -> &'static Machine<MachineTable> {
    static MACHINE: OnceLock<Machine<MachineTable>> = OnceLock::new();
    MACHINE.get_or_init(|| built(Engine::Multilinear.boundary_tables()))
}

/// All sets of accelerators, by number.
pub fn all_sets() -> impl Iterator<Item = Accelerators> {
    (0..=u8::MAX).map_while(|set| Accelerators::try_from(set).ok())
}

#[cfg(test)]
pub mod tests {
    use proofloom_executor::testkit::{Assembler, TEXT_BASE, elf};
    use proofloom_executor::{Program, load_elf};
    use proofloom_weave::{Group, MAX_DEGREE};

    use super::*;

    /// A program that halts.
    pub fn program() -> Program {
        let mut asm = Assembler::new(TEXT_BASE);
        asm.exit(0);
        load_elf(&elf(asm, 0)).expect("ELF")
    }

    #[test]
    fn every_machine_passes_the_engines_checks() {
        let slots: Vec<_> = all_sets().map(segment_machine).map(|m| (m.slots(), m.slot_variables())).collect();
        assert_eq!(slots, [(183, 8), (263, 9), (198, 8), (278, 9)]);
        assert_eq!(shard_machine().slot_variables(), 5);
        for machine in all_sets().map(segment_machine).chain([shard_machine()]) {
            assert!(machine.shapes().iter().all(|shape| shape.degree <= MAX_DEGREE));
            for group in [Group::Fixed, Group::Shared] {
                let with: Vec<_> = machine.shapes().iter().filter(|shape| shape.committed(group) > 0).collect();
                assert_eq!(with.len(), 1, "{group} columns have one height");
            }
        }
    }
}
