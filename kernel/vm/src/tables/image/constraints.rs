//! Constraints and interactions of IMAGE.

use super::columns::*;
use crate::bus::{self, Side, VmBuilder};
use crate::cross;
use crate::layout::SPACE_IMAGE;
use crate::tables::arr;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
pub fn eval<B: VmBuilder>(b: &mut B) {
    let f = ImagePreprocessed::<B::Var>::read(b.preprocessed().current_slice());
    let unused = b.main().current_slice()[0];
    b.assert_zero(unused);
    bus::image_word(b, Side::Send, f.word.into(), arr::<B, _>(f.value), f.real.into());
}

/// Constraints where the words are sent on the cross-segment bus, by one shard of all.
#[inline(never)]
pub fn eval_sent<B: VmBuilder>(b: &mut B) {
    let f = ImagePreprocessed::<B::Var>::read(b.preprocessed().current_slice());
    let main = b.main();
    let m = SentImageMain::<B::Var>::read(main.current_slice());
    let next = SentImageMain::<B::Var>::read(main.next_slice());
    let here: B::Expr = b.public_values()[public::HERE].into();
    let token = cross::Token {
        space: B::Expr::from_u32(SPACE_IMAGE),
        address: f.word.into(),
        value: arr::<B, _>(f.value),
        segment: B::Expr::ZERO,
    };
    let fraction = cross::extension::<B>(arr::<B, _>(m.fraction));
    cross::send(b, fraction.clone(), token, here * f.real);
    let (now, then) = (cross::extension::<B>(arr::<B, _>(m.sum)), cross::extension::<B>(arr::<B, _>(next.sum)));
    cross::accumulate(b, now, then, fraction);
}
