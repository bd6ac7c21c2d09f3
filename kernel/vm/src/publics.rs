//! Public values of each table.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_stark::Machine;

use crate::cross::CrossPair;
use crate::gamma::SegmentPublics;
use crate::key::VerifyingKey;
use crate::layout::limbs;
use crate::tables::VmTable;

/// Public values of a segment proof, table by table.
pub fn segment(
    machine: &Machine<VmTable>,
    key: &VerifyingKey,
    publics: &SegmentPublics,
    pair: &CrossPair,
    sum: Challenge,
) -> Vec<Vec<Val>> {
    let low = |x: u64| [limbs(x)[0], limbs(x)[1]].map(Val::from_u32);
    let values = |table: &VmTable| match table {
        VmTable::Cpu => [publics.pc_in, publics.pc_out, publics.cycles].map(Val::from_u32).to_vec(),
        VmTable::Jump => [low(u64::from(publics.exit)), low(key.text_base)].concat(),
        VmTable::Aligned | VmTable::SubWord | VmTable::Unaligned | VmTable::Keccak | VmTable::Sha256 => {
            vec![Val::from_u32(key.writable_word)]
        }
        VmTable::Local => {
            let mut values = pair.publics(sum);
            values.push(Val::from_u32(publics.number));
            values
        }
        _ => Vec::new(),
    };
    machine.tables().iter().map(values).collect()
}

/// Public values of the boundary proof, table by table.
pub fn boundary(machine: &Machine<VmTable>, key: &VerifyingKey, pair: &CrossPair, sum: Challenge) -> Vec<Vec<Val>> {
    let values = |table: &VmTable| match table {
        VmTable::Initfin => {
            let mut values = pair.publics(sum);
            values.push(Val::from_u32(key.writable_word));
            values
        }
        _ => Vec::new(),
    };
    machine.tables().iter().map(values).collect()
}
