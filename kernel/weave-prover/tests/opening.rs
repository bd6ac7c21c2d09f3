//! Commitment, reduction and opening against direct evaluation.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing, TwoAdicField};
use p3_matrix::dense::RowMajorMatrix;
use p3_util::reverse_bits_len;
use proofloom_field::{Challenge, Digest, Val};
use proofloom_weave::{
    Arith, Check, Chunk, Columns, Group, Heights, Native, Opened, OracleProfile, Placement, Profile, TESTS, Transcript,
    Tree, TreeShape, Trees, chunks_of, cut, place, reduce as verify_reduction, whir as verify_opening,
};
use proofloom_weave_prover::commit::{Committed, encode, stack, to_coefficients};
use proofloom_weave_prover::cube::{moebius, shift_table, split, squares};
use proofloom_weave_prover::multilinear::eq_table;
use proofloom_weave_prover::reduce::{self, Reduction};
use proofloom_weave_prover::whir::{self, Opening};

const DOMAIN: &str = "proofloom/test/v1";

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
    fn val(&mut self) -> Val {
        Val::from_u64(self.next())
    }
    fn challenge(&mut self) -> Challenge {
        Challenge::from_basis_coefficients_fn(|_| self.val())
    }
    fn point(&mut self, count: usize) -> Vec<Challenge> {
        (0..count).map(|_| self.challenge()).collect()
    }
}

/// The value of a multilinear polynomial given on the cube.
fn evaluate(values: &[Challenge], point: &[Challenge]) -> Challenge {
    let mut values = values.to_vec();
    for &x in point {
        values = values.chunks(2).map(|pair| pair[0] + (pair[1] - pair[0]) * x).collect();
    }
    values[0]
}

/// A table: columns per group, of which the first `next` are read at the next row, and its height.
#[derive(Clone, Copy)]
struct Shape {
    columns: [usize; 3],
    next: [usize; 3],
    log_height: usize,
}

/// Columns of all tables, their claims at a point, and their commitments.
struct Case {
    profile: Profile,
    chunks: Vec<Chunk>,
    log_heights: Vec<usize>,
    placements: [Placement; 3],
    traces: [Vec<Option<RowMajorMatrix<Val>>>; 3],
    point: Vec<Challenge>,
    claims: Vec<Challenge>,
}

impl Case {
    fn new(profile: Profile, shapes: &[Shape], numbers: &mut Numbers) -> Self {
        let mut claim = 0;
        let mut chunks = Vec::new();
        let mut traces = [(); 3].map(|()| Vec::new());
        for (table, shape) in shapes.iter().enumerate() {
            for group in Group::ALL {
                let width = shape.columns[group as usize];
                let next: Vec<usize> = (0..shape.next[group as usize]).collect();
                chunks.extend(cut(table, group, width, &next, &mut claim));
                let cells = (0..width << shape.log_height).map(|_| numbers.val()).collect();
                traces[group as usize].push((width > 0).then(|| RowMajorMatrix::new(cells, width)));
            }
        }
        let log_heights: Vec<_> = shapes.iter().map(|shape| shape.log_height).collect();
        let placements =
            Group::ALL.map(|group| place(&chunks, group, &log_heights, &profile).expect("columns that fit the stacks"));
        let point = numbers.point(20);
        let mut case = Self { profile, chunks, log_heights, placements, traces, point, claims: vec![] };
        case.claims = case.true_claims(claim);
        case
    }

    /// Every column and next row evaluated on its own.
    fn true_claims(&self, count: usize) -> Vec<Challenge> {
        let mut claims = vec![Challenge::ZERO; count];
        for chunk in &self.chunks {
            let trace = self.traces[chunk.group as usize][chunk.table].as_ref().expect("a table with columns");
            let point = &self.point[..self.log_heights[chunk.table]];
            for (i, &column) in chunk.columns.iter().enumerate() {
                let mut values: Vec<Challenge> =
                    trace.values.iter().skip(column).step_by(trace.width).map(|&cell| cell.into()).collect();
                claims[chunk.first_claim + i] = evaluate(&values, point);
                if chunk.next {
                    values.rotate_left(1);
                    claims[chunk.first_next_claim() + i] = evaluate(&values, point);
                }
            }
        }
        claims
    }

