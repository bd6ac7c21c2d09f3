//! Machines and heights: those of the kernel's segments, by number.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Digest, Val};
use proofloom_weave::{Instance, Machine, MachineError};
use proofloom_weave_prover::TableTrace;

use crate::table::{Interactions, MadeUp, Numbers};

const MEMORY: &str = "memory";
const WIDE: &str = "wide";
const NARROW: &str = "narrow";

/// Elements of the buses' tuples.
const fn on(memory: usize, narrow: usize, wide: usize) -> [(&'static str, usize, usize); 3] {
    [(MEMORY, 7, memory), (NARROW, 4, narrow), (WIDE, 16, wide)]
}

macro_rules! table {
    ($name:literal, $main:literal, $constraints:expr, $memory:literal, $narrow:literal, $wide:literal) => {
        table!($name, 0, 0, $main, $constraints, $memory, $narrow, $wide, None)
    };
    ($name:literal, $fixed:literal, $shared:literal, $main:literal, $constraints:expr, $memory:literal, $narrow:literal, $wide:literal, $height:expr) => {{
        const INTERACTIONS: Interactions = &on($memory, $narrow, $wide);
        Numbers {
            name: $name,
            fixed: $fixed,
            shared: $shared,
            main: $main,
            constraints: $constraints,
            interactions: INTERACTIONS,
            height: $height,
        }
    }};
}

/// The kernel's tables of a segment: columns, constraints and interactions as `proofloom kernel tables` has them.
/// A bus of a table has an even number of interactions here, since tables balance by themselves.
pub fn segment() -> Vec<Numbers> {
    vec![
        table!("CPU", 35, (25, 10), 6, 7, 2),
        table!("PROGRAM", 11, 0, 1, (0, 0), 0, 0, 1, None),
        table!("RANGE", 13, 0, 8, (0, 0), 0, 8, 0, Some(14)),
        table!("BYTE", 6, 0, 8, (0, 0), 0, 8, 0, Some(14)),
        table!("LOGIC", 27, (4, 0), 0, 8, 1),
        table!("NOT", 5, (1, 0), 0, 0, 1),
        table!("WORD", 13, (7, 1), 0, 2, 1),
        table!("COMPARE", 24, (18, 6), 0, 3, 1),
        table!("SHIFT", 39, (20, 10), 0, 12, 1),
        table!("JUMP", 14, (11, 4), 0, 2, 1),
        table!("ALIGNED", 18, (7, 2), 2, 5, 1),
        table!("NARROW", 43, (25, 10), 2, 12, 1),
        table!("CROSSING", 60, (36, 12), 4, 19, 1),
        table!("MUL", 27, (11, 2), 0, 17, 1),
        table!("MULH", 37, (14, 3), 0, 25, 1),
        table!("DIV", 57, (54, 20), 0, 19, 1),
        table!("REFRESH", 9, (1, 0), 2, 2, 0),
        table!("LOCAL", 0, 12, 11, (4, 2), 2, 1, 0, None),
    ]
}

/// The widest accelerator.
const KECCAK: Numbers = table!("KECCAK", 2501, (2800, 118), 50, 29, 1);

/// log2 heights of the tables that differ from 4.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub name: &'static str,
    pub heights: &'static [(&'static str, usize)],
    keccak: bool,
    /// First element of the digest of the proof's bytes, if it is recorded.
    pub digest: Option<u32>,
}

/// A run whose proof has the same bytes on every target.
pub const CHECKED: Run = Run {
    name: "short",
    heights: &[("CPU", 14), ("COMPARE", 11), ("WORD", 11), ("PROGRAM", 8), ("REFRESH", 5), ("LOCAL", 8)],
    keccak: false,
    digest: Some(1_665_490_109),
};

