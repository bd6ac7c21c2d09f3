//! How the bus interactions of a table become auxiliary columns.
//!
//! Every interaction contributes one fraction `count / (prefix(bus) - sum_j field_j * beta^(w-1-j))`
//! per row. Interactions are packed into groups whose summed fraction still fits the constraint
//! degree. A table with groups `G_0 .. G_k` has `k + 1` auxiliary columns (five base-field
//! columns each): the accumulator `a` and one fraction column `f_i` for every group but `G_0`.
//! With `n` rows and terminal `T` the constraints hold on *every* row, cyclically:
//!
//! ```text
//!     f_i * denominator(G_i) = numerator(G_i)                                   i = 1..k
//!     (a' - a - f_1 - .. - f_k + T/n) * denominator(G_0) = numerator(G_0)
//! ```
//!
//! Summing the second line over the trace gives `T = ` the sum of all fractions of all rows: no
//! first-row or last-row constraint is needed, and no column for `G_0`.

use p3_air::symbolic::SymbolicExpression;
use proofloom_field::Val;

use crate::config::MAX_CONSTRAINT_DEGREE;
use crate::table::SymbolicBuilder;

/// What the engine has to know of one interaction of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// Bus name as the table wrote it.
    pub bus_name: String,
    /// Index of the bus in the machine, assigned once all tables are known.
    pub bus: usize,
    /// Elements of the tuple, per branch (one branch unless the interaction is exclusive).
    pub widths: Vec<usize>,
    /// Degree of the denominator in the trace columns.
    pub denominator_degree: usize,
    /// Degree of the numerator in the trace columns.
    pub numerator_degree: usize,
    /// Upper bound of |count| per row, as the table declares it.
    pub weight: u32,
}

/// The interactions of one table and how they share auxiliary columns.
///
/// Slots are the plain interactions in emission order, then the exclusive ones in emission order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LookupPlan {
    pub slots: Vec<Slot>,
    /// Number of plain interactions, i.e. index of the first exclusive slot.
    pub plain: usize,
    /// Slot indices per group; group 0 is folded into the accumulator.
    pub groups: Vec<Vec<usize>>,
}

impl LookupPlan {
    /// Reads the interactions a table emitted.
    pub fn from_symbolic(builder: &SymbolicBuilder) -> Self {
        let mut slots = plain_slots(builder);
        let plain = slots.len();
        slots.extend(exclusive_slots(builder));
        let groups = pack(&slots);
        Self { slots, plain, groups }
    }

    /// Whether the table takes part in the lookup argument at all.
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Challenge-field columns of the auxiliary matrix.
    pub const fn columns(&self) -> usize {
        self.groups.len()
    }

    /// Largest degree among the constraints above.
    pub fn max_degree(&self) -> usize {
        self.groups.iter().map(|group| group_degree(&self.slots, group)).max().unwrap_or(0)
    }

    /// Bound of the counts one row can contribute, over all its interactions.
    pub fn row_weight(&self) -> u64 {
        self.slots.iter().map(|slot| u64::from(slot.weight)).sum()
    }
}

fn plain_slots(builder: &SymbolicBuilder) -> Vec<Slot> {
    let interactions = builder.global_interactions().iter();
    interactions
        .map(|interaction| Slot {
            bus_name: interaction.bus_name.clone(),
            bus: 0,
            widths: vec![interaction.fields.len()],
            denominator_degree: max_degree(&interaction.fields),
            numerator_degree: interaction.count.degree_multiple(),
            weight: interaction.count_weight,
        })
        .collect()
}

fn exclusive_slots(builder: &SymbolicBuilder) -> Vec<Slot> {
    let mut slots = Vec::new();
    for interaction in builder.exclusive_interactions() {
        let mut slot = Slot {
            bus_name: interaction.bus_name.clone(),
            bus: 0,
            widths: Vec::new(),
            denominator_degree: 0,
            numerator_degree: 0,
            weight: 0,
        };
        for branch in &interaction.branches {
            let flag = branch.flag.degree_multiple();
            slot.widths.push(branch.fields.len());
            slot.denominator_degree = slot.denominator_degree.max(flag + max_degree(&branch.fields));
            slot.numerator_degree = slot.numerator_degree.max(flag + branch.count.degree_multiple());
            slot.weight = slot.weight.max(branch.count_weight);
        }
        slots.push(slot);
    }
    slots
}

fn max_degree(fields: &[SymbolicExpression<Val>]) -> usize {
    fields.iter().map(SymbolicExpression::degree_multiple).max().unwrap_or(0)
}

/// First fit in emission order: deterministic, and optimal when all degrees are 1.
fn pack(slots: &[Slot]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for index in 0..slots.len() {
        let fits = |group: &Vec<usize>| {
            let trial: Vec<usize> = group.iter().copied().chain([index]).collect();
            group_degree(slots, &trial) <= MAX_CONSTRAINT_DEGREE
        };
        match groups.iter().position(fits) {
            Some(found) => groups[found].push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// Degree of `column * denominator - numerator` for one group.
fn group_degree(slots: &[Slot], group: &[usize]) -> usize {
    let denominators: usize = group.iter().map(|&i| slots[i].denominator_degree).sum();
    let numerator = |&i: &usize| slots[i].numerator_degree + denominators - slots[i].denominator_degree;
    let numerators = group.iter().map(numerator).max().unwrap_or(0);
    (1 + denominators).max(numerators)
}
