//! Opened rows of a proof's trees, and the check that they lead to their roots.

use proofloom_field::{Digest, Perm, Val, default_perm};

use crate::merkle::root;
use crate::native::Openings;

/// Rows of one tree at the distinct positions of its queries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// Ascending in position, one behind the other.
    pub rows: Vec<Val>,
    /// The siblings that no opened row lies under: level by level from the leaves, ascending in a level.
    pub path: Vec<Digest>,
}

/// An opened tree.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    pub depth: usize,
    /// Elements of a row; 0 if there is no such tree.
    pub width: usize,
    pub opened: &'a Opened,
}

/// Expands the openings of all trees to one row a position.
#[derive(Clone, Debug)]
pub struct Trees<'a> {
    trees: Vec<Tree<'a>>,
    permutation: Perm,
    permutations: u64,
}

impl<'a> Trees<'a> {
    /// Of trees by number.
    pub fn new(trees: Vec<Tree<'a>>) -> Self {
        Self { trees, permutation: default_perm(), permutations: 0 }
    }

    /// Permutations that were computed so far.
    pub const fn permutations(&self) -> u64 {
        self.permutations
    }
}

impl Openings for Trees<'_> {
    fn rows(&mut self, tree: usize, expected: &Digest, positions: &[u32]) -> Option<Vec<Vec<Val>>> {
        let Tree { depth, width, opened } = *self.trees.get(tree)?;
        let mut distinct = positions.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let found = root(&self.permutation, &distinct, depth, width, &opened.rows, &opened.path).ok()?;
        self.permutations += found.permutations;
        let row = |position: &u32| {
            let at = distinct.binary_search(position).ok()?;
            Some(opened.rows[at * width..][..width].to_vec())
        };
        if found.digest == *expected { positions.iter().map(row).collect() } else { None }
    }
}
