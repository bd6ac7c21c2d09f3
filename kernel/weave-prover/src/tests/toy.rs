//! A small machine that uses every feature of the engine.
//!
//! | table | fixed | shared | main | uses |
//! |---|---|---|---|---|
//! | cpu | - | - | op, a, b, c, d, low, parity | wide, range and parity bus; degree 3; a tuple of degree 2 |
//! | mul | - | - | a, b, product, count | provides products on the wide bus |
//! | add | - | - | a, b, sum, count | provides sums on the wide bus |
//! | memory | - | word, v_in, v_out, real | gap, f, acc | range bus, constraints of the challenge field |
//! | range | value | - | count | provides 0..256; next fixed row |
//! | parity | row, lowest bit (closed forms) | - | count | provides numbers below 64 with their parity |
//! | counter | - | - | n | no bus at all; cyclic constraint, all selectors |

use p3_air::{Air, AirBuilder, BaseAir, ExtensionBuilder, WindowAccess};
use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing};
use p3_lookup::Count;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};
use proofloom_weave::{Arith, EXTENSION, Machine, Table, TableBuilder, join_ext};

use crate::trace::TableTrace;

const RANGE: &str = "range";
const WIDE: &str = "wide";
const PARITY: &str = "parity";
const KIND_MUL: u32 = 1;
const KIND_ADD: u32 = 2;
/// log2 heights of the tables that always have the same.
const LOG_RANGE: usize = 8;
const LOG_PARITY: usize = 6;
/// Public values of the memory table: two challenges and the sum.
const MEMORY_PUBLICS: usize = 3 * EXTENSION;
const MEMORY_MAIN: usize = 1 + 2 * EXTENSION;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toy {
    Cpu,
    Mul,
    Add,
    Memory,
    Range,
    Parity,
    Counter,
}

pub const TABLES: [Toy; 7] = [Toy::Cpu, Toy::Mul, Toy::Add, Toy::Memory, Toy::Range, Toy::Parity, Toy::Counter];

pub fn machine() -> Machine<Toy> {
    Machine::new(TABLES.to_vec()).expect("the toy machine is sound")
}

impl BaseAir<Val> for Toy {
    fn width(&self) -> usize {
        match self {
            Self::Cpu => 7,
            Self::Mul | Self::Add => 4,
            Self::Memory => MEMORY_MAIN,
            Self::Range | Self::Parity | Self::Counter => 1,
        }
    }

    fn preprocessed_width(&self) -> usize {
        self.fixed_width() + self.shared_width()
    }

    fn num_public_values(&self) -> usize {
        match self {
            Self::Memory => MEMORY_PUBLICS,
            Self::Counter => 2,
            _ => 0,
        }
    }
}

impl Table for Toy {
    fn name(&self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Mul => "mul",
            Self::Add => "add",
            Self::Memory => "memory",
            Self::Range => "range",
            Self::Parity => "parity",
            Self::Counter => "counter",
        }
    }

    fn fixed_width(&self) -> usize {
        match self {
            Self::Range => 1,
            Self::Parity => 2,
            _ => 0,
        }
    }

    fn shared_width(&self) -> usize {
        if *self == Self::Memory { 4 } else { 0 }
    }

    fn height_range(&self) -> (usize, usize) {
        match self {
            Self::Range => (LOG_RANGE, LOG_RANGE),
            Self::Parity => (LOG_PARITY, LOG_PARITY),
            _ => (4, 20),
        }
    }

    fn has_closed_forms(&self) -> bool {
        *self == Self::Parity
    }

    fn closed_forms<A: Arith>(&self, a: &mut A, point: &[A::E]) -> Vec<A::E> {
        let mut row = a.zero();
        for &x in point.iter().rev() {
            let doubled = a.add(row, row);
            row = a.add(doubled, x);
        }
        vec![row, point[0]]
    }
}

impl<AB: TableBuilder> Air<AB> for Toy {
    fn eval(&self, builder: &mut AB) {
        match self {
            Self::Cpu => eval_cpu(builder),
            Self::Mul => eval_provider(builder, KIND_MUL),
            Self::Add => eval_provider(builder, KIND_ADD),
            Self::Memory => eval_memory(builder),
            Self::Range => eval_range(builder),
            Self::Parity => eval_parity(builder),
            Self::Counter => eval_counter(builder),
        }
    }
}

fn send<AB: TableBuilder>(builder: &mut AB, bus: &str, tuple: Vec<AB::Expr>) {
    builder.push_interaction(bus, tuple, Count::bounded(AB::Expr::ONE, 1));
}

fn provide<AB: TableBuilder>(builder: &mut AB, bus: &str, tuple: Vec<AB::Expr>, count: AB::Var) {
    builder.push_interaction(bus, tuple, Count::provided(-count.into()));
}

