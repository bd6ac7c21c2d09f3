//! The prover.

mod inputs;
mod metered;
mod open;

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Challenger, Digest, Val};

pub use self::inputs::ProveError;
use self::open::Round;
use crate::auxiliary;
use crate::commit::{CommittedGroup, Fixed, Shared, commit_extended, extend, extend_from, extended_matrices};
use crate::config::CommitData;
use crate::folder::LookupChallenges;
use crate::machine::Machine;
use crate::opening::{Owner, RoundKind, Zeta, round_matrices};
use crate::packing::TableRows;
use crate::progress::{Progress, Stopwatch};
use crate::proof::StarkProof;
use crate::quotient::{CombinedConstraints, QuotientInput};
use crate::shape::TableShape;
use crate::table::Table;
use crate::transcript::{self, Preamble};

/// A commitment and the extended matrices under it.
struct Committed {
    root: Digest,
    data: CommitData,
}

/// Auxiliary columns of all tables.
struct Aux {
    committed: Option<Committed>,
    /// Per table; zero without interactions.
    terminals: Vec<Challenge>,
}

impl<T: Table> Machine<T> {
    /// Makes a proof.
    ///
    /// `main` has one trace per table, `publics` one list per table. `challenger` must already
    /// be bound to everything the proof belongs to; the verifier needs it in the same state.
    /// The result is the same for the same inputs, on every target.
    ///
    /// # Errors
    /// [`ProveError`] if traces or public values do not fit the machine. Traces that violate
    /// constraints are not detected: they lead to a proof that does not verify.
    pub fn prove(
        &self,
        fixed: &Fixed,
        shared: Shared,
        main: Vec<RowMajorMatrix<Val>>,
        publics: &[Vec<Val>],
        mut challenger: Challenger,
        progress: &mut dyn Progress,
    ) -> Result<StarkProof, ProveError> {
        let mut watch = Stopwatch::start(progress);
        let log_heights = self.check_inputs(fixed, &shared, &main, publics)?;
        let extended = main.iter().map(extend).collect();
        watch.lap("extend main");
        let committed_main = commit(extended);
        watch.lap("hash main");

        let preamble = Preamble {
            log_heights: &log_heights,
            fixed_root: fixed.root(),
            shared_root: shared.root(),
            main_root: committed_main.root,
            publics,
        };
        let (alpha, beta) = transcript::begin(self, &mut challenger, &preamble);
        let challenges = self.lookup_challenges(alpha, beta);
        let CommittedGroup { traces, commitment: shared } = shared.0;
        let shared = shared.map(|(root, data)| Committed { root, data });
        let aux = self.prove_aux(fixed, traces, main, publics, &challenges, &mut watch)?;
        let terminals = self.present_terminals(&aux.terminals);
        let aux_root = aux.committed.as_ref().map(|aux| aux.root);
        let alpha = transcript::after_aux(&mut challenger, aux_root, &terminals);

        let fixed_data = fixed.0.commitment.as_ref().map(|(_, data)| data);
        let rounds = Rounds {
            fixed: fixed_data,
            shared: shared.as_ref().map(|shared| &shared.data),
            main: Some(&committed_main.data),
            aux: aux.committed.as_ref().map(|aux| &aux.data),
        };
        let folding = Folding { challenges: &challenges, terminals: &aux.terminals, alpha };
        let combined = self.combined_constraints(&rounds, &folding, &log_heights, publics);
        watch.lap("constraints");
        let chunks = combined.into_quotient_chunks();
        watch.lap("extend quotient");
        let quotient = commit(chunks);
        watch.lap("hash quotient");

        let zeta = transcript::after_quotient(&mut challenger, quotient.root);
        let zeta = Zeta { point: zeta, log_heights: &log_heights };
        let rounds = rounds.to_open(&self.shapes, &quotient.data);
        let tables = self.shapes.len();
        let (opened, fri) = open::open(&rounds, tables, zeta, &mut challenger, &mut watch)?;
        Ok(StarkProof {
            log_heights: log_heights.iter().map(|&log_height| log_height as u8).collect(),
            main_root: committed_main.root,
            aux_root,
            quotient_root: quotient.root,
            terminals,
            openings: opened.tables,
            quotient: opened.quotient,
            fri,
        })
    }

