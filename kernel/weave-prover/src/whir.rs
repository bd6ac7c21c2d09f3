//! The value of the folded stacks at one point, against the trees (the specification's "WHIR").

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use p3_util::reverse_bits_len;
use proofloom_field::{Challenge, Digest, Val};
use proofloom_weave::{EXTENSION, Group, Opened, OracleProfile, Profile, Transcript};

use crate::commit::{Committed, transform};
use crate::cube::{join, moebius, split, transpose_moebius};
use crate::grind;
use crate::halves::Halves;
use crate::multilinear::eq_table;
use crate::progress::Progress;
use crate::reduce::Reduction;
use crate::rounds::Rounds;

/// Everything that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Of all oracles but the first.
    pub roots: Vec<Digest>,
    pub nonces: Vec<Val>,
    /// Monomial coefficients of what is left.
    pub last: Vec<Challenge>,
    /// Two coefficients a round.
    pub folds: Vec<Challenge>,
    /// Fixed, shared, main, then the other oracles. Nothing of a group without columns.
    pub openings: Vec<Opened>,
}

/// Makes the opening. `stacks` are in the order of [`Group::ALL`].
pub fn prove(
    profile: &Profile,
    stacks: [Option<&Committed>; 3],
    reduction: Reduction,
    transcript: &mut Transcript,
    progress: &mut dyn Progress,
) -> Opening {
    let Reduction { reduced, folded, .. } = reduction;
    let mut g = Halves::new(&folded, &eq_table(&reduced.u, Challenge::ONE));
    let mut claim = reduced.value;
    let mut opening = Opening::default();
    let columns = eq_table(&reduced.v, Challenge::ONE);
    let oracles = eq_table(&reduced.w, Challenge::ONE);
    let mut source = Source::Stacks(stacks, columns, oracles);
    for (oracle, shape) in profile.oracles.iter().enumerate() {
        let next = profile.oracles.get(oracle + 1);
        let values = g.values();
        let next_tree = next.map(|next| commit(&values, next));
        progress.done("opening: trees");
        match &next_tree {
            Some(tree) => {
                transcript.absorb(&tree.root());
                opening.roots.push(tree.root());
            }
            None => {
                opening.last = values;
                moebius(&mut opening.last);
                transcript.absorb_challenges(&opening.last);
            }
        }
        let depth = profile.depth(oracle);
        let (nonce, positions) = grind::draw(transcript, shape, depth, profile.grinding_bits);
        progress.done("opening: nonces");
        opening.nonces.push(nonce);
        source.open(&positions, &mut opening.openings);
        let delta = transcript.challenge();
        let mut queries = Vec::with_capacity(positions.len());
        for (position, power) in positions.into_iter().zip(delta.powers().skip(1)) {
            claim += power * source.value(position);
            queries.push((position, power));
        }
        g.add_weights(&query_weights(profile.variables_after(oracle), &queries, depth));
        let mut rounds = Rounds::new(transcript, claim);
        let mut fold = Vec::new();
        for _ in 0..next.map_or(profile.log_final_length, |next| next.folded) {
            let z = rounds.round(g.sums());
            g.fold(z);
            fold.insert(0, z);
        }
        claim = rounds.claim;
        opening.folds.append(&mut rounds.sent);
        if let Some(tree) = next_tree {
            source = Source::Folded(tree, eq_table(&fold, Challenge::ONE));
        }
        progress.done("opening: rounds");
    }
    opening
}

/// The columns of g by its highest variables, as one tree.
fn commit(g: &[Challenge], shape: &OracleProfile) -> Committed {
    let columns = 1usize << shape.folded;
    let rows = g.len() / columns;
    let mut cells = Val::zero_vec(g.len() * EXTENSION);
    for (row, cells) in cells.chunks_exact_mut(columns * EXTENSION).enumerate() {
        for (column, cell) in cells.as_chunks_mut::<EXTENSION>().0.iter_mut().enumerate() {
            cell.copy_from_slice(split(&g[column * rows + row]));
        }
    }
    Committed::new(RowMajorMatrix::new(cells, columns * EXTENSION), shape.log_inverse_rate)
}

/// What an oracle's rows are folded by.
enum Source<'a> {
    /// Trees, weights of columns, weights of oracles.
    Stacks([Option<&'a Committed>; 3], Vec<Challenge>, Vec<Challenge>),
    /// A tree and the weights of its columns.
    Folded(Committed, Vec<Challenge>),
}

impl Source<'_> {
    /// Opens the distinct positions, ascending.
    fn open(&self, positions: &[u32], openings: &mut Vec<Opened>) {
        let mut distinct = positions.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        match self {
            Self::Stacks(trees, ..) => {
                let open = |tree: &Option<&Committed>| tree.map_or_else(Opened::default, |tree| tree.open(&distinct));
                openings.extend(trees.iter().map(open));
            }
            Self::Folded(tree, _) => openings.push(tree.open(&distinct)),
        }
    }

    /// The folded row at a position.
    fn value(&self, position: u32) -> Challenge {
        match self {
            Self::Stacks(trees, columns, oracles) => {
                let value = |(group, tree): (Group, &Option<&Committed>)| {
                    let [b0, b1] = group.oracle_bits();
                    let row = tree.map_or(&[][..], |tree| tree.row(position));
                    let sum: Challenge = columns.iter().zip(row).map(|(&weight, &cell)| weight * cell).sum();
                    sum * oracles[usize::from(b0) + 2 * usize::from(b1)]
                };
                Group::ALL.into_iter().zip(trees).map(value).sum()
            }
            Self::Folded(tree, columns) => {
                let cells = tree.row(position).as_chunks::<EXTENSION>().0;
                let cell = |cell: &[Val; EXTENSION]| join(|d| cell[d]);
                columns.iter().zip(cells).map(|(&weight, coefficients)| weight * cell(coefficients)).sum()
            }
        }
    }
}

/// The sum over all queries of weight times eq(pow(z), .), for all points of a cube of so many variables: the sums of the powers of all z by one
/// transform, which are weights of coefficients, and then the transposed Moebius transform.
fn query_weights(variables: usize, queries: &[(u32, Challenge)], depth: usize) -> Vec<Challenge> {
    // Five columns, and three to fill vectors.
    const WIDTH: usize = 8;
    let mut sparse = Val::zero_vec(WIDTH << depth);
    for &(position, weight) in queries {
        let coefficients = split(&weight);
        let at = reverse_bits_len(position as usize, depth) * WIDTH;
        sparse[at..].iter_mut().zip(coefficients).for_each(|(cell, &coefficient)| *cell += coefficient);
    }
    let sums = transform(RowMajorMatrix::new(sparse, WIDTH));
    let rows = sums.values.as_chunks::<WIDTH>().0;
    let mut weights: Vec<Challenge> = rows[..1 << variables].iter().map(|row| join(|d| row[d])).collect();
    transpose_moebius(&mut weights);
    weights
}
