//! Where a proof's time goes: `cargo run --release --example profile -- [log2 rows] [repeats]`.
//!
//! A machine with 90 committed base-field cells per row of its main table: 50 columns with 37
//! degree-3 constraints, 8 range checks and 2 memory tokens per row against a table of 2^16 rows.

use std::time::Instant;

use p3_air::{Air, AirBuilder, BaseAir, WindowAccess};
use p3_field::PrimeCharacteristicRing;
use p3_lookup::{LookupBus, PermutationCheckBus};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;
use proofloom_stark::{Machine, Progress, StarkProof, Table, TableBuilder, VerifyInput, challenger};

const WIDTH: usize = 50;
const LOG_RANGE: usize = 16;
const RANGE_CHECKS: usize = 8;
const RANGE: LookupBus<'static> = LookupBus::new("range");
const MEMORY: PermutationCheckBus<'static> = PermutationCheckBus::new("memory");

#[derive(Clone, Copy)]
enum Bench {
    Cpu,
    Range,
}

impl BaseAir<Val> for Bench {
    fn width(&self) -> usize {
        match self {
            Self::Cpu => WIDTH,
            Self::Range => 1,
        }
    }

    fn preprocessed_width(&self) -> usize {
        self.fixed_width()
    }
}

impl Table for Bench {
    fn name(&self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Range => "range",
        }
    }

    fn fixed_width(&self) -> usize {
        match self {
            Self::Cpu => 0,
            Self::Range => 1,
        }
    }

    fn shared_width(&self) -> usize {
        0
    }

    fn height_range(&self) -> (usize, usize) {
        match self {
            Self::Cpu => (8, 20),
            Self::Range => (LOG_RANGE, LOG_RANGE),
        }
    }
}

impl<AB: TableBuilder> Air<AB> for Bench {
    fn eval(&self, builder: &mut AB) {
        let main = builder.main();
        let row = main.current_slice();
        if let Self::Range = self {
            let value = builder.preprocessed().current_slice()[0];
            return RANGE.table_entry(builder, [value], row[0]);
        }
        let [id, id_next, value] = [row[0], row[1], row[2]];
        builder.when_transition().assert_eq(main.next_slice()[0], id_next);
        for j in 13..WIDTH {
            let product: AB::Expr = row[j - 1].into() * row[j - 2].into();
            builder.assert_eq(row[j], product * (row[j - 3] + row[3 + j % RANGE_CHECKS]));
        }
        for k in 0..RANGE_CHECKS {
            RANGE.lookup_key(builder, [row[3 + k]], 1);
        }
        MEMORY.receive(builder, [id, value, value], 1);
        MEMORY.send(builder, [id_next, value, value], 1);
    }
}

/// The two main traces, with pseudo-random range values.
fn traces(log_rows: usize) -> Vec<RowMajorMatrix<Val>> {
    let rows = 1u32 << log_rows;
    let mut counts = vec![0u32; 1 << LOG_RANGE];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as u32
    };
    let mut values = Vec::with_capacity(rows as usize * WIDTH);
    for id in 0..rows {
        let mut row = [Val::ZERO; WIDTH];
        row[0] = Val::from_u32(id);
        row[1] = Val::from_u32((id + 1) % rows);
        row[2] = Val::from_u32(7);
        for cell in &mut row[3..3 + RANGE_CHECKS] {
            let value = random() % (1 << LOG_RANGE);
            counts[value as usize] += 1;
            *cell = Val::from_u32(value);
        }
        row[11] = Val::from_u32(random());
        row[12] = Val::from_u32(random());
        for j in 13..WIDTH {
            row[j] = row[j - 1] * row[j - 2] * (row[j - 3] + row[3 + j % RANGE_CHECKS]);
        }
        values.extend(row);
    }
    let counts = counts.into_iter().map(Val::from_u32).collect();
    vec![RowMajorMatrix::new(values, WIDTH), RowMajorMatrix::new(counts, 1)]
}

struct Printer(Instant);

impl Progress for Printer {
    fn now_ms(&mut self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }

    fn phase(&mut self, name: &'static str, ms: f64) {
        println!("  {name:<20}{ms:>9.1} ms");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let log_rows: usize = arguments.next().map_or(Ok(17), |text| text.parse())?;
    let repeats: usize = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let machine = Machine::new(vec![Bench::Cpu, Bench::Range])?;
    for stats in machine.stats() {
        println!("{stats:?}");
    }
    println!("{}", machine.security(&[log_rows, LOG_RANGE]));
    let values = (0..1 << LOG_RANGE).map(Val::from_u32).collect();
    let fixed = machine.commit_fixed(vec![None, Some(RowMajorMatrix::new(values, 1))])?;
    let publics = vec![vec![], vec![]];
    for _ in 0..repeats {
        let (shared, main) = (machine.commit_shared(vec![None, None])?, traces(log_rows));
        let start = Instant::now();
        let mut printer = Printer(start);
        let proof = machine.prove(&fixed, shared, main, &publics, challenger(), &mut printer)?;
        let proving = start.elapsed();
        let bytes = proof.encode()?;
        let start = Instant::now();
        let input = VerifyInput {
            fixed_root: fixed.root(),
            fixed_log_heights: &fixed.log_heights(),
            shared_root: None,
            shared_log_heights: &[None, None],
            publics: &publics,
        };
        machine.verify(&input, challenger(), &StarkProof::decode(&bytes)?)?;
        println!("2^{log_rows} rows: prove {proving:?}, {} bytes, verify {:?}", bytes.len(), start.elapsed());
    }
    Ok(())
}
