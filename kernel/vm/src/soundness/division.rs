//! A row of DIV as a prover would write it who wants another result: quotients and remainders that
//! are off, signs turned around, divisors that are said to be zero, everything else fitted to it.

use p3_field::{Field, PrimeCharacteristicRing, PrimeField32};
use proofloom_executor::testkit::reg::{A0, T0, T1};
use proofloom_executor::testkit::{Assembler, TEXT_BASE, elf};
use proofloom_executor::{Instr, Op, alu};
use proofloom_field::Val;
use proofloom_stark::{RowReport, Traces};

use super::fixtures::{self, Fixture};
use crate::bus;
use crate::layout::{LIMBS, limbs};
use crate::opcode;
use crate::tables::VmTable;
use crate::tables::div::DivCols;
use crate::trace::values::{bit, byte_vals, limb_vals, val};

const OPS: [Op; 8] = [Op::Div, Op::Divu, Op::Rem, Op::Remu, Op::Divw, Op::Divuw, Op::Remw, Op::Remuw];

/// Operands: zero, ends of the ranges, numbers that are other numbers in their lower halves.
const NUMBERS: [u64; 6] = [0, 7, u64::MAX, 1 << 63, 0xffff_ffff_8000_0000, 0x1234_5678_9abc_def1];

/// What a prover decides; the other cells follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Claim {
    x_sign: bool,
    d_sign: bool,
    by_zero: bool,
    negate: bool,
    sign_out: bool,
    q: u64,
    d: u64,
    r: u64,
}

/// The table of a program that divides once: row 0 is the division's.
struct Bench {
    fixture: Fixture,
    table: usize,
}

impl Bench {
    fn new() -> Self {
        let mut asm = Assembler::new(TEXT_BASE);
        asm.li(T0, 7).li(T1, 3).r(Op::Div, A0, T0, T1).exit(0);
        let fixture = fixtures::of_run(&elf(asm, 0), &[], 1 << 10).swap_remove(0);
        let is_div = |&table: &VmTable| table == VmTable::Div;
        let table = fixture.tables.machine.tables().iter().position(is_div).expect("segments have the table");
        Self { fixture, table }
    }

