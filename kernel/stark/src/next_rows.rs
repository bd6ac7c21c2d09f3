//! Which columns a table reads at the next row: only those are opened there.

use std::collections::{BTreeSet, HashSet};

use p3_air::symbolic::{BaseEntry, BaseLeaf, ExtLeaf, SymbolicExpr, SymbolicExpression, SymbolicExpressionExt};
use proofloom_field::{Challenge, Val};

use crate::table::SymbolicBuilder;

/// Columns that a table reads at the next row: per group, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NextColumns {
    pub fixed: Vec<usize>,
    pub shared: Vec<usize>,
    pub main: Vec<usize>,
}

impl NextColumns {
    /// Everything the table's constraints and interactions read.
    pub(crate) fn of_all(builder: &SymbolicBuilder, fixed_width: usize) -> Self {
        // Both lists must outlive the scan: it recognises nodes by address.
        let (base, ext) = (builder.base_constraints(), builder.extension_constraints());
        let mut scan = Scan::default();
        base.iter().for_each(|e| scan.base(e));
        ext.iter().for_each(|e| scan.ext(e));
        scan.interactions(builder);
        scan.columns(fixed_width)
    }

    /// What the interactions alone read.
    pub(crate) fn of_interactions(builder: &SymbolicBuilder, fixed_width: usize) -> Self {
        let mut scan = Scan::default();
        scan.interactions(builder);
        scan.columns(fixed_width)
    }
}

/// Walks expressions and notes the columns read at offset 1.
///
/// Expressions share subtrees, so nodes already visited are recognised by address. One set per
/// kind of node: an extension leaf and the base expression inside it may have the same address.
#[derive(Default)]
struct Scan {
    seen_base: HashSet<*const SymbolicExpression<Val>>,
    seen_ext: HashSet<*const SymbolicExpressionExt<Val, Challenge>>,
    /// Indices among fixed and shared columns side by side.
    preprocessed: BTreeSet<usize>,
    main: BTreeSet<usize>,
}

impl Scan {
    /// What was found, by group.
    fn columns(self, fixed_width: usize) -> NextColumns {
        let (fixed, shared): (Vec<_>, Vec<_>) = self.preprocessed.into_iter().partition(|&i| i < fixed_width);
        NextColumns {
            fixed,
            shared: shared.into_iter().map(|i| i - fixed_width).collect(),
            main: self.main.into_iter().collect(),
        }
    }

    fn interactions(&mut self, builder: &SymbolicBuilder) {
        for interaction in builder.global_interactions() {
            interaction.fields.iter().for_each(|e| self.base(e));
            self.base(&interaction.count);
        }
        let exclusive = builder.exclusive_interactions().iter();
        for branch in exclusive.flat_map(|interaction| &interaction.branches) {
            branch.fields.iter().for_each(|e| self.base(e));
            self.base(&branch.count);
            self.base(&branch.flag);
        }
    }

    fn base(&mut self, expr: &SymbolicExpression<Val>) {
        if !self.seen_base.insert(expr) {
            return;
        }
        match expr {
            SymbolicExpr::Leaf(leaf) => self.leaf(leaf),
            SymbolicExpr::Neg { x, .. } => self.base(x),
            SymbolicExpr::Add { x, y, .. } | SymbolicExpr::Sub { x, y, .. } | SymbolicExpr::Mul { x, y, .. } => {
                self.base(x);
                self.base(y);
            }
        }
    }

    fn ext(&mut self, expr: &SymbolicExpressionExt<Val, Challenge>) {
        if !self.seen_ext.insert(expr) {
            return;
        }
        match expr {
            SymbolicExpr::Leaf(ExtLeaf::Base(inner)) => self.base(inner),
            SymbolicExpr::Leaf(_) => {}
            SymbolicExpr::Neg { x, .. } => self.ext(x),
            SymbolicExpr::Add { x, y, .. } | SymbolicExpr::Sub { x, y, .. } | SymbolicExpr::Mul { x, y, .. } => {
                self.ext(x);
                self.ext(y);
            }
        }
    }

    fn leaf(&mut self, leaf: &BaseLeaf<Val>) {
        let BaseLeaf::Variable(variable) = leaf else {
            return;
        };
        match variable.entry {
            BaseEntry::Main { offset: 1 } => drop(self.main.insert(variable.index)),
            BaseEntry::Preprocessed { offset: 1 } => {
                self.preprocessed.insert(variable.index);
            }
            _ => {}
        }
    }
}