/// op 1: c = a * b, op 0: c = a + b, both looked up; a, b and op * a are bytes; d = op * a * b.
fn eval_cpu<AB: TableBuilder>(builder: &mut AB) {
    let main = builder.main();
    let [op, a, b, c, d, low, parity]: [AB::Expr; 7] = std::array::from_fn(|i| main.current_slice()[i].into());
    // The machine's first constraint, on a column that no tuple has.
    builder.assert_eq(d, op.clone() * a.clone() * b.clone());
    builder.assert_bool(op.clone());
    let kind = AB::Expr::from_u32(KIND_ADD) - op.clone();
    send(builder, WIDE, vec![kind, a.clone(), b.clone(), c]);
    send(builder, RANGE, vec![a.clone()]);
    send(builder, RANGE, vec![b]);
    send(builder, RANGE, vec![op * a]);
    send(builder, PARITY, vec![low, parity]);
}

/// Every row offers (kind, a, b, result) `count` times.
fn eval_provider<AB: TableBuilder>(builder: &mut AB, kind: u32) {
    let main = builder.main();
    let [a, b, result, count] = std::array::from_fn(|i| main.current_slice()[i]);
    let expected = if kind == KIND_MUL { a * b } else { a + b };
    builder.assert_zero(expected - result);
    provide(builder, WIDE, vec![AB::Expr::from_u32(kind), a.into(), b.into(), result.into()], count);
}

/// Receives (word, v_in), sends (word, v_out) across segments; words strictly increase.
fn eval_memory<AB: TableBuilder>(builder: &mut AB) {
    let (shared, main) = (builder.preprocessed().clone(), builder.main());
    let [word, v_in, v_out, real] = std::array::from_fn(|i| shared.current_slice()[i]);
    let next_word = shared.next_slice()[0];
    builder.assert_bool(real);
    let gap = main.current_slice()[0];
    builder.when_transition().assert_eq(next_word - word, gap + Val::ONE);
    send(builder, RANGE, vec![gap.into()]);

    let column = |row: &[AB::Var], first: usize| join_ext::<AB>(std::array::from_fn(|i| row[first + i].into()));
    let f = column(main.current_slice(), 1);
    let acc = column(main.current_slice(), 1 + EXTENSION);
    let acc_next = column(main.next_slice(), 1 + EXTENSION);
    let publics: Vec<AB::Expr> = builder.public_values().iter().map(|&v| v.into()).collect();
    let [alpha, beta, sum] =
        [0, 1, 2].map(|i| join_ext::<AB>(std::array::from_fn(|j| publics[EXTENSION * i + j].clone())));
    let denominator = |v: AB::Var| alpha.clone() - AB::ExprEF::from(word.into()) - beta.clone() * v.into();
    let (d_in, d_out) = (denominator(v_in), denominator(v_out));
    let numerator = (d_in.clone() - d_out.clone()) * real.into();
    builder.assert_zero_ext(f.clone() * d_in * d_out - numerator);
    builder.when_first_row().assert_zero_ext(acc.clone());
    builder.when_transition().assert_zero_ext(acc_next - acc.clone() - f.clone());
    builder.when_last_row().assert_zero_ext(acc + f - sum);
}

/// The key fixes the values; the constraint on them only exercises the next fixed row.
fn eval_range<AB: TableBuilder>(builder: &mut AB) {
    let (fixed, main) = (builder.preprocessed().clone(), builder.main());
    let (value, next) = (fixed.current_slice()[0], fixed.next_slice()[0]);
    builder.when_transition().assert_eq(next, value + Val::ONE);
    provide(builder, RANGE, vec![value.into()], main.current_slice()[0]);
}

fn eval_parity<AB: TableBuilder>(builder: &mut AB) {
    let (fixed, main) = (builder.preprocessed().clone(), builder.main());
    let tuple = fixed.current_slice().iter().map(|&column| column.into()).collect();
    provide(builder, PARITY, tuple, main.current_slice()[0]);
}

/// Counts from one public value to the other; the last row's next is the first.
fn eval_counter<AB: TableBuilder>(builder: &mut AB) {
    let main = builder.main();
    let (n, next) = (main.current_slice()[0], main.next_slice()[0]);
    let [start, end]: [AB::Expr; 2] = std::array::from_fn(|i| builder.public_values()[i].into());
    let (first, last) = (builder.is_first_row(), builder.is_last_row());
    builder.assert_zero((n - start.clone()) * first);
    builder.when_transition().assert_eq(next, n + Val::ONE);
    builder.assert_zero(next - n - Val::ONE - last * (start - end - Val::ONE));
}

/// A run: traces of all tables and their public values.
#[derive(Clone)]
pub struct Run {
    pub fixed: Vec<Option<RowMajorMatrix<Val>>>,
    pub shared: Vec<Option<RowMajorMatrix<Val>>>,
    pub main: Vec<RowMajorMatrix<Val>>,
    pub publics: Vec<Vec<Val>>,
}

/// log2 heights of the tables whose height is free.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub cpu: usize,
    pub providers: usize,
    pub memory: usize,
    pub counter: usize,
}

