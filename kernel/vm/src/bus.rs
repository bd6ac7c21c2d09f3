//! The segment buses and the tuples that travel on them.
//!
//! Three buses, one per tuple width: folding a tuple costs a multiplication for each element. The
//! kind is the first element of every tuple on a bus that carries more than one kind.
//! All of them must balance inside each proof.

use p3_field::PrimeCharacteristicRing;
use p3_lookup::Count;
pub use proofloom_stark::TableBuilder as VmBuilder;

use crate::layout::LIMBS;

/// Memory tokens (space, address, four limbs, stamp).
const MEMORY: &str = "memory";
/// Program rows and operations, told apart by their kind.
pub const WIDE: &str = "wide";
/// Preprocessed tables, told apart by their kind.
pub const NARROW: &str = "narrow";

/// Elements of a tuple on the wide bus.
const WIDE_LEN: usize = 16;

pub const KIND_PROGRAM: u32 = 1;
const KIND_OPERATION: u32 = 2;
const KIND_IMAGE: u32 = 3;

pub const KIND_RANGE: u32 = 1;
pub const KIND_AND: u32 = 2;
pub const KIND_BYTES: u32 = 3;

/// Which side of a bus a row is on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Adds the tuple.
    Send,
    /// Takes the tuple away.
    Receive,
}

/// Adds or takes a tuple `times` in {0, 1}: the caller constrains `times` to be boolean.
fn unit<B: VmBuilder>(b: &mut B, bus: &str, tuple: Vec<B::Expr>, side: Side, times: B::Expr) {
    let count = Count::bounded(times, 1);
    b.push_interaction(bus, tuple, if side == Side::Send { count } else { -count });
}

/// Entry of a preprocessed table, used `times` by the rows that look it up.
fn entry<B: VmBuilder>(b: &mut B, bus: &str, tuple: Vec<B::Expr>, times: B::Expr) {
    b.push_interaction(bus, tuple, Count::provided(-times));
}

fn wide<B: VmBuilder>(kind: u32, fields: impl IntoIterator<Item = B::Expr>) -> Vec<B::Expr> {
    let mut tuple = Vec::with_capacity(WIDE_LEN);
    tuple.push(B::Expr::from_u32(kind));
    tuple.extend(fields);
    assert!(tuple.len() <= WIDE_LEN, "a wide tuple has {WIDE_LEN} elements");
    tuple.resize(WIDE_LEN, B::Expr::ZERO);
    tuple
}

fn narrow<B: VmBuilder>(kind: u32, fields: [B::Expr; 3]) -> Vec<B::Expr> {
    let [x, y, z] = fields;
    vec![B::Expr::from_u32(kind), x, y, z]
}

/// A memory or register token inside the segment.
pub struct Token<E> {
    /// [`crate::layout::SPACE_REG`] or [`crate::layout::SPACE_MEM`].
    pub space: E,
    /// Register number or word number.
    pub address: E,
    /// The word, four u16 limbs.
    pub value: [E; LIMBS],
    /// Time stamp inside the segment.
    pub stamp: E,
}

/// Sends or receives a token `times` in {0, 1}.
pub fn memory<B: VmBuilder>(b: &mut B, side: Side, token: Token<B::Expr>, times: B::Expr) {
    let [v0, v1, v2, v3] = token.value;
    let tuple = vec![token.space, token.address, v0, v1, v2, v3, token.stamp];
    unit(b, MEMORY, tuple, side, times);
}

/// One access: takes the token left by the previous access (`value`, `stamp`) and leaves a new one.
///
/// The difference of the stamps is range-checked, so stamps of one address strictly increase.
pub struct Access<E> {
    /// See [`Token::space`].
    pub space: E,
    /// See [`Token::address`].
    pub address: E,
    /// Value found.
    pub before: [E; LIMBS],
    /// Value left.
    pub after: [E; LIMBS],
    /// Stamp of the previous access.
    pub previous: E,
    /// Stamp of this access.
    pub stamp: E,
}

/// Performs an access `times` in {0, 1}: two tokens and one range check.
pub fn access<B: VmBuilder>(b: &mut B, a: Access<B::Expr>, times: B::Expr) {
    let gap = a.stamp.clone() - a.previous.clone() - B::Expr::ONE;
    let old = Token { space: a.space.clone(), address: a.address.clone(), value: a.before, stamp: a.previous };
    let new = Token { space: a.space, address: a.address, value: a.after, stamp: a.stamp };
    memory(b, Side::Receive, old, times.clone());
    memory(b, Side::Send, new, times.clone());
    u16(b, gap, times);
}

/// A decoded instruction, as the CPU looks it up and the PROGRAM table provides it.
pub struct Instruction<E> {
    /// Index of the instruction: (pc - text base) / 4.
    pub index: E,
    /// Sum of the flag bits of `tables::program`.
    pub flags: E,
    /// Code of `crate::opcode`.
    pub opcode: E,
    pub rd: E,
    pub rs1: E,
    pub rs2: E,
    /// Second operand when rs2 is not read.
    pub imm: [E; LIMBS],
    /// Branch or jump target (index), or address offset.
    pub t: E,
}

