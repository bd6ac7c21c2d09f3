//! The one quotient of a proof: all tables' folded constraints by the vanishing polynomial of the
//! tallest table's rows (`lift.rs` says why one is enough).

use p3_air::RowWindow;
use p3_commit::PolynomialSpace;
use p3_field::{
    Algebra, BasedVectorSpace, Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing, TwoAdicField,
};
use p3_matrix::dense::RowMajorMatrix;
use p3_util::{log2_strict_usize, reverse_bits_len, reverse_slice_index_bits};
use proofloom_field::{Challenge, Val};

use crate::commit::extend_from;
use crate::config::{CHALLENGE_DEGREE, PROOF_PARAMETERS, PackedChallenge, PackedVal};
use crate::folder::{LookupChallenges, PackedRow, PackedScratch, QuotientFolder, group_fraction};
use crate::lift::{QUOTIENT_CHUNKS, evaluation_domain, lift, shift, shift_power, trace_domain};
use crate::packing::{LANES, TableRows, pack_columns};
use crate::shape::TableShape;
use crate::table::Table;

/// Selectors of a table's rows on its evaluation domain, in bit-reversed order.
pub(crate) struct Selectors {
    log_height: usize,
    first: Vec<Val>,
    last: Vec<Val>,
    transition: Vec<Val>,
}

impl Selectors {
    /// Selectors for a table of height `2^log_height`.
    pub fn new(log_height: usize) -> Self {
        let natural = trace_domain(log_height).selectors_on_coset(evaluation_domain(log_height));
        let reversed = |mut values: Vec<Val>| {
            reverse_slice_index_bits(&mut values);
            values
        };
        Self {
            log_height,
            first: reversed(natural.is_first_row),
            last: reversed(natural.is_last_row),
            transition: reversed(natural.is_transition),
        }
    }
}

/// Everything one table's folded constraints depend on.
pub(crate) struct QuotientInput<'a> {
    pub shape: &'a TableShape,
    /// Extended matrices, in bit-reversed order.
    pub rows: TableRows<'a>,
    pub aux: Option<&'a RowMajorMatrix<Val>>,
    pub publics: &'a [Val],
    pub challenges: &'a LookupChallenges<Challenge>,
    /// Zero for a table without interactions.
    pub terminal: Challenge,
    pub alpha: Challenge,
    /// Weight of the table among all tables: a power of alpha.
    pub combiner: Challenge,
}

/// Sum of the tables' folded constraints, lifted to the tallest table so far.
#[derive(Default)]
pub(crate) struct CombinedConstraints {
    /// On the evaluation domain of that height, in bit-reversed order.
    values: Vec<Challenge>,
    selectors: Option<Selectors>,
}

impl CombinedConstraints {
    /// Adds a table that is not lower than those before.
    pub fn add<T: Table>(&mut self, table: &T, input: &QuotientInput<'_>, log_height: usize) {
        let size = 1 << (log_height + PROOF_PARAMETERS.log_blowup);
        if self.values.len() < size {
            self.values = lift(&self.values, size);
            self.selectors = None;
        }
        let selectors = self.selectors.get_or_insert_with(|| Selectors::new(log_height));
        let mut evaluator = Evaluator::new(input, selectors);
        for (i, sums) in self.values.chunks_exact_mut(LANES).enumerate() {
            let sum = PackedChallenge::from_ext_slice(sums);
            let folded = evaluator.evaluate(table, i * LANES);
            (sum + folded).to_ext_slice(sums);
        }
    }

    /// The quotient in chunks of five columns, extended and in bit-reversed order.
    ///
    /// Chunk `i` is the quotient modulo `x^N - s` or `x^N + s`, see [`recompose`].
    pub fn into_quotient_chunks(mut self) -> Vec<RowMajorMatrix<Val>> {
        let log_size = log2_strict_usize(self.values.len());
        let log_height = log_size - PROOF_PARAMETERS.log_blowup;
        let generator = Val::two_adic_generator(log_size);
        let power = shift_power();
        // In bit-reversed order the half with x^N = s comes first, then that with x^N = -s.
        let halves = self.values.chunks_exact_mut(1 << log_height);
        let parts = halves.zip([(power, Val::ONE), (-power, generator)]);
        parts
            .map(|(half, (power, offset))| {
                let inverse = (power - Val::ONE).inverse();
                half.iter_mut().for_each(|value| *value *= inverse);
                reverse_slice_index_bits(half);
                let columns = RowMajorMatrix::new_col(half.to_vec()).flatten_to_base();
                extend_from(columns, shift(log_height) * offset)
            })
            .collect()
    }
}

/// The quotient at a point, from its chunks there: `chunks[0]` modulo `x^N - s`, `chunks[1]` modulo
/// `x^N + s`, where `power` is `x^N` at the point.
pub(crate) fn recompose(chunks: [Challenge; QUOTIENT_CHUNKS], power: Challenge) -> Challenge {
    let [plus, minus] = chunks;
    let slope = (plus - minus) * shift_power().inverse();
    ((plus + minus) + slope * power).halve()
}

struct Evaluator<'a> {
    input: &'a QuotientInput<'a>,
    selectors: &'a Selectors,
    log_size: usize,
    challenges: LookupChallenges<PackedChallenge>,
    base_powers: Vec<Vec<Val>>,
    ext_powers: Vec<Challenge>,
    /// Terminal divided by the height.
    terminal_per_row: PackedChallenge,
    scratch: PackedScratch,
    columns: [Vec<PackedVal>; 6],
}

