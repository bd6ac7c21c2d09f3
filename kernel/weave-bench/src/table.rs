//! Tables made up from numbers: as many columns, constraints and interactions as asked for.
//!
//! A row is a counter, a flag that it is real, further flags, and triples x = y + z of which z is a product of two
//! flags with a number. So constraints are products that vanish term by term nowhere, as in a machine. Each
//! interaction that sends a tuple has a neighbour that receives it, so every row balances by itself.

use p3_air::{Air, AirBuilder, BaseAir, WindowAccess};
use p3_field::PrimeCharacteristicRing;
use p3_lookup::Count;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;
use proofloom_weave::{Arith, Table, TableBuilder};

/// Interactions of a table: bus and width of its tuples.
pub type Interactions = &'static [(&'static str, usize, usize)];

/// The numbers of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub name: &'static str,
    /// Fixed columns, all in closed form if the table's height is fixed.
    pub fixed: usize,
    pub shared: usize,
    pub main: usize,
    /// Constraints of degree 2 and of degree 3.
    pub constraints: (usize, usize),
    /// Bus, elements of a tuple, how many.
    pub interactions: Interactions,
    /// log2 of the height if there is one alone.
    pub height: Option<usize>,
}

/// A table of these numbers.
#[derive(Clone, Copy, Debug)]
pub struct MadeUp(pub Numbers);

impl MadeUp {
    /// Flags among the main columns, the first one aside.
    fn flags(&self) -> usize {
        self.0.main / 4
    }

    /// First column of each triple.
    fn triples(&self) -> Vec<usize> {
        let first = 2 + self.flags();
        (first..self.0.main.saturating_sub(2)).step_by(3).collect()
    }

    /// A row of the main columns.
    fn row(&self, numbers: &mut Random, counter: u32, real: bool, out: &mut Vec<Val>) {
        let start = out.len();
        out.push(Val::from_u32(counter));
        if self.0.main > 1 {
            out.push(Val::from_bool(real));
        }
        let flags = if self.0.main > 2 { self.flags() } else { 0 };
        out.extend((0..flags).map(|_| Val::from_bool(real && numbers.below(4) == 0)));
        while out.len() - start < self.0.main {
            let (y, z) = (numbers.below(1 << 16), numbers.below(1 << 16));
            let triple = if real { [y + z, y, z] } else { [0; 3] };
            let left = self.0.main - (out.len() - start);
            out.extend(triple.into_iter().take(left).map(Val::from_u32));
        }
    }

    /// Rows of the main columns; those behind `real` are padding, all alike.
    pub fn rows(&self, log_height: usize, real: usize, seed: u64) -> RowMajorMatrix<Val> {
        let mut numbers = Random(seed);
        let height = 1usize << log_height;
        let mut cells = Vec::with_capacity(height * self.0.main);
        for row in 0..height {
            let counter = if self.0.main > 1 { row.min(real) } else { row };
            self.row(&mut numbers, counter as u32, row < real, &mut cells);
        }
        RowMajorMatrix::new(cells, self.0.main)
    }

    /// Rows of fixed columns: multiples of the row's number, as the closed forms say.
    pub fn fixed_rows(&self, log_height: usize) -> Option<RowMajorMatrix<Val>> {
        let width = self.0.fixed;
        let cells = (0..1usize << log_height).flat_map(|row| (1..=width).map(move |c| Val::from_usize(row * c)));
        (width > 0).then(|| RowMajorMatrix::new(cells.collect(), width))
    }

    /// Rows of shared columns: numbers.
    pub fn shared_rows(&self, log_height: usize, seed: u64) -> Option<RowMajorMatrix<Val>> {
        let (width, mut numbers) = (self.0.shared, Random(seed));
        let cells = (0..width << log_height).map(|_| Val::from_u32(numbers.below(1 << 16)));
        (width > 0).then(|| RowMajorMatrix::new(cells.collect(), width))
    }
}

/// Numbers that look random, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32 % bound
    }
}

impl BaseAir<Val> for MadeUp {
    fn width(&self) -> usize {
        self.0.main
    }

