//! PROGRAM, RANGE, BYTE and IMAGE: tables whose contents the verifying key fixes.
//!
//! Each row counts in its main columns how often its entries are looked up; an image word is sent once.

use p3_air::WindowAccess;
use p3_field::PrimeCharacteristicRing;

use crate::bus::{self, Instruction, Side, VmBuilder};
use crate::columns::columns;
use crate::layout::LIMBS;
use crate::tables::arr;

columns! {
    /// A decoded instruction; see [`bus::Instruction`].
    ProgramFixed { index, flags, opcode, rd, rs1, rs2, imm[LIMBS], t }
}

/// Entries of RANGE and BYTE in one row: as many lower are the shortest proofs, whose tallest tables
/// these are.
pub const ENTRIES: usize = 4;

columns! {
    /// Numbers, each with a bit count below 16 that holds it and two to that count; and the first
    /// of as many consecutive u16s.
    RangeFixed { value[ENTRIES], bits[ENTRIES], power[ENTRIES], u16 }
}

columns! {
    /// How often each entry of a RANGE row is looked up.
    RangeCols { short_times[ENTRIES], u16_times[ENTRIES] }
}

columns! {
    /// A byte, the first of consecutive bytes, and its conjunction with each of them.
    ByteFixed { x, y, and[ENTRIES] }
}

columns! {
    /// How often each entry of a BYTE row is looked up.
    ByteCols { and_times[ENTRIES], pair_times[ENTRIES] }
}

columns! {
    /// A word of the program's image; `real` is 0 on padding.
    ImageFixed { real, word, value[LIMBS] }
}

/// The PROGRAM table.
pub fn program<B: VmBuilder>(b: &mut B) {
    let f = ProgramFixed::<B::Var>::read(b.preprocessed().current_slice());
    let times: B::Expr = b.main().current_slice()[0].into();
    let row = Instruction {
        index: f.index.into(),
        flags: f.flags.into(),
        opcode: f.opcode.into(),
        rd: f.rd.into(),
        rs1: f.rs1.into(),
        rs2: f.rs2.into(),
        imm: arr::<B, _>(f.imm),
        t: f.t.into(),
    };
    bus::instruction(b, &row, times);
}

/// The RANGE table.
pub fn range<B: VmBuilder>(b: &mut B) {
    let f = RangeFixed::<B::Var>::read(b.preprocessed().current_slice());
    let l = RangeCols::<B::Var>::read(b.main().current_slice());
    for i in 0..ENTRIES {
        let short = [f.value[i], f.bits[i], f.power[i]].map(Into::into);
        bus::range_entry(b, short, l.short_times[i].into());
        let [bits, power] = [16, 1 << 16].map(B::Expr::from_u32);
        let u16 = f.u16 + B::Expr::from_usize(i);
        bus::range_entry(b, [u16, bits, power], l.u16_times[i].into());
    }
}

/// The BYTE table.
pub fn byte<B: VmBuilder>(b: &mut B) {
    let f = ByteFixed::<B::Var>::read(b.preprocessed().current_slice());
    let l = ByteCols::<B::Var>::read(b.main().current_slice());
    for i in 0..ENTRIES {
        let y = f.y + B::Expr::from_usize(i);
        bus::byte_and_entry(b, [f.x.into(), y.clone(), f.and[i].into()], l.and_times[i].into());
        bus::bytes_entry(b, f.x.into(), y, l.pair_times[i].into());
    }
}

/// The IMAGE table. Its main column is a constant zero: a table needs one.
pub fn image<B: VmBuilder>(b: &mut B) {
    let f = ImageFixed::<B::Var>::read(b.preprocessed().current_slice());
    let unused = b.main().current_slice()[0];
    b.assert_zero(unused);
    bus::image_word(
        b,
        Side::Send,
        f.word.into(),
        arr::<B, _>(f.value),
        f.real.into(),
    );
}
