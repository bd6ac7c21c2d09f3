//! The root that opened rows lead to, with the nodes that were sent beside their paths.
//!
//! An opening of many rows sends the nodes next to a path that no opened row lies under: level by
//! level from the leaves, ascending in a level. Which these are follows from the positions alone. So
//! the whole walk is planned before anything is hashed, and then hashed a level at a time.

use std::ops::Range;

use p3_matrix::Dimensions;
use p3_merkle_tree::{MerkleTreeError, PrunedProofError};
use p3_symmetric::{CryptographicHasher, PseudoCompressionFunction};
use p3_util::log2_ceil_usize;
use proofloom_field::{Digest, Val};

use super::ValMmcs;

/// Rows that are gathered for one call of the hash: several times what it takes at once.
const GATHERED_ROWS: usize = 16;

/// A node that opened leaves lie under.
struct Node {
    /// Position in its level.
    index: usize,
    /// The opened leaves below, as indices among the distinct ones.
    leaves: Range<usize>,
    /// Where its two children come from; the leaves have none.
    children: [Child; 2],
}

#[derive(Clone, Copy)]
enum Child {
    /// The n-th node of the level below.
    Computed(usize),
    /// The n-th digest of the proof.
    Sent(usize),
}

/// All levels, from the leaves at `positions` (ascending and distinct) to the root.
fn plan(positions: &[usize], depth: usize, sent: usize) -> Result<Vec<Vec<Node>>, PrunedProofError> {
    let leaf =
        |(leaf, &index): (usize, &usize)| Node { index, leaves: leaf..leaf + 1, children: [Child::Computed(leaf); 2] };
    let mut levels: Vec<Vec<Node>> = vec![positions.iter().enumerate().map(leaf).collect()];
    let mut needed = 0;
    for level in 0..depth {
        levels.push(parents(&levels[level], &mut needed));
    }
    if needed != sent {
        return Err(PrunedProofError::SiblingCountMismatch { expected: needed, got: sent });
    }
    Ok(levels)
}

/// The nodes above; `sent` counts the digests that are needed besides the computed ones.
fn parents(nodes: &[Node], sent: &mut usize) -> Vec<Node> {
    let mut first = 0;
    let parent = |pair: &[Node]| {
        let last = first + pair.len() - 1;
        let mut children = [Child::Computed(first), Child::Computed(last)];
        if let [one] = pair {
            children[(one.index + 1) % 2] = Child::Sent(*sent);
            *sent += 1;
        }
        first = last + 1;
        Node { index: pair[0].index / 2, leaves: pair[0].leaves.start..pair[pair.len() - 1].leaves.end, children }
    };
    let pairs = nodes.chunk_by(|left, right| left.index / 2 == right.index / 2);
    pairs.map(parent).collect()
}

/// The distinct positions, ascending, each with its rows.
///
/// Who asks for a leaf twice must be answered the same twice.
fn distinct<'a, R: PartialEq>(
    indices: &[usize],
    rows: &'a [Vec<R>],
) -> Result<(Vec<usize>, Vec<&'a [R]>), MerkleTreeError> {
    if indices.len() != rows.len() {
        return Err(MerkleTreeError::WrongBatchSize { expected: indices.len(), got: rows.len() });
    }
    let mut asked: Vec<_> = indices.iter().copied().zip(rows.iter().map(Vec::as_slice)).collect();
    asked.sort_by_key(|&(position, _)| position);
    let mut leaves: (Vec<usize>, Vec<&[R]>) = Default::default();
    for (position, rows) in asked {
        let slot = leaves.0.len().wrapping_sub(1);
        if leaves.0.last() != Some(&position) {
            leaves.0.push(position);
            leaves.1.push(rows);
        } else if leaves.1[slot] != rows {
            return Err(PrunedProofError::InconsistentDuplicateOpenings { slot }.into());
        }
    }
    Ok(leaves)
}

/// One row per matrix, of its width: where rows end is known from this alone.
fn check_widths<R: AsRef<[Val]>>(dimensions: &[Dimensions], rows: &[R]) -> Result<(), MerkleTreeError> {
    if rows.len() != dimensions.len() {
        return Err(MerkleTreeError::WrongBatchSize { expected: dimensions.len(), got: rows.len() });
    }
    let widths = dimensions.iter().map(|matrix| matrix.width);
    let got = rows.iter().map(|row| row.as_ref().len());
    for (matrix, (expected, got)) in widths.zip(got).enumerate() {
        if expected != got {
            return Err(MerkleTreeError::WrongWidth { matrix, expected, got });
        }
    }
    Ok(())
}