    fn stacks(&self) -> [RowMajorMatrix<Val>; 3] {
        Group::ALL.map(|group| {
            let traces = self.traces[group as usize].iter().map(Option::as_ref).collect::<Vec<_>>();
            stack(&self.chunks, group, &self.placements[group as usize], &traces, &self.profile)
        })
    }

    fn prove(&self) -> Sent {
        let stacks = self.stacks();
        let rate = self.profile.oracles[0].log_inverse_rate;
        let committed = stacks.each_ref().map(|stack| (stack.width > 0).then(|| Committed::new(stack.clone(), rate)));
        self.prove_with(&stacks, &committed)
    }

    fn prove_with(&self, stacks: &[RowMajorMatrix<Val>; 3], committed: &[Option<Committed>; 3]) -> Sent {
        let mut transcript = Transcript::new(DOMAIN);
        let traces = self.traces.each_ref().map(|traces| traces.iter().map(Option::as_ref).collect());
        let columns = reduce::Columns {
            profile: &self.profile,
            chunks: &self.chunks,
            log_heights: &self.log_heights,
            placements: &self.placements,
            traces: &traces,
            stacks,
        };
        let reduction = reduce::prove(&columns, &self.point, &self.claims, &mut transcript);
        let roots = committed.each_ref().map(|tree| tree.as_ref().map_or(Digest::default(), Committed::root));
        let trees = committed.each_ref().map(Option::as_ref);
        let opening = whir::prove(&self.profile, trees, reduction.clone(), &mut transcript, &mut ());
        Sent { roots, reduction, opening, offsets: self.placements[Group::Main as usize].offsets.clone() }
    }

    fn verify(&self, sent: &Sent) -> Result<(), Check> {
        self.verify_about(sent, &self.log_heights)
    }

    fn verify_about(&self, sent: &Sent, log_heights: &[usize]) -> Result<(), Check> {
        let profile = &self.profile;
        let tape = sent.tape(profile);
        let widths = self.placements.each_ref().map(|placement| usize::from(placement.width));
        let mut trees: Vec<_> = (0..3)
            .map(|group| Tree { depth: profile.depth(0), width: widths[group], opened: &sent.opening.openings[group] })
            .collect();
        for oracle in 1..profile.oracles.len() {
            let width = 5 << profile.oracles[oracle].folded;
            trees.push(Tree { depth: profile.depth(oracle), width, opened: &sent.opening.openings[oracle + 2] });
        }
        let mut a = Native::new(DOMAIN, &tape, Trees::new(trees));
        let ranges = vec![(4, 20); log_heights.len()];
        let log: Vec<Val> = log_heights.iter().map(|&h| Val::from_usize(h)).collect();
        let heights = Heights::of_ranges(&mut a, &ranges, &log);
        let bits = |&offset: &u32| a.bits(Val::from_u32(offset), profile.address_variables());
        let offsets: Vec<_> = sent.offsets.iter().map(bits).collect();
        let columns = Columns { profile, chunks: &self.chunks, heights: &heights, offsets: &offsets };
        let reduced = verify_reduction::verify(&mut a, &columns, &self.point, &self.claims);
        let stack = |number: usize| {
            let (root, width) = (sent.roots[number], widths[number]);
            TreeShape { number, root, elements: Val::from_usize(width), width }
        };
        verify_opening::verify(&mut a, profile, &[stack(0), stack(1), stack(2)], &reduced);
        a.finish()
    }
}

/// Everything that was sent.
#[derive(Clone)]
struct Sent {
    roots: [Digest; 3],
    reduction: Reduction,
    opening: Opening,
    offsets: Vec<u32>,
}

