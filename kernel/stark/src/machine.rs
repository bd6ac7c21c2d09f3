//! A fixed, ordered list of tables and what the engine derives from it.

use p3_field::{PrimeCharacteristicRing, PrimeField32};
use proofloom_field::{Challenge, Val};
use thiserror::Error;

use crate::config::{CHALLENGE_DEGREE, MAX_LOG_HEIGHT, MIN_LOG_HEIGHT, MIN_LOG_TALLEST};
use crate::folder::LookupChallenges;
use crate::lift::QUOTIENT_CHUNKS;
use crate::next_rows::NextColumns;
use crate::shape::TableShape;
use crate::table::Table;

/// A list of tables that cannot be proven with the released profile.
///
/// All of these are mistakes in the tables' code, found when the machine is built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MachineError {
    /// There is nothing to prove.
    #[error("a machine needs at least one table")]
    NoTables,
    /// Every table must have main columns.
    #[error("table {table}: no main columns; a table needs at least one")]
    EmptyMain { table: &'static str },
    /// `preprocessed_width` contradicts the widths of the two groups.
    #[error("table {table}: preprocessed_width is {got}, fixed + shared width is {expected}")]
    PreprocessedWidth { table: &'static str, expected: usize, got: usize },
    /// A height range is empty or beyond the admitted heights.
    #[error(
        "table {table}: height range 2^{min}..2^{max}; heights must be within \
         2^{MIN_LOG_HEIGHT}..2^{MAX_LOG_HEIGHT}"
    )]
    HeightRange { table: &'static str, min: usize, max: usize },
    /// No table is always as high as the tallest of a proof has to be.
    #[error("no table has always 2^{MIN_LOG_TALLEST} rows, which the tallest of a proof needs")]
    AllLow,
    /// Periodic columns and boundary publics are not part of this engine.
    #[error("table {table}: periodic columns and public_boundary_io are not supported")]
    UnsupportedFeature { table: &'static str },
    /// Local interactions would need a second challenge pair.
    #[error("table {table}: push_local_interaction is not supported; use a named bus")]
    LocalInteraction { table: &'static str },
    /// A constraint does not fit the blowup.
    #[error(
        "table {table}: {} has degree {degree}, the limit is {limit}",
        constraint.map_or_else(|| "a bus interaction".to_owned(), |i| format!("constraint {i}"))
    )]
    DegreeTooHigh {
        table: &'static str,
        /// Index in emission order; `None` for an interaction.
        constraint: Option<usize>,
        degree: usize,
        limit: usize,
    },
    /// Tuples of different widths on one bus could collide.
    #[error("table {table}: bus {bus} carries {expected} elements elsewhere, {got} here")]
    BusWidth { table: &'static str, bus: String, expected: usize, got: usize },
}

/// One bus of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bus {
    /// Name the tables use.
    pub name: String,
    /// Elements of every tuple on it.
    pub width: usize,
}

/// Base-field columns of the one quotient of a proof.
pub const QUOTIENT_COLUMNS: usize = QUOTIENT_CHUNKS * CHALLENGE_DEGREE;

/// Size figures of one table, for the verifying key, documentation and cell counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableStats {
    pub name: &'static str,
    /// Base-field columns per group.
    pub fixed: usize,
    pub shared: usize,
    pub main: usize,
    pub aux: usize,
    pub publics: usize,
    /// Largest constraint degree, lookup argument included.
    pub max_degree: usize,
    /// Constraints of the table itself, without the lookup argument.
    pub constraints: usize,
    /// Interactions per bus, in the machine's bus order, buses without any left out.
    pub interactions: Vec<(String, usize)>,
    pub next: NextColumns,
    pub height_range: (usize, usize),
}

impl TableStats {
    /// Base-field cells the prover extends and commits per row, fixed columns not counted. The
    /// quotient's [`QUOTIENT_COLUMNS`], at the height of the tallest table, come on top.
    pub const fn committed_per_row(&self) -> usize {
        self.shared + self.main + self.aux
    }
}

/// The tables of one kind of proof, in their fixed order, analysed once.
///
/// All tables are present in every proof; only heights vary.
#[derive(Debug)]
pub struct Machine<T> {
    tables: Vec<T>,
    pub(crate) shapes: Vec<TableShape>,
    buses: Vec<Bus>,
}

impl<T: Table> Machine<T> {
    /// Evaluates every table symbolically and checks degrees, widths and buses.
    ///
    /// # Errors
    /// The first [`MachineError`] found, in table order.
    pub fn new(tables: Vec<T>) -> Result<Self, MachineError> {
        if tables.is_empty() {
            return Err(MachineError::NoTables);
        }
        let shapes: Result<Vec<_>, _> = tables.iter().map(TableShape::new).collect();
        Self::of_shapes(tables, shapes?)
    }

    fn of_shapes(tables: Vec<T>, mut shapes: Vec<TableShape>) -> Result<Self, MachineError> {
        if !shapes.iter().any(|shape| shape.height_range.0 >= MIN_LOG_TALLEST) {
            return Err(MachineError::AllLow);
        }
        let buses = assign_buses(&mut shapes)?;
        Ok(Self { tables, shapes, buses })
    }

