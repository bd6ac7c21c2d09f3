//! The tables of the machine: constraints, widths, heights, order.

mod accelerated;
mod address;
pub mod aligned;
pub mod compare;
pub mod cpu;
pub mod crossing;
pub mod div;
pub mod fixed;
pub mod initfin;
pub mod jump;
pub mod keccak;
pub mod local;
pub mod logic;
pub mod mul;
pub mod mulh;
pub mod narrow;
pub mod not;
pub mod product;
pub mod refresh;
pub mod sha256;
pub mod shift;
pub mod word;

pub use address::{LOW_BITS, PUBLICS as MEMORY_PUBLICS};

use p3_air::{Air, BaseAir};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use crate::bus::{self, VmBuilder};
use crate::layout::{LIMBS, LOG_MAX_HEIGHT, LOG_MIN_HEIGHT};

/// A table of a segment proof or of the boundary proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VmTable {
    Cpu,
    Program,
    Range,
    Byte,
    Logic,
    Not,
    Word,
    Compare,
    Shift,
    Jump,
    Aligned,
    Narrow,
    Crossing,
    Mul,
    Mulh,
    Div,
    Refresh,
    Local,
    Keccak,
    Sha256,
    Initfin,
    Image,
}

impl VmTable {
    /// Count of all tables.
    pub const COUNT: usize = Self::Image as usize + 1;
}

/// Tables that every segment proof has, in order. Those of the accelerators it uses follow.
pub const SEGMENT_TABLES: [VmTable; 18] = [
    VmTable::Cpu,
    VmTable::Program,
    VmTable::Range,
    VmTable::Byte,
    VmTable::Logic,
    VmTable::Not,
    VmTable::Word,
    VmTable::Compare,
    VmTable::Shift,
    VmTable::Jump,
    VmTable::Aligned,
    VmTable::Narrow,
    VmTable::Crossing,
    VmTable::Mul,
    VmTable::Mulh,
    VmTable::Div,
    VmTable::Refresh,
    VmTable::Local,
];

/// Tables of the boundary proof, in order.
pub const BOUNDARY_TABLES: [VmTable; 3] = [VmTable::Initfin, VmTable::Image, VmTable::Range];

/// log2 height of the RANGE table: 2^16 entries, all numbers of 0 to 15 bits, and beside them all of 16.
pub const LOG_RANGE: usize = 16 - fixed::ENTRIES.ilog2() as usize;
/// log2 height of the BYTE table: 2^16 entries, all pairs of bytes.
pub const LOG_BYTE: usize = LOG_RANGE;

impl BaseAir<Val> for VmTable {
    fn width(&self) -> usize {
        match self {
            Self::Cpu => cpu::CpuCols::<Val>::WIDTH,
            Self::Program | Self::Image => 1,
            Self::Range => fixed::RangeCols::<Val>::WIDTH,
            Self::Byte => fixed::ByteCols::<Val>::WIDTH,
            Self::Logic => logic::LogicCols::<Val>::WIDTH,
            Self::Not => not::NotCols::<Val>::WIDTH,
            Self::Word => word::WordCols::<Val>::WIDTH,
            Self::Compare => compare::CompareCols::<Val>::WIDTH,
            Self::Shift => shift::ShiftCols::<Val>::WIDTH,
            Self::Jump => jump::JumpCols::<Val>::WIDTH,
            Self::Aligned => aligned::AlignedCols::<Val>::WIDTH,
            Self::Narrow => narrow::NarrowCols::<Val>::WIDTH,
            Self::Crossing => crossing::CrossingCols::<Val>::WIDTH,
            Self::Mul => mul::MulCols::<Val>::WIDTH,
            Self::Mulh => mulh::MulhCols::<Val>::WIDTH,
            Self::Div => div::DivCols::<Val>::WIDTH,
            Self::Refresh => refresh::RefreshCols::<Val>::WIDTH,
            Self::Local => local::LocalMain::<Val>::WIDTH,
            Self::Keccak => keccak::WIDTH,
            Self::Sha256 => sha256::WIDTH,
            Self::Initfin => initfin::InitfinMain::<Val>::WIDTH,
        }
    }

    fn preprocessed_width(&self) -> usize {
        use proofloom_stark::Table;
        self.fixed_width() + self.shared_width()
    }

    fn num_public_values(&self) -> usize {
        match self {
            Self::Cpu => cpu::public::COUNT,
            Self::Jump => jump::public::COUNT,
            Self::Aligned | Self::Narrow | Self::Crossing | Self::Keccak | Self::Sha256 => {
                MEMORY_PUBLICS
            }
            Self::Local => local::public::COUNT,
            Self::Initfin => initfin::public::COUNT,
            _ => 0,
        }
    }
}

