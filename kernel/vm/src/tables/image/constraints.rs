//! Constraints and interactions of IMAGE.

use super::columns::*;
use crate::bus::{self, Side, VmBuilder};
use crate::tables::arr;
use p3_air::WindowAccess;

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let f = ImagePreprocessed::<B::Var>::read(b.preprocessed().current_slice());
    let unused = b.main().current_slice()[0];
    b.assert_zero(unused);
    bus::image_word(b, Side::Send, f.word.into(), arr::<B, _>(f.value), f.real.into());
}
