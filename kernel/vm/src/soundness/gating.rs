//! Every count on a bus is 0 or 1: shown from the constraints alone, by trying all selectors.
//!
//! A table's boolean columns are those with a constraint `c (c - 1) = 0`; the constraints among
//! boolean columns say which combinations of them a row may have. Under each of these combinations
//! every count of the table must be 0 or 1 (or, for what a row receives, 0 or -1).

use std::collections::BTreeSet;

use p3_air::Air;
use p3_air::symbolic::{AirLayout, BaseEntry, BaseLeaf, SymbolicExpr, SymbolicExpression};
use p3_field::{PrimeCharacteristicRing, PrimeField32};
use proofloom_executor::testkit::{Assembler, TEXT_BASE, elf};
use proofloom_executor::{Instr, Op, load_elf};
use proofloom_field::Val;
use proofloom_stark::SymbolicBuilder;

use super::{main_names, preprocessed_names};
use crate::accelerators::Accelerators;
use crate::engine::Engine;
use crate::program;
use crate::tables::VmTable;
use crate::tables::cpu::flag;

type Expr = SymbolicExpression<Val>;

/// A column of the present row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Main(usize),
    Preprocessed(usize),
}

impl Column {
    /// Name as the table declares it.
    pub fn name(self, table: VmTable) -> String {
        match self {
            Self::Main(index) => main_names(table)[index].clone(),
            Self::Preprocessed(index) => preprocessed_names(table)[index].clone(),
        }
    }
}

fn column(leaf: &BaseLeaf<Val>) -> Option<Column> {
    let BaseLeaf::Variable(variable) = leaf else { return None };
    match variable.entry {
        BaseEntry::Main { offset: 0 } => Some(Column::Main(variable.index)),
        BaseEntry::Preprocessed { offset: 0 } => Some(Column::Preprocessed(variable.index)),
        _ => None,
    }
}

/// The columns of the present row that an expression reads; `None` if it reads anything else.
fn columns_of(expr: &Expr) -> Option<BTreeSet<Column>> {
    match expr {
        SymbolicExpr::Leaf(BaseLeaf::Constant(_)) => Some(BTreeSet::new()),
        SymbolicExpr::Leaf(leaf) => column(leaf).map(|column| BTreeSet::from([column])),
        SymbolicExpr::Neg { x, .. } => columns_of(x),
        SymbolicExpr::Add { x, y, .. } | SymbolicExpr::Sub { x, y, .. } | SymbolicExpr::Mul { x, y, .. } => {
            let mut columns = columns_of(x)?;
            columns.extend(columns_of(y)?);
            Some(columns)
        }
    }
}

/// Value of an expression that reads columns of the present row only.
fn value(expr: &Expr, at: &dyn Fn(Column) -> Val) -> Val {
    match expr {
        SymbolicExpr::Leaf(BaseLeaf::Constant(value)) => *value,
        SymbolicExpr::Leaf(leaf) => at(column(leaf).expect("a column of the present row")),
        SymbolicExpr::Neg { x, .. } => -value(x, at),
        SymbolicExpr::Add { x, y, .. } => value(x, at) + value(y, at),
        SymbolicExpr::Sub { x, y, .. } => value(x, at) - value(y, at),
        SymbolicExpr::Mul { x, y, .. } => value(x, at) * value(y, at),
    }
}

/// The column that `expr = 0` makes boolean: a polynomial of degree 2 with the roots 0 and 1.
fn made_boolean(expr: &Expr) -> Option<Column> {
    let columns = columns_of(expr)?;
    let (Some(&column), 1) = (columns.first(), columns.len()) else { return None };
    let zero_at = |x: u32| value(expr, &|_| Val::from_u32(x)) == Val::ZERO;
    (expr.degree_multiple() == 2 && zero_at(0) && zero_at(1) && !zero_at(2)).then_some(column)
}

/// What the constraints of a table say of its boolean columns.
pub struct Selectors {
    pub booleans: BTreeSet<Column>,
    /// Constraints that read nothing but boolean columns.
    rules: Vec<(Expr, BTreeSet<Column>)>,
    /// Sums of flags that program rows have, for the CPU table.
    flags: Option<BTreeSet<u32>>,
}

impl Selectors {
    /// Reads the constraints of a table.
    pub fn new(table: VmTable, builder: &SymbolicBuilder) -> Self {
        let constraints = builder.base_constraints();
        let booleans: BTreeSet<Column> = constraints.iter().filter_map(made_boolean).collect();
        let rules = constraints
            .into_iter()
            .filter_map(|expr| columns_of(&expr).map(|columns| (expr, columns)))
            .filter(|(_, columns)| columns.is_subset(&booleans))
            .collect();
        Self { booleans, rules, flags: (table.base() == VmTable::Cpu).then(program_flags) }
    }

    /// `columns` with all boolean columns that rules tie to them.
    fn tied_to(&self, mut columns: BTreeSet<Column>) -> Vec<Column> {
        loop {
            let before = columns.len();
            for (_, others) in &self.rules {
                if !others.is_disjoint(&columns) {
                    columns.extend(others);
                }
            }
            if columns.len() == before {
                return columns.into_iter().collect();
            }
        }
    }

