//! A small machine that uses every feature of the engine.
//!
//! | table | fixed | shared | main | uses |
//! |---|---|---|---|---|
//! | cpu | - | - | op, a, b, c | wide bus (exclusive), range bus |
//! | mul | - | - | a, b, product, count | provides products on the wide bus |
//! | add | - | - | a, b, sum, count | provides sums on the wide bus |
//! | memory | - | word, v_in, v_out, real | gap, f, acc | range bus, cross-segment accumulator |
//! | range | value | - | count | provides 0..256, fixed height |
//! | counter | - | - | n | no bus at all, degree 1 |

use p3_air::{Air, AirBuilder, BaseAir, ExtensionBuilder, WindowAccess};
use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing, PrimeField32};
use p3_lookup::{Count, LookupBus};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};
use proofloom_stark::{CHALLENGE_DEGREE, Table, TableBuilder, join_ext};

pub const RANGE: LookupBus<'static> = LookupBus::new("range");
const WIDE: &str = "wide";
const KIND_MUL: u32 = 1;
const KIND_ADD: u32 = 2;

/// log2 height of the memory table.
pub const LOG_HEIGHT_MEMORY: usize = 8;

/// Public values of the memory table: alpha_x, beta_x, S_i.
pub const MEMORY_PUBLICS: usize = 3 * CHALLENGE_DEGREE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toy {
    Cpu,
    Mul,
    Add,
    Memory,
    Range,
    Counter,
}

pub const TABLES: [Toy; 6] = [Toy::Cpu, Toy::Mul, Toy::Add, Toy::Memory, Toy::Range, Toy::Counter];

impl Toy {
    /// Position in the machine.
    pub fn index(self) -> usize {
        TABLES.iter().position(|&table| table == self).expect("every table is in TABLES")
    }
}

impl BaseAir<Val> for Toy {
    fn width(&self) -> usize {
        match self {
            Self::Cpu | Self::Mul | Self::Add => 4,
            Self::Memory => 1 + 2 * CHALLENGE_DEGREE,
            Self::Range | Self::Counter => 1,
        }
    }

    fn preprocessed_width(&self) -> usize {
        self.fixed_width() + self.shared_width()
    }

    fn num_public_values(&self) -> usize {
        match self {
            Self::Memory => MEMORY_PUBLICS,
            Self::Counter => 1,
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
            Self::Counter => "counter",
        }
    }

    fn fixed_width(&self) -> usize {
        usize::from(*self == Self::Range)
    }

    fn shared_width(&self) -> usize {
        if *self == Self::Memory { 4 } else { 0 }
    }

    fn height_range(&self) -> (usize, usize) {
        if *self == Self::Range { (8, 8) } else { (4, 20) }
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
            Self::Counter => eval_counter(builder),
        }
    }
}

/// op 1: c = a * b, op 0: c = a + b, both looked up; a and b are bytes.
fn eval_cpu<AB: TableBuilder>(builder: &mut AB) {
    let main = builder.main();
    let [op, a, b, c] = [0, 1, 2, 3].map(|i| main.current_slice()[i]);
    builder.assert_bool(op);
    let (mul, add) = (op.into(), AB::Expr::ONE - op.into());
    let tuple = |kind: u32| vec![AB::Expr::from_u32(kind), a.into(), b.into(), c.into()];
    let branches = [(mul, Count::from(1), tuple(KIND_MUL)), (add, Count::from(1), tuple(KIND_ADD))];
    builder.push_exclusive_interaction(WIDE, branches);
    RANGE.lookup_key(builder, [a], 1);
    RANGE.lookup_key(builder, [b], 1);
}

/// Every row offers (kind, a, b, result) `count` times.
fn eval_provider<AB: TableBuilder>(builder: &mut AB, kind: u32) {
    let main = builder.main();
    let [a, b, result, count] = [0, 1, 2, 3].map(|i| main.current_slice()[i]);
    let expected = if kind == KIND_MUL { a * b } else { a + b };
    builder.assert_zero(expected - result);
    let tuple = [AB::Expr::from_u32(kind), a.into(), b.into(), result.into()];
    LookupBus::new(WIDE).table_entry(builder, tuple, count);
}