    /// Auxiliary columns of all tables. Traces are dropped table by table.
    fn prove_aux(
        &self,
        fixed: &Fixed,
        shared: Vec<Option<RowMajorMatrix<Val>>>,
        main: Vec<RowMajorMatrix<Val>>,
        publics: &[Vec<Val>],
        challenges: &[LookupChallenges<Challenge>],
        watch: &mut Stopwatch<'_>,
    ) -> Result<Aux, ProveError> {
        let mut matrices = Vec::new();
        let mut terminals = vec![Challenge::ZERO; self.shapes.len()];
        let traces = shared.into_iter().zip(main);
        for (i, (shared, main)) in traces.enumerate() {
            let (table, shape) = (&self.tables()[i], &self.shapes[i]);
            if shape.plan.is_empty() {
                continue;
            }
            let fixed = fixed.0.trace(i);
            let rows = TableRows { fixed, shared: shared.as_ref(), main: &main };
            let generated = auxiliary::generate(table, shape, &rows, &publics[i], &challenges[i]);
            let zero = |_| ProveError::ZeroDenominator { table: shape.name };
            let (matrix, terminal) = generated.map_err(zero)?;
            terminals[i] = terminal;
            matrices.push(matrix);
        }
        watch.lap("auxiliary columns");
        let extended: Vec<_> = matrices.into_iter().map(|m| extend_from(m, Val::ONE)).collect();
        watch.lap("extend auxiliary");
        let committed = (!extended.is_empty()).then(|| commit(extended));
        watch.lap("hash auxiliary");
        Ok(Aux { committed, terminals })
    }

    /// Terminals of the tables with interactions.
    fn present_terminals(&self, terminals: &[Challenge]) -> Vec<Challenge> {
        let present = self.shapes.iter().zip(terminals).filter(|(shape, _)| !shape.plan.is_empty());
        present.map(|(_, &terminal)| terminal).collect()
    }

    /// All tables' constraints on the evaluation domain of the tallest.
    fn combined_constraints(
        &self,
        rounds: &Rounds<'_>,
        folding: &Folding<'_>,
        log_heights: &[usize],
        publics: &[Vec<Val>],
    ) -> CombinedConstraints {
        let [fixed, shared, main, aux] = [RoundKind::Fixed, RoundKind::Shared, RoundKind::Main, RoundKind::Aux]
            .map(|kind| self.matrices_by_table(rounds, kind));
        let combiners = self.combiners(folding.alpha);
        let mut upwards: Vec<_> = (0..self.shapes.len()).collect();
        upwards.sort_by_key(|&i| log_heights[i]);
        let mut combined = CombinedConstraints::default();
        for i in upwards {
            let Some(main) = main[i] else { continue };
            let input = QuotientInput {
                shape: &self.shapes[i],
                rows: TableRows { fixed: fixed[i], shared: shared[i], main },
                aux: aux[i],
                publics: &publics[i],
                challenges: &folding.challenges[i],
                terminal: folding.terminals[i],
                alpha: folding.alpha,
                combiner: combiners[i],
            };
            combined.add(&self.tables()[i], &input, log_heights[i]);
        }
        combined
    }

    /// The extended matrix of every table in one round.
    fn matrices_by_table<'a>(&self, rounds: &Rounds<'a>, kind: RoundKind) -> Vec<Option<&'a RowMajorMatrix<Val>>> {
        let mut by_table = vec![None; self.shapes.len()];
        if let Some(data) = rounds.data(kind) {
            let opened = round_matrices(&self.shapes, kind);
            for (opened, matrix) in opened.iter().zip(extended_matrices(data)) {
                if let Owner::Table(table) = opened.owner {
                    by_table[table] = Some(matrix);
                }
            }
        }
        by_table
    }
}

/// Prover data of the rounds before the quotient.
struct Rounds<'a> {
    fixed: Option<&'a CommitData>,
    shared: Option<&'a CommitData>,
    main: Option<&'a CommitData>,
    aux: Option<&'a CommitData>,
}

impl<'a> Rounds<'a> {
    const fn data(&self, kind: RoundKind) -> Option<&'a CommitData> {
        match kind {
            RoundKind::Fixed => self.fixed,
            RoundKind::Shared => self.shared,
            RoundKind::Main => self.main,
            RoundKind::Aux => self.aux,
            RoundKind::Quotient => None,
        }
    }

    /// All rounds, in opening order.
    fn to_open(&self, shapes: &[TableShape], quotient: &'a CommitData) -> Vec<Round<'a>> {
        let round = |kind| {
            let data = match kind {
                RoundKind::Quotient => Some(quotient),
                _ => self.data(kind),
            };
            data.map(|data| Round { kind, data, matrices: round_matrices(shapes, kind) })
        };
        RoundKind::ALL.into_iter().filter_map(round).collect()
    }
}

/// Everything the folded constraints depend on besides the columns.
struct Folding<'a> {
    challenges: &'a [LookupChallenges<Challenge>],
    terminals: &'a [Challenge],
    alpha: Challenge,
}

fn commit(extended: Vec<RowMajorMatrix<Val>>) -> Committed {
    let (root, data) = commit_extended(extended);
    Committed { root, data }
}
