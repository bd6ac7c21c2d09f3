//! Opening everything at the out-of-domain point: evaluation, combination, low-degree test.
//!
//! With all columns lifted to the tallest table there are two points, `zeta` and `zeta * w`, and one
//! codeword. Everything that depends on the points is computed once, for the tallest: summing
//! neighbours gives the interpolation weights of the next lower height, and going one row back
//! those of `zeta * w`.

use std::marker::PhantomData;

use p3_commit::{Mmcs, OpeningRequest};
use p3_field::{
    BasedVectorSpace, Field, PackedField, PackedFieldExtension, PackedValue, PrimeCharacteristicRing, TwoAdicField,
};
use p3_fri::{PcsProverTranscript, PcsShape, TwoAdicFriFoldingForMmcs};
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use p3_util::{reverse_bits_len, reverse_slice_index_bits};
use proofloom_field::{Challenge, Challenger, Val};

use super::ProveError;
use super::metered::Metered;
use crate::config::{
    CHALLENGE_DEGREE, CommitData, FriProof, FriProofWith, InputProof, PROOF_PARAMETERS, PackedChallenge, PackedVal,
    engine,
};
use crate::lift::{coset, lift, shift, shift_power};
use crate::merkle::ValMmcs;
use crate::opening::{MatrixValues, Opened, OpenedMatrix, RoundKind, Zeta, runs, split};
use crate::packing::{LANES, invert, pack_column, transpose};
use crate::progress::Stopwatch;
use crate::proof::RowOpenings;

/// One commitment to open.
pub(super) struct Round<'a> {
    pub kind: RoundKind,
    pub data: &'a CommitData,
    /// In commitment order.
    pub matrices: Vec<OpenedMatrix>,
}

/// A committed matrix with its extension, and what was found of it.
struct Column<'a> {
    kind: RoundKind,
    opened: &'a OpenedMatrix,
    log_height: usize,
    /// On the evaluation domain, in bit-reversed order.
    extended: &'a RowMajorMatrix<Val>,
    values: MatrixValues,
    weights: MatrixValues,
}

/// Opens all rounds at `zeta` and proves the openings.
pub(super) fn open(
    rounds: &[Round<'_>],
    tables: usize,
    zeta: Zeta<'_>,
    challenger: &mut Challenger,
    watch: &mut Stopwatch<'_>,
) -> Result<(Opened, FriProof), ProveError> {
    let mut groups: Vec<Vec<Column<'_>>> = rounds.iter().map(|round| columns_of(round, zeta)).collect();
    let denominators = Denominators::new(zeta).ok_or_else(|| ProveError::Opening {
        reason: "the out-of-domain point lies in the evaluation domain".to_owned(),
    })?;
    denominators.evaluate(groups.iter_mut().flatten().collect());
    watch.lap("evaluate openings");

    let claims: Vec<_> = groups.iter().map(|group| claims(group)).collect();
    let shape = PcsShape::from_opened_values(&engine().fri, &claims);
    let mut transcript = PcsProverTranscript::<_, Val, Challenge>::new(challenger, shape);
    transcript.claimed_openings(&claims);
    let (alpha, batch_pow_witness) = transcript.batch_phase();
    weigh(&mut groups, alpha);
    let codeword = denominators.combine(groups.iter().flatten().collect());
    watch.lap("combine openings");

    let fri = transcript.delegate(|challenger| {
        let mut metered = Metered { challenger, watch };
        low_degree_test(rounds, codeword, batch_pow_witness, &mut metered)
    });
    let fri = match fri {
        Ok(fri) => fri,
        Err(error) => {
            transcript.abort();
            return Err(error);
        }
    };
    transcript.finish();
    watch.lap("answer queries");
    let mut opened = Opened::empty(tables);
    for column in groups.into_iter().flatten() {
        opened.set(column.kind, column.opened.owner, column.values);
    }
    Ok((opened, fri))
}

fn columns_of<'a>(round: &'a Round<'_>, zeta: Zeta<'_>) -> Vec<Column<'a>> {
    let extended = engine().mmcs.get_matrices(round.data);
    let of_matrix = |(opened, extended)| Column {
        kind: round.kind,
        opened,
        log_height: zeta.log_height(opened),
        extended,
        values: MatrixValues::default(),
        weights: MatrixValues::default(),
    };
    round.matrices.iter().zip(extended).map(of_matrix).collect()
}