impl Sent {
    /// The messages in protocol order.
    fn tape(&self, profile: &Profile) -> Vec<Val> {
        let mut tape = Vec::new();
        let mut push = |elements: &[Challenge]| {
            tape.extend(elements.iter().flat_map(|x| split(x).to_vec()));
        };
        push(&self.reduction.sent);
        push(&[self.reduction.reduced.value]);
        let mut folds = self.opening.folds.as_slice();
        let mut roots = self.opening.roots.iter();
        for (oracle, &nonce) in self.opening.nonces.iter().enumerate() {
            match roots.next() {
                Some(root) => tape.extend(root),
                None => tape.extend(self.opening.last.iter().flat_map(|x| split(x).to_vec())),
            }
            tape.push(nonce);
            let rounds = profile.oracles.get(oracle + 1).map_or(profile.log_final_length, |next| next.folded);
            let (now, later) = folds.split_at(2 * rounds);
            tape.extend(now.iter().flat_map(|x| split(x).to_vec()));
            folds = later;
        }
        tape
    }
}

/// Low stacks: everything is checked within milliseconds.
const SMALL: Profile = Profile {
    id: "small",
    stack_variables: 10,
    oracles: [
        OracleProfile { folded: 10, log_inverse_rate: 1, queries: 9 },
        OracleProfile { folded: 3, log_inverse_rate: 1, queries: 7 },
        OracleProfile { folded: 3, log_inverse_rate: 2, queries: 5 },
        OracleProfile { folded: 3, log_inverse_rate: 2, queries: 4 },
    ],
    grinding_bits: 3,
    log_final_length: 1,
    ..TESTS
};

fn shapes(heights: [usize; 4]) -> Vec<Shape> {
    let shape = |columns, next, log_height| Shape { columns, next, log_height };
    vec![
        shape([3, 0, 5], [0, 0, 2], heights[0]),
        shape([0, 6, 9], [0, 1, 0], heights[1]),
        shape([0, 0, 1], [0, 0, 1], heights[2]),
        shape([0, 0, 7], [0, 0, 7], heights[3]),
    ]
}

#[test]
fn true_claims_verify_at_all_heights() {
    let mut numbers = Numbers(1);
    for heights in [[4, 4, 4, 4], [4, 9, 6, 5], [8, 4, 10, 4], [10, 5, 4, 6], [7, 8, 6, 9]] {
        let case = Case::new(SMALL, &shapes(heights), &mut numbers);
        assert_eq!(case.verify(&case.prove()), Ok(()), "{heights:?}");
    }
    let case = Case::new(TESTS, &shapes([12, 10, 5, 8]), &mut numbers);
    assert_eq!(case.verify(&case.prove()), Ok(()));
}

#[test]
fn machines_without_fixed_or_shared_columns_verify() {
    let mut numbers = Numbers(2);
    let main_only = [Shape { columns: [0, 0, 11], next: [0, 0, 3], log_height: 7 }];
    let case = Case::new(SMALL, &main_only, &mut numbers);
    assert_eq!(case.verify(&case.prove()), Ok(()));
}

#[test]
fn the_reduced_value_is_that_of_the_stacks() {
    let case = Case::new(SMALL, &shapes([5, 9, 4, 7]), &mut Numbers(3));
    let Reduction { reduced, folded, .. } = case.prove().reduction;
    let oracles = eq_table(&reduced.w, Challenge::ONE);
    let columns = eq_table(&reduced.v, Challenge::ONE);
    let mut direct = Challenge::ZERO;
    let at = [2, 1, 0];
    for (group, stack) in case.stacks().iter().enumerate() {
        for (column, &weight) in columns.iter().enumerate().take(stack.width) {
            let values: Vec<Challenge> =
                stack.values.iter().skip(column).step_by(stack.width).map(|&cell| cell.into()).collect();
            direct += oracles[at[group]] * weight * evaluate(&values, &reduced.u);
        }
    }
    assert_eq!(reduced.value, direct);
    assert_eq!(evaluate(&folded, &reduced.u), direct);
}