    /// The machine of some of these tables, in the given order, without analysing them again.
    ///
    /// # Errors
    /// [`MachineError::NoTables`], [`MachineError::AllLow`]. A table that this machine does not have is left out.
    pub fn with_tables(&self, tables: &[T]) -> Result<Self, MachineError>
    where
        T: Clone + PartialEq,
    {
        let place = |table: &T| self.tables.iter().position(|own| own == table);
        let places: Vec<_> = tables.iter().filter_map(place).collect();
        if places.is_empty() {
            return Err(MachineError::NoTables);
        }
        let tables = places.iter().map(|&i| self.tables[i].clone()).collect();
        let shapes = places.iter().map(|&i| self.shapes[i].clone()).collect();
        Self::of_shapes(tables, shapes)
    }

    /// The tables, in proof order.
    pub fn tables(&self) -> &[T] {
        &self.tables
    }

    /// The buses, in order of first use.
    pub fn buses(&self) -> &[Bus] {
        &self.buses
    }

    /// Size figures of every table, in proof order.
    pub fn stats(&self) -> Vec<TableStats> {
        self.shapes.iter().map(|shape| self.table_stats(shape)).collect()
    }

    fn table_stats(&self, shape: &TableShape) -> TableStats {
        let on_bus = |bus: usize| shape.plan.slots.iter().filter(|slot| slot.bus == bus).count();
        let counts = self.buses.iter().enumerate().map(|(i, bus)| (bus.name.clone(), on_bus(i)));
        TableStats {
            name: shape.name,
            fixed: shape.fixed_width,
            shared: shape.shared_width,
            main: shape.main_width,
            aux: shape.aux_width(),
            publics: shape.publics,
            max_degree: shape.max_degree,
            constraints: shape.constraints.total_constraints() - shape.plan.columns(),
            interactions: counts.filter(|&(_, count)| count > 0).collect(),
            next: shape.next.clone(),
            height_range: shape.height_range,
        }
    }

    /// Upper bound of the total count on all buses, for tables of these log2 heights.
    ///
    /// Must stay below the field's characteristic, or a table's multiplicity could wrap.
    pub fn count_bound(&self, log_heights: &[usize]) -> u128 {
        let rows = |log_height: &usize| 1u128 << log_height;
        let weights = self.shapes.iter().map(|shape| u128::from(shape.plan.row_weight()));
        weights.zip(log_heights).map(|(weight, log_height)| weight * rows(log_height)).sum()
    }

    /// Weight of every table's folded constraints in the sum of all: alpha to the number of
    /// constraints that follow, so that all constraints of the machine have powers of their own.
    pub(crate) fn combiners(&self, alpha: Challenge) -> Vec<Challenge> {
        let mut weight = Challenge::ONE;
        let mut combiners: Vec<_> = self
            .shapes
            .iter()
            .rev()
            .map(|shape| {
                let next = weight * alpha.exp_u64(shape.constraints.total_constraints() as u64);
                std::mem::replace(&mut weight, next)
            })
            .collect();
        combiners.reverse();
        combiners
    }

    /// Whether multiplicities cannot wrap at these log2 heights.
    pub(crate) fn counts_fit(&self, log_heights: &[usize]) -> bool {
        self.count_bound(log_heights) < u128::from(Val::ORDER_U32)
    }

    /// Challenges of every table's interactions, from the pair of one proof.
    pub(crate) fn lookup_challenges(&self, alpha: Challenge, beta: Challenge) -> Vec<LookupChallenges<Challenge>> {
        let widest = self.buses.iter().map(|bus| bus.width).max().unwrap_or(0).max(1);
        let beta_powers: Vec<_> = beta.powers().take(widest + 1).collect();
        let gamma = beta_powers[widest];
        let prefix = |bus: usize| alpha + gamma * Val::from_usize(bus + 1);
        let of_table = |shape: &TableShape| LookupChallenges {
            prefixes: shape.plan.slots.iter().map(|slot| prefix(slot.bus)).collect(),
            widths: shape.plan.slots.iter().map(|slot| self.buses[slot.bus].width).collect(),
            beta_powers: beta_powers.clone(),
            plain: shape.plan.plain,
        };
        self.shapes.iter().map(of_table).collect()
    }
}

fn assign_buses(shapes: &mut [TableShape]) -> Result<Vec<Bus>, MachineError> {
    let mut buses: Vec<Bus> = Vec::new();
    for shape in shapes {
        let table = shape.name;
        for slot in &mut shape.plan.slots {
            slot.bus = find_or_add(&mut buses, &slot.bus_name, &slot.widths);
            let Bus { name, width: expected } = &buses[slot.bus];
            if let Some(&got) = slot.widths.iter().find(|&width| width != expected) {
                return Err(MachineError::BusWidth { table, bus: name.clone(), expected: *expected, got });
            }
        }
    }
    Ok(buses)
}

fn find_or_add(buses: &mut Vec<Bus>, name: &str, widths: &[usize]) -> usize {
    buses.iter().position(|bus| bus.name == name).unwrap_or_else(|| {
        buses.push(Bus { name: name.to_owned(), width: widths.first().copied().unwrap_or(0) });
        buses.len() - 1
    })
}