impl<E: Clone> Instruction<E> {
    fn tuple(&self) -> [E; 11] {
        let [i0, i1, i2, i3] = self.imm.clone();
        [
            self.index.clone(),
            self.flags.clone(),
            self.opcode.clone(),
            self.rd.clone(),
            self.rs1.clone(),
            self.rs2.clone(),
            i0,
            i1,
            i2,
            i3,
            self.t.clone(),
        ]
    }
}

/// Looks an instruction up, `times` in {0, 1}.
pub fn fetch<B: VmBuilder>(b: &mut B, i: &Instruction<B::Expr>, times: B::Expr) {
    let tuple = wide::<B>(KIND_PROGRAM, i.tuple());
    unit(b, WIDE, tuple, Side::Send, times);
}

/// Provides an instruction that is executed `times`.
pub fn instruction<B: VmBuilder>(b: &mut B, i: &Instruction<B::Expr>, times: B::Expr) {
    let tuple = wide::<B>(KIND_PROGRAM, i.tuple());
    entry(b, WIDE, tuple, times);
}

/// An operation that one row asks of another table.
pub struct Operation<E> {
    /// Code of `crate::opcode`.
    pub opcode: E,
    /// First operand (rs1).
    pub a: [E; LIMBS],
    /// Second operand (rs2 or immediate).
    pub b: [E; LIMBS],
    /// Result. Calls: `b` with the row's stamp as its low limb.
    pub c: [E; LIMBS],
    /// Branches: 1 if taken. Jumps: index of the target. Memory: the row's stamp. Else 0.
    pub x: E,
    /// Branch target or address offset as the program row gives it.
    pub t: E,
}

/// Asks for (send) or performs (receive) an operation, `times` in {0, 1}.
pub fn operation<B: VmBuilder>(b: &mut B, side: Side, op: Operation<B::Expr>, times: B::Expr) {
    let fields = [op.opcode].into_iter().chain(op.a).chain(op.b).chain(op.c).chain([op.x, op.t]);
    let tuple = wide::<B>(KIND_OPERATION, fields);
    unit(b, WIDE, tuple, side, times);
}

/// A word of the program's image: sent once by IMAGE, received once by INITFIN.
pub fn image_word<B: VmBuilder>(b: &mut B, side: Side, word: B::Expr, value: [B::Expr; LIMBS], times: B::Expr) {
    let tuple = wide::<B>(KIND_IMAGE, [word].into_iter().chain(value));
    unit(b, WIDE, tuple, side, times);
}

/// Requires `value` < 2^`bits` and `power` = 2^`bits`, `times` in {0, 1}.
pub fn range_of<B: VmBuilder>(b: &mut B, value: B::Expr, bits: B::Expr, power: B::Expr, times: B::Expr) {
    unit(b, NARROW, narrow::<B>(KIND_RANGE, [value, bits, power]), Side::Send, times);
}

/// Requires `value` < 2^`bits`, `times` in {0, 1}.
pub fn range<B: VmBuilder>(b: &mut B, value: B::Expr, bits: u32, times: B::Expr) {
    range_of(b, value, B::Expr::from_u32(bits), B::Expr::from_u32(1 << bits), times);
}

/// Requires `value` < 2^16, `times` in {0, 1}.
pub fn u16<B: VmBuilder>(b: &mut B, value: B::Expr, times: B::Expr) {
    range(b, value, 16, times);
}

/// Requires each limb to be a u16, `times` in {0, 1}.
pub fn u16s<B: VmBuilder>(b: &mut B, limbs: [B::Expr; LIMBS], times: B::Expr) {
    for limb in limbs {
        u16(b, limb, times.clone());
    }
}

/// Requires `x` and `y` to be bytes with `x & y = z`, `times` in {0, 1}.
pub fn byte_and<B: VmBuilder>(b: &mut B, xyz: [B::Expr; 3], times: B::Expr) {
    unit(b, NARROW, narrow::<B>(KIND_AND, xyz), Side::Send, times);
}

/// Requires `x` and `y` to be bytes, `times` in {0, 1}.
pub fn bytes<B: VmBuilder>(b: &mut B, x: B::Expr, y: B::Expr, times: B::Expr) {
    let tuple = narrow::<B>(KIND_BYTES, [x, y, B::Expr::ZERO]);
    unit(b, NARROW, tuple, Side::Send, times);
}

/// Provides `value` < 2^`bits` = `power`.
pub fn range_entry<B: VmBuilder>(b: &mut B, fields: [B::Expr; 3], times: B::Expr) {
    entry(b, NARROW, narrow::<B>(KIND_RANGE, fields), times);
}

/// Provides `x & y = z`.
pub fn byte_and_entry<B: VmBuilder>(b: &mut B, xyz: [B::Expr; 3], times: B::Expr) {
    entry(b, NARROW, narrow::<B>(KIND_AND, xyz), times);
}

/// Provides the pair of bytes `x`, `y`.
pub fn bytes_entry<B: VmBuilder>(b: &mut B, x: B::Expr, y: B::Expr, times: B::Expr) {
    entry(b, NARROW, narrow::<B>(KIND_BYTES, [x, y, B::Expr::ZERO]), times);
}