/// Leaves below one node must have been answered the same for the matrices that join there.
fn check_joined<R: PartialEq>(nodes: &[Node], matrices: &[usize], leaves: &[&[R]]) -> Result<(), PrunedProofError> {
    for node in nodes {
        let first = leaves[node.leaves.start];
        for slot in node.leaves.clone().skip(1) {
            for &matrix in matrices {
                if leaves[slot][matrix] != first[matrix] {
                    return Err(PrunedProofError::InconsistentGroupOpening { slot, matrix });
                }
            }
        }
    }
    Ok(())
}

fn check_positions(positions: &[usize], height: usize) -> Result<(), MerkleTreeError> {
    match positions.last() {
        Some(&index) if index >= height => Err(MerkleTreeError::IndexOutOfBounds { max_height: height, index }),
        _ => Ok(()),
    }
}

/// The matrices whose rows join the tree this many levels below its root, in commitment order.
fn joining(dimensions: &[Dimensions], depth: usize) -> Vec<usize> {
    let joins = |&matrix: &usize| log2_ceil_usize(dimensions[matrix].height) == depth;
    (0..dimensions.len()).filter(joins).collect()
}

impl ValMmcs {
    /// The root above the opened rows, in a tree with `depth` levels below it; `None` where no row
    /// was asked for. Upstream has admitted the heights.
    ///
    /// # Errors
    /// Rows or a proof that no tree of these dimensions opens at these positions.
    pub(super) fn root<R: AsRef<[Val]> + PartialEq>(
        &self,
        dimensions: &[Dimensions],
        depth: usize,
        indices: &[usize],
        rows: &[Vec<R>],
        sent: &[Digest],
    ) -> Result<Option<Digest>, MerkleTreeError> {
        let (positions, leaves) = distinct(indices, rows)?;
        let height = dimensions.iter().map(|matrix| matrix.height).max();
        check_positions(&positions, height.unwrap_or(0))?;
        for rows in &leaves {
            check_widths(dimensions, rows)?;
        }
        let mut digests = Vec::new();
        for (level, nodes) in plan(&positions, depth, sent.len())?.iter().enumerate() {
            let matrices = joining(dimensions, depth - level);
            if level > 0 {
                digests = self.compress_children(nodes, &digests, sent);
            }
            if matrices.is_empty() {
                continue;
            }
            check_joined(nodes, &matrices, &leaves)?;
            let rows = self.hash_rows(nodes, &matrices, &leaves);
            digests = match level {
                0 => rows,
                _ => self.compress_all(digests.into_iter().zip(rows).map(<[_; 2]>::from)),
            };
        }
        Ok(digests.first().copied())
    }

    /// Digests of the rows of `matrices` below each node.
    fn hash_rows<R: AsRef<[Val]>>(&self, nodes: &[Node], matrices: &[usize], leaves: &[&[R]]) -> Vec<Digest> {
        let mut digests = vec![Digest::default(); nodes.len()];
        let mut gathered = Vec::new();
        for (nodes, digests) in nodes.chunks(GATHERED_ROWS).zip(digests.chunks_mut(GATHERED_ROWS)) {
            gathered.clear();
            for node in nodes {
                let rows = leaves[node.leaves.start];
                for &matrix in matrices {
                    gathered.extend_from_slice(rows[matrix].as_ref());
                }
            }
            self.hash.hash_many(&gathered, digests);
        }
        digests
    }

    /// Digests of nodes from those of the level below.
    fn compress_children(&self, nodes: &[Node], below: &[Digest], sent: &[Digest]) -> Vec<Digest> {
        let child = |child| match child {
            Child::Computed(node) => below[node],
            Child::Sent(digest) => sent[digest],
        };
        self.compress_all(nodes.iter().map(|node| node.children.map(child)))
    }

    fn compress_all(&self, pairs: impl Iterator<Item = [Digest; 2]>) -> Vec<Digest> {
        let pairs: Vec<_> = pairs.collect();
        let mut digests = vec![Digest::default(); pairs.len()];
        self.compress.compress_many(&pairs, &mut digests);
        digests
    }
}
