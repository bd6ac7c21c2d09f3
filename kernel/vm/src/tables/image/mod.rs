//! IMAGE: the words that the program file gives values to; each is sent once.

mod columns;
mod constraints;
pub mod rows;

pub use self::columns::*;
use crate::bus::VmBuilder;
use crate::tables::Definition;

/// The table as a whole.
pub struct Image;

impl Definition for Image {
    const NAME: &str = "IMAGE";
    const PREPROCESSED: usize = ImagePreprocessed::<u8>::WIDTH;
    const MAIN: usize = 1;

    fn eval<B: VmBuilder>(b: &mut B) {
        constraints::eval(b);
    }
}
