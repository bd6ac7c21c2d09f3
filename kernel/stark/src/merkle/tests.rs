//! What verifies here is what upstream verifies, and nothing else.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use p3_symmetric::MerkleCap;
use proofloom_field::Digest;

use super::*;
use crate::config::engine;

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % bound
    }
}

/// An opening with everything that its verifier is given.
#[derive(Clone)]
struct Case {
    root: MerkleCap<Val, Digest>,
    dimensions: Vec<Dimensions>,
    indices: Vec<usize>,
    rows: Vec<Vec<Vec<Val>>>,
    proof: <ValMmcs as Mmcs<Val>>::MultiProof,
}

impl Case {
    /// Matrices of several heights, opened at positions of which some may be equal.
    fn honest(numbers: &mut Numbers) -> Self {
        let tallest = numbers.below(7);
        let mut heights: Vec<_> = (0..numbers.below(4)).map(|_| 1 << numbers.below(tallest + 1)).collect();
        heights.insert(numbers.below(heights.len() + 1), 1 << tallest);
        let mut matrix = |&height: &usize| {
            let width = 1 + numbers.below(19);
            let cells = (0..width * height).map(|_| Val::from_usize(numbers.below(1 << 30)));
            RowMajorMatrix::new(cells.collect(), width)
        };
        let matrices: Vec<_> = heights.iter().map(&mut matrix).collect();
        let dimensions = matrices.iter().map(Matrix::dimensions).collect();
        let indices: Vec<_> = (0..numbers.below(24)).map(|_| numbers.below(1 << tallest)).collect();
        let (root, tree) = engine().mmcs.commit(matrices);
        let (rows, proof) = engine().mmcs.open_multi_batch(&indices, &tree);
        Self { root, dimensions, indices, rows, proof }
    }

    /// Whether it verifies, here and upstream.
    fn verify(&self) -> (bool, bool) {
        let mmcs = &engine().mmcs;
        let Self { root, dimensions, indices, rows, proof } = self;
        let here = mmcs.verify_multi_batch(root, dimensions, indices, rows, proof);
        let upstream = mmcs.tree.verify_multi_batch(root, dimensions, indices, rows, proof);
        (here.is_ok(), upstream.is_ok())
    }
}

const CHANGES: usize = 14;

/// One change that makes the opening another, or `None` where the case has nothing to change.
fn change(case: &mut Case, kind: usize, numbers: &mut Numbers) -> Option<()> {
    let sent = &mut case.proof.sibling_hashes;
    let at = |len: usize, numbers: &mut Numbers| (len > 0).then(|| numbers.below(len.max(1)));
    let query = at(case.rows.len(), numbers)?;
    let matrix = numbers.below(case.dimensions.len());
    match kind {
        0 => case.rows[query][matrix][0] += Val::ONE,
        1 => case.rows[query][matrix].push(Val::ZERO),
        2 => drop(case.rows[query][matrix].pop()),
        3 => drop(case.rows[query].pop()),
        4 => case.rows[query].push(vec![Val::ONE]),
        5 => drop(case.rows.pop()),
        6 => drop(case.indices.pop()),
        7 => sent.push(Digest::default()),
        8 => drop(sent.pop()?),
        9 => {
            let digest = at(sent.len(), numbers)?;
            sent[digest][numbers.below(DIGEST_ELEMS)] += Val::ONE;
        }
        10 => {
            let (one, other) = (at(sent.len(), numbers)?, at(sent.len(), numbers)?);
            (sent[one] != sent[other]).then(|| sent.swap(one, other))?;
        }
        11 => {
            let moved = case.indices[query] ^ 1;
            case.indices[query] = moved;
        }
        12 => case.root = MerkleCap::new(vec![[Val::ONE; DIGEST_ELEMS]]),
        // A value handed from one matrix to the next: the tree may hash the same elements.
        _ => {
            (case.dimensions.len() > 1).then_some(())?;
            let value = case.rows[query][0].pop()?;
            case.rows[query][1].insert(0, value);
        }
    }
    Some(())
}

#[test]
fn honest_openings_verify() {
    let mut numbers = Numbers(1);
    for _ in 0..200 {
        assert_eq!(Case::honest(&mut numbers).verify(), (true, true));
    }
}

#[test]
fn every_change_is_refused() {
    let mut numbers = Numbers(2);
    for kind in 0..CHANGES {
        let mut changed = 0;
        while changed < 40 {
            let mut case = Case::honest(&mut numbers);
            if change(&mut case, kind, &mut numbers).is_some() {
                assert_eq!(case.verify(), (false, false), "change {kind}");
                changed += 1;
            }
        }
    }
}

#[test]
fn impossible_dimensions_and_positions_are_refused() {
    let mut numbers = Numbers(3);
    let case = loop {
        let case = Case::honest(&mut numbers);
        if case.dimensions.len() > 1 && !case.indices.is_empty() {
            break case;
        }
    };
    let refused = |spoil: &dyn Fn(&mut Case)| {
        let mut case = case.clone();
        spoil(&mut case);
        assert_eq!(case.verify(), (false, false));
    };
    refused(&|case| case.dimensions.clear());
    refused(&|case| case.dimensions.truncate(1));
    refused(&|case| case.dimensions[0].height = 0);
    refused(&|case| case.dimensions[1].height += 1);
    refused(&|case| case.dimensions.iter_mut().for_each(|matrix| matrix.height *= 2));
    refused(&|case| case.indices[0] = usize::MAX);
    refused(&|case| case.indices[0] += 1 << 20);
}

/// Two leaves below one row of a shorter matrix: both answers about it count, not the first alone.
#[test]
fn rows_that_queries_share_must_be_equal() {
    let matrices = [(4, 2), (2, 3)]
        .map(|(height, width)| RowMajorMatrix::new((0..height * width).map(Val::from_usize).collect(), width));
    let mmcs = &engine().mmcs;
    let (root, tree) = mmcs.commit(matrices.to_vec());
    let indices = vec![1, 0, 1];
    let (rows, proof) = mmcs.open_multi_batch(&indices, &tree);
    let dimensions = matrices.iter().map(Matrix::dimensions).collect();
    let case = Case { root, dimensions, indices, rows, proof };
    assert_eq!(case.verify(), (true, true));
    for (query, matrix) in [(0, 0), (0, 1), (1, 1), (2, 0), (2, 1)] {
        let mut spoiled = case.clone();
        spoiled.rows[query][matrix][1] += Val::ONE;
        assert_eq!(spoiled.verify(), (false, false), "query {query}, matrix {matrix}");
    }
}

#[test]
fn openings_of_heights_that_are_no_powers_of_two_verify() {
    let matrix = |height: usize| RowMajorMatrix::new((0..height).map(Val::from_usize).collect(), 1);
    let mmcs = &engine().mmcs;
    for (tallest, low) in [(5, 3), (7, 2), (11, 6), (3, 1)] {
        let matrices = vec![matrix(low), matrix(tallest)];
        let dimensions = matrices.iter().map(Matrix::dimensions).collect();
        let (root, tree) = mmcs.commit(matrices);
        for indices in [vec![tallest - 1], vec![0, tallest - 2, tallest - 1]] {
            let (rows, proof) = mmcs.open_multi_batch(&indices, &tree);
            let case = Case { root: root.clone(), dimensions: Clone::clone(&dimensions), indices, rows, proof };
            assert_eq!(case.verify(), (true, true), "heights {tallest} and {low}");
        }
    }
}
