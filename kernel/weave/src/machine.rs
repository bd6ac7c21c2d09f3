//! A fixed, ordered list of tables and what the engine derives from it.

use p3_air::BaseAir;
use p3_air::symbolic::AirLayout;
use p3_field::PrimeField32;
use p3_lookup::SymbolicInteraction;
use proofloom_field::{Digest, Val};
use thiserror::Error;

use crate::chunk::{Chunk, NextColumns, cut};
use crate::expression::{Dag, Node, NodeId, Recorder};
use crate::layout::{LayoutError, MAX_MAIN_WIDTH, Placement, place};
use crate::profile::{MAX_LOG_HEIGHT, MIN_LOG_HEIGHT, Profile, RELEASED, TESTS};
use crate::sponge::Encoder;
use crate::table::{Group, SymbolicBuilder, Table};

/// Largest degree of a constraint, a count or an element of a tuple.
pub const MAX_DEGREE: usize = 3;

/// A list of tables that cannot be proven.
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
    /// Periodic columns and boundary publics are not part of this engine.
    #[error("table {table}: periodic columns and public_boundary_io are not supported")]
    UnsupportedFeature { table: &'static str },
    /// Only `push_interaction` has fractions.
    #[error("table {table}: local and exclusive interactions are not supported; use push_interaction")]
    UnsupportedInteraction { table: &'static str },
    /// Fractions are bound row by row.
    #[error("table {table}: interaction {interaction} reads the next row or a selector; it must read its row alone")]
    InteractionScope { table: &'static str, interaction: usize },
    /// The rounds' polynomials have degree 3.
    #[error("table {table}: {part} {index} has degree {degree}, the limit is {MAX_DEGREE}")]
    DegreeTooHigh {
        table: &'static str,
        /// "constraint" or "interaction".
        part: &'static str,
        /// Index in emission order.
        index: usize,
        degree: usize,
    },
    /// A selector is 0 on all rows but one, so a product of two says nothing that one of them does not.
    #[error("table {table}: constraint {constraint} multiplies selectors; a product may have one")]
    SelectorProduct {
        table: &'static str,
        /// Index in emission order.
        constraint: usize,
    },
    /// Tuples of different widths on one bus could collide.
    #[error("table {table}: bus {bus} carries {expected} elements elsewhere, {got} here")]
    BusWidth { table: &'static str, bus: String, expected: usize, got: usize },
    /// The lookup argument needs a fraction.
    #[error("no table has an interaction; a machine needs at least one")]
    NoInteractions,
    /// A multiplicity could wrap modulo the field's order.
    #[error("the counts of all rows at the largest heights add up to {bound}; they must stay below {}", Val::ORDER_U32)]
    CountsWrap { bound: u128 },
    /// Closed forms are for columns whose height is known.
    #[error("table {table}: closed forms need one height, and fixed columns that are not read at the next row")]
    ClosedForms { table: &'static str },
    /// The layout of fixed and of shared columns is a function of one height, which key or leaf holds.
    #[error("tables {first} and {second} both have committed {group} columns; one table may have them")]
    SeveralHeights { group: Group, first: &'static str, second: &'static str },
    /// Fixed or shared columns do not fit their stack at the largest height.
    #[error(transparent)]
    Stack(#[from] LayoutError),
    /// Shared columns are safe in unique decoding alone.
    #[error("table {table}: shared columns are admitted with profile {} alone, not with {profile}", RELEASED.id)]
    ProfileOfShared { table: &'static str, profile: &'static str },
}

/// One bus of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bus {
    /// Name the tables use.
    pub name: String,
    /// Elements of every tuple on it.
    pub width: usize,
}

/// One interaction of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Index of the bus in the machine.
    pub bus: usize,
    pub tuple: Vec<NodeId>,
    /// How often the tuple is sent; negative where it is received.
    pub count: NodeId,
    /// Bound of the count's absolute value, as the table declares it.
    pub weight: u32,
}

/// Everything prover and verifier need to know of one table.
#[derive(Clone, Debug)]
pub struct Shape {
    pub name: &'static str,
    /// Columns of each group.
    pub fixed: usize,
    pub shared: usize,
    pub main: usize,
    /// Number of public values.
    pub publics: usize,
    /// Smallest and largest log2 height.
    pub heights: (usize, usize),
    /// Columns read at the next row.
    pub next: NextColumns,
    /// Whether fixed columns are in no oracle.
    pub closed_forms: bool,
    /// All operations.
    pub dag: Dag,
    /// Constraints in emission order, base and extension constraints alike.
    pub constraints: Vec<NodeId>,
    /// Interactions in emission order.
    pub slots: Vec<Slot>,
    /// Number of the table's first constraint in the machine.
    pub first_constraint: usize,
    /// Number of the table's first interaction in the machine.
    pub first_slot: usize,
    /// Largest degree of a constraint, a count or an element of a tuple.
    pub degree: usize,
}

impl Shape {
    /// Columns of all groups.
    pub const fn width(&self) -> usize {
        self.fixed + self.shared + self.main
    }

    /// Columns of one group.
    pub const fn columns(&self, group: Group) -> usize {
        match group {
            Group::Fixed => self.fixed,
            Group::Shared => self.shared,
            Group::Main => self.main,
        }
    }

    /// Number of a group's first column among all.
    pub const fn first_column(&self, group: Group) -> usize {
        match group {
            Group::Fixed => 0,
            Group::Shared => self.fixed,
            Group::Main => self.fixed + self.shared,
        }
    }

    /// Columns of one group that are in an oracle.
    pub const fn committed(&self, group: Group) -> usize {
        if self.closed_forms && matches!(group, Group::Fixed) { 0 } else { self.columns(group) }
    }
}

/// The tables of one kind of proof, in their fixed order, analysed once.
///
/// All tables are present in every proof; only heights vary.
#[derive(Debug)]
pub struct Machine<T> {
    tables: Vec<T>,
    shapes: Vec<Shape>,
    buses: Vec<Bus>,
    chunks: Vec<Chunk>,
    profile: Profile,
}

impl<T: Table> Machine<T> {
    /// Records every table and checks degrees, widths and buses. For the released profile.
    ///
    /// # Errors
    /// The first [`MachineError`] found, in table order.
    pub fn new(tables: Vec<T>) -> Result<Self, MachineError> {
        Self::with_profile(tables, RELEASED)
    }

    /// As [`Self::new`], for another profile: refused for tables with shared columns, but for the one of tests.
    ///
    /// # Errors
    /// The first [`MachineError`] found, in table order.
    pub fn with_profile(tables: Vec<T>, profile: Profile) -> Result<Self, MachineError> {
        let (mut shapes, mut buses) = (Vec::new(), Vec::new());
        let (mut first_constraint, mut first_slot) = (0, 0);
        for table in &tables {
            let mut shape = record(table, &mut buses)?;
            (shape.first_constraint, shape.first_slot) = (first_constraint, first_slot);
            first_constraint += shape.constraints.len();
            first_slot += shape.slots.len();
            shapes.push(shape);
        }
        let machine = Self { chunks: chunks(&shapes), tables, shapes, buses, profile };
        machine.check()?;
        Ok(machine)
    }

    fn check(&self) -> Result<(), MachineError> {
        if self.tables.is_empty() {
            return Err(MachineError::NoTables);
        }
        if self.slots() == 0 {
            return Err(MachineError::NoInteractions);
        }
        let bound = self.count_bound();
        if bound >= u128::from(Val::ORDER_U32) {
            return Err(MachineError::CountsWrap { bound });
        }
        for group in [Group::Fixed, Group::Shared] {
            self.check_stack(group)?;
        }
        let with_shared = self.shapes.iter().find(|shape| shape.shared > 0);
        match with_shared {
            Some(shape) if self.profile != RELEASED && self.profile != TESTS => {
                Err(MachineError::ProfileOfShared { table: shape.name, profile: self.profile.id })
            }
            _ => Ok(()),
        }
    }
}

impl<T> Machine<T> {
    /// One table has all columns of the group, and they fit its stack.
    fn check_stack(&self, group: Group) -> Result<(), MachineError> {
        let mut with_columns = self.shapes.iter().filter(|shape| shape.committed(group) > 0);
        if let (Some(first), Some(second)) = (with_columns.next(), with_columns.next()) {
            return Err(MachineError::SeveralHeights { group, first: first.name, second: second.name });
        }
        // Stacks of tests are low; there, heights are checked with the proof.
        if self.profile == RELEASED {
            self.place_largest(group)?;
        }
        Ok(())
    }

    fn place_largest(&self, group: Group) -> Result<Placement, LayoutError> {
        let log_heights: Vec<_> = self.shapes.iter().map(|shape| shape.heights.1).collect();
        place(&self.chunks, group, &log_heights, &self.profile)
    }

    /// Most columns that the stack of a group can have: what is opened of it has as many elements.
    pub fn largest_width(&self, group: Group) -> u16 {
        match group {
            Group::Main => MAX_MAIN_WIDTH,
            Group::Fixed | Group::Shared => {
                self.place_largest(group).map_or(1 << self.profile.column_variables, |placement| placement.width)
            }
        }
    }

    /// The tables, in proof order.
    pub fn tables(&self) -> &[T] {
        &self.tables
    }

    /// What is known of each table, in proof order.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The buses, in order of first use.
    pub fn buses(&self) -> &[Bus] {
        &self.buses
    }

    /// The chunks of all oracles in the order in which their values are claimed.
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The profile of its proofs.
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Column values and next-row values that a proof claims.
    pub fn claims(&self) -> usize {
        self.chunks.iter().map(Chunk::claims).sum()
    }

    /// Interactions of all tables.
    pub fn slots(&self) -> usize {
        self.shapes.iter().map(|shape| shape.slots.len()).sum()
    }

    /// Constraints of all tables.
    pub fn constraints(&self) -> usize {
        self.shapes.iter().map(|shape| shape.constraints.len()).sum()
    }

    /// Variables that number the interactions.
    pub fn slot_variables(&self) -> usize {
        (self.slots().next_power_of_two().ilog2() as usize).max(1)
    }

    /// Elements of the widest tuple.
    pub fn widest(&self) -> usize {
        self.buses.iter().map(|bus| bus.width).max().unwrap_or(0)
    }

    /// Bound of the sum of all counts at the largest heights.
    fn count_bound(&self) -> u128 {
        let rows = |shape: &Shape| 1u128 << shape.heights.1;
        let weight = |shape: &Shape| shape.slots.iter().map(|slot| u128::from(slot.weight)).sum::<u128>();
        self.shapes.iter().map(|shape| weight(shape) * rows(shape)).sum()
    }

    /// Digest of all that fixes the schedule of a proof, and of the names.
    pub fn digest(&self) -> Digest {
        let profile = Encoder::default().bytes(self.profile.id.as_bytes()).numbers(self.profile.numbers());
        let buses = self.buses.iter().fold(profile.number(self.buses.len() as u64), |encoder, bus| {
            encoder.bytes(bus.name.as_bytes()).number(bus.width as u64)
        });
        let tables = buses.number(self.shapes.len() as u64);
        self.shapes.iter().fold(tables, encode_shape).digest("proofloom/machine/v1")
    }
}

fn encode_shape(encoder: Encoder, shape: &Shape) -> Encoder {
    let sizes = [shape.fixed, shape.shared, shape.main, shape.publics, shape.constraints.len(), shape.degree];
    let heights = [shape.heights.0, shape.heights.1];
    let next = Group::ALL
        .map(|group| shape.next.of(group))
        .into_iter()
        .flat_map(|columns| [columns.len()].into_iter().chain(columns.iter().copied()));
    let slots = [shape.slots.len()].into_iter().chain(shape.slots.iter().map(|slot| slot.bus));
    let numbers = sizes.into_iter().chain(heights).chain(next).chain(slots).map(|number| number as u64);
    encoder.bytes(shape.name.as_bytes()).numbers(numbers)
}

/// All chunks in claim order.
fn chunks(shapes: &[Shape]) -> Vec<Chunk> {
    let mut claim = 0;
    let groups = shapes.iter().enumerate().flat_map(|(table, shape)| Group::ALL.map(|group| (table, shape, group)));
    groups
        .flat_map(|(table, shape, group)| cut(table, group, shape.committed(group), shape.next.of(group), &mut claim))
        .collect()
}

/// Evaluates a table symbolically and checks what it declares.
fn record<T: Table>(table: &T, buses: &mut Vec<Bus>) -> Result<Shape, MachineError> {
    let name = table.name();
    let layout = AirLayout::from_air::<Val>(table);
    check_declarations(table, &layout)?;
    let mut builder = SymbolicBuilder::new(layout);
    table.eval(&mut builder);
    if !builder.local_interactions().is_empty() || !builder.exclusive_interactions().is_empty() {
        return Err(MachineError::UnsupportedInteraction { table: name });
    }
    let (dag, constraints, slots) = record_expressions(&builder, layout.preprocessed_width, name, buses)?;
    let mut shape = Shape {
        name,
        fixed: table.fixed_width(),
        shared: table.shared_width(),
        main: layout.main_width,
        publics: layout.num_public_values,
        heights: table.height_range(),
        next: NextColumns::default(),
        closed_forms: table.has_closed_forms(),
        dag,
        constraints,
        slots,
        first_constraint: 0,
        first_slot: 0,
        degree: 0,
    };
    shape.next = next_columns(&shape);
    check_shape(&mut shape)?;
    Ok(shape)
}

fn check_declarations<T: Table>(table: &T, layout: &AirLayout) -> Result<(), MachineError> {
    let name = table.name();
    if layout.main_width == 0 {
        return Err(MachineError::EmptyMain { table: name });
    }
    let expected = table.fixed_width() + table.shared_width();
    if layout.preprocessed_width != expected {
        let got = layout.preprocessed_width;
        return Err(MachineError::PreprocessedWidth { table: name, expected, got });
    }
    let (min, max) = table.height_range();
    if min > max || min < MIN_LOG_HEIGHT || max > MAX_LOG_HEIGHT {
        return Err(MachineError::HeightRange { table: name, min, max });
    }
    if layout.num_periodic_columns > 0 || !BaseAir::<Val>::public_boundary_io(table).is_empty() {
        return Err(MachineError::UnsupportedFeature { table: name });
    }
    Ok(())
}

/// Constraints in emission order, and interactions with their buses.
fn record_expressions(
    builder: &SymbolicBuilder,
    preprocessed: usize,
    table: &'static str,
    buses: &mut Vec<Bus>,
) -> Result<(Dag, Vec<NodeId>, Vec<Slot>), MachineError> {
    // Both lists must outlive the recorder: it recognises nodes by address.
    let (base, ext) = (builder.base_constraints(), builder.extension_constraints());
    let mut recorder = Recorder::new(preprocessed);
    let order = builder.constraint_layout();
    let base = order.base_indices.iter().zip(&base).map(|(&at, e)| (at, recorder.base(e))).collect::<Vec<_>>();
    let ext = order.ext_indices.iter().zip(&ext).map(|(&at, e)| (at, recorder.ext(e))).collect::<Vec<_>>();
    let mut constraints = [base, ext].concat();
    constraints.sort_unstable_by_key(|&(at, _)| at);
    let mut slots = Vec::new();
    for interaction in builder.global_interactions() {
        slots.push(Slot {
            bus: bus_of(interaction, table, buses)?,
            tuple: interaction.fields.iter().map(|e| recorder.base(e)).collect(),
            count: recorder.base(&interaction.count),
            weight: interaction.count_weight,
        });
    }
    let constraints = constraints.into_iter().map(|(_, node)| node).collect();
    Ok((recorder.finish(), constraints, slots))
}

/// Index of an interaction's bus, which is added where it is new.
fn bus_of(
    interaction: &SymbolicInteraction<Val>,
    table: &'static str,
    buses: &mut Vec<Bus>,
) -> Result<usize, MachineError> {
    let (name, got) = (&interaction.bus_name, interaction.fields.len());
    let Some(index) = buses.iter().position(|bus| bus.name == *name) else {
        buses.push(Bus { name: name.clone(), width: got });
        return Ok(buses.len() - 1);
    };
    let expected = buses[index].width;
    if expected == got { Ok(index) } else { Err(MachineError::BusWidth { table, bus: name.clone(), expected, got }) }
}

/// What constraints read of the next row.
fn next_columns(shape: &Shape) -> NextColumns {
    let read = shape.dag.reachable(shape.constraints.iter().copied());
    let nodes = shape.dag.nodes().iter().zip(read);
    let mut columns: Vec<usize> = nodes
        .filter_map(|(node, read)| if let (Node::Next(c), true) = (node, read) { Some(*c) } else { None })
        .collect();
    columns.sort_unstable();
    let of = |group: Group| {
        let first = shape.first_column(group);
        let own = columns.iter().filter(|&&c| (first..first + shape.columns(group)).contains(&c));
        own.map(|c| c - first).collect()
    };
    NextColumns { fixed: of(Group::Fixed), shared: of(Group::Shared), main: of(Group::Main) }
}

/// Degrees, what interactions read, closed forms.
fn check_shape(shape: &mut Shape) -> Result<(), MachineError> {
    let (table, dag) = (shape.name, &shape.dag);
    let too_high = |part, index, degree| MachineError::DegreeTooHigh { table, part, index, degree };
    let selectors = dag.selectors();
    for (index, &node) in shape.constraints.iter().enumerate() {
        let degree = dag.degree(node);
        shape.degree = shape.degree.max(degree);
        if degree > MAX_DEGREE {
            return Err(too_high("constraint", index, degree));
        }
        if selectors[node] > 1 {
            return Err(MachineError::SelectorProduct { table, constraint: index });
        }
    }
    for (interaction, slot) in shape.slots.iter().enumerate() {
        let parts = || slot.tuple.iter().copied().chain([slot.count]);
        let degree = parts().map(|node| dag.degree(node)).max().unwrap_or(0);
        shape.degree = shape.degree.max(degree);
        if degree > MAX_DEGREE {
            return Err(too_high("interaction", interaction, degree));
        }
        let beyond = |node: &Node| matches!(node, Node::Next(_) | Node::First | Node::Last);
        if dag.nodes().iter().zip(dag.reachable(parts())).any(|(node, read)| read && beyond(node)) {
            return Err(MachineError::InteractionScope { table, interaction });
        }
    }
    let (min, max) = shape.heights;
    if shape.closed_forms && (min != max || !shape.next.fixed.is_empty()) {
        return Err(MachineError::ClosedForms { table });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
