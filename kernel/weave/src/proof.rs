//! The proof on the wire (the specification's "Proof format 4").
//!
//! Machine, profile and heights give the length of every list but those of opened rows and their paths, of
//! which they give the largest. So a proof is read in one pass with nothing allocated that its bytes do not
//! pay for. For verification the lists become one tape of messages in protocol order, of a length that
//! machine and profile alone give.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Digest, RATE, Val};
use thiserror::Error;

use crate::EXTENSION;
use crate::codec::{DecodeError, Reader, Writer};
use crate::layout::{LayoutError, Placement, check_main, check_main_width, chunks_of, place};
use crate::machine::Machine;
use crate::messages::{STAGED_ELEMENTS, all_lookup_messages, all_staged_messages, lookup_elements};
use crate::openings::{Opened, Tree};
use crate::profile::Profile;
use crate::table::Group;

/// One proof of a [`Machine`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeaveProof {
    /// Per table.
    pub log_heights: Vec<u8>,
    /// Of the main columns: stacked columns, and offsets in claim order.
    pub main: Placement,
    pub main_root: Digest,
    /// Lookups: four elements, then per active layer two a round and four.
    pub gkr: Vec<Challenge>,
    /// Three elements per active round.
    pub staged: Vec<Challenge>,
    /// Column values in claim order.
    pub values: Vec<Challenge>,
    /// Two elements a round.
    pub reduction: Vec<Challenge>,
    /// The value of the folded stacks.
    pub y: Challenge,
    /// Of all oracles of the opening but the first.
    pub roots: Vec<Digest>,
    pub nonces: Vec<Val>,
    /// Monomial coefficients.
    pub final_poly: Vec<Challenge>,
    /// Two elements a round of the opening.
    pub folds: Vec<Challenge>,
    /// Fixed, shared, main, then the other oracles.
    pub openings: Vec<Opened>,
}

/// Bytes that are not a proof of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// What cannot be read.
    #[error(transparent)]
    Malformed(#[from] DecodeError),
    /// A height that the table cannot have.
    #[error("table {table}: height 2^{got}; allowed are 2^{min} to 2^{max}")]
    Height { table: &'static str, min: usize, max: usize, got: u8 },
    /// Main columns at impossible places.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// Something follows the proof.
    #[error("{count} bytes after the end of the proof")]
    Trailing { count: usize },
}

/// Rounds of the opening behind each oracle's queries.
pub(crate) fn fold_rounds(profile: &Profile) -> impl Iterator<Item = usize> {
    profile.oracles[1..].iter().map(|oracle| oracle.folded).chain([profile.log_final_length])
}

/// Depth and row width of all trees, by number; `main_width` is that of the proof at hand.
fn trees<T>(machine: &Machine<T>, log_heights: &[u8], main_width: u16) -> Result<Vec<(usize, usize)>, LayoutError> {
    let profile = machine.profile();
    let log_heights: Vec<usize> = log_heights.iter().map(|&h| usize::from(h)).collect();
    let mut trees = Vec::new();
    for group in Group::ALL {
        let width = match group {
            Group::Main => main_width,
            Group::Fixed | Group::Shared => place(machine.chunks(), group, &log_heights, profile)?.width,
        };
        trees.push((profile.depth(0), usize::from(width)));
    }
    let folded = |oracle: usize| (profile.depth(oracle), EXTENSION << profile.oracles[oracle].folded);
    trees.extend((1..profile.oracles.len()).map(folded));
    Ok(trees)
}

/// The oracle that a tree belongs to.
const fn oracle_of(tree: usize) -> usize {
    (tree + 1).saturating_sub(Group::ALL.len())
}

impl WeaveProof {
    /// Bytes: every proof has exactly one encoding.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.count(self.log_heights.len());
        out.bytes(&self.log_heights);
        out.bytes(&self.main.width.to_le_bytes());
        out.count(self.main.offsets.len());
        self.main.offsets.iter().for_each(|offset| out.bytes(&offset.to_le_bytes()));
        out.elements(&self.main_root);
        for list in [&self.gkr, &self.staged, &self.values, &self.reduction] {
            out.challenges(list);
        }
        out.challenge(self.y);
        out.digests(&self.roots);
        // No samples outside the domain in this profile.
        out.challenges(&[]);
        out.count(self.nonces.len());
        out.elements(&self.nonces);
        out.challenges(&self.final_poly);
        out.challenges(&self.folds);
        for Opened { rows, path } in &self.openings {
            out.count(4 * rows.len());
            out.elements(rows);
            out.digests(path);
        }
        out.finish()
    }

    /// Reads a proof that is all of `bytes`.
    ///
    /// # Errors
    /// [`ProofError`] for anything but the encoding of a proof with the machine's lengths.
    pub fn decode<T>(machine: &Machine<T>, bytes: &[u8]) -> Result<Self, ProofError> {
        let mut reader = Reader::new(bytes);
        let proof = Self::read(machine, &mut reader)?;
        match reader.rest().len() {
            0 => Ok(proof),
            count => Err(ProofError::Trailing { count }),
        }
    }

    /// Reads a proof that other things may follow.
    ///
    /// # Errors
    /// [`ProofError`], but for [`ProofError::Trailing`].
    pub fn read<T>(machine: &Machine<T>, reader: &mut Reader<'_>) -> Result<Self, ProofError> {
        let profile = machine.profile();
        let log_heights = read_heights(machine, reader)?;
        let main = read_placement(machine, reader, &log_heights)?;
        let rows = log_heights.iter().map(|&h| usize::from(h)).max().unwrap_or(0);
        let main_root = one(reader.digests(1, "the root of the main columns")?);
        let gkr = reader.challenge_list(lookup_elements(machine.slot_variables(), rows), "messages about lookups")?;
        let staged = reader.challenge_list(STAGED_ELEMENTS * rows, "messages of the staged rounds")?;
        let values = reader.challenge_list(machine.claims(), "column values")?;
        let rounds = profile.address_variables() + profile.oracle_variables;
        let reduction = reader.challenge_list(2 * rounds, "messages of the reduction")?;
        let y = one(reader.challenges(1, "the folded stacks' value")?);
        let oracles = profile.oracles.len();
        reader.expect(oracles - 1, "roots")?;
        let roots = reader.digests(oracles - 1, "roots")?;
        reader.expect(profile.out_of_domain_samples, "samples outside the domain")?;
        reader.expect(oracles, "nonces")?;
        let nonces = reader.elements(oracles, "nonces")?;
        let final_poly = reader.challenge_list(1 << profile.log_final_length, "the final polynomial")?;
        let folds = reader.challenge_list(2 * fold_rounds(profile).sum::<usize>(), "messages of the opening")?;
        let openings = trees(machine, &log_heights, main.width)?
            .into_iter()
            .enumerate()
            .map(|(tree, shape)| read_opened(reader, profile.oracles[oracle_of(tree)].queries, shape))
            .collect::<Result<_, _>>()?;
        let opening = Self {
            log_heights,
            main,
            main_root,
            gkr,
            staged,
            values,
            reduction,
            y,
            roots,
            nonces,
            final_poly,
            folds,
            openings,
        };
        Ok(opening)
    }

    /// All messages in protocol order, those of rounds that are not active as zeros.
    pub fn tape<T>(&self, machine: &Machine<T>) -> Vec<Val> {
        let mut tape: Vec<Val> = self.log_heights.iter().map(|&h| Val::from_u8(h)).collect();
        tape.push(Val::from_u16(self.main.width));
        tape.extend(self.main.offsets.iter().flat_map(|&offset| [offset & 0xffff, offset >> 16].map(Val::from_u32)));
        tape.extend(self.main_root);
        push(&mut tape, &all_lookup_messages(&self.gkr, machine.slot_variables()));
        push(&mut tape, &all_staged_messages(&self.staged));
        push(&mut tape, &self.values);
        push(&mut tape, &self.reduction);
        push(&mut tape, &[self.y]);
        self.push_opening(machine.profile(), &mut tape);
        tape
    }

    fn push_opening(&self, profile: &Profile, tape: &mut Vec<Val>) {
        let (mut roots, mut folds) = (self.roots.iter(), self.folds.as_slice());
        for (&nonce, rounds) in self.nonces.iter().zip(fold_rounds(profile)) {
            match roots.next() {
                Some(root) => tape.extend(root),
                None => push(tape, &self.final_poly),
            }
            tape.push(nonce);
            let (now, later) = folds.split_at((2 * rounds).min(folds.len()));
            push(tape, now);
            folds = later;
        }
    }

    /// The opened trees, by number.
    ///
    /// # Errors
    /// [`LayoutError`] for heights that the machine cannot have.
    pub fn trees<T>(&self, machine: &Machine<T>) -> Result<Vec<Tree<'_>>, LayoutError> {
        let shapes = trees(machine, &self.log_heights, self.main.width)?;
        let tree = |((depth, width), opened)| Tree { depth, width, opened };
        Ok(shapes.into_iter().zip(&self.openings).map(tree).collect())
    }
}

