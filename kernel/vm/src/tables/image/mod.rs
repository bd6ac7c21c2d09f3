//! IMAGE: the words that the program file gives values to; each is sent once.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use self::rows::Sent;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use crate::bus::VmBuilder;
use crate::program::Decoded;
use crate::tables::{Definition, VmTable};
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;

/// The table as a whole.
pub struct Image;

impl Definition for Image {
    type Source<'a> = ();

    const TABLE: VmTable = VmTable::Image;
    const NAME: &str = "IMAGE";
    const PREPROCESSED: usize = ImagePreprocessed::<u8>::WIDTH;
    const MAIN: usize = 1;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }

    fn fixed(decoded: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        Some(rows::fixed(decoded.program))
    }

    fn fill(rows: &mut Rows, counts: &mut Counts, source: &Self::Source<'_>) {
        rows::fill(rows, counts, source);
    }
}

/// The table with its words on the cross-segment bus, so that any shard of the boundary may take them.
pub struct SentImage;

impl Definition for SentImage {
    type Source<'a> = Sent;

    const TABLE: VmTable = VmTable::SentImage;
    const NAME: &str = Image::NAME;
    const PREPROCESSED: usize = Image::PREPROCESSED;
    const MAIN: usize = SentImageMain::<u8>::WIDTH;
    const PUBLICS: usize = public::COUNT;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval_sent(b);
    }

    fn fixed(decoded: &Decoded<'_>) -> Option<RowMajorMatrix<Val>> {
        Image::fixed(decoded)
    }

    fn fill(rows: &mut Rows, _: &mut Counts, source: &Self::Source<'_>) {
        rows::fill_sent(rows, source);
    }
}