#[test]
fn a_false_claim_is_refused() {
    let mut case = Case::new(SMALL, &shapes([5, 9, 4, 7]), &mut Numbers(4));
    for claim in 0..case.claims.len() {
        let honest = case.claims[claim];
        let sent = case.prove();
        case.claims[claim] += Challenge::ONE;
        assert!(case.verify(&sent).is_err(), "claim {claim} changed for the verifier");
        case.claims[claim] = honest;
    }
}

#[test]
fn the_next_row_is_cyclic() {
    let mut numbers = Numbers(5);
    for bits in 1..=6 {
        let (point, other) = (numbers.point(bits), numbers.point(bits));
        let column: Vec<Challenge> = numbers.point(1 << bits);
        let mut next = column.clone();
        next.rotate_left(1);
        let kernel = shift_table(&point);
        let sum: Challenge = column.iter().zip(&kernel).map(|(&a, &b)| a * b).sum();
        assert_eq!(sum, evaluate(&next, &point));
        // Its closed form, as "Reduction" has it.
        let (mut settled, mut carrying) = (Challenge::ZERO, Challenge::ONE);
        for (&r, &y) in point.iter().zip(&other) {
            let equal = (Challenge::ONE - r) * (Challenge::ONE - y) + r * y;
            settled = settled * equal + carrying * (Challenge::ONE - r) * y;
            carrying *= r * (Challenge::ONE - y);
        }
        assert_eq!(evaluate(&kernel, &other), settled + carrying);
    }
}

#[test]
fn codewords_are_the_values_of_the_multilinear_polynomials() {
    let mut numbers = Numbers(6);
    for (rows, rate) in [(4, 1), (6, 1), (5, 2), (0, 1)] {
        let width = 8;
        let cells: Vec<Val> = (0..width << rows).map(|_| numbers.val()).collect();
        let codewords = encode(RowMajorMatrix::new(cells.clone(), width), rate);
        let depth = rows + rate;
        for position in 0..1usize << depth {
            let z = Val::two_adic_generator(depth).exp_u64(reverse_bits_len(position, depth) as u64);
            let point: Vec<Challenge> = squares(z, rows).into_iter().map(Challenge::from).collect();
            for column in 0..width {
                let values: Vec<Challenge> = cells.iter().skip(column).step_by(width).map(|&c| c.into()).collect();
                assert_eq!(Challenge::from(codewords.values[position * width + column]), evaluate(&values, &point));
            }
        }
    }
}

#[test]
fn coefficients_give_the_values_back() {
    let mut numbers = Numbers(7);
    let mut cells: Vec<Val> = (0..8 << 10).map(|_| numbers.val()).collect();
    let values = cells.clone();
    to_coefficients(&mut cells, 8);
    // The value at a corner is the sum of the coefficients of all monomials that are not zero there.
    for corner in [0usize, 1, 5, 512, 1023] {
        let sum: Val = (0..1024).filter(|j| j & !corner == 0).map(|j: usize| cells[j * 8 + 3]).sum();
        assert_eq!(sum, values[corner * 8 + 3]);
    }
    let mut challenges = numbers.point(16);
    let before = challenges.clone();
    moebius(&mut challenges);
    let sum: Challenge = challenges.iter().copied().sum();
    assert_eq!(sum, before[15]);
}

#[test]
fn the_domains_generators_are_those_of_the_specification() {
    assert_eq!(Val::two_adic_generator(24), Val::from_u32(0x6ac4_9f88));
    for order in 1..=24 {
        assert_eq!(Val::two_adic_generator(order).square(), Val::two_adic_generator(order - 1));
    }
}