fn push(tape: &mut Vec<Val>, elements: &[Challenge]) {
    for element in elements {
        let coefficients: &[Val] = element.as_basis_coefficients_slice();
        tape.extend(coefficients);
    }
}

/// The only entry of a list that was read with one.
fn one<X: Copy>(list: Vec<X>) -> X {
    list[0]
}

fn read_heights<T>(machine: &Machine<T>, reader: &mut Reader<'_>) -> Result<Vec<u8>, ProofError> {
    let shapes = machine.shapes();
    reader.expect(shapes.len(), "heights")?;
    let log_heights = reader.bytes(shapes.len(), "heights")?.to_vec();
    for (shape, &got) in shapes.iter().zip(&log_heights) {
        let (min, max) = shape.heights;
        if !(min..=max).contains(&usize::from(got)) {
            return Err(ProofError::Height { table: shape.name, min, max, got });
        }
    }
    Ok(log_heights)
}

fn read_placement<T>(
    machine: &Machine<T>,
    reader: &mut Reader<'_>,
    log_heights: &[u8],
) -> Result<Placement, ProofError> {
    let width = reader.u16("the number of stacked columns")?;
    check_main_width(width)?;
    let chunks = chunks_of(machine.chunks(), Group::Main).count();
    reader.expect(chunks, "offsets")?;
    let offsets = (0..chunks).map(|_| reader.u32("offsets")).collect::<Result<_, _>>()?;
    let placement = Placement { offsets, width };
    let log_heights: Vec<usize> = log_heights.iter().map(|&h| usize::from(h)).collect();
    check_main(machine.chunks(), &placement, &log_heights, machine.profile())?;
    Ok(placement)
}

fn read_opened(reader: &mut Reader<'_>, queries: usize, (depth, width): (usize, usize)) -> Result<Opened, ProofError> {
    let what = "opened rows";
    let (limit, unit) = (4 * width * queries, 4 * width);
    let count = reader.at_most(limit, unit, what)?;
    let rows = reader.elements(count / 4, what)?;
    let what = "paths of opened rows";
    let limit = if width == 0 { 0 } else { depth * queries };
    let count = reader.at_most(limit, 1, what)?;
    Ok(Opened { rows, path: reader.digests(count, what)? })
}

/// The number of blocks of a digest: eight elements.
const _: () = assert!(RATE == proofloom_field::DIGEST_ELEMS);