// No table is inlined here: a WebAssembly engine compiles a function as a whole when it gets hot, and
// all tables in one take it several times as long as those that a program uses.
impl<B: VmBuilder> Air<B> for VmTable {
    fn eval(&self, b: &mut B) {
        match self {
            Self::Cpu => cpu::eval(b),
            Self::Program => fixed::program(b),
            Self::Range => fixed::range(b),
            Self::Byte => fixed::byte(b),
            Self::Logic => logic::eval(b),
            Self::Not => not::eval(b),
            Self::Word => word::eval(b),
            Self::Compare => compare::eval(b),
            Self::Shift => shift::eval(b),
            Self::Jump => jump::eval(b),
            Self::Aligned => aligned::eval(b),
            Self::Narrow => narrow::eval(b),
            Self::Crossing => crossing::eval(b),
            Self::Mul => mul::eval(b),
            Self::Mulh => mulh::eval(b),
            Self::Div => div::eval(b),
            Self::Refresh => refresh::eval(b),
            Self::Local => local::eval(b),
            Self::Keccak => keccak::eval(b),
            Self::Sha256 => sha256::eval(b),
            Self::Initfin => initfin::eval(b),
            Self::Image => fixed::image(b),
        }
    }
}

impl proofloom_stark::Table for VmTable {
    fn name(&self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Program => "PROGRAM",
            Self::Range => "RANGE",
            Self::Byte => "BYTE",
            Self::Logic => "LOGIC",
            Self::Not => "NOT",
            Self::Word => "WORD",
            Self::Compare => "COMPARE",
            Self::Shift => "SHIFT",
            Self::Jump => "JUMP",
            Self::Aligned => "ALIGNED",
            Self::Narrow => "NARROW",
            Self::Crossing => "CROSSING",
            Self::Mul => "MUL",
            Self::Mulh => "MULH",
            Self::Div => "DIV",
            Self::Refresh => "REFRESH",
            Self::Local => "LOCAL",
            Self::Keccak => "KECCAK",
            Self::Sha256 => "SHA256",
            Self::Initfin => "INITFIN",
            Self::Image => "IMAGE",
        }
    }

    fn fixed_width(&self) -> usize {
        match self {
            Self::Program => fixed::ProgramFixed::<Val>::WIDTH,
            Self::Range => fixed::RangeFixed::<Val>::WIDTH,
            Self::Byte => fixed::ByteFixed::<Val>::WIDTH,
            Self::Image => fixed::ImageFixed::<Val>::WIDTH,
            _ => 0,
        }
    }

    fn shared_width(&self) -> usize {
        match self {
            Self::Local => local::LocalShared::<Val>::WIDTH,
            Self::Initfin => initfin::InitfinShared::<Val>::WIDTH,
            _ => 0,
        }
    }

    fn height_range(&self) -> (usize, usize) {
        match self {
            Self::Range => (LOG_RANGE, LOG_RANGE),
            Self::Byte => (LOG_BYTE, LOG_BYTE),
            _ => (LOG_MIN_HEIGHT, LOG_MAX_HEIGHT),
        }
    }
}

/// 2^-16 in the field.
fn inv_2_16() -> Val {
    Val::from_u32(2_130_673_921)
}

/// Columns as expressions.
fn arr<B: VmBuilder, const N: usize>(columns: [B::Var; N]) -> [B::Expr; N] {
    columns.map(Into::into)
}

/// x + 256 y.
fn pair<B: VmBuilder>(x: B::Expr, y: B::Expr) -> B::Expr {
    x + y * B::Expr::from_u32(256)
}

/// Bytes joined to 16-bit limbs.
fn limb<B: VmBuilder>(bytes: [B::Var; 8]) -> [B::Expr; LIMBS] {
    core::array::from_fn(|i| pair::<B>(bytes[2 * i].into(), bytes[2 * i + 1].into()))
}

/// A 32-bit result extended by its sign.
fn extended<B: VmBuilder>(low: [B::Var; 2], sign: B::Var) -> [B::Expr; LIMBS] {
    let high: B::Expr = sign * B::Expr::from_u32(0xffff);
    [low[0].into(), low[1].into(), high.clone(), high]
}

/// Requires `limb` to be a u16 whose top bit is the boolean `sign`, `times` in {0, 1}.
fn sign_bit<B: VmBuilder>(b: &mut B, limb: B::Expr, sign: B::Expr, times: B::Expr) {
    bus::range(b, limb - sign * B::Expr::from_u32(1 << 15), 15, times);
}
