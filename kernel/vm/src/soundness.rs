//! Tests of the rules that the proof system rests on, at the level of rows and cells.

mod accelerators;
mod audit;
mod claim;
mod division;
mod fixtures;
mod forgery;
mod gating;
#[cfg(feature = "multilinear")]
mod shards;

use proofloom_field::Val;

use crate::tables::byte::{ByteCols, BytePreprocessed};
use crate::tables::image::ImagePreprocessed;
use crate::tables::program::ProgramPreprocessed;
use crate::tables::range::{RangeCols, RangePreprocessed};
use crate::tables::{VmTable, aligned, compare, cpu, div, image, initfin, jump, keccak, local, logic, mul, mulh};
use crate::tables::{not, refresh, sha256, shift, sub_word, unaligned, word};

/// Names of the main columns of a table.
fn main_names(table: VmTable) -> Vec<String> {
    match table.base() {
        VmTable::Cpu => cpu::CpuCols::<Val>::names(),
        VmTable::Logic => logic::LogicCols::<Val>::names(),
        VmTable::Not => not::NotCols::<Val>::names(),
        VmTable::Word => word::WordCols::<Val>::names(),
        VmTable::Compare => compare::CompareCols::<Val>::names(),
        VmTable::Shift => shift::ShiftCols::<Val>::names(),
        VmTable::Jump => jump::JumpCols::<Val>::names(),
        VmTable::Aligned => aligned::AlignedCols::<Val>::names(),
        VmTable::SubWord => sub_word::SubWordCols::<Val>::names(),
        VmTable::Unaligned => unaligned::UnalignedCols::<Val>::names(),
        VmTable::Mul => mul::MulCols::<Val>::names(),
        VmTable::Mulh => mulh::MulhCols::<Val>::names(),
        VmTable::Div => div::DivCols::<Val>::names(),
        VmTable::Refresh => refresh::RefreshCols::<Val>::names(),
        VmTable::Local => local::LocalMain::<Val>::names(),
        VmTable::Sha256 => [sha256::CarriedCols::<Val>::names(), sha256::RoundCols::<Val>::names()].concat(),
        VmTable::Keccak => [keccak::CarriedCols::<Val>::names(), keccak::RoundCols::<Val>::names()].concat(),
        VmTable::Initfin => initfin::InitfinMain::<Val>::names(),
        VmTable::Program => vec!["times".to_owned()],
        VmTable::Range => RangeCols::<Val>::names(),
        VmTable::Byte => ByteCols::<Val>::names(),
        VmTable::Image if table == VmTable::SentImage => image::SentImageMain::<Val>::names(),
        _ => vec!["unused".to_owned()],
    }
}

/// Names of the preprocessed and phase-one columns of a table.
fn preprocessed_names(table: VmTable) -> Vec<String> {
    match table.base() {
        VmTable::Local => local::LocalPhaseOne::<Val>::names(),
        VmTable::Initfin => initfin::InitfinPhaseOne::<Val>::names(),
        VmTable::Program => ProgramPreprocessed::<Val>::names(),
        VmTable::Range => RangePreprocessed::<Val>::names(),
        VmTable::Byte => BytePreprocessed::<Val>::names(),
        VmTable::Image => ImagePreprocessed::<Val>::names(),
        _ => Vec::new(),
    }
}