/// One element changed, everywhere in what is sent.
#[test]
fn every_changed_element_is_refused() {
    let case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(8));
    let honest = case.prove();
    let refused = |what: &str, change: &dyn Fn(&mut Sent)| {
        let mut sent = honest.clone();
        change(&mut sent);
        assert!(case.verify(&sent).is_err(), "{what}");
    };
    let bump = |x: &mut Challenge, d: usize| *x += Challenge::from_basis_coefficients_fn(|i| Val::from_bool(i == d));
    for d in 0..5 {
        for i in 0..honest.reduction.sent.len() {
            refused("reduction", &|s| bump(&mut s.reduction.sent[i], d));
        }
        refused("value", &|s| bump(&mut s.reduction.reduced.value, d));
        for i in 0..honest.opening.folds.len() {
            refused("folds", &|s| bump(&mut s.opening.folds[i], d));
        }
        for i in 0..honest.opening.last.len() {
            refused("last polynomial", &|s| bump(&mut s.opening.last[i], d));
        }
    }
    for d in 0..8 {
        for i in 0..honest.opening.roots.len() {
            refused("root", &|s| s.opening.roots[i][d] += Val::ONE);
        }
        for group in 0..3 {
            refused("stack's root", &|s| s.roots[group][d] += Val::ONE);
        }
    }
    for i in 0..honest.opening.nonces.len() {
        refused("nonce", &|s| s.opening.nonces[i] += Val::ONE);
    }
    for tree in 0..honest.opening.openings.len() {
        for i in 0..honest.opening.openings[tree].rows.len() {
            refused("row", &|s| s.opening.openings[tree].rows[i] += Val::ONE);
        }
        for i in 0..honest.opening.openings[tree].path.len() {
            refused("path", &|s| s.opening.openings[tree].path[i][i % 8] += Val::ONE);
        }
        refused("a row more", &|s| s.opening.openings[tree].rows.extend([Val::ZERO; 8]));
        refused("an element less", &|s| s.opening.openings[tree].rows.truncate(7));
        refused("a sibling more", &|s| s.opening.openings[tree].path.push(Digest::default()));
        refused("a sibling less", &|s| s.opening.openings[tree].path.truncate(1));
        refused("nothing opened", &|s| s.opening.openings[tree] = Opened::default());
    }
    for i in 0..honest.offsets.len() {
        for bit in 0..SMALL.address_variables() {
            // Bits below the chunk's size are no part of its place.
            let chunk = chunks_of(&case.chunks, Group::Main).nth(i).expect("a chunk for each offset");
            if bit >= case.log_heights[chunk.table] + chunk.log_columns {
                refused("offset", &|s| s.offsets[i] ^= 1 << bit);
            }
        }
    }
}

#[test]
fn a_nonce_is_the_smallest_that_fits() {
    let case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(9));
    let (one, other) = (case.prove(), case.prove());
    assert_eq!(one.opening, other.opening);
    let small = |nonce: &Val| *nonce < Val::from_u32(200);
    assert!(one.opening.nonces.iter().all(small), "with three bits a nonce beyond 200 is one in 10^11");
}

#[test]
fn the_shared_root_is_refused_under_another_layout() {
    let case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(10));
    let sent = case.prove();
    // Table 1 has the shared columns.
    for height in [4, 5, 7, 8] {
        let mut heights = case.log_heights.clone();
        heights[1] = height;
        assert!(case.verify_about(&sent, &heights).is_err(), "height {height}");
    }
}

/// The prover commits a shared stack of another width: its rows have another length.
#[test]
fn another_width_of_the_shared_stack_is_refused() {
    let case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(11));
    let mut wide = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(11));
    wide.placements[Group::Shared as usize].width += 8;
    let sent = wide.prove();
    assert_eq!(wide.verify(&sent), Ok(()), "consistent in itself");
    assert_eq!(case.verify(&sent), Err(Check::Opening));
}

