//! What a table must provide, and the builder its constraints are written against.

use p3_air::{Air, AirBuilder, BaseAir, ExtensionBuilder};
use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use p3_lookup::{InteractionBuilder, InteractionSymbolicBuilder};
use proofloom_field::{Challenge, Val};

use crate::config::CHALLENGE_DEGREE;
use crate::folder::{AuxFolder, DebugFolder, QuotientFolder, VerifierFolder};

/// The builder every table's `eval` is generic over.
///
/// Write `impl<AB: TableBuilder> Air<AB> for MyTable` and the table satisfies [`Table`].
pub trait TableBuilder: AirBuilder<F = Val> + ExtensionBuilder<EF = Challenge> + InteractionBuilder {}

impl<AB> TableBuilder for AB where AB: AirBuilder<F = Val> + ExtensionBuilder<EF = Challenge> + InteractionBuilder {}

/// Builder that records constraints and interactions as expressions.
pub type SymbolicBuilder = InteractionSymbolicBuilder<Val, Challenge>;

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
/// `BaseAir::width` is the main width (at least 1), `BaseAir::preprocessed_width` the sum of the
/// other two. `preprocessed_trace`, `periodic_columns` and `public_boundary_io` are not used and
/// must keep their defaults. Which groups are opened at the next row follows from what `eval`
/// reads. `eval` must emit the same interactions in the same order whatever the builder.
pub trait Table:
    BaseAir<Val>
    + Air<SymbolicBuilder>
    + for<'a> Air<AuxFolder<'a>>
    + for<'a> Air<QuotientFolder<'a>>
    + for<'a> Air<VerifierFolder<'a>>
    + for<'a> Air<DebugFolder<'a>>
    + Clone
    + Sync
{
    /// Name in errors, statistics and the verifying key.
    fn name(&self) -> &'static str;

    /// Number of columns fixed by the verifying key.
    fn fixed_width(&self) -> usize;

    /// Number of columns committed in the contribution phase.
    fn shared_width(&self) -> usize;

    /// Smallest and largest log2 height, both admitted. Equal for a table of fixed height.
    fn height_range(&self) -> (usize, usize);
}

/// Joins five base-field values into the challenge-field value they are coefficients of.
///
/// For accumulators that a table keeps in ordinary columns. `coefficients` has the constant term
/// first; columns, public values and expressions all convert into `AB::Expr`.
pub fn join_ext<AB: TableBuilder>(coefficients: [AB::Expr; CHALLENGE_DEGREE]) -> AB::ExprEF {
    let mut sum = AB::ExprEF::ZERO;
    for (i, coefficient) in coefficients.into_iter().enumerate() {
        let basis = Challenge::from_basis_coefficients_fn(|j| Val::from_bool(i == j));
        sum += AB::ExprEF::from(basis) * coefficient;
    }
    sum
}