/// Runs by name.
pub const RUNS: &[Run] = &[
    // 5.0 million fractions, 96 stacked columns.
    Run {
        name: "fibonacci",
        heights: &[("CPU", 18), ("COMPARE", 16), ("WORD", 16), ("PROGRAM", 8), ("REFRESH", 8), ("LOCAL", 8)],
        keccak: false,
        digest: None,
    },
    // 7.2 million fractions, 152 stacked columns.
    Run {
        name: "sha256-chain",
        heights: &[
            ("CPU", 18),
            ("LOGIC", 17),
            ("SHIFT", 16),
            ("WORD", 16),
            ("COMPARE", 15),
            ("NARROW", 14),
            ("ALIGNED", 15),
            ("JUMP", 12),
            ("PROGRAM", 11),
            ("REFRESH", 12),
            ("LOCAL", 10),
        ],
        keccak: false,
        digest: None,
    },
    // The limits of a segment: 9 * 2^20 fractions, 192 stacked columns.
    Run {
        name: "largest",
        heights: &[
            ("CPU", 18),
            ("LOGIC", 17),
            ("SHIFT", 17),
            ("WORD", 16),
            ("COMPARE", 15),
            ("ALIGNED", 17),
            ("CROSSING", 14),
            ("PROGRAM", 16),
            ("REFRESH", 15),
            ("LOCAL", 17),
        ],
        keccak: false,
        digest: None,
    },
    CHECKED,
    Run {
        name: "keccak",
        heights: &[("CPU", 14), ("LOGIC", 11), ("ALIGNED", 12), ("PROGRAM", 10), ("LOCAL", 10), ("KECCAK", 12)],
        keccak: true,
        digest: None,
    },
];

/// A run's machine, rows, and what a proof of it is about.
pub struct Segment {
    pub machine: Machine<MadeUp>,
    pub fixed: Vec<Option<RowMajorMatrix<Val>>>,
    pub shared: Vec<Option<RowMajorMatrix<Val>>>,
    pub main: Vec<RowMajorMatrix<Val>>,
}

impl Segment {
    /// Of these heights.
    ///
    /// # Errors
    /// [`MachineError`] if the numbers make no machine.
    pub fn new(run: &Run) -> Result<Self, MachineError> {
        let mut numbers = segment();
        if run.keccak {
            numbers.push(KECCAK);
        }
        let tables: Vec<MadeUp> = numbers.into_iter().map(MadeUp).collect();
        let height = |table: &MadeUp| {
            let own = run.heights.iter().find(|(name, _)| *name == table.0.name).map_or(4, |&(_, height)| height);
            table.0.height.unwrap_or(own)
        };
        // Five of six rows are real, as padding to powers of two leaves them on average or better.
        let main = tables.iter().zip(1..).map(|(t, seed)| t.rows(height(t), (5 << height(t)) / 6, seed)).collect();
        Ok(Self {
            fixed: tables.iter().map(|table| table.fixed_rows(height(table))).collect(),
            shared: tables.iter().map(|table| table.shared_rows(height(table), 99)).collect(),
            main,
            machine: Machine::new(tables)?,
        })
    }

    /// The rows as the prover reads them.
    pub fn traces(&self) -> Vec<TableTrace<'_>> {
        let groups = self.fixed.iter().zip(&self.shared).zip(&self.main);
        groups
            .map(|((fixed, shared), main)| TableTrace { fixed: fixed.as_ref(), shared: shared.as_ref(), main })
            .collect()
    }

    /// What a proof is about, given the roots of what is committed before it.
    pub fn instance(&self, fixed_root: Digest, shared_root: Digest) -> Instance<Val> {
        Instance {
            gamma: Digest::default(),
            kind: Val::ONE,
            number: Val::ONE,
            set: Val::ZERO,
            leaf: Digest::default(),
            fixed_root,
            shared_root,
            publics: vec![Vec::new(); self.main.len()],
        }
    }

    /// Fractions of all rows.
    pub fn fractions(&self) -> usize {
        let of = |(t, shape): (usize, &proofloom_weave::Shape)| {
            shape.slots.len() * (self.main[t].values.len() / self.main[t].width)
        };
        self.machine.shapes().iter().enumerate().map(of).sum()
    }
}