impl Run {
    /// An honest run. Providers have 2^4 to 2^8 rows.
    pub fn new(sizes: Sizes) -> Self {
        let mut range = vec![0u32; 1 << LOG_RANGE];
        let mut parity = vec![0u32; 1 << LOG_PARITY];
        let pairs = 1u32 << sizes.providers;
        let mut counts = [vec![0u32; pairs as usize], vec![0u32; pairs as usize]];
        let operand = |a: u32| (a * 31 + 5) % 256;
        let mut cpu = Vec::new();
        for row in 0..1u32 << sizes.cpu {
            let (op, a, low) = (row % 3 % 2, (row * 7 + 3) % pairs, row * 5 % 64);
            let b = operand(a);
            let c = if op == 1 { a * b } else { a + b };
            cpu.extend([op, a, b, c, op * a * b, low, low % 2]);
            [a, b, op * a].iter().for_each(|&value| range[value as usize] += 1);
            counts[op as usize][a as usize] += 1;
            parity[low as usize] += 1;
        }
        let provider = |op: usize| -> Vec<u32> {
            let row =
                |a: u32| [a, operand(a), if op == 1 { a * operand(a) } else { a + operand(a) }, counts[op][a as usize]];
            (0..pairs).flat_map(row).collect()
        };
        let (mul, add) = (provider(1), provider(0));
        let (memory, gaps) = memory_rows(1 << sizes.memory);
        gaps.iter().for_each(|&gap| range[gap as usize] += 1);
        let (start, rows) = (1000, 1u32 << sizes.counter);
        let counter: Vec<u32> = (start..start + rows).collect();
        let (mut fixed, mut shared) = (vec![None; TABLES.len()], vec![None; TABLES.len()]);
        shared[Toy::Memory as usize] = Some(matrix(&memory, 4));
        fixed[Toy::Range as usize] = Some(matrix(&(0..1 << LOG_RANGE).collect::<Vec<_>>(), 1));
        let numbers: Vec<u32> = (0..1 << LOG_PARITY).flat_map(|row| [row, row % 2]).collect();
        fixed[Toy::Parity as usize] = Some(matrix(&numbers, 2));
        let gaps: Vec<u32> = gaps.iter().flat_map(|&gap| [gap].into_iter().chain([0; 2 * EXTENSION])).collect();
        let main = [(&cpu, 7), (&mul, 4), (&add, 4), (&gaps, MEMORY_MAIN), (&range, 1), (&parity, 1), (&counter, 1)];
        let main = main.map(|(values, width)| matrix(values, width)).to_vec();
        let mut run = Self { fixed, shared, main, publics: vec![Vec::new(); TABLES.len()] };
        run.publics[Toy::Counter as usize] = [start, start + rows - 1].map(Val::from_u32).to_vec();
        run.accumulate();
        run
    }

    /// Fills in the memory table's fractions and sums, and its public values.
    fn accumulate(&mut self) {
        let [alpha, beta] = [3, 5].map(|x| Challenge::from_basis_coefficients_fn(|d| Val::from_usize(x + 1000 * d)));
        let shared = self.shared[Toy::Memory as usize].as_ref().expect("memory is shared");
        let main = &mut self.main[Toy::Memory as usize].values;
        let mut acc = Challenge::ZERO;
        for (shared, main) in shared.values.chunks_exact(4).zip(main.chunks_exact_mut(MEMORY_MAIN)) {
            let denominator = |v: Val| alpha - shared[0] - beta * v;
            let f = (denominator(shared[2]).inverse() - denominator(shared[1]).inverse()) * shared[3];
            main[1..=EXTENSION].copy_from_slice(f.as_basis_coefficients_slice());
            main[1 + EXTENSION..].copy_from_slice(acc.as_basis_coefficients_slice());
            acc += f;
        }
        let coefficients = |x: Challenge| -> Vec<Val> { x.as_basis_coefficients_slice().to_vec() };
        self.publics[Toy::Memory as usize] = [alpha, beta, acc].into_iter().flat_map(coefficients).collect();
    }

    /// The traces as the prover reads them.
    pub fn traces(&self) -> Vec<TableTrace<'_>> {
        let groups = self.fixed.iter().zip(&self.shared).zip(&self.main);
        groups
            .map(|((fixed, shared), main)| TableTrace { fixed: fixed.as_ref(), shared: shared.as_ref(), main })
            .collect()
    }

    pub fn log_heights(&self) -> Vec<usize> {
        self.traces().iter().map(TableTrace::log_height).collect()
    }

    /// A main cell.
    pub fn cell(&mut self, table: Toy, row: usize, column: usize) -> &mut Val {
        let main = &mut self.main[table as usize];
        &mut main.values[row * main.width + column]
    }
}

/// Shared memory columns and the word gaps. The last rows are not real.
fn memory_rows(rows: u32) -> (Vec<u32>, Vec<u32>) {
    let (mut memory, mut gaps, mut word) = (Vec::new(), Vec::new(), 3);
    for row in 0..rows {
        let gap = row % 3;
        memory.extend([word, word * word % 1021, word * word % 1021 + 17, u32::from(row < rows - 6)]);
        gaps.push(gap);
        word += gap + 1;
    }
    (memory, gaps)
}

fn matrix(values: &[u32], width: usize) -> RowMajorMatrix<Val> {
    RowMajorMatrix::new(values.iter().map(|&value| Val::from_u32(value)).collect(), width)
}
