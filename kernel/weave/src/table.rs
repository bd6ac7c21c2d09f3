//! What a table must provide, and the builder its constraints are written against.

use p3_air::{Air, AirBuilder, BaseAir, ExtensionBuilder};
use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use p3_lookup::{InteractionBuilder, InteractionSymbolicBuilder};
use proofloom_field::{Challenge, Val};

use crate::EXTENSION;
use crate::arith::Arith;

/// The builder every table's `eval` is generic over.
pub trait TableBuilder: AirBuilder<F = Val> + ExtensionBuilder<EF = Challenge> + InteractionBuilder {}

impl<AB> TableBuilder for AB where AB: AirBuilder<F = Val> + ExtensionBuilder<EF = Challenge> + InteractionBuilder {}

/// Builder that records constraints and interactions as expressions: the only one that `eval` runs on.
pub type SymbolicBuilder = InteractionSymbolicBuilder<Val, Challenge>;

/// One of the three column groups of a table, and the oracle that holds its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    Fixed,
    Shared,
    Main,
}

impl Group {
    /// In the order in which a table's columns are numbered and claimed.
    pub const ALL: [Self; 3] = [Self::Fixed, Self::Shared, Self::Main];

    /// Bits of the oracle's number.
    pub const fn oracle_bits(self) -> [bool; 2] {
        match self {
            Self::Main => [false, false],
            Self::Shared => [true, false],
            Self::Fixed => [false, true],
        }
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fixed => "fixed",
            Self::Shared => "shared",
            Self::Main => "main",
        })
    }
}

/// One table (AIR) of a machine.
///
/// A row has three groups of columns, each committed on its own before the lookup challenges:
///
/// | group | committed | seen by `eval` as |
/// |---|---|---|
/// | fixed | once, root in the verifying key | `preprocessed()[..fixed_width]` |
/// | shared | in the contribution phase, before gamma | `preprocessed()[fixed_width..]` |
/// | main | after gamma | `main()` |
///
/// `BaseAir::width` is the main width (at least 1), `BaseAir::preprocessed_width` the sum of the other two.
/// `preprocessed_trace`, `periodic_columns` and `public_boundary_io` are not used and must keep their
/// defaults. The next row of the last row is the first. Interactions read their own row and no selector.
/// Selectors, `is_transition` among them, have degree 1.
pub trait Table: BaseAir<Val> + Air<SymbolicBuilder> + Clone + Sync {
    /// Name in errors, statistics and the machine's digest.
    fn name(&self) -> &'static str;

    /// Number of columns fixed by the verifying key.
    fn fixed_width(&self) -> usize;

    /// Number of columns committed in the contribution phase.
    fn shared_width(&self) -> usize;

    /// Smallest and largest log2 height, both admitted. Equal for a table of fixed height.
    fn height_range(&self) -> (usize, usize);

    /// Whether the fixed columns are evaluated by [`Self::closed_forms`] and committed nowhere. For tables
    /// of fixed height that do not read fixed columns at the next row.
    fn has_closed_forms(&self) -> bool {
        false
    }

    /// The multilinear extensions of all fixed columns at a point, variable 0 the lowest bit of the row.
    fn closed_forms<A: Arith>(&self, _: &mut A, _: &[A::E]) -> Vec<A::E> {
        Vec::new()
    }
}

/// Joins five base-field values into the challenge-field value they are coefficients of.
///
/// For accumulators that a table keeps in ordinary columns. `coefficients` has the constant term first;
/// columns, public values and expressions all convert into `AB::Expr`.
pub fn join_ext<AB: TableBuilder>(coefficients: [AB::Expr; EXTENSION]) -> AB::ExprEF {
    let mut sum = AB::ExprEF::ZERO;
    for (i, coefficient) in coefficients.into_iter().enumerate() {
        let basis = Challenge::from_basis_coefficients_fn(|j| Val::from_bool(i == j));
        sum += AB::ExprEF::from(basis) * coefficient;
    }
    sum
}