    fn preprocessed_width(&self) -> usize {
        self.0.fixed + self.0.shared
    }
}

impl Table for MadeUp {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn fixed_width(&self) -> usize {
        self.0.fixed
    }

    fn shared_width(&self) -> usize {
        self.0.shared
    }

    fn height_range(&self) -> (usize, usize) {
        self.0.height.map_or((4, 20), |height| (height, height))
    }

    fn has_closed_forms(&self) -> bool {
        self.0.height.is_some()
    }

    fn closed_forms<A: Arith>(&self, a: &mut A, point: &[A::E]) -> Vec<A::E> {
        let mut row = a.zero();
        for &x in point.iter().rev() {
            let doubled = a.add(row, row);
            row = a.add(doubled, x);
        }
        let mut sum = a.zero();
        let mut multiple = || {
            sum = a.add(sum, row);
            sum
        };
        (0..self.0.fixed).map(|_| multiple()).collect()
    }
}

impl<AB: TableBuilder> Air<AB> for MadeUp {
    fn eval(&self, builder: &mut AB) {
        let row = Row::new(self, builder);
        self.constrain(builder, &row);
        self.interact(builder, &row);
    }
}

/// Expressions of a row's columns.
struct Row<E> {
    /// Fixed, shared, main.
    all: Vec<E>,
    main: Vec<E>,
    next_counter: E,
}

impl<E: PrimeCharacteristicRing> Row<E> {
    fn new<AB: TableBuilder<Expr = E>>(table: &MadeUp, builder: &AB) -> Self {
        let main = builder.main();
        let own: Vec<E> = main.current_slice().iter().map(|&x| x.into()).collect();
        let mut all = Vec::new();
        if table.preprocessed_width() > 0 {
            all.extend(builder.preprocessed().current_slice().iter().map(|&x| x.into()));
        }
        all.extend(own.iter().cloned());
        Self { all, main: own, next_counter: main.next_slice()[0].into() }
    }
}

impl MadeUp {
    fn constrain<AB: TableBuilder>(&self, builder: &mut AB, row: &Row<AB::Expr>) {
        let (squares, cubes) = self.0.constraints;
        if squares + cubes == 0 {
            return;
        }
        let flag = |i: usize| row.main[1 + i % (1 + self.flags())].clone();
        let triples = self.triples();
        let triple = |i: usize| {
            let at = triples[i % triples.len()];
            row.main[at].clone() - row.main[at + 1].clone() - row.main[at + 2].clone()
        };
        // The counter stands still on padding.
        let step = row.next_counter.clone() - row.main[0].clone() - flag(0);
        builder.when_transition().assert_zero(step);
        for i in 1..squares.max(1) {
            if i % 2 == 0 {
                builder.assert_zero(flag(i) * triple(i / 2));
            } else {
                builder.assert_bool(flag(i));
            }
        }
        for i in 0..cubes {
            builder.assert_zero(flag(i) * row.main[triples[i % triples.len()]].clone() * triple(i + 1));
        }
    }

    fn interact<AB: TableBuilder>(&self, builder: &mut AB, row: &Row<AB::Expr>) {
        let mut at = 0;
        for &(bus, width, count) in self.0.interactions {
            for i in 0..count {
                // A pair has one tuple and one count.
                let pair = i / 2;
                let column = |j: usize| row.all[(at + j) % row.all.len()].clone();
                let mut tuple: Vec<AB::Expr> =
                    (0..width).map(|j| column(3 * pair + j) + AB::Expr::from_usize(j)).collect();
                tuple[0] += column(3 * pair + width) * AB::Expr::from_u32(1 << 16);
                // One element in four tuples is a product.
                if pair % 4 == 1 {
                    tuple[width - 1] *= column(3 * pair + width + 1);
                }
                let times = column(pair + 1);
                let times = match (i % 2 == 0, i + 1 == count) {
                    (true, true) => AB::Expr::ZERO,
                    (true, false) => times,
                    (false, _) => -times,
                };
                builder.push_interaction(bus, tuple, Count::bounded(times, 1));
            }
            at += 5;
        }
    }
}
