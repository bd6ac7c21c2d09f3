//! PROGRAM, RANGE, BYTE and IMAGE: tables whose contents the verifying key fixes.
//!
//! Each row counts in its main columns how often it is looked up; an image word is sent once.

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

columns! {
    /// A number, a bit count below 16 that holds it, and two to that count; and a u16.
    RangeFixed { value, bits, power, u16 }
}

columns! {
    /// Two bytes and their conjunction.
    ByteFixed { x, y, and }
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
    let main = b.main();
    let [short_times, u16_times] = [main.current_slice()[0], main.current_slice()[1]];
    bus::range_entry(b, [f.value.into(), f.bits.into(), f.power.into()], short_times.into());
    let [bits, power] = [16, 1 << 16].map(B::Expr::from_u32);
    bus::range_entry(b, [f.u16.into(), bits, power], u16_times.into());
}

/// The BYTE table.
pub fn byte<B: VmBuilder>(b: &mut B) {
    let f = ByteFixed::<B::Var>::read(b.preprocessed().current_slice());
    let main = b.main();
    let [and_times, pair_times] = [main.current_slice()[0], main.current_slice()[1]];
    bus::byte_and_entry(b, [f.x.into(), f.y.into(), f.and.into()], and_times.into());
    bus::bytes_entry(b, f.x.into(), f.y.into(), pair_times.into());
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
