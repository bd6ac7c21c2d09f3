//! Roots of opened rows (the specification's "Hashing and transcript" and "Proof format 4").
//!
//! A *row* of a multiple of eight elements is hashed by a sponge that starts at zero, a *node* is
//! the permutation of its two children, cut to one digest. An opening of many rows sends the rows of
//! the distinct positions, ascending, and the nodes beside their paths that no opened row lies
//! under: level by level from the leaves, ascending in a level. Which these are follows from the
//! positions alone, so all hashes of a level are computed together, several at a time where the
//! target has vectors.

use p3_field::{Field, PackedValue, PrimeCharacteristicRing};
use p3_symmetric::Permutation;
use proofloom_field::{DIGEST_ELEMS, Digest, PERM_WIDTH, Perm, RATE, Val};
use thiserror::Error;

type Packed = <Val as Field>::Packing;

/// An opening that no tree has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MerkleError {
    /// The rows of all distinct positions, and nothing else.
    #[error("{got} elements of opened rows, {expected} are needed")]
    Rows { expected: usize, got: usize },
    /// The missing siblings, and nothing else.
    #[error("{got} digests beside the opened rows, {} are needed", if *missing { "more" } else { "fewer" })]
    Path { got: usize, missing: bool },
}

/// A root with the permutations that it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    pub digest: Digest,
    pub permutations: u64,
}

/// The root above rows of `width` elements (a multiple of eight, not zero) at positions that are
/// distinct, ascending and below `2^depth`; at least one.
///
/// # Errors
/// [`MerkleError`] if rows or path are not as many as the positions need.
pub fn root(
    perm: &Perm,
    positions: &[u32],
    depth: usize,
    width: usize,
    rows: &[Val],
    path: &[Digest],
) -> Result<Root, MerkleError> {
    let expected = positions.len() * width;
    if rows.len() != expected || expected == 0 {
        return Err(MerkleError::Rows { expected, got: rows.len() });
    }
    let mut digests = hash_rows(perm, width, rows);
    let mut permutations = (rows.len() / RATE) as u64;
    let mut nodes = positions.to_vec();
    let mut siblings = path.iter();
    for _ in 0..depth {
        let pairs = pair(&mut nodes, &digests, &mut siblings);
        let pairs = pairs.ok_or(MerkleError::Path { got: path.len(), missing: true })?;
        permutations += pairs.len() as u64;
        digests = compress(perm, &pairs);
    }
    if siblings.next().is_some() {
        return Err(MerkleError::Path { got: path.len(), missing: false });
    }
    Ok(Root { digest: digests[0], permutations })
}

/// The children of all nodes above `nodes`, which become those; `None` when the siblings run out.
fn pair<'a>(
    nodes: &mut Vec<u32>,
    digests: &[Digest],
    siblings: &mut impl Iterator<Item = &'a Digest>,
) -> Option<Vec<[Digest; 2]>> {
    let mut pairs = Vec::with_capacity(nodes.len());
    let mut known = digests.iter();
    for pair in nodes.chunk_by(|left, right| left >> 1 == right >> 1) {
        let own = *known.next()?;
        pairs.push(match pair {
            [_, _, ..] => [own, *known.next()?],
            [even] if even & 1 == 0 => [own, *siblings.next()?],
            _ => [*siblings.next()?, own],
        });
    }
    nodes.iter_mut().for_each(|node| *node >>= 1);
    nodes.dedup();
    Some(pairs)
}

/// Digests of rows that lie one behind the other.
pub fn hash_rows(perm: &Perm, width: usize, rows: &[Val]) -> Vec<Digest> {
    let mut digests = Vec::with_capacity(rows.len() / width.max(1));
    for group in rows.chunks(width * Packed::WIDTH) {
        let count = group.len() / width;
        let mut state = [Packed::ZERO; PERM_WIDTH];
        for block in (0..width).step_by(RATE) {
            // A short group repeats its last row.
            let cell = |lane: usize, i: usize| group[lane.min(count - 1) * width + block + i];
            for (i, slot) in state[..RATE].iter_mut().enumerate() {
                *slot = Packed::from_fn(|lane| cell(lane, i));
            }
            perm.permute_mut(&mut state);
        }
        digests.extend((0..count).map(|lane| digest(&state, lane)));
    }
    digests
}

/// Digests of nodes from their children.
fn compress(perm: &Perm, pairs: &[[Digest; 2]]) -> Vec<Digest> {
    let mut digests = Vec::with_capacity(pairs.len());
    for group in pairs.chunks(Packed::WIDTH) {
        let child = |lane: usize, i: usize| group[lane.min(group.len() - 1)].as_flattened()[i];
        let mut state = core::array::from_fn(|i| Packed::from_fn(|lane| child(lane, i)));
        perm.permute_mut(&mut state);
        digests.extend((0..group.len()).map(|lane| digest(&state, lane)));
    }
    digests
}

fn digest(state: &[Packed; PERM_WIDTH], lane: usize) -> Digest {
    core::array::from_fn::<_, DIGEST_ELEMS, _>(|i| state[i].as_slice()[lane])
}
