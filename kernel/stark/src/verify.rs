//! The verifier.
//!
//! Shapes come from the machine, never from the proof: everything the proof carries is compared
//! with what the machine expects before anything is computed from it.

use p3_air::RowWindow;
use p3_commit::{CommitmentOpening, MatrixOpening, Pcs as _, PointOpening, PolynomialSpace};
use p3_field::coset::TwoAdicMultiplicativeCoset;
use p3_field::{ExtensionField, Field, PrimeCharacteristicRing};
use p3_symmetric::MerkleCap;
use p3_uni_stark::recompose_quotient_from_chunks;
use proofloom_field::{Challenge, Challenger, Digest, Val};
use thiserror::Error;

use crate::config::{CHALLENGE_DEGREE, Commitment, Config, engine};
use crate::folder::{
    LookupChallenges, LookupValues, VerifierFolder, VerifierPoint, group_fraction,
};
use crate::machine::Machine;
use crate::opening::{OpenedMatrix, RoundKind, coset, round_matrices};
use crate::proof::{StarkProof, TableOpening};
use crate::shape::TableShape;
use crate::table::Table;
use crate::transcript::{self, Preamble};

/// What the verifier knows of a proof besides the machine and the transcript's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyInput<'a> {
    /// From the verifying key.
    pub fixed_root: Option<Digest>,
    /// From the verifying key: log2 height of every table's fixed columns.
    pub fixed_log_heights: &'a [Option<usize>],
    /// From the segment's leaf.
    pub shared_root: Option<Digest>,
    /// From the segment's leaf: log2 height of every table's shared columns.
    pub shared_log_heights: &'a [Option<usize>],
    /// One list per table.
    pub publics: &'a [Vec<Val>],
}