impl<'a> Evaluator<'a> {
    fn new(input: &'a QuotientInput<'a>, selectors: &'a Selectors) -> Self {
        let (base_powers, ext_powers) = weights(input);
        let height = Val::from_usize(1 << selectors.log_height);
        Self {
            input,
            selectors,
            log_size: selectors.log_height + PROOF_PARAMETERS.log_blowup,
            challenges: input.challenges.map(|&challenge| PackedChallenge::from(challenge)),
            base_powers,
            ext_powers,
            terminal_per_row: PackedChallenge::from(input.terminal * height.inverse()),
            scratch: PackedScratch::new(input.shape.plan.slots.len()),
            columns: Default::default(),
        }
    }

    /// Folded constraints at the stored positions `first..first + LANES`.
    fn evaluate<T: Table>(&mut self, table: &T, first: usize) -> PackedChallenge {
        self.pack(first);
        let selectors = self.selectors;
        let at = |values: &[Val]| *PackedVal::from_slice(&values[first..first + LANES]);
        let [main, main_next, preprocessed, preprocessed_next, _, _] = &self.columns;
        let row = PackedRow {
            main: RowWindow::from_two_rows(main, main_next),
            preprocessed: RowWindow::from_two_rows(preprocessed, preprocessed_next),
            is_first_row: at(&selectors.first),
            is_last_row: at(&selectors.last),
            is_transition: at(&selectors.transition),
        };
        let publics = self.input.publics;
        table.eval(&mut QuotientFolder::new(row, publics, &self.challenges, &mut self.scratch));
        self.push_lookup_constraints();
        self.fold()
    }

    /// Loads the two rows of every lane.
    fn pack(&mut self, first: usize) {
        let (log_size, shape) = (self.log_size, self.input.shape);
        let step = 1 << PROOF_PARAMETERS.log_blowup;
        let mask = (1 << log_size) - 1;
        let here: [usize; LANES] = std::array::from_fn(|lane| first + lane);
        let next = here.map(|row| reverse_bits_len((reverse_bits_len(row, log_size) + step) & mask, log_size));
        let [main, main_next, preprocessed, preprocessed_next, aux, aux_next] = &mut self.columns;
        let rows = &self.input.rows;
        rows.pack_main(&here, main);
        rows.pack_preprocessed(&here, preprocessed);
        rows.pack_next(&shape.next, &next, main_next, preprocessed_next);
        if let Some(matrix) = self.input.aux {
            aux.clear();
            pack_columns(matrix, &here, matrix.width, aux);
            // Of the next row, only the accumulator is read.
            aux_next.clear();
            pack_columns(matrix, &next, CHALLENGE_DEGREE, aux_next);
        }
    }

    /// The constraints of `interactions.rs`, after those of the table.
    fn push_lookup_constraints(&mut self) {
        let Some((leading, others)) = self.input.shape.plan.groups.split_first() else {
            return;
        };
        let [.., aux, aux_next] = &self.columns;
        let mut columns = aux.chunks_exact(CHALLENGE_DEGREE).map(join);
        let accumulator = columns.next().unwrap_or(PackedChallenge::ZERO);
        let mut rest = join(&aux_next[..CHALLENGE_DEGREE]) - accumulator + self.terminal_per_row;
        let accumulator_index = self.scratch.ext_constraints.len();
        self.scratch.ext_constraints.push(PackedChallenge::ZERO);
        for (group, fraction) in others.iter().zip(columns) {
            rest -= fraction;
            let (numerator, denominator) = group_fraction(group, &self.scratch.lookups);
            self.scratch.ext_constraints.push(fraction * denominator - numerator);
        }
        let (numerator, denominator) = group_fraction(leading, &self.scratch.lookups);
        self.scratch.ext_constraints[accumulator_index] = rest * denominator - numerator;
    }

    /// Combines all constraints with powers of alpha.
    fn fold(&self) -> PackedChallenge {
        let base = &self.scratch.base_constraints;
        let folded = PackedChallenge::from_basis_coefficients_fn(|d| {
            PackedVal::batched_linear_combination(base, &self.base_powers[d])
        });
        let ext = &self.scratch.ext_constraints;
        folded + PackedChallenge::batched_linear_combination(ext, &self.ext_powers)
    }
}

/// Weights of a table's base constraints (by coefficient) and extension constraints: powers of
/// alpha, the last constraint's being the table's combiner.
fn weights(input: &QuotientInput<'_>) -> (Vec<Vec<Val>>, Vec<Challenge>) {
    let layout = &input.shape.constraints;
    let total = layout.total_constraints();
    let mut powers: Vec<_> = input.alpha.shifted_powers(input.combiner).take(total).collect();
    powers.reverse();
    let coefficient = |d: usize| {
        let of_constraint = |&i: &usize| powers[i].as_basis_coefficients_slice()[d];
        layout.base_indices.iter().map(of_constraint).collect()
    };
    let base = (0..CHALLENGE_DEGREE).map(coefficient).collect();
    let ext = layout.ext_indices.iter().map(|&i| powers[i]).collect();
    (base, ext)
}

fn join(coefficients: &[PackedVal]) -> PackedChallenge {
    PackedChallenge::from_basis_coefficients_fn(|d| coefficients[d])
}
