//! INITFIN: first and last value of every register and memory word of the whole run.
//!
//! Rows are sorted by (space, address), strictly increasing, so each word has one row: the only
//! place where a word's first token comes from. Every image word has a row, touched or not, and so
//! has the length of the input if any of its words has one.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
pub use self::rows::ShardPublics;
use self::rows::{Known, Word};
use crate::bus::VmBuilder;
use crate::layout::LOG_MIN_HEIGHT;
use crate::tables::{Contributed, Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Initfin;

impl Definition for Initfin {
    type Source<'a> = Known<'a>;

    const TABLE: VmTable = VmTable::Initfin;
    const NAME: &str = "INITFIN";
    const PHASE_ONE: usize = InitfinPhaseOne::<u8>::WIDTH;
    const MAIN: usize = InitfinMain::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}

impl Contributed for Initfin {
    type Word = Word;

    fn contribute(rows: &mut Rows, word: &Word) {
        rows::contribute(rows, word);
    }
}

/// One of the shards that the table is cut into where the multilinear engine proves it: any number of words
/// has its proofs.
pub struct Shard;

impl Definition for Shard {
    type Source<'a> = Known<'a>;

    const TABLE: VmTable = VmTable::Shard;
    const NAME: &str = Initfin::NAME;
    const PHASE_ONE: usize = Initfin::PHASE_ONE;
    const MAIN: usize = Initfin::MAIN;
    const PUBLICS: usize = shard::COUNT;
    const LOG_HEIGHTS: (usize, usize) = (LOG_MIN_HEIGHT, LOG_MAX_SHARD);

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval_shard(b);
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}