#[test]
fn overlapping_and_other_offsets_verify_with_consistent_data() {
    let mut case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(12));
    let main = Group::Main as usize;
    // Everything moves up by the largest chunk's size.
    let placement = &mut case.placements[main];
    let step = 8 << 10;
    placement.offsets.iter_mut().for_each(|offset| *offset += step);
    placement.width += 8;
    assert_eq!(case.verify(&case.prove()), Ok(()));
    // Two chunks of one shape share a block, and have the same columns.
    let shape = Shape { columns: [0, 0, 2], next: [0, 0, 0], log_height: 5 };
    let mut twice = Case::new(SMALL, &[shape, shape], &mut Numbers(13));
    twice.traces[main][1] = twice.traces[main][0].clone();
    twice.claims = twice.true_claims(4);
    twice.placements[main].offsets = vec![64, 64];
    assert_eq!(twice.verify(&twice.prove()), Ok(()));
    // With other columns in the second table it is refused.
    let honest = twice.prove();
    twice.claims[3] += Challenge::ONE;
    assert!(twice.verify(&honest).is_err());
}

#[test]
fn a_point_taken_without_bit_reversal_is_refused() {
    let case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(14));
    let stacks = case.stacks();
    let natural = stacks.each_ref().map(|stack| {
        let codewords = encode(stack.clone(), 1);
        let depth = SMALL.depth(0);
        let row = |i: usize| &codewords.values[reverse_bits_len(i, depth) * stack.width..][..stack.width];
        let cells = (0..1 << depth).flat_map(row).copied().collect();
        Some(Committed::of_codewords(RowMajorMatrix::new(cells, stack.width)))
    });
    assert_eq!(case.verify(&case.prove_with(&stacks, &natural)), Err(Check::Final));
}

/// A stacked column whose codeword is no codeword at all: as far from the code as words are.
#[test]
fn words_far_from_the_code_are_refused() {
    let case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(15));
    let (stacks, mut numbers) = (case.stacks(), Numbers(16));
    let spoiled = stacks.each_ref().map(|stack| {
        let mut codewords = encode(stack.clone(), 1);
        for row in codewords.values.chunks_exact_mut(stack.width) {
            row[0] = numbers.val();
        }
        Some(Committed::of_codewords(codewords))
    });
    assert_eq!(case.verify(&case.prove_with(&stacks, &spoiled)), Err(Check::Final));
}

/// The prover goes on with a column whose values are not in the base field, of which it committed one coordinate.
#[test]
fn columns_beyond_the_base_field_are_refused() {
    let mut case = Case::new(SMALL, &shapes([5, 6, 4, 5]), &mut Numbers(17));
    let stacks = case.stacks();
    let committed = stacks.each_ref().map(|stack| Some(Committed::new(stack.clone(), 1)));
    let trees = committed.each_ref().map(Option::as_ref);
    let mut honest = case.prove_with(&stacks, &committed);
    // Main's first column is f + X e, e the function that is one everywhere, so its claim is off by X.
    let chunk = chunks_of(&case.chunks, Group::Main).next().expect("a chunk of main");
    let x = Challenge::from_basis_coefficients_fn(|i| Val::from_bool(i == 1));
    case.claims[chunk.first_claim] += x;
    assert_eq!(case.verify(&honest), Err(Check::Reduction), "the rounds without the coordinate");
    case.claims[chunk.first_claim] -= x;
    // The rounds as for the true columns, then an opening of what they would be with the coordinate.
    honest.reduction.folded.iter_mut().for_each(|value| *value += x);
    honest.reduction.reduced.value += x;
    let mut transcript = Transcript::new(DOMAIN);
    let _ = transcript.challenge();
    for message in honest.reduction.sent.chunks(2) {
        transcript.absorb_challenges(message);
        let _ = transcript.challenge();
    }
    transcript.absorb_challenges(&[honest.reduction.reduced.value]);
    honest.opening = whir::prove(&SMALL, trees, honest.reduction.clone(), &mut transcript, &mut ());
    assert!(case.verify(&honest).is_err());
}
