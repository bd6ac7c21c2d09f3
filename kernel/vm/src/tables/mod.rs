//! The tables of the machine: constraints, widths, heights, order.

mod accelerated;
mod address;
pub mod aligned;
pub mod byte;
pub mod compare;
pub mod cpu;
pub mod div;
pub mod image;
pub mod initfin;
pub mod jump;
pub mod keccak;
pub mod local;
pub mod logic;
pub mod mul;
pub mod mulh;
pub mod not;
pub mod product;
pub mod program;
pub mod range;
pub mod refresh;
pub mod sha256;
pub mod shift;
pub mod sub_word;
pub mod unaligned;
pub mod word;

pub use address::LOW_BITS;

use p3_air::{Air, BaseAir};
use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::bus::{self, VmBuilder};
use crate::engine::Engine;
use crate::layout::{LIMBS, LOG_MAX_HEIGHT, LOG_MIN_HEIGHT};
use crate::program::Decoded;
use crate::trace::counts::Counts;
use crate::trace::rows::{Ending, Rows};

/// Something that the definition of each table has, for the table at hand.
macro_rules! of_table {
    ($table:expr, $Table:ident => $body:expr) => {
        match $table {
            VmTable::Cpu => {
                type $Table = cpu::Cpu;
                $body
            }
            VmTable::Program => {
                type $Table = program::Program;
                $body
            }
            VmTable::Range => {
                type $Table = range::Range;
                $body
            }
            VmTable::Byte => {
                type $Table = byte::Byte;
                $body
            }
            VmTable::Logic => {
                type $Table = logic::Logic;
                $body
            }
            VmTable::Not => {
                type $Table = not::Not;
                $body
            }
            VmTable::Word => {
                type $Table = word::Word;
                $body
            }
            VmTable::Compare => {
                type $Table = compare::Compare;
                $body
            }
            VmTable::Shift => {
                type $Table = shift::Shift;
                $body
            }
            VmTable::Jump => {
                type $Table = jump::Jump;
                $body
            }
            VmTable::Aligned => {
                type $Table = aligned::Aligned;
                $body
            }
            VmTable::SubWord => {
                type $Table = sub_word::SubWord;
                $body
            }
            VmTable::Unaligned => {
                type $Table = unaligned::Unaligned;
                $body
            }
            VmTable::Mul => {
                type $Table = mul::Mul;
                $body
            }
            VmTable::Mulh => {
                type $Table = mulh::Mulh;
                $body
            }
            VmTable::Div => {
                type $Table = div::Div;
                $body
            }
            VmTable::Refresh => {
                type $Table = refresh::Refresh;
                $body
            }
            VmTable::Local => {
                type $Table = local::Local;
                $body
            }
            VmTable::Keccak => {
                type $Table = keccak::Keccak;
                $body
            }
            VmTable::Sha256 => {
                type $Table = sha256::Sha256;
                $body
            }
            VmTable::Initfin => {
                type $Table = initfin::Initfin;
                $body
            }
            VmTable::Image => {
                type $Table = image::Image;
                $body
            }
            VmTable::CyclicCpu => {
                type $Table = cpu::CyclicCpu;
                $body
            }
            VmTable::LogRange => {
                type $Table = range::LogRange;
                $body
            }
            VmTable::Shard => {
                type $Table = initfin::Shard;
                $body
            }
            VmTable::SentImage => {
                type $Table = image::SentImage;
                $body
            }
        }
    };
}

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
    SubWord,
    Unaligned,
    Mul,
    Mulh,
    Div,
    Refresh,
    Local,
    Keccak,
    Sha256,
    Initfin,
    Image,
    /// CPU, RANGE, INITFIN and IMAGE as the multilinear engine proves them.
    CyclicCpu,
    LogRange,
    Shard,
    SentImage,
}

impl VmTable {
    /// Count of all tables.
    pub const COUNT: usize = Self::SentImage as usize + 1;

    /// The table for an engine.
    pub const fn of(self, engine: Engine) -> Self {
        match (engine, self) {
            (Engine::Univariate, table) => table,
            (Engine::Multilinear, Self::Cpu) => Self::CyclicCpu,
            (Engine::Multilinear, Self::Range) => Self::LogRange,
            (Engine::Multilinear, Self::Initfin) => Self::Shard,
            (Engine::Multilinear, Self::Image) => Self::SentImage,
            (Engine::Multilinear, table) => table,
        }
    }

    /// The table for the univariate engine.
    pub const fn base(self) -> Self {
        match self {
            Self::CyclicCpu => Self::Cpu,
            Self::LogRange => Self::Range,
            Self::Shard => Self::Initfin,
            Self::SentImage => Self::Image,
            table => table,
        }
    }

    /// Columns that the verifying key fixes, of a program.
    pub fn fixed(self, decoded: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        of_table!(self, Table => Table::fixed(decoded))
    }