    /// All values that `count` has on rows that the rules among `columns` (ascending) admit.
    fn values(&self, count: &Expr, columns: &[Column]) -> BTreeSet<u32> {
        assert!(columns.len() < 20, "too many selectors to try: {columns:?}");
        let mut values = BTreeSet::new();
        for bits in 0..1u32 << columns.len() {
            let at = |column: Column| {
                let index = columns.binary_search(&column).expect("rules read tied columns only");
                Val::from_u32(bits >> index & 1)
            };
            let rules = self.rules.iter().filter(|(_, read)| read.iter().all(|c| columns.contains(c)));
            if rules.into_iter().all(|(rule, _)| value(rule, &at) == Val::ZERO) && self.in_program(columns, &at) {
                values.insert(value(count, &at).as_canonical_u32());
            }
        }
        values
    }

    /// The CPU's flags are those of a program row, by lookup, where the row is real.
    fn in_program(&self, columns: &[Column], at: &dyn Fn(Column) -> Val) -> bool {
        let (Some(flags), [Column::Main(0), ..]) = (&self.flags, columns) else { return true };
        let names = main_names(VmTable::Cpu);
        let weight = |column: &Column| match (column, at(*column) == Val::ONE) {
            (Column::Main(index), true) => weight_of(&names[*index]),
            _ => 0,
        };
        at(Column::Main(0)) == Val::ZERO || flags.contains(&columns.iter().map(weight).sum())
    }
}

fn weight_of(name: &str) -> u32 {
    match name {
        "add" => flag::ADD,
        "sub" => flag::SUB,
        "branch" => flag::BRANCH,
        "dynamic" => flag::DYNAMIC,
        "memory" => flag::MEMORY,
        "writes_rd" => flag::WRITES_RD,
        "uses_rs2" => flag::USES_RS2,
        _ => 0,
    }
}

/// Sums of flags of all instructions there are, with and without a destination.
fn program_flags() -> BTreeSet<u32> {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.exit(0);
    let program = load_elf(&elf(asm, 0)).expect("ELF");
    let instrs = Op::ALL.iter().flat_map(|&op| [0, 5].map(|rd| Instr { op, rd, rs1: 6, rs2: 7, imm: 8 }));
    instrs.map(|instr| program::row(&program, 0, &instr).flags).collect()
}

pub fn symbolic(table: VmTable) -> SymbolicBuilder {
    let mut builder = SymbolicBuilder::new(AirLayout::from_air::<Val>(&table));
    table.eval(&mut builder);
    builder
}

fn tables() -> Vec<VmTable> {
    let engine = Engine::default();
    let boundary = engine.boundary_tables().into_iter().filter(|table| table.base() != VmTable::Range);
    engine.segment_tables(Accelerators::ALL).into_iter().chain(boundary).collect()
}

#[test]
fn every_count_on_a_segment_bus_is_boolean_by_constraint() {
    let one = Val::ONE.as_canonical_u32();
    let minus_one = (-Val::ONE).as_canonical_u32();
    let mut checked = 0;
    for table in tables() {
        let builder = symbolic(table);
        let selectors = Selectors::new(table, &builder);
        for (i, sent) in builder.global_interactions().iter().enumerate() {
            // Entries of preprocessed tables are counted freely; the image's flag is itself preprocessed.
            if sent.count_weight == 0 || table.base() == VmTable::Image {
                continue;
            }
            let place = format!("{} interaction {i} on {}", table.name(), sent.bus_name);
            assert_eq!(sent.count_weight, 1, "{place}");
            let columns = columns_of(&sent.count).unwrap_or_else(|| panic!("{place}: reads beyond the row"));
            let free: Vec<String> = columns.difference(&selectors.booleans).map(|c| c.name(table)).collect();
            assert!(free.is_empty(), "{place}: not boolean by constraint: {free:?}");
            let allowed = [BTreeSet::from([0, one]), BTreeSet::from([0, minus_one])];
            // The other selectors matter only where those that are read would admit more.
            let own: Vec<Column> = columns.iter().copied().collect();
            let mut values = selectors.values(&sent.count, &own);
            if !allowed.contains(&values) {
                values = selectors.values(&sent.count, &selectors.tied_to(columns));
            }
            assert!(allowed.contains(&values), "{place}: counts {values:?}");
            checked += 1;
        }
        println!(
            "{}: boolean are {:?}",
            table.name(),
            selectors.booleans.iter().map(|c| c.name(table)).collect::<Vec<_>>()
        );
    }
    println!("{checked} counts");
    // Image words are on a bus of the boundary, or on that of all parts.
    assert_eq!(checked, if Engine::default() == Engine::Multilinear { 275 } else { 276 });
}

#[test]
fn the_kind_is_a_constant_of_every_tuple_on_a_bus_with_several() {
    for table in tables() {
        for sent in symbolic(table).global_interactions() {
            let reads = columns_of(&sent.fields[0]);
            let constant = reads.is_some_and(|columns| columns.is_empty());
            assert!(constant || sent.bus_name == "memory", "{} on {}", table.name(), sent.bus_name);
        }
    }
}

#[test]
fn entries_of_preprocessed_tables_are_the_only_counts_that_are_free() {
    let free: Vec<&str> = tables()
        .into_iter()
        .filter(|&table| symbolic(table).global_interactions().iter().any(|sent| sent.count_weight == 0))
        .map(|table| table.name())
        .collect();
    assert_eq!(free, ["PROGRAM", "RANGE", "BYTE"]);
}
