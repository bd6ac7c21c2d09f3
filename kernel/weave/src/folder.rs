//! The builders that evaluate a table: its fractions, and the weighted sum of its terms.

use p3_air::{AirBuilder, ExtensionBuilder, RowWindow};
use p3_field::PrimeCharacteristicRing;
use p3_lookup::{Count, InteractionBuilder};
use proofloom_field::{Challenge, PackedExt, PackedVal, Val};

/// Two rows of a table and the selectors, in vectors.
#[derive(Clone, Copy)]
pub struct Window<'a, V> {
    pub main: RowWindow<'a, V>,
    pub preprocessed: RowWindow<'a, V>,
    pub first: V,
    pub last: V,
    pub transition: V,
}

/// Challenges of one table's fractions.
pub struct Folding {
    /// `alpha_b + (bus + 1) beta^L` per slot.
    pub prefixes: Vec<PackedExt>,
    /// Tuple width per slot.
    pub widths: Vec<usize>,
    /// `beta^0 .. beta^(L-1)`.
    pub betas: Vec<PackedExt>,
}

/// What of a table's terms is summed, with which weights.
#[derive(Default)]
pub struct Terms {
    /// Per constraint, in emission order.
    pub constraints: Vec<bool>,
    /// Per element of an interaction and its count, in emission order.
    pub elements: Vec<bool>,
    /// Weights of the base constraints, extension constraints and elements that are kept.
    pub base_weights: Vec<PackedExt>,
    pub ext_weights: Vec<PackedExt>,
    pub element_weights: Vec<PackedExt>,
}

/// Implements the accessors that all builders share.
macro_rules! window {
    ($var:ty) => {
        type F = Val;
        type Expr = $var;
        type Var = $var;
        type PreprocessedWindow = RowWindow<'a, $var>;
        type MainWindow = RowWindow<'a, $var>;
        type PublicVar = Val;
        type PeriodicVar = $var;

        #[inline]
        fn main(&self) -> Self::MainWindow {
            self.window.main
        }
        #[inline]
        fn preprocessed(&self) -> &Self::PreprocessedWindow {
            &self.window.preprocessed
        }
        #[inline]
        fn is_first_row(&self) -> Self::Expr {
            self.window.first
        }
        #[inline]
        fn is_last_row(&self) -> Self::Expr {
            self.window.last
        }
        #[inline]
        fn is_transition(&self) -> Self::Expr {
            self.window.transition
        }
        #[inline]
        fn public_values(&self) -> &[Self::PublicVar] {
            self.publics
        }
    };
}

/// Writes numerators and denominators of all slots.
pub struct LeafFolder<'a> {
    pub window: Window<'a, PackedVal>,
    pub publics: &'a [Val],
    pub folding: &'a Folding,
    pub numerators: &'a mut [PackedVal],
    pub denominators: &'a mut [PackedExt],
    pub next: usize,
}

impl<'a> AirBuilder for LeafFolder<'a> {
    window!(PackedVal);
    #[inline]
    fn assert_zero<I: Into<Self::Expr>>(&mut self, _: I) {}
}

impl ExtensionBuilder for LeafFolder<'_> {
    type EF = Challenge;
    type ExprEF = PackedExt;
    type VarEF = PackedExt;
    #[inline]
    fn assert_zero_ext<I: Into<Self::ExprEF>>(&mut self, _: I) {}
}

impl InteractionBuilder for LeafFolder<'_> {
    #[inline]
    fn push_interaction<E: Into<Self::Expr>>(
        &mut self,
        _: &str,
        fields: impl IntoIterator<Item = E>,
        count: impl Into<Count<Self::Expr>>,
    ) {
        let slot = self.next;
        self.next += 1;
        let betas = self.folding.betas[..self.folding.widths[slot]].iter().rev();
        let sum = PackedExt::weighted(betas.zip(fields.into_iter().map(Into::into)));
        self.numerators[slot] = count.into().into_parts().0;
        self.denominators[slot] = self.folding.prefixes[slot] - sum;
    }

    fn push_local_interaction(
        &mut self,
        _: impl IntoIterator<Item = (Vec<Self::Expr>, Count<Self::Expr>)>,
    ) {
    }

    fn push_exclusive_interaction(
        &mut self,
        _: &str,
        _: impl IntoIterator<Item = (Self::Expr, Count<Self::Expr>, Vec<Self::Expr>)>,
    ) {
    }
}

/// Sums a table's terms over challenge-field columns.
pub struct ExtFolder<'a> {
    pub window: Window<'a, PackedExt>,
    pub publics: &'a [Val],
    pub terms: &'a Terms,
    pub sum: PackedExt,
    pub constraint: usize,
    pub base_kept: usize,
    pub ext_kept: usize,
    pub element: usize,
    pub element_kept: usize,
}

impl<'a> ExtFolder<'a> {
    #[inline]
    pub fn new(window: Window<'a, PackedExt>, publics: &'a [Val], terms: &'a Terms) -> Self {
        Self {
            window,
            publics,
            terms,
            sum: PackedExt::ZERO,
            constraint: 0,
            base_kept: 0,
            ext_kept: 0,
            element: 0,
            element_kept: 0,
        }
    }
}

impl<'a> AirBuilder for ExtFolder<'a> {
    window!(PackedExt);
    #[inline]
    fn assert_zero<I: Into<Self::Expr>>(&mut self, x: I) {
        if self.terms.constraints[self.constraint] {
            self.sum += x.into() * self.terms.base_weights[self.base_kept];
            self.base_kept += 1;
        }
        self.constraint += 1;
    }
}

impl ExtensionBuilder for ExtFolder<'_> {
    type EF = Challenge;
    type ExprEF = PackedExt;
    type VarEF = PackedExt;
    #[inline]
    fn assert_zero_ext<I: Into<Self::ExprEF>>(&mut self, x: I) {
        if self.terms.constraints[self.constraint] {
            self.sum += x.into() * self.terms.ext_weights[self.ext_kept];
            self.ext_kept += 1;
        }
        self.constraint += 1;
    }
}

impl InteractionBuilder for ExtFolder<'_> {
    #[inline]
    fn push_interaction<E: Into<Self::Expr>>(
        &mut self,
        _: &str,
        fields: impl IntoIterator<Item = E>,
        count: impl Into<Count<Self::Expr>>,
    ) {
        for field in fields {
            if self.terms.elements[self.element] {
                self.sum += field.into() * self.terms.element_weights[self.element_kept];
                self.element_kept += 1;
            }
            self.element += 1;
        }
        if self.terms.elements[self.element] {
            let count = count.into().into_parts().0;
            self.sum += count * self.terms.element_weights[self.element_kept];
            self.element_kept += 1;
        }
        self.element += 1;
    }

    fn push_local_interaction(
        &mut self,
        _: impl IntoIterator<Item = (Vec<Self::Expr>, Count<Self::Expr>)>,
    ) {
    }

    fn push_exclusive_interaction(
        &mut self,
        _: &str,
        _: impl IntoIterator<Item = (Self::Expr, Count<Self::Expr>, Vec<Self::Expr>)>,
    ) {
    }
}
