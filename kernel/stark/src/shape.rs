//! What the engine derives from a table by evaluating it symbolically, once.

use std::sync::Arc;

use p3_air::symbolic::{AirLayout, ConstraintLayout, SymbolicExpr, SymbolicExpression};
use proofloom_field::Val;

use crate::config::{CHALLENGE_DEGREE, MAX_CONSTRAINT_DEGREE, MAX_LOG_HEIGHT, MIN_LOG_HEIGHT};
use crate::debug::idle_without_main;
use crate::interactions::LookupPlan;
use crate::machine::MachineError;
use crate::next_rows::NextColumns;
use crate::table::{SymbolicBuilder, Table};

/// Everything prover and verifier need to know of one table besides its `eval`.
#[derive(Clone, Debug)]
pub(crate) struct TableShape {
    pub name: &'static str,
    pub fixed_width: usize,
    pub shared_width: usize,
    pub main_width: usize,
    pub publics: usize,
    pub height_range: (usize, usize),
    /// What constraints and interactions read of the next row.
    pub next: NextColumns,
    /// What interactions alone read of the next row.
    pub interaction_next: NextColumns,
    pub plan: LookupPlan,
    /// Whether rows whose main columns are zero do nothing.
    pub idle_without_main: bool,
    /// Order of base and extension constraints, those of the lookup argument last.
    pub constraints: Arc<ConstraintLayout>,
    /// Largest degree of any constraint, in multiples of the height.
    pub max_degree: usize,
}

impl TableShape {
    /// Evaluates `table` symbolically and checks what it declares.
    pub fn new<T: Table>(table: &T) -> Result<Self, MachineError> {
        let (fixed_width, shared_width) = (table.fixed_width(), table.shared_width());
        let layout = AirLayout::from_air::<Val>(table);
        check_declarations(table, &layout)?;
        let mut builder = SymbolicBuilder::new(layout);
        table.eval(&mut builder);
        if !builder.local_interactions().is_empty() {
            return Err(MachineError::LocalInteraction { table: table.name() });
        }
        let plan = LookupPlan::from_symbolic(&builder);
        let max_degree = air_degree(&builder).max(plan.max_degree());
        if max_degree > MAX_CONSTRAINT_DEGREE {
            return Err(degree_error(table.name(), &builder, &plan));
        }
        Ok(Self {
            name: table.name(),
            fixed_width,
            shared_width,
            main_width: layout.main_width,
            publics: layout.num_public_values,
            height_range: table.height_range(),
            next: NextColumns::of_all(&builder, fixed_width),
            interaction_next: NextColumns::of_interactions(&builder, fixed_width),
            idle_without_main: idle_without_main(&builder),
            constraints: with_lookup_constraints(builder.constraint_layout(), plan.columns()).into(),
            plan,
            max_degree,
        })
    }

    /// Base-field columns of the auxiliary matrix.
    pub const fn aux_width(&self) -> usize {
        self.plan.columns() * CHALLENGE_DEGREE
    }

    /// Columns of the auxiliary matrix that are read at the next row: the accumulator.
    pub fn aux_next(&self) -> std::ops::Range<usize> {
        0..CHALLENGE_DEGREE.min(self.aux_width())
    }
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
    if layout.num_periodic_columns > 0 || !table.public_boundary_io().is_empty() {
        return Err(MachineError::UnsupportedFeature { table: name });
    }
    Ok(())
}

fn air_degree(builder: &SymbolicBuilder) -> usize {
    let base = builder.base_constraints().iter().map(SymbolicExpression::degree_multiple).max();
    let ext = builder.extension_constraints().iter().map(SymbolicExpr::degree_multiple).max();
    base.max(ext).unwrap_or(0)
}

/// Names the first constraint (in emission order) or else the lookup argument as the culprit.
fn degree_error(table: &'static str, builder: &SymbolicBuilder, plan: &LookupPlan) -> MachineError {
    let layout = builder.constraint_layout();
    let base = builder.base_constraints();
    let ext = builder.extension_constraints();
    let base = layout.base_indices.iter().zip(base.iter().map(SymbolicExpr::degree_multiple));
    let ext = layout.ext_indices.iter().zip(ext.iter().map(SymbolicExpr::degree_multiple));
    let worst = base.chain(ext).filter(|&(_, degree)| degree > MAX_CONSTRAINT_DEGREE).min();
    let (constraint, degree) = match worst {
        Some((&index, degree)) => (Some(index), degree),
        None => (None, plan.max_degree()),
    };
    MachineError::DegreeTooHigh { table, constraint, degree, limit: MAX_CONSTRAINT_DEGREE }
}

/// Appends one extension constraint per group: accumulator first, then the fraction columns.
fn with_lookup_constraints(mut layout: ConstraintLayout, groups: usize) -> ConstraintLayout {
    let first = layout.total_constraints();
    layout.ext_indices.extend(first..first + groups);
    layout
}