    /// What the table does with `cols` in the place of the division's row.
    fn report(&mut self, cols: &DivCols<Val>) -> RowReport {
        cols.write(&mut self.fixture.tables.main[self.table].values);
        let Self { fixture, table } = self;
        fixture
            .tables
            .with(&fixture.preprocessed, |traces: &Traces<'_>| fixture.tables.machine.debug_row(traces, *table, 0))
    }

    /// The operation that the row performs; `None` if a constraint or a lookup refuses it.
    fn performed(&mut self, cols: &DivCols<Val>) -> Option<Vec<u32>> {
        let report = self.report(cols);
        if !report.violations.is_empty() {
            return None;
        }
        let buses = self.fixture.tables.machine.buses();
        let mut operation = None;
        for sent in report.sent.iter().filter(|sent| sent.count != Val::ZERO) {
            let tuple: Vec<u32> = sent.tuple.iter().map(PrimeField32::as_canonical_u32).collect();
            let name = &buses[sent.bus].name;
            if name == bus::WIDE {
                operation = Some(tuple);
            } else if !self.fixture.preprocessed.has(name, &tuple) {
                return None;
            }
        }
        Some(operation.expect("a real row performs an operation"))
    }
}

fn code(op: Op) -> u32 {
    opcode::code(&Instr { op, rd: 1, rs1: 2, rs2: 3, imm: 0 })
}

/// The row of a claim about `op` of `a` and `b`.
fn row(op: Op, a: u64, b: u64, claim: &Claim) -> DivCols<Val> {
    let has = |flag: u32| (code(op) - opcode::DIV) & flag != 0;
    let (remainder, word) = (has(opcode::DIV_REMAINDER), has(opcode::DIV_WORD));
    let &Claim { x_sign, d_sign, by_zero, negate, sign_out, q, d, r } = claim;
    let value = if remainder { r } else { q };
    let extension = if sign_out && !negate { 0xffff_ffff_0000_0000 } else { 0 };
    let lowest = (0..LIMBS).find(|&i| negate && limbs(value)[i] != 0);
    let differs = (0..LIMBS).rev().find(|&i| limbs(d)[i] != limbs(r)[i]).filter(|_| !by_zero);
    let top = if word { 1 } else { 3 };
    DivCols {
        real: Val::ONE,
        signed: bit(has(opcode::DIV_SIGNED)),
        remainder: bit(remainder),
        word: bit(word),
        by_zero: bit(by_zero),
        x_sign: bit(x_sign),
        d_sign: bit(d_sign),
        d_sign_long: bit(d_sign && !word),
        sign_out: bit(sign_out),
        negate: bit(negate),
        a: limb_vals(a),
        b: limb_vals(b),
        c: limb_vals(if negate { value.wrapping_neg() } else { value | extension }),
        x_top: val(limbs(a)[top]),
        d_top: val(limbs(b)[top]),
        q: byte_vals(q.to_le_bytes()),
        d: byte_vals(d.to_le_bytes()),
        r: limb_vals(r),
        carry: carries(a, word, claim),
        mark: core::array::from_fn(|i| bit(differs == Some(i))),
        gap: differs.map_or(Val::ZERO, |i| val(limbs(d)[i]) - val(limbs(r)[i])),
        over: core::array::from_fn(|i| bit(lowest.is_some_and(|lowest| i >= lowest))),
        inverse: lowest.map_or(Val::ZERO, |i| val(limbs(value)[i]).inverse()),
    }
}

/// Carries that fulfil the sum in the field, whatever they are.
fn carries(a: u64, word: bool, claim: &Claim) -> [Val; 3] {
    let (q, d) = (claim.q.to_le_bytes(), claim.d.to_le_bytes());
    let column = |k: usize| (0..=k).map(|i| u32::from(q[i]) * u32::from(d[k - i])).sum::<u32>();
    let sign = bit(claim.x_sign);
    let mut carry = Val::ZERO;
    core::array::from_fn(|m| {
        let x = if m == 2 && word { sign } else { (Val::ONE - sign.double()) * val(limbs(a)[m]) };
        let products = val(column(2 * m)) + val(column(2 * m + 1)) * val(256);
        carry = (products + val(limbs(claim.r)[m]) + carry - x) * val(1 << 16).inverse();
        carry
    })
}

/// Claims about `op` of `a` and `b`, the true one among them.
fn claims(op: Op, a: u64, b: u64) -> Vec<Claim> {
    let short = |x: u64| [x, x & 0xffff_ffff, x as i32 as i64 as u64];
    let sizes = |x: u64| short(x).into_iter().flat_map(|x| [x, x.wrapping_neg()]);
    let mut claims = Vec::new();
    for flags in 0..32u32 {
        let has = |at: u32| flags >> at & 1 == 1;
        for d in sizes(b) {
            for x in sizes(a) {
                let q = x.checked_div(d).unwrap_or(1);
                let wrong = [q, q.wrapping_add(1), q.wrapping_sub(1), q.wrapping_neg(), 1];
                for (q, r) in wrong.map(|q| (q, x.wrapping_sub(q.wrapping_mul(d)))).into_iter().chain([(q, 0), (q, d)])
                {
                    let [x_sign, d_sign, by_zero, negate, sign_out] = [0, 1, 2, 3, 4].map(has);
                    let claim = Claim { x_sign, d_sign, by_zero, negate, sign_out, q, d, r };
                    claims.push(claim);
                }
            }
        }
    }
    // Signs and extensions that the operation does not have are refused by its flags alone.
    let flags = code(op) - opcode::DIV;
    let (signed, word) = (flags & opcode::DIV_SIGNED != 0, flags & opcode::DIV_WORD != 0);
    claims.retain(|claim| (signed || !(claim.x_sign || claim.d_sign)) && (word || !claim.sign_out));
    claims.sort_unstable_by_key(|claim| format!("{claim:?}"));
    claims.dedup();
    claims
}

#[test]
fn a_division_has_one_row_and_that_has_the_result() {
    let mut bench = Bench::new();
    let (mut tried, mut divisions) = (0, 0);
    for op in OPS {
        for (a, b) in NUMBERS.into_iter().flat_map(|a| NUMBERS.map(|b| (a, b))) {
            let c = alu::result(&Instr { op, rd: 1, rs1: 2, rs2: 3, imm: 0 }, 0, a, b);
            let fields = [a, b, c].into_iter().flat_map(limbs);
            let honest: Vec<u32> = [2, code(op)].into_iter().chain(fields).chain([0, 0]).collect();
            let claims = claims(op, a, b);
            tried += claims.len();
            let believed = |claim: &&Claim| {
                let performed = bench.performed(&row(op, a, b, claim));
                let told = performed.is_some();
                assert!(!told || performed == Some(honest.clone()), "{op:?} {a:#x} {b:#x}: {claim:?}: {performed:?}");
                told
            };
            let believed: Vec<&Claim> = claims.iter().filter(believed).collect();
            assert_eq!(believed.len(), 1, "{op:?} {a:#x} {b:#x}: {believed:?}");
            divisions += 1;
        }
    }
    println!("{tried} claims about {divisions} divisions");
    assert_eq!(divisions, 8 * 36);
}

/// Limbs and bytes beyond their sizes, and a result that carries where it does not: the checks that
/// take the place of range checks of the result.
#[test]
fn other_notations_of_a_division_are_refused() {
    let mut bench = Bench::new();
    let honest = Claim {
        x_sign: true,
        d_sign: false,
        by_zero: false,
        negate: true,
        sign_out: false,
        q: 0x0001_0000_0003_0000,
        d: 2,
        r: 1,
    };
    let a = (honest.q * 2 + 1).wrapping_neg();
    let cols = row(Op::Div, a, 2, &honest);
    assert!(bench.performed(&cols).is_some(), "{:?}", bench.report(&cols).violations);
    let limb = Val::from_u32(1 << 16);
    let changes: [fn(&mut DivCols<Val>, Val); 7] = [
        // The lowest limb is zero and stays zero: here it is 2^16, and carries.
        |cols, limb| (cols.over[0], cols.c[0], cols.c[1]) = (Val::ONE, limb, cols.c[1] - Val::ONE),
        |cols, limb| {
            (cols.over[0], cols.c[0], cols.c[1], cols.inverse) = (Val::ONE, limb, cols.c[1] - Val::ONE, Val::ZERO)
        },
        // Carrying stops.
        |cols, limb| (cols.over[2], cols.c[2], cols.c[3]) = (Val::ZERO, cols.c[2] - limb, cols.c[3] + Val::ONE),
        |cols, limb| (cols.over[3], cols.c[3]) = (Val::ZERO, cols.c[3] - limb),
        // A limb of |q| or |r| borrows from the next.
        |cols, _| (cols.q[0], cols.q[1]) = (cols.q[0] + val(256), cols.q[1] - Val::ONE),
        |cols, limb| (cols.r[0], cols.r[1]) = (cols.r[0] + limb, cols.r[1] - Val::ONE),
        |cols, _| (cols.d[0], cols.d[1]) = (cols.d[0] + val(256), cols.d[1] - Val::ONE),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut changed = cols;
        change(&mut changed, limb);
        assert_eq!(bench.performed(&changed), None, "change {i}");
    }
}
