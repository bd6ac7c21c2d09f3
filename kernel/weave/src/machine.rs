//! What the engine derives from the tables, once.

use p3_air::symbolic::{AirLayout, SymbolicExpr};
use p3_air::{Air, BaseAir};
use proofloom_field::Val;
use proofloom_stark::{Machine as StarkMachine, SymbolicBuilder};

use crate::terms::{Constraint, Expressions};
use crate::folder::{ExtFolder, LeafFolder};

/// A table that this engine can evaluate.
pub trait Table:
    proofloom_stark::Table
    + for<'a> Air<LeafFolder<'a>>
    + for<'a> Air<ExtFolder<'a>>
{
}

impl<T> Table for T where
    T: proofloom_stark::Table
        + for<'a> Air<LeafFolder<'a>>
        + for<'a> Air<ExtFolder<'a>>
{
}

/// One interaction of a table.
#[derive(Clone, Debug)]
pub struct Slot {
    pub bus: usize,
    /// Per tuple element, then the count: whether its degree is at most 1.
    pub linear: Vec<bool>,
}

/// What is known of one table.
#[derive(Clone, Debug)]
pub struct Shape {
    pub name: &'static str,
    pub fixed: usize,
    pub shared: usize,
    pub main: usize,
    pub slots: Vec<Slot>,
    /// Number of the table's first slot in the machine.
    pub first_slot: usize,
    /// Per constraint in emission order: whether it has degree 2 or 3, and whether it is an
    /// extension constraint.
    pub constraints: Vec<(bool, bool)>,
    /// Number of the table's first constraint in the machine.
    pub first_constraint: usize,
    /// Columns read at the next row, numbered through fixed, shared, main.
    pub next: Vec<usize>,
    /// Evaluated by the verifier, in no oracle.
    pub virtual_fixed: bool,
}

impl Shape {
    pub const fn width(&self) -> usize {
        self.fixed + self.shared + self.main
    }
    pub const fn preprocessed(&self) -> usize {
        self.fixed + self.shared
    }
}

/// The tables of one kind of proof.
pub struct Machine<T> {
    pub tables: Vec<T>,
    pub shapes: Vec<Shape>,
    pub expressions: Vec<Expressions>,
    /// log2 of the slot space.
    pub sigma: usize,
    /// Elements of the widest tuple.
    pub widest: usize,
}

impl<T: Table> Machine<T> {
    /// Analyses the tables of an engine's machine.
    pub fn new(stark: &StarkMachine<T>) -> Self {
        let tables = stark.tables().to_vec();
        let buses: Vec<String> = stark.buses().iter().map(|bus| bus.name.clone()).collect();
        let stats = stark.stats();
        let (mut first_slot, mut first_constraint) = (0, 0);
        let (shapes, expressions): (Vec<Shape>, Vec<Expressions>) = tables
            .iter()
            .zip(&stats)
            .map(|(table, stats)| {
                let (mut shape, expressions) = analyse(table, &buses);
                shape.first_slot = first_slot;
                shape.first_constraint = first_constraint;
                first_slot += shape.slots.len();
                first_constraint += shape.constraints.len();
                let (fixed, shared) = (shape.fixed, shape.shared);
                let next = &stats.next;
                shape.next = next
                    .fixed
                    .iter()
                    .copied()
                    .chain(next.shared.iter().map(|c| fixed + c))
                    .chain(next.main.iter().map(|c| fixed + shared + c))
                    .collect();
                // RANGE and BYTE have one height and a closed form.
                let (low, high) = stats.height_range;
                shape.virtual_fixed = fixed > 0 && low == high;
                (shape, expressions)
            })
            .unzip();
        Self {
            tables,
            shapes,
            expressions,
            sigma: (first_slot.max(2) - 1).ilog2() as usize + 1,
            widest: stark.buses().iter().map(|bus| bus.width).max().unwrap_or(1),
        }
    }
}

fn analyse<T: Table>(table: &T, buses: &[String]) -> (Shape, Expressions) {
    let layout = AirLayout::from_air::<Val>(table);
    let mut builder = SymbolicBuilder::new(layout);
    table.eval(&mut builder);
    let slots = builder
        .global_interactions()
        .iter()
        .map(|interaction| Slot {
            bus: buses.iter().position(|bus| *bus == interaction.bus_name).unwrap_or(0),
            linear: interaction
                .fields
                .iter()
                .chain([&interaction.count])
                .map(|e| e.degree_multiple_with_transition(1) <= 1)
                .collect(),
        })
        .collect();
    let order = builder.constraint_layout();
    let mut constraints = vec![(false, false); order.total_constraints()];
    let check = |degree: usize, name: &str| {
        assert!(degree <= 3, "table {name}: a constraint has degree {degree}");
        degree > 1
    };
    let mut ordered: Vec<Option<Constraint>> = vec![None; constraints.len()];
    for (&at, e) in order.base_indices.iter().zip(builder.base_constraints()) {
        ordered[at] = Some(Constraint::Base(e.clone()));
        constraints[at] = (check(e.degree_multiple_with_transition(1), table.name()), false);
    }
    for (&at, e) in order.ext_indices.iter().zip(builder.extension_constraints()) {
        ordered[at] = Some(Constraint::Ext(e.clone()));
        let degree = SymbolicExpr::degree_multiple_with_transition(&e, 1);
        constraints[at] = (check(degree, table.name()), true);
    }
    let expressions = Expressions {
        constraints: ordered.into_iter().flatten().collect(),
        elements: builder
            .global_interactions()
            .iter()
            .flat_map(|interaction| interaction.fields.iter().chain([&interaction.count]).cloned())
            .collect(),
    };
    let shape = Shape {
        name: table.name(),
        fixed: table.fixed_width(),
        shared: table.shared_width(),
        main: BaseAir::<Val>::width(table),
        slots,
        first_slot: 0,
        constraints,
        first_constraint: 0,
        next: Vec::new(),
        virtual_fixed: false,
    };
    (shape, expressions)
}