/// Receives (word, v_in), sends (word, v_out) across segments; words strictly increase.
fn eval_memory<AB: TableBuilder>(builder: &mut AB) {
    let (shared, main) = (builder.preprocessed().clone(), builder.main());
    let [word, v_in, v_out, real] = [0, 1, 2, 3].map(|i| shared.current_slice()[i]);
    let next_word = shared.next_slice()[0];
    builder.assert_bool(real);
    let gap = main.current_slice()[0];
    builder.when_transition().assert_eq(next_word - word, gap + Val::ONE);
    RANGE.lookup_key(builder, [gap], 1);

    let column = |row: &[AB::Var], first: usize| join_ext::<AB>(std::array::from_fn(|i| row[first + i].into()));
    let f = column(main.current_slice(), 1);
    let acc = column(main.current_slice(), 1 + CHALLENGE_DEGREE);
    let acc_next = column(main.next_slice(), 1 + CHALLENGE_DEGREE);
    let publics: Vec<AB::Expr> = builder.public_values().iter().map(|&v| v.into()).collect();
    let [alpha, beta, sum] =
        [0, 1, 2].map(|i| join_ext::<AB>(std::array::from_fn(|j| publics[CHALLENGE_DEGREE * i + j].clone())));
    let denominator = |v: AB::Var| alpha.clone() - AB::ExprEF::from(word.into()) - beta.clone() * v.into();
    let (d_in, d_out) = (denominator(v_in), denominator(v_out));
    let numerator = (d_in.clone() - d_out.clone()) * real.into();
    builder.assert_zero_ext(f.clone() * d_in * d_out - numerator);
    builder.when_first_row().assert_zero_ext(acc.clone());
    builder.when_transition().assert_zero_ext(acc_next - acc.clone() - f.clone());
    builder.when_last_row().assert_zero_ext(acc + f - sum);
}

/// The vk fixes the values; the constraint on them only exercises the next fixed row.
fn eval_range<AB: TableBuilder>(builder: &mut AB) {
    let (fixed, main) = (builder.preprocessed().clone(), builder.main());
    let (value, next) = (fixed.current_slice()[0], fixed.next_slice()[0]);
    builder.when_transition().assert_eq(next, value + Val::ONE);
    RANGE.table_entry(builder, [value], main.current_slice()[0]);
}

fn eval_counter<AB: TableBuilder>(builder: &mut AB) {
    let main = builder.main();
    let (n, next) = (main.current_slice()[0], main.next_slice()[0]);
    let start = builder.public_values()[0];
    builder.when_first_row().assert_eq(n, start);
    builder.when_transition().assert_eq(next, n + Val::ONE);
}

/// Traces of one segment before gamma is known.
#[derive(Clone)]
pub struct Witness {
    pub shared: Vec<Option<RowMajorMatrix<Val>>>,
    /// Everything but the memory table's columns, which depend on gamma.
    pub main: Vec<RowMajorMatrix<Val>>,
    pub counter_start: Val,
}

pub fn fixed_traces() -> Vec<Option<RowMajorMatrix<Val>>> {
    let mut traces = vec![None; TABLES.len()];
    traces[Toy::Range.index()] = Some(RowMajorMatrix::new((0..256).map(Val::from_u32).collect(), 1));
    traces
}

