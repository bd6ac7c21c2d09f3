//! LOCAL: one row for each register and memory word that the segment touches.
//!
//! Takes the token the word's previous segment left, leaves one for the next, and opens and closes
//! the word's chain of accesses inside the segment. The shared columns are committed before gamma.

use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Side, VmBuilder};
use crate::columns::columns;
use crate::cross::{self, DEGREE};
use crate::layout::LIMBS;
use crate::tables::arr;

columns! {
    /// Columns of the LOCAL table committed before gamma.
    LocalShared {
        real,
        space,
        address,
        /// Value when the segment begins.
        entering[LIMBS],
        /// Value when the segment ends.
        leaving[LIMBS],
        /// Segment that touched the word before.
        before,
    }
}

columns! {
    /// Columns of the LOCAL table committed after gamma.
    LocalMain {
        /// Stamp of the last access in the segment.
        last,
        fraction[DEGREE],
        sum[DEGREE],
    }
}

/// Public values of the LOCAL table.
pub mod public {
    /// Number of the segment.
    pub const SEGMENT: usize = crate::cross::public::END;
    /// Count of public values.
    pub const COUNT: usize = SEGMENT + 1;
}

/// Bits of the distance between two segments that touch a word.
pub const DISTANCE_BITS: u32 = 16;

/// Constraints and interactions.
#[inline(never)]
pub fn eval<B: VmBuilder>(b: &mut B) {
    let s = LocalShared::<B::Var>::read(b.preprocessed().current_slice());
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
    let (sent, received) = (
        token(s.leaving, segment.clone()),
        token(s.entering, s.before.into()),
    );
    cross::exchange(b, fraction.clone(), sent, received, s.real.into());
    let (now, then) = (
        cross::extension::<B>(arr::<B, _>(m.sum)),
        cross::extension::<B>(arr::<B, _>(next.sum)),
    );
    cross::accumulate(b, now, then, fraction);
    // Segments strictly increase along a word's chain.
    bus::range(
        b,
        segment - s.before - B::Expr::ONE,
        DISTANCE_BITS,
        s.real.into(),
    );
    let local = |value: [B::Var; LIMBS], stamp: B::Expr| bus::Token {
        space: s.space.into(),
        address: s.address.into(),
        value: arr::<B, _>(value),
        stamp,
    };
    bus::memory(
        b,
        Side::Send,
        local(s.entering, B::Expr::ZERO),
        s.real.into(),
    );
    bus::memory(
        b,
        Side::Receive,
        local(s.leaving, m.last.into()),
        s.real.into(),
    );
}
