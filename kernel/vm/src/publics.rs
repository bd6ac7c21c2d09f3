//! Public values of each table.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, Val};
use proofloom_stark::Machine;

use crate::cross::CrossPair;
use crate::gamma::SegmentPublics;
use crate::key::VerifyingKey;
use crate::layout::limbs;
use crate::tables::initfin::ShardPublics;
use crate::tables::{BOUNDARY_TABLES, VmTable};

/// Public values of a segment proof, table by table.
pub fn segment(
    tables: &[VmTable],
    key: &VerifyingKey,
    publics: &SegmentPublics,
    pair: &CrossPair,
    sum: Challenge,
) -> Vec<Vec<Val>> {
    let low = |x: u64| [limbs(x)[0], limbs(x)[1]].map(Val::from_u32);
    let values = |table: &VmTable| match table.base() {
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
    tables.iter().map(values).collect()
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

/// What the cross-segment bus gets from a shard: words, and image words that the file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShardSums {
    pub words: Challenge,
    pub image: Challenge,
}

/// Public values of the proof of a shard, table by table.
pub fn shard(key: &VerifyingKey, pair: &CrossPair, shard: &ShardPublics, sums: &ShardSums) -> Vec<Vec<Val>> {
    // -1 stands for nothing: it is no key and no word.
    let or_none = |number: Option<u32>| number.map_or(-Val::ONE, Val::from_u32);
    let place = [Some(key.writable_word), shard.lo, Some(shard.hi), shard.input_before, shard.input_after];
    let words = [pair.publics(sums.words), place.map(or_none).to_vec()].concat();
    let image = [pair.publics(sums.image), vec![Val::from_bool(shard.number == 1)]].concat();
    let values = |table: VmTable| match table {
        VmTable::Initfin => words.clone(),
        VmTable::Image => image.clone(),
        _ => Vec::new(),
    };
    BOUNDARY_TABLES.map(values).to_vec()
}