/// Why a proof was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StarkError {
    /// A list does not have one entry per table (or per table with interactions).
    #[error("{list}: {got} entries, expected {expected}")]
    Count {
        list: &'static str,
        expected: usize,
        got: usize,
    },
    /// The caller's public values do not fit the table.
    #[error("table {table}: {got} public values, expected {expected}")]
    PublicValues {
        table: &'static str,
        expected: usize,
        got: usize,
    },
    /// A root is missing or should not be there.
    #[error("{root} root: expected {}, got {}", presence(*expected), presence(!*expected))]
    RootPresence { root: &'static str, expected: bool },
    /// A height outside of what the table admits.
    #[error("table {table}: height 2^{got}, admitted are 2^{min}..2^{max}")]
    Height {
        table: &'static str,
        min: usize,
        max: usize,
        got: usize,
    },
    /// The verifying key or the leaf says another height.
    #[error("table {table}: height 2^{got}, its {group} columns have {}", log2(*expected))]
    HeightMismatch {
        table: &'static str,
        group: &'static str,
        expected: Option<usize>,
        got: usize,
    },
    /// Multiplicities could wrap around the characteristic.
    #[error("bus counts may reach {bound}, the limit is the characteristic of the field")]
    CountBound { bound: u128 },
    /// Opened values of the wrong number.
    #[error("table {table}: {got} opened values of its {group} columns, expected {expected}")]
    OpenedWidth {
        table: &'static str,
        group: &'static str,
        expected: usize,
        got: usize,
    },
    /// A commitment inside the opening proof has more than one root.
    #[error("FRI layer {layer}: Merkle cap of {got} roots, expected 1")]
    CapSize { layer: usize, got: usize },
    /// The out-of-domain point hit a trace domain (probability about 2^-135).
    #[error("table {table}: the out-of-domain point lies in the trace domain")]
    PointInDomain { table: &'static str },
    /// The opened values do not belong to the commitments.
    #[error("opening proof refused: {reason}")]
    Opening { reason: String },
    /// The constraints do not hold.
    #[error("table {table}: constraints do not match the quotient at the out-of-domain point")]
    Constraints { table: &'static str },
    /// Something was sent on a bus and not received, or the other way round.
    #[error("the buses do not balance: the terminals do not sum to zero")]
    Unbalanced,
}

fn presence(present: bool) -> &'static str {
    if present { "present" } else { "absent" }
}

fn log2(height: Option<usize>) -> String {
    height.map_or_else(|| "none".to_owned(), |height| format!("2^{height}"))
}

impl<T: Table> Machine<T> {
    /// Checks a proof. `challenger` must be in the state the prover started from.
    ///
    /// Never panics, whatever the proof; does not loop on anything the proof says.
    ///
    /// # Errors
    /// [`StarkError`] names the first check that failed.
    pub fn verify(
        &self,
        input: &VerifyInput<'_>,
        mut challenger: Challenger,
        proof: &StarkProof,
    ) -> Result<(), StarkError> {
        let log_heights = self.check_shape(input, proof)?;
        let preamble = Preamble {
            log_heights: &log_heights,
            fixed_root: input.fixed_root,
            shared_root: input.shared_root,
            main_root: proof.main_root,
            publics: input.publics,
        };
        let (alpha, beta) = transcript::begin(self, &mut challenger, &preamble);
        let challenges = self.lookup_challenges(alpha, beta);
        let alpha = transcript::after_aux(&mut challenger, proof.aux_root, &proof.terminals);
        let zeta = transcript::after_quotient(&mut challenger, proof.quotient_root);
        self.check_opening(input, proof, &log_heights, zeta, &mut challenger)?;
        let mut terminals = proof.terminals.iter();
        for (i, shape) in self.shapes.iter().enumerate() {
            let has_terminal = !shape.plan.is_empty();
            let terminal = has_terminal.then(|| terminals.next().copied()).flatten();
            let point = TablePoint {
                shape,
                log_height: log_heights[i],
                opening: &proof.openings[i],
                publics: &input.publics[i],
                challenges: &challenges[i],
                terminal: terminal.unwrap_or(Challenge::ZERO),
                alpha,
                zeta,
            };
            point.check(&self.tables()[i])?;
        }
        let total: Challenge = proof.terminals.iter().copied().sum();
        if total.is_zero() {
            Ok(())
        } else {
            Err(StarkError::Unbalanced)
        }
    }

    /// All checks that need no arithmetic. Returns the log2 heights.
    fn check_shape(
        &self,
        input: &VerifyInput<'_>,
        proof: &StarkProof,
    ) -> Result<Vec<usize>, StarkError> {
        self.check_input(input)?;
        let tables = self.shapes.len();
        let with_terminal = self
            .shapes
            .iter()
            .filter(|shape| !shape.plan.is_empty())
            .count();
        count("log heights", tables, proof.log_heights.len())?;
        count("table openings", tables, proof.openings.len())?;
        count("terminals", with_terminal, proof.terminals.len())?;
        root("auxiliary", with_terminal > 0, proof.aux_root)?;
        let log_heights: Vec<_> = proof.log_heights.iter().map(|&h| usize::from(h)).collect();
        for (i, shape) in self.shapes.iter().enumerate() {
            check_height(
                shape,
                log_heights[i],
                input.fixed_log_heights[i],
                input.shared_log_heights[i],
            )?;
            check_widths(shape, &proof.openings[i])?;
        }
        if !self.counts_fit(&log_heights) {
            return Err(StarkError::CountBound {
                bound: self.count_bound(&log_heights),
            });
        }
        for (layer, cap) in proof.fri.commit_phase_commits.iter().enumerate() {
            if cap.num_roots() != 1 {
                return Err(StarkError::CapSize {
                    layer,
                    got: cap.num_roots(),
                });
            }
        }
        Ok(log_heights)
    }

    fn check_input(&self, input: &VerifyInput<'_>) -> Result<(), StarkError> {
        let tables = self.shapes.len();
        count("fixed log heights", tables, input.fixed_log_heights.len())?;
        count("shared log heights", tables, input.shared_log_heights.len())?;
        count("public value lists", tables, input.publics.len())?;
        let any = |width: fn(&TableShape) -> usize| self.shapes.iter().any(|s| width(s) > 0);
        root("fixed", any(|shape| shape.fixed_width), input.fixed_root)?;
        root("shared", any(|shape| shape.shared_width), input.shared_root)?;
        for (shape, values) in self.shapes.iter().zip(input.publics) {
            if values.len() != shape.publics {
                let (table, expected, got) = (shape.name, shape.publics, values.len());
                return Err(StarkError::PublicValues {
                    table,
                    expected,
                    got,
                });
            }
        }
        Ok(())
    }

    /// Checks that the opened values are those of the commitments.
    fn check_opening(
        &self,
        input: &VerifyInput<'_>,
        proof: &StarkProof,
        log_heights: &[usize],
        zeta: Challenge,
        challenger: &mut Challenger,
    ) -> Result<(), StarkError> {
        let root_of = |kind| match kind {
            RoundKind::Fixed => input.fixed_root,
            RoundKind::Shared => input.shared_root,
            RoundKind::Main => Some(proof.main_root),
            RoundKind::Aux => proof.aux_root,
            RoundKind::Quotient => Some(proof.quotient_root),
        };
        let mut claims = Vec::new();
        for kind in RoundKind::ALL {
            let Some(root) = root_of(kind) else { continue };
            let claim = |m: &OpenedMatrix| {
                claim(
                    kind,
                    m,
                    &proof.openings[m.table],
                    zeta,
                    log_heights[m.table],
                )
            };
            let matrices = round_matrices(&self.shapes, kind)
                .iter()
                .map(claim)
                .collect();
            claims.push(CommitmentOpening {
                commitment: cap(root),
                matrices,
            });
        }
        let verified = engine().pcs.verify(claims, &proof.fri, challenger);
        verified.map_err(|error| StarkError::Opening {
            reason: format!("{error:?}"),
        })
    }
}

fn cap(root: Digest) -> Commitment {
    MerkleCap::new(vec![root])
}

/// The claimed values of one matrix. Widths have been checked.
fn claim(
    kind: RoundKind,
    matrix: &OpenedMatrix,
    opening: &TableOpening,
    zeta: Challenge,
    log_height: usize,
) -> MatrixOpening<Challenge, TwoAdicMultiplicativeCoset<Val>> {
    let (here, next) = opening.values(kind, matrix.chunk);
    let values = [here, next].into_iter().map(<[Challenge]>::to_vec);
    let points = matrix.points(zeta, log_height).into_iter().zip(values);
    MatrixOpening {
        domain: trace_domain(log_height),
        points: points
            .map(|(point, values)| PointOpening { point, values })
            .collect(),
    }
}

/// Heights have been checked.
fn trace_domain(log_height: usize) -> TwoAdicMultiplicativeCoset<Val> {
    coset(Val::ONE, log_height)
}

fn count(list: &'static str, expected: usize, got: usize) -> Result<(), StarkError> {
    if expected == got {
        Ok(())
    } else {
        Err(StarkError::Count {
            list,
            expected,
            got,
        })
    }
}

fn root(root: &'static str, expected: bool, got: Option<Digest>) -> Result<(), StarkError> {
    if expected == got.is_some() {
        Ok(())
    } else {
        Err(StarkError::RootPresence { root, expected })
    }
}

fn check_height(
    shape: &TableShape,
    got: usize,
    fixed: Option<usize>,
    shared: Option<usize>,
) -> Result<(), StarkError> {
    let (table, (min, max)) = (shape.name, shape.height_range);
    if got < min || got > max {
        return Err(StarkError::Height {
            table,
            min,
            max,
            got,
        });
    }
    let groups = [
        ("fixed", shape.fixed_width, fixed),
        ("shared", shape.shared_width, shared),
    ];
    for (group, width, expected) in groups {
        if expected != (width > 0).then_some(got) {
            return Err(StarkError::HeightMismatch {
                table,
                group,
                expected,
                got,
            });
        }
    }
    Ok(())
}

fn check_widths(shape: &TableShape, opening: &TableOpening) -> Result<(), StarkError> {
    let next = shape.next;
    let of = |read: bool, width: usize| if read { width } else { 0 };
    let expected = [
        ("fixed", shape.fixed_width, opening.fixed.len()),
        (
            "fixed next",
            of(next.fixed, shape.fixed_width),
            opening.fixed_next.len(),
        ),
        ("shared", shape.shared_width, opening.shared.len()),
        (
            "shared next",
            of(next.shared, shape.shared_width),
            opening.shared_next.len(),
        ),
        ("main", shape.main_width, opening.main.len()),
        (
            "main next",
            of(next.main, shape.main_width),
            opening.main_next.len(),
        ),
        ("auxiliary", shape.aux_width(), opening.aux.len()),
        ("auxiliary next", shape.aux_width(), opening.aux_next.len()),
        ("quotient chunk", shape.chunks(), opening.quotient.len()),
    ];
    let chunks = opening
        .quotient
        .iter()
        .map(|chunk| ("quotient", CHALLENGE_DEGREE, chunk.len()));
    for (group, expected, got) in expected.into_iter().chain(chunks) {
        if expected != got {
            return Err(StarkError::OpenedWidth {
                table: shape.name,
                group,
                expected,
                got,
            });
        }
    }
    Ok(())
}

/// One table at the out-of-domain point.
struct TablePoint<'a> {
    shape: &'a TableShape,
    log_height: usize,
    opening: &'a TableOpening,
    publics: &'a [Val],
    challenges: &'a LookupChallenges<Challenge>,
    terminal: Challenge,
    alpha: Challenge,
    zeta: Challenge,
}