/// Segment 0 or 1 of a closed loop: what one sends, the other receives.
pub fn witness(segment: u32, log_height: usize) -> Witness {
    let (rows, small) = (1usize << log_height, 1usize << LOG_HEIGHT_MEMORY);
    let mut range = vec![0u32; 256];
    let mut counts = [vec![0u32; 256], vec![0u32; 256]];
    let mut cpu = Vec::with_capacity(4 * rows);
    for row in 0..rows as u32 {
        let op = (row + segment) % 2;
        // 256 different operand pairs, indexed by `a`.
        let a = (row * 7 + 13 * segment) % 256;
        let b = (a * 31 + 5) % 256;
        let c = if op == 1 { a * b } else { a + b };
        cpu.extend([op, a, b, c]);
        range[a as usize] += 1;
        range[b as usize] += 1;
        counts[op as usize][a as usize] += 1;
    }
    let provider = |op: usize| -> Vec<u32> {
        let row = |a: u32| {
            let b = (a * 31 + 5) % 256;
            [a, b, if op == 1 { a * b } else { a + b }, counts[op][a as usize]]
        };
        (0..256).flat_map(row).collect()
    };
    let (mul, add) = (provider(1), provider(0));
    let (memory, gaps) = memory_rows(segment, small);
    gaps.iter().for_each(|&gap| range[gap as usize] += 1);
    let gap_column: Vec<u32> = gaps.iter().flat_map(|&gap| [gap; 1].into_iter().chain([0; 10])).collect();
    let start = 1000 * segment;
    let counter: Vec<u32> = (start..start + small as u32).collect();
    let mut shared = vec![None; TABLES.len()];
    shared[Toy::Memory.index()] = Some(matrix(&memory, 4));
    let main = vec![
        matrix(&cpu, 4),
        matrix(&mul, 4),
        matrix(&add, 4),
        matrix(&gap_column, 11),
        matrix(&range, 1),
        matrix(&counter, 1),
    ];
    Witness { shared, main, counter_start: Val::from_u32(start) }
}

/// Shared memory columns and the word gaps. The last rows are not real.
fn memory_rows(segment: u32, rows: usize) -> (Vec<u32>, Vec<u32>) {
    let value = |word: u32, at: u32| word * word + 17 * at;
    let (mut memory, mut gaps, mut word) = (Vec::new(), Vec::new(), 3);
    for row in 0..rows as u32 {
        let gap = row % 3;
        let (from, to) = (value(word, segment), value(word, 1 - segment));
        memory.extend([word, from, to, u32::from(row < rows as u32 - 6)]);
        gaps.push(gap);
        word += gap + 1;
    }
    (memory, gaps)
}

pub fn matrix(values: &[u32], width: usize) -> RowMajorMatrix<Val> {
    RowMajorMatrix::new(values.iter().map(|&value| Val::from_u32(value)).collect(), width)
}

/// Fills in the memory table's main columns; returns the public values of all tables.
pub fn finish(witness: &mut Witness, alpha: Challenge, beta: Challenge) -> Vec<Vec<Val>> {
    let shared = witness.shared[Toy::Memory.index()].as_ref().expect("memory is shared");
    let mut acc = Challenge::ZERO;
    let main = &mut witness.main[Toy::Memory.index()].values;
    for (shared, main) in shared.values.chunks_exact(4).zip(main.chunks_exact_mut(11)) {
        let denominator = |v: Val| alpha - shared[0] - beta * v;
        let f = (denominator(shared[2]).inverse() - denominator(shared[1]).inverse()) * shared[3];
        main[1..6].copy_from_slice(f.as_basis_coefficients_slice());
        main[6..].copy_from_slice(acc.as_basis_coefficients_slice());
        acc += f;
    }
    let mut publics = vec![Vec::new(); TABLES.len()];
    let coefficients = |x: &Challenge| x.as_basis_coefficients_slice().to_vec();
    publics[Toy::Memory.index()] = [alpha, beta, acc].iter().flat_map(coefficients).collect();
    publics[Toy::Counter.index()] = vec![witness.counter_start];
    publics
}

/// The sum a segment claims on the cross-segment bus.
pub fn claimed_sum(publics: &[Vec<Val>]) -> Challenge {
    let values = &publics[Toy::Memory.index()][2 * CHALLENGE_DEGREE..];
    Challenge::from_basis_coefficients_fn(|i| values[i])
}

/// Adds to one cell.
pub fn bump(trace: &mut RowMajorMatrix<Val>, row: usize, column: usize, by: i32) {
    trace.values[row * trace.width + column] += Val::from_i32(by);
}

/// For messages.
pub fn canonical(value: Val) -> u32 {
    value.as_canonical_u32()
}
