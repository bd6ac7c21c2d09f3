//! What the tables of accelerators share: how a call reaches them, and bits.

use p3_field::PrimeCharacteristicRing;
use proofloom_executor::Accelerator;

use crate::bus::{self, Operation, Side, VmBuilder};
use crate::opcode;
use crate::tables::address::{self, LOW_BITS};

/// Bits of a limb.
pub const LIMB_BITS: usize = 16;

/// A call as the row of the ECALL makes it.
pub struct Call<E> {
    /// Which one, by a7.
    pub accelerator: Accelerator,
    /// Low 13 bits of the first word's number.
    pub low: E,
    /// High 16 bits of the first word's number.
    pub high: E,
    /// Stamp of the ECALL's row.
    pub clk: E,
    /// Index of the next instruction.
    pub next: E,
    /// Low 16 bits of the first word's distance from the start of writable memory.
    pub bound: E,
}

/// Number of the first word, from its low 13 and its high 16 bits.
pub fn first_word<B: VmBuilder>(low: impl Into<B::Expr>, high: impl Into<B::Expr>) -> B::Expr {
    low.into() + high.into() * B::Expr::from_u32(1 << LOW_BITS)
}

/// Receives a call `times` in {0, 1}: a0 is the address of a writable word. The words behind it need
/// no check: no token has an address beyond the memory's end.
pub fn receive<B: VmBuilder>(b: &mut B, call: Call<B::Expr>, times: B::Expr) {
    let word = first_word::<B>(call.low.clone(), call.high.clone());
    let number = B::Expr::from_u64(call.accelerator.call());
    let zero = B::Expr::ZERO;
    let [low16, high] = [call.low.clone() * B::Expr::from_u32(8), call.high.clone()];
    let operation = Operation {
        opcode: B::Expr::from_u32(opcode::ECALL),
        a: [number, zero.clone(), zero.clone(), zero.clone()],
        b: [low16, high.clone(), zero.clone(), zero.clone()],
        c: [call.clk, high, zero.clone(), zero],
        x: call.next.clone(),
        t: call.next,
    };
    bus::operation(b, Side::Receive, operation, times.clone());
    bus::range(b, call.low, LOW_BITS, times.clone());
    bus::u16(b, call.high, times.clone());
    address::writable(b, word, call.bound, times);
}

/// x + y - 2 x y
pub fn xor<E: PrimeCharacteristicRing>(x: E, y: E) -> E {
    x.clone() + y.clone() - (x * y).double()
}

/// A limb from its bits, least significant first.
pub fn packed<E: PrimeCharacteristicRing>(bit: impl Fn(usize) -> E) -> E {
    (0..LIMB_BITS).rev().fold(E::ZERO, |limb, i| limb.double() + bit(i))
}