/// The values of one commitment as the transcript takes them: by list of columns, by point.
fn claims(group: &[Column<'_>]) -> Vec<Vec<Vec<Challenge>>> {
    let next = group.iter().map(|column| &column.opened.next[..]);
    let here = split(next, group.iter().map(|column| &column.values.here[..]));
    let next: Vec<_> = group.iter().flat_map(|column| column.values.next.iter().copied()).collect();
    let lists = [vec![here.alone], vec![here.both, next]];
    let present = lists.into_iter().filter(|list| !list[0].is_empty());
    present.collect()
}

/// Gives every column and point its power of `alpha`, in the order of the claims.
fn weigh(groups: &mut [Vec<Column<'_>>], alpha: Challenge) {
    let mut powers = alpha.powers();
    let mut take = |count: usize| powers.by_ref().take(count).collect::<Vec<_>>();
    for group in groups {
        for also_next in [false, true] {
            for column in group.iter_mut() {
                let width = column.opened.width;
                column.weights.here.resize(width, Challenge::ZERO);
                for (run, of_next) in runs(&column.opened.next, width) {
                    if of_next == also_next {
                        let weights = take(run.len());
                        column.weights.here[run].copy_from_slice(&weights);
                    }
                }
            }
        }
        for column in group.iter_mut() {
            column.weights.next = take(column.opened.next.len());
        }
    }
}

/// What depends on the out-of-domain point alone.
///
/// The low-degree test takes the evaluation domain for the coset of the field's generator, so the
/// point is scaled along with it.
struct Denominators {
    log_tallest: usize,
    /// The domain as the low-degree test sees it, in bit-reversed order.
    points: Vec<Val>,
    /// `1 / (zeta - x)` for these points.
    inverses: Vec<Challenge>,
    /// `(zeta^N - s) / (N s)`.
    scale: Challenge,
}

impl Denominators {
    /// `None` if the point is in the domain.
    fn new(zeta: Zeta<'_>) -> Option<Self> {
        let log_tallest = zeta.log_tallest();
        let log_size = log_tallest + PROOF_PARAMETERS.log_blowup;
        let mut points: Vec<_> = coset(Val::GENERATOR, log_size).iter().collect();
        reverse_slice_index_bits(&mut points);
        let point = PackedChallenge::from(zeta.point * (Val::GENERATOR / shift(log_tallest)));
        let packed = points.chunks_exact(LANES);
        let mut inverses: Vec<_> = packed.map(|x| point - *pack(x)).collect();
        inverses.chunks_mut(256).try_for_each(invert)?;
        let power = shift_power();
        let height = Val::from_usize(1 << log_tallest);
        Some(Self {
            log_tallest,
            points,
            inverses: <PackedChallenge as PackedFieldExtension<Val, Challenge>>::to_ext_iter(inverses).collect(),
            scale: (zeta.power() - power) * (height * power).inverse(),
        })
    }

    /// Position of the point one row (of the tallest) back, among `2^log_size` stored points.
    fn back(&self, index: usize, log_size: usize) -> usize {
        let step = 1 << (log_size - self.log_tallest);
        let position = reverse_bits_len(index, log_size).wrapping_sub(step);
        reverse_bits_len(position & ((1 << log_size) - 1), log_size)
    }

    /// Evaluates all columns at the point, and those read at the next row there.
    fn evaluate(&self, mut columns: Vec<&mut Column<'_>>) {
        let size = 1 << self.log_tallest;
        let terms = self.inverses[..size].iter().zip(&self.points);
        let mut here: Vec<_> = terms.map(|(&inverse, &x)| inverse * x * self.scale).collect();
        let back = |i| here[self.back(i, self.log_tallest)];
        let mut next: Vec<_> = (0..size).map(back).collect();
        for log_height in (0..=self.log_tallest).rev() {
            let of_height = |column: &&mut &mut Column<'_>| column.log_height == log_height;
            for column in columns.iter_mut().filter(of_height) {
                column.evaluate(&here, &next);
            }
            (here, next) = (neighbours(&here), neighbours(&next));
        }
    }

    /// The codeword of the low-degree test: the weighted sum of all
    /// `(f(zeta) - f(x)) / (zeta - x)`.
    fn combine(&self, columns: Vec<&Column<'_>>) -> Vec<Challenge> {
        let [mut here, mut next] = [Vec::new(), Vec::new()];
        for log_height in 0..=self.log_tallest {
            let size = 1 << (log_height + PROOF_PARAMETERS.log_blowup);
            let of_height = |column: &&&Column<'_>| column.log_height == log_height;
            let mut columns = columns.iter().filter(of_height).peekable();
            if columns.peek().is_some() {
                (here, next) = (lift(&here, size), lift(&next, size));
            }
            columns.for_each(|column| column.add_combined(&mut here, &mut next));
        }
        let claimed =
            |values: fn(&Column<'_>) -> Challenge| columns.iter().map(|column| values(column)).sum::<Challenge>();
        let claimed_here = claimed(|c| dot(&c.values.here, &c.weights.here));
        let claimed_next = claimed(|c| dot(&c.values.next, &c.weights.next));
        let log_size = self.log_tallest + PROOF_PARAMETERS.log_blowup;
        let row = Val::two_adic_generator(self.log_tallest).inverse();
        let claimed = [claimed_here, claimed_next].map(PackedChallenge::from);
        let row = PackedVal::from(row);
        // The first vector of sums becomes the codeword.
        for (i, sums) in here.chunks_exact_mut(LANES).enumerate() {
            let first = i * LANES;
            let pack = |values: &[Challenge]| PackedChallenge::from_ext_slice(values);
            let back: [Challenge; LANES] = std::array::from_fn(|lane| self.inverses[self.back(first + lane, log_size)]);
            let at_point = (claimed[0] - pack(sums)) * pack(&self.inverses[first..first + LANES]);
            let at_next = (claimed[1] - pack(&next[first..first + LANES])) * (pack(&back) * row);
            (at_point + at_next).to_ext_slice(sums);
        }
        here
    }
}

/// Sums of neighbours.
fn neighbours(values: &[Challenge]) -> Vec<Challenge> {
    let pairs = values.as_chunks::<2>().0;
    pairs.iter().map(|&[a, b]| a + b).collect()
}

fn dot(a: &[Challenge], b: &[Challenge]) -> Challenge {
    a.iter().zip(b).map(|(&a, &b)| a * b).sum()
}

fn pack(values: &[Val]) -> &PackedVal {
    PackedVal::from_slice(values)
}

impl Column<'_> {
    /// Evaluates by the interpolation weights of the first half of the domain.
    fn evaluate(&mut self, here: &[Challenge], next: &[Challenge]) {
        let height = 1 << self.log_height;
        let (half, _) = self.extended.split_rows(height);
        self.values.here = half.columnwise_dot_product(here);
        let mut sums = vec![PackedChallenge::ZERO; self.opened.next.len()];
        if sums.is_empty() {
            return;
        }
        for first in (0..height).step_by(LANES) {
            let weights = PackedChallenge::from_ext_slice(&next[first..first + LANES]);
            self.add_next(first, |i, value| sums[i] += weights * value);
        }
        let total = |sum: PackedChallenge| (0..LANES).map(|lane| sum.extract(lane)).sum();
        self.values.next = sums.into_iter().map(total).collect();
    }

    /// Adds the weighted sums of the columns' values, over the whole domain.
    fn add_combined(&self, here: &mut [Challenge], next: &mut [Challenge]) {
        let weights = horizontally(&self.weights.here);
        add_rowwise(self.extended, &weights, here);
        if self.opened.next.is_empty() {
            return;
        }
        let weights: Vec<_> = self.weights.next.iter().map(|&w| PackedChallenge::from(w)).collect();
        for (i, sums) in next.chunks_exact_mut(LANES).enumerate() {
            let mut sum = PackedChallenge::from_ext_slice(sums);
            self.add_next(i * LANES, |i, value| sum += weights[i] * value);
            sum.to_ext_slice(sums);
        }
    }

    /// Visits the columns read at the next row, packed rows `first..first + LANES`.
    fn add_next(&self, first: usize, mut visit: impl FnMut(usize, PackedVal)) {
        let rows: [usize; LANES] = std::array::from_fn(|lane| first + lane);
        for (i, &column) in self.opened.next.iter().enumerate() {
            visit(i, pack_column(self.extended, &rows, column));
        }
    }
}

/// Weights side by side in vectors, padded with zeros.
fn horizontally(weights: &[Challenge]) -> Vec<PackedChallenge> {
    let pack = |chunk: &[Challenge]| {
        let mut lanes = [Challenge::ZERO; LANES];
        lanes[..chunk.len()].copy_from_slice(chunk);
        PackedChallenge::from_ext_slice(&lanes)
    };
    weights.chunks(LANES).map(pack).collect()
}

/// Adds the weighted sum of every row to `sums`.
fn add_rowwise(matrix: &RowMajorMatrix<Val>, weights: &[PackedChallenge], sums: &mut [Challenge]) {
    let blocks = matrix.values.chunks_exact(LANES * matrix.width);
    for (block, sums) in blocks.zip(sums.chunks_exact_mut(LANES)) {
        let rows: [_; LANES] =
            std::array::from_fn(|lane| weighted_row(&block[lane * matrix.width..][..matrix.width], weights));
        // Row by row there is one vector of partial sums per coefficient: transposed, they add up
        // to one vector with a row in each lane.
        let row_sums = PackedChallenge::from_basis_coefficients_fn(|d| {
            transpose(rows.map(|row| row[d])).into_iter().sum::<PackedVal>()
        });
        (PackedChallenge::from_ext_slice(sums) + row_sums).to_ext_slice(sums);
    }
}

/// Partial sums of a row, per coefficient.
fn weighted_row(row: &[Val], weights: &[PackedChallenge]) -> [PackedVal; CHALLENGE_DEGREE] {
    let (vectors, rest) = PackedVal::pack_slice_with_suffix(row);
    let rest = (!rest.is_empty()).then(|| PackedVal::from_fn(|lane| rest.get(lane).copied().unwrap_or_default()));
    let vectors = vectors.iter().copied().chain(rest);
    let terms = weights.iter().zip(vectors);
    let terms = terms.map(|(weight, vector)| (weight.as_basis_coefficients_slice(), vector));
    let sums = PackedVal::coeffwise_dot_product(CHALLENGE_DEGREE, terms);
    std::array::from_fn(|d| sums[d])
}

fn low_degree_test(
    rounds: &[Round<'_>],
    codeword: Vec<Challenge>,
    batch_pow_witness: Option<Val>,
    challenger: &mut Metered<'_, '_>,
) -> Result<FriProof, ProveError> {
    let folding: TwoAdicFriFoldingForMmcs<Val, ValMmcs> = p3_fri::TwoAdicFriFolding(PhantomData);
    let data = rounds.iter().map(|round| round.data);
    let requests: Vec<_> = data.map(|prover_data| OpeningRequest { prover_data, points: Vec::new() }).collect();
    let log_size = p3_util::log2_strict_usize(codeword.len());
    let (fri, mmcs) = (&engine().fri, &engine().mmcs);
    let witness = batch_pow_witness.unwrap_or(Val::ZERO);
    p3_fri::prover::prove_fri(&folding, fri, vec![codeword], challenger, log_size, &requests, mmcs, witness)
        .map(with_rows)
        .map_err(|error| ProveError::Opening { reason: error.to_string() })
}

/// The proof with its rows as they are sent.
fn with_rows(fri: FriProofWith<InputProof<ValMmcs>>) -> FriProof {
    FriProof {
        batch_pow_witness: fri.batch_pow_witness,
        commit_phase_commits: fri.commit_phase_commits,
        commit_pow_witnesses: fri.commit_pow_witnesses,
        input_openings: fri.input_openings.into_iter().map(RowOpenings::from).collect(),
        commit_phase_openings: fri.commit_phase_openings,
        final_poly: fri.final_poly,
        query_pow_witness: fri.query_pow_witness,
    }
}

#[cfg(test)]
mod tests {
    use p3_dft::TwoAdicSubgroupDft;
    use p3_matrix::bitrev::BitReversibleMatrix;

    use super::*;
    use crate::commit::{commit_extended, extend};
    use crate::lift::trace_domain;
    use crate::opening::Owner;

    const LOG_HEIGHTS: [usize; 3] = [9, 8, 11];

    fn trace(log_height: usize, width: usize) -> RowMajorMatrix<Val> {
        let cell = |i: u32| Val::from_u32(i.wrapping_mul(2_654_435_761) >> 3);
        let cells = (0..(width << log_height) as u32).map(cell).collect();
        RowMajorMatrix::new(cells, width)
    }

    fn matrices() -> Vec<OpenedMatrix> {
        let next = [vec![1], vec![], vec![0, 2]];
        let matrix =
            |(table, next): (usize, Vec<usize>)| OpenedMatrix { owner: Owner::Table(table), width: 3 + table, next };
        next.into_iter().enumerate().map(matrix).collect()
    }

    fn traces() -> Vec<RowMajorMatrix<Val>> {
        let of = |(table, log_height)| trace(log_height, 3 + table);
        LOG_HEIGHTS.into_iter().enumerate().map(of).collect()
    }

    fn zeta() -> Zeta<'static> {
        Zeta {
            point: Challenge::from_basis_coefficients_fn(|i| Val::from_usize(31 + 1000 * i)),
            log_heights: &LOG_HEIGHTS,
        }
    }

    /// Evaluates everything and hands it to the test.
    fn with_evaluated(test: impl FnOnce(&Denominators, &mut Vec<Vec<Column<'_>>>)) {
        let (_, data) = commit_extended(traces().iter().map(extend).collect());
        let round = Round { kind: RoundKind::Main, data: &data, matrices: matrices() };
        let mut groups = vec![columns_of(&round, zeta())];
        let denominators = Denominators::new(zeta()).expect("outside");
        denominators.evaluate(groups.iter_mut().flatten().collect());
        weigh(&mut groups, Challenge::from_usize(7).exp_u64(99) + zeta().point);
        test(&denominators, &mut groups);
    }

    fn at(table: usize, column: usize, point: Challenge) -> Challenge {
        use p3_commit::PolynomialSpace;
        let trace = &traces()[table];
        let values: Vec<_> = trace.values.chunks(trace.width).map(|row| row[column]).collect();
        trace_domain(LOG_HEIGHTS[table]).evaluate_polynomial_at(&values, point)
    }

    #[test]
    fn a_lower_table_is_opened_at_the_power_of_the_point_and_at_its_own_next_row() {
        with_evaluated(|_, groups| {
            for (table, column) in groups[0].iter().enumerate() {
                let log_height = LOG_HEIGHTS[table];
                let point = zeta().point.exp_power_of_2(11 - log_height);
                for (i, &value) in column.values.here.iter().enumerate() {
                    assert_eq!(value, at(table, i, point), "table {table}, column {i}");
                    let unlifted = at(table, i, zeta().point);
                    assert_eq!(value == unlifted, log_height == 11, "wrong power");
                }
                let next = point * Val::two_adic_generator(log_height);
                let columns = column.opened.next.iter().zip(&column.values.next);
                for (&i, &value) in columns {
                    assert_eq!(value, at(table, i, next), "table {table}, column {i}, next");
                }
            }
        });
    }

    /// Coefficients of the codeword from the degree bound on.
    fn surplus(codeword: &[Challenge]) -> Vec<Challenge> {
        let columns = RowMajorMatrix::new_col(codeword.to_vec()).flatten_to_base::<Val>();
        let natural = columns.bit_reverse_rows().to_row_major_matrix();
        let coefficients = engine().dft.idft_batch(natural).values;
        let coefficients = coefficients.chunks(CHALLENGE_DEGREE);
        let join = |c: &[Val]| Challenge::from_basis_coefficients_fn(|d| c[d]);
        coefficients.map(join).skip(1 << 11).collect()
    }

    #[test]
    fn the_codeword_is_of_low_degree_exactly_for_the_right_values() {
        with_evaluated(|denominators, groups| {
            let honest = denominators.combine(groups.iter().flatten().collect());
            assert!(surplus(&honest).iter().all(Field::is_zero));
            // The second table's values at the point itself instead of at its power, and so on.
            let wrong =
                [(1, at(1, 2, zeta().point)), (1, at(1, 2, zeta().point.square())), (0, at(0, 2, zeta().of_table(1)))];
            for (table, value) in wrong {
                let right = std::mem::replace(&mut groups[0][table].values.here[2], value);
                let codeword = denominators.combine(groups.iter().flatten().collect());
                assert!(!surplus(&codeword).iter().all(Field::is_zero), "table {table}");
                groups[0][table].values.here[2] = right;
            }
        });
    }
}
