//! The quotient of a table's folded constraints by the vanishing polynomial of its trace.

use p3_air::RowWindow;
use p3_commit::PolynomialSpace;
use p3_field::{
    Algebra, BasedVectorSpace, Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing,
    TwoAdicField,
};
use p3_matrix::dense::RowMajorMatrix;
use p3_util::{reverse_bits_len, reverse_slice_index_bits};
use proofloom_field::{Challenge, Val};

use crate::commit::extend_from;
use crate::config::{CHALLENGE_DEGREE, PackedChallenge, PackedVal};
use crate::folder::{LookupChallenges, PackedRow, PackedScratch, QuotientFolder, group_fraction};
use crate::opening::coset;
use crate::packing::{LANES, TableRows, pack_columns};
use crate::shape::TableShape;
use crate::table::Table;

/// Selectors of a trace domain on the quotient domain, in bit-reversed order.
pub(crate) struct Selectors {
    log_height: usize,
    log_chunks: usize,
    first: Vec<Val>,
    last: Vec<Val>,
    transition: Vec<Val>,
    inverse_vanishing: Vec<Val>,
}

impl Selectors {
    /// Selectors for a trace of height `2^log_height` and `2^log_chunks` quotient chunks.
    pub fn new(log_height: usize, log_chunks: usize) -> Self {
        let trace = coset(Val::ONE, log_height);
        let quotient = coset(Val::GENERATOR, log_height + log_chunks);
        let mut natural = trace.selectors_on_coset(quotient);
        let vectors = [&mut natural.is_first_row, &mut natural.is_last_row];
        vectors
            .into_iter()
            .for_each(|values| reverse_slice_index_bits(values));
        reverse_slice_index_bits(&mut natural.is_transition);
        reverse_slice_index_bits(&mut natural.inv_vanishing);
        Self {
            log_height,
            log_chunks,
            first: natural.is_first_row,
            last: natural.is_last_row,
            transition: natural.is_transition,
            inverse_vanishing: natural.inv_vanishing,
        }
    }

    /// Whether these selectors fit a table of the given size.
    pub const fn fit(&self, log_height: usize, log_chunks: usize) -> bool {
        self.log_height == log_height && self.log_chunks == log_chunks
    }
}

/// Everything one table's quotient depends on.
pub(crate) struct QuotientInput<'a> {
    pub shape: &'a TableShape,
    /// Extended matrices, in bit-reversed order.
    pub rows: TableRows<'a>,
    pub aux: Option<&'a RowMajorMatrix<Val>>,
    pub selectors: &'a Selectors,
    pub publics: &'a [Val],
    pub challenges: &'a LookupChallenges<Challenge>,
    /// Zero for a table without interactions.
    pub terminal: Challenge,
    pub alpha: Challenge,
}

/// Quotient chunks of one table, extended and in bit-reversed order, five columns each.
pub(crate) fn extended_chunks<T: Table>(
    table: &T,
    input: &QuotientInput<'_>,
) -> Vec<RowMajorMatrix<Val>> {
    let (log_height, log_chunks) = (input.selectors.log_height, input.selectors.log_chunks);
    let mut values = quotient_values(table, input);
    let generator = Val::two_adic_generator(log_height + log_chunks);
    // In bit-reversed order, the chunk of coset `shift * generator^i` is the i-th run of rows.
    let chunk = |(i, run): (usize, &mut [Challenge])| {
        reverse_slice_index_bits(run);
        let shift = Val::GENERATOR * generator.exp_u64(reverse_bits_len(i, log_chunks) as u64);
        extend_from(
            RowMajorMatrix::new_col(run.to_vec()).flatten_to_base(),
            shift,
        )
    };
    values
        .chunks_exact_mut(1 << log_height)
        .enumerate()
        .map(chunk)
        .collect()
}

/// Quotient values on the quotient domain, in bit-reversed order.
fn quotient_values<T: Table>(table: &T, input: &QuotientInput<'_>) -> Vec<Challenge> {
    let size = input.selectors.first.len();
    let mut evaluator = Evaluator::new(input);
    let mut values = Challenge::zero_vec(size);
    for (i, out) in values.chunks_exact_mut(LANES).enumerate() {
        evaluator.evaluate(table, i * LANES).to_ext_slice(out);
    }
    values
}

struct Evaluator<'a> {
    input: &'a QuotientInput<'a>,
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
    fn new(input: &'a QuotientInput<'a>) -> Self {
        let (base_powers, ext_powers) = input.shape.constraints.decompose_alpha(input.alpha);
        let height = Val::from_usize(1 << input.selectors.log_height);
        Self {
            input,
            log_size: input.selectors.log_height + input.selectors.log_chunks,
            challenges: input
                .challenges
                .map(|&challenge| PackedChallenge::from(challenge)),
            base_powers,
            ext_powers,
            terminal_per_row: PackedChallenge::from(input.terminal * height.inverse()),
            scratch: PackedScratch::new(input.shape.plan.slots.len()),
            columns: Default::default(),
        }
    }

    /// Quotient at the stored positions `first..first + LANES`.
    fn evaluate<T: Table>(&mut self, table: &T, first: usize) -> PackedChallenge {
        self.pack(first);
        let selectors = self.input.selectors;
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
        table.eval(&mut QuotientFolder::new(
            row,
            publics,
            &self.challenges,
            &mut self.scratch,
        ));
        self.push_lookup_constraints();
        self.fold() * at(&selectors.inverse_vanishing)
    }

    /// Loads the two rows of every lane.
    fn pack(&mut self, first: usize) {
        let (log_size, shape) = (self.log_size, self.input.shape);
        let step = 1 << self.input.selectors.log_chunks;
        let mask = (1 << log_size) - 1;
        let here: [usize; LANES] = std::array::from_fn(|lane| first + lane);
        let next = here
            .map(|row| reverse_bits_len((reverse_bits_len(row, log_size) + step) & mask, log_size));
        let [
            main,
            main_next,
            preprocessed,
            preprocessed_next,
            aux,
            aux_next,
        ] = &mut self.columns;
        let rows = &self.input.rows;
        rows.pack_main(&here, main);
        rows.pack_preprocessed(&here, preprocessed);
        rows.pack_next(&shape.next_columns, &next, main_next, preprocessed_next);
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
            self.scratch
                .ext_constraints
                .push(fraction * denominator - numerator);
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

fn join(coefficients: &[PackedVal]) -> PackedChallenge {
    PackedChallenge::from_basis_coefficients_fn(|d| coefficients[d])
}