impl TablePoint<'_> {
    /// Whether the folded constraints equal quotient times vanishing polynomial.
    fn check<T: Table>(&self, table: &T) -> Result<(), StarkError> {
        let domain = trace_domain(self.log_height);
        if domain.vanishing_poly_at_point(self.zeta).is_zero() {
            return Err(StarkError::PointInDomain {
                table: self.shape.name,
            });
        }
        let selectors = domain.selectors_at_point(self.zeta);
        let (preprocessed, preprocessed_next) = self.preprocessed();
        let main_next = or_zeros(&self.opening.main_next, self.shape.main_width);
        let point = VerifierPoint {
            main: RowWindow::from_two_rows(&self.opening.main, &main_next),
            preprocessed: RowWindow::from_two_rows(&preprocessed, &preprocessed_next),
            is_first_row: selectors.is_first_row,
            is_last_row: selectors.is_last_row,
            is_transition: selectors.is_transition,
        };
        let folded = self.fold(table, point);
        let quotient = recompose_quotient_from_chunks::<Config>(
            &self.chunk_domains(),
            &self.opening.quotient,
            self.zeta,
        );
        if folded * selectors.inv_vanishing == quotient {
            Ok(())
        } else {
            Err(StarkError::Constraints {
                table: self.shape.name,
            })
        }
    }

    /// Fixed and shared columns side by side, at the point and at the next row.
    fn preprocessed(&self) -> (Vec<Challenge>, Vec<Challenge>) {
        let here = [self.opening.fixed.as_slice(), &self.opening.shared].concat();
        let fixed_next = or_zeros(&self.opening.fixed_next, self.shape.fixed_width);
        let shared_next = or_zeros(&self.opening.shared_next, self.shape.shared_width);
        (here, [fixed_next, shared_next].concat())
    }

    fn chunk_domains(&self) -> Vec<TwoAdicMultiplicativeCoset<Val>> {
        let log_size = self.log_height + self.shape.log_chunks;
        coset(Val::GENERATOR, log_size).split_domains(self.shape.chunks())
    }

    /// The table's constraints, then those of `interactions.rs`, folded with alpha.
    fn fold<T: Table>(&self, table: &T, point: VerifierPoint<'_>) -> Challenge {
        let mut values = LookupValues::new(self.shape.plan.slots.len());
        let (publics, alpha) = (self.publics, self.alpha);
        let mut folder = VerifierFolder::new(point, publics, alpha, self.challenges, &mut values);
        table.eval(&mut folder);
        let folded = folder.accumulator();
        self.lookup_constraints(&values)
            .into_iter()
            .fold(folded, |sum, c| sum * alpha + c)
    }

    fn lookup_constraints(&self, values: &LookupValues<Challenge, Challenge>) -> Vec<Challenge> {
        let Some((leading, others)) = self.shape.plan.groups.split_first() else {
            return Vec::new();
        };
        let columns = join(&self.opening.aux);
        let next = join(&self.opening.aux_next[..CHALLENGE_DEGREE])[0];
        let per_row = self.terminal * Val::from_usize(1 << self.log_height).inverse();
        let fractions: Challenge = columns[1..].iter().copied().sum();
        let (numerator, denominator) = group_fraction(leading, values);
        let step = next - columns[0] - fractions + per_row;
        let mut constraints = vec![step * denominator - numerator];
        for (group, &fraction) in others.iter().zip(&columns[1..]) {
            let (numerator, denominator) = group_fraction(group, values);
            constraints.push(fraction * denominator - numerator);
        }
        constraints
    }
}

/// Challenge-field columns from their base-field columns. The length is a multiple of five.
fn join(columns: &[Challenge]) -> Vec<Challenge> {
    let join = |chunk| <Challenge as ExtensionField<Val>>::from_ext_basis_coefficients(chunk);
    columns
        .chunks_exact(CHALLENGE_DEGREE)
        .filter_map(join)
        .collect()
}

/// `values`, or zeros if the row was not opened because nothing reads it.
fn or_zeros(values: &[Challenge], width: usize) -> Vec<Challenge> {
    if values.is_empty() {
        Challenge::zero_vec(width)
    } else {
        values.to_vec()
    }
}