    /// Main columns of a table whose rows are all there.
    pub fn finish(self, rows: Rows, ending: &Ending) -> RowMajorMatrix<Val> {
        of_table!(self, Table => rows.finish_with(|row| Table::pad(row, ending)))
    }
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
    VmTable::SubWord,
    VmTable::Unaligned,
    VmTable::Mul,
    VmTable::Mulh,
    VmTable::Div,
    VmTable::Refresh,
    VmTable::Local,
];

/// Tables of the boundary proof, in order.
pub const BOUNDARY_TABLES: [VmTable; 3] = [VmTable::Initfin, VmTable::Image, VmTable::Range];

/// Entries of RANGE and BYTE in one row: as many lower are the shortest proofs, whose tallest tables
/// these are.
pub const ENTRIES: usize = 4;

/// log2 height of the RANGE table: 2^16 entries, all numbers of 0 to 15 bits, and beside them all of 16.
pub const LOG_RANGE: usize = 16 - ENTRIES.ilog2() as usize;
/// log2 height of the BYTE table: 2^16 entries, all pairs of bytes.
pub const LOG_BYTE: usize = LOG_RANGE;

/// What a table is: its name, its columns, its constraints, and what its rows are filled from. Each has a
/// folder of its own.
pub trait Definition {
    /// What a row is filled from, or the rows of a call: an instruction, a word, how often an entry is used.
    type Source<'a>;

    const TABLE: VmTable;
    /// Name in errors, statistics and the verifying key.
    const NAME: &str;
    /// Columns that the verifying key fixes.
    const PREPROCESSED: usize = 0;
    /// Columns committed before the global challenge.
    const PHASE_ONE: usize = 0;
    /// Columns committed after it.
    const MAIN: usize;
    /// Public values.
    const PUBLICS: usize = 0;
    /// log2 of the smallest and the largest height.
    const LOG_HEIGHTS: (usize, usize) = (LOG_MIN_HEIGHT, LOG_MAX_HEIGHT);

    /// Constraints and interactions.
    fn eval<B: VmBuilder>(b: &mut B);

    /// Columns that the verifying key fixes, of a program.
    fn fixed(_: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        None
    }

    /// Appends the main columns of a source's rows, and counts what they look up.
    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>);

    /// Fills a row of zeros behind those of all sources.
    fn pad(_: &mut [Val], _: &Ending) {}

    /// Main columns of a table whose sources are all there.
    fn all_rows<'a>(
        counts: &mut Counts,
        sources: impl ExactSizeIterator<Item = Self::Source<'a>>,
    ) -> RowMajorMatrix<Val> {
        let mut rows = Rows::with_room(Self::MAIN, sources.len());
        sources.for_each(|source| Self::fill(&mut rows, counts, &source));
        rows.finish()
    }
}

/// A table with columns that are committed before the global challenge, one row for each word.
pub trait Contributed: Definition {
    /// What such a row is filled from.
    type Word;

    /// Appends the columns of a word's row.
    fn contribute(rows: &mut Rows, word: &Self::Word);
}

/// The columns that a contribution commits to; `pad` fills the rows behind those of the words.
pub fn contributed<T: Contributed>(
    words: impl ExactSizeIterator<Item = T::Word>,
    pad: impl Fn(&mut [Val]),
) -> RowMajorMatrix<Val> {
    let mut rows = Rows::with_room(T::PHASE_ONE, words.len());
    words.for_each(|word| T::contribute(&mut rows, &word));
    rows.finish_with(pad)
}

impl BaseAir<Val> for VmTable {
    fn width(&self) -> usize {
        of_table!(self, Table => Table::MAIN)
    }

    fn preprocessed_width(&self) -> usize {
        of_table!(self, Table => Table::PREPROCESSED + Table::PHASE_ONE)
    }

    fn num_public_values(&self) -> usize {
        of_table!(self, Table => Table::PUBLICS)
    }
}

// No table is inlined here: a WebAssembly engine compiles a function as a whole when it gets hot, and
// all tables in one take it several times as long as those that a program uses.
impl<B: VmBuilder> Air<B> for VmTable {
    fn eval(&self, b: &mut B) {
        of_table!(self, Table => Table::eval(b));
    }
}

impl VmTable {
    /// Name in errors, statistics and the verifying key.
    pub fn name(&self) -> &'static str {
        of_table!(self, Table => Table::NAME)
    }

    /// Columns that the verifying key fixes.
    pub fn fixed_width(&self) -> usize {
        of_table!(self, Table => Table::PREPROCESSED)
    }

    /// Columns committed before the global challenge.
    pub fn shared_width(&self) -> usize {
        of_table!(self, Table => Table::PHASE_ONE)
    }

    /// log2 of the smallest and the largest height.
    pub fn height_range(&self) -> (usize, usize) {
        of_table!(self, Table => Table::LOG_HEIGHTS)
    }
}

impl proofloom_stark::Table for VmTable {
    fn name(&self) -> &'static str {
        self.name()
    }

    fn fixed_width(&self) -> usize {
        self.fixed_width()
    }

    fn shared_width(&self) -> usize {
        self.shared_width()
    }

    fn height_range(&self) -> (usize, usize) {
        self.height_range()
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
