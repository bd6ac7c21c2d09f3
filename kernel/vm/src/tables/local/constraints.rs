//! Constraints and interactions of LOCAL.

use super::columns::*;
use crate::bus::{self, Side, VmBuilder};
use crate::cross;
use crate::layout::LIMBS;
use crate::tables::arr;
use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let s = LocalPhaseOne::<B::Var>::read(b.preprocessed().current_slice());
    let main = b.main();
    let m = LocalMain::<B::Var>::read(main.current_slice());
    let next = LocalMain::<B::Var>::read(main.next_slice());
    let segment: B::Expr = b.public_values()[public::SEGMENT].into();
    b.assert_bools([s.real, s.space]);
    let token = |value: [B::Var; LIMBS], segment: B::Expr| cross::Token {
        space: s.space.into(),
        address: s.address.into(),
        value: arr::<B, _>(value),
        segment,
    };
    let fraction = cross::extension::<B>(arr::<B, _>(m.fraction));
    let (sent, received) = (token(s.leaving, segment.clone()), token(s.entering, s.before.into()));
    cross::exchange(b, fraction.clone(), sent, received, s.real.into());
    let (now, then) = (cross::extension::<B>(arr::<B, _>(m.sum)), cross::extension::<B>(arr::<B, _>(next.sum)));
    cross::accumulate(b, now, then, fraction);
    // Segments strictly increase along a word's chain.
    bus::range(b, segment - s.before - B::Expr::ONE, DISTANCE_BITS, s.real.into());
    let local = |value: [B::Var; LIMBS], stamp: B::Expr| bus::Token {
        space: s.space.into(),
        address: s.address.into(),
        value: arr::<B, _>(value),
        stamp,
    };
    bus::memory(b, Side::Send, local(s.entering, B::Expr::ZERO), s.real.into());
    bus::memory(b, Side::Receive, local(s.leaving, m.last.into()), s.real.into());
}
