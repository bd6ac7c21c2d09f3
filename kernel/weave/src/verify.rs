//! Checks what the prover sends: every message is read from the proof, absorbed, and used.

use p3_field::{BasedVectorSpace, Field, PrimeCharacteristicRing, PrimeField32, TwoAdicField};
use p3_symmetric::{CryptographicHasher, PseudoCompressionFunction};
use p3_util::reverse_bits_len;
use proofloom_field::{Challenge, Compress, Digest, Hash, Val, default_perm};

use crate::commit::pow;
use crate::folder::Folding;
use crate::gkr::{LeafClaim, foldings};
use crate::layout::{FIXED, LOG_COLUMNS, LOG_ROWS, Layout, MAIN, SHARED};
use crate::machine::{Machine, Table};
use crate::mle::{eq, eq_table};
use crate::rows::TableRows;
use crate::sponge::Transcript;
use crate::staged::{Challenges, TableClaims, Weights, evaluate_columns};
use crate::whir::{FINAL, GRINDING, ORACLES};

/// A row of one tree with its siblings.
#[derive(Clone, Debug)]
pub struct Opening {
    pub row: Vec<Val>,
    pub path: Vec<Digest>,
}

/// Everything that a prover sends.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    pub messages: Vec<Vec<Val>>,
    /// Per oracle and query, one opening a tree.
    pub openings: Vec<Vec<Vec<Opening>>>,
}

/// What a verifier knows of a proof beside its machine.
pub struct Known<'a> {
    pub fixed_root: Option<Digest>,
    pub log_heights: Vec<usize>,
    pub publics: &'a [Vec<Val>],
    /// Tables of closed form (their fixed columns are read here in place of the formula).
    pub tables: &'a [TableRows<'a>],
}

type Outcome<T> = Result<T, String>;

fn check(holds: bool, what: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

/// Reads the proof's messages in order and absorbs each.
struct Reader<'a> {
    messages: core::slice::Iter<'a, Vec<Val>>,
    transcript: Transcript,
}

impl Reader<'_> {
    fn elements(&mut self, len: usize) -> Outcome<Vec<Val>> {
        let message = self.messages.next().ok_or("a message is missing")?;
        check(message.len() == len, "a message has another length")?;
        self.transcript.absorb(message);
        Ok(message.clone())
    }
    fn ext(&mut self, len: usize) -> Outcome<Vec<Challenge>> {
        Ok(self.elements(5 * len)?.as_chunks::<5>().0.iter().map(|x| Challenge::from_basis_coefficients_fn(|d| x[d])).collect())
    }
    fn digest(&mut self) -> Outcome<Digest> {
        let words = self.elements(8)?;
        Ok(core::array::from_fn(|i| words[i]))
    }
    fn challenge(&mut self) -> Challenge {
        self.transcript.challenge()
    }
}

/// Accepts a proof, or says what is wrong with it.
pub fn verify<T: Table>(machine: &Machine<T>, known: &Known<'_>, proof: &Proof) -> Outcome<()> {
    let layout = Layout::new(&machine.shapes, &known.log_heights);
    let mut reader = Reader { messages: proof.messages.iter(), transcript: Transcript::new(b"proofloom/weave/v1") };
    let mut roots = [None; 3];
    for oracle in [MAIN, SHARED] {
        if layout.widths[oracle] > 0 {
            roots[oracle] = Some(reader.digest()?);
        }
    }
    if let Some(root) = known.fixed_root {
        roots[FIXED] = Some(root);
        reader.transcript.absorb(&root);
    }
    for values in known.publics {
        reader.transcript.absorb(values);
    }
    let (alpha, beta) = (reader.challenge(), reader.challenge());
    let foldings = foldings(machine, alpha, beta);
    let rows = known.log_heights.iter().copied().max().unwrap_or(0);
    let leaf = lookups(machine.sigma, rows, &mut reader)?;
    let (point, values) = staged(machine, known, &layout, &foldings, &leaf, &mut reader)?;
    let opened = reduction(&layout, &point, &values, &mut reader)?;
    whir(opened, roots, &layout, proof, &mut reader)?;
    check(reader.messages.next().is_none(), "there are messages behind the proof")
}

fn lookups(sigma: usize, rows: usize, reader: &mut Reader<'_>) -> Outcome<LeafClaim> {
    let first = reader.ext(4)?;
    let [p0, q0, p1, q1] = [first[0], first[1], first[2], first[3]];
    check(p0 * q1 + p1 * q0 == Challenge::ZERO, "the fractions do not add up to zero")?;
    check(q0 * q1 != Challenge::ZERO, "a denominator is zero")?;
    let rho = reader.challenge();
    let (mut p, mut q, mut point) = (p0 + rho * (p1 - p0), q0 + rho * (q1 - q0), vec![rho]);
    for l in 1..sigma + rows {
        let lambda = reader.challenge();
        let mut claim = lambda * p + q;
        let mut challenges = Vec::with_capacity(l + 1);
        for &x in &point {
            let message = reader.ext(2)?;
            let [b, c] = [message[0], message[1]];
            let a = claim - x * (b + c);
            let z = reader.challenge();
            claim = a + z * (b + z * c);
            challenges.push(z);
        }
        let values = reader.ext(4)?;
        let [p0, q0, p1, q1] = [values[0], values[1], values[2], values[3]];
        check(claim == lambda * (p0 * q1 + p1 * q0) + q0 * q1, "a layer does not end in its values")?;
        let rho = reader.challenge();
        challenges.push(rho);
        (p, q, point) = (p0 + rho * (p1 - p0), q0 + rho * (q1 - q0), challenges);
    }
    let row = point.split_off(sigma);
    Ok(LeafClaim { p, q, slot: point, row })
}

fn staged<T: Table>(
    machine: &Machine<T>,
    known: &Known<'_>,
    layout: &Layout,
    foldings: &[Folding],
    leaf: &LeafClaim,
    reader: &mut Reader<'_>,
) -> Outcome<(Vec<Challenge>, Vec<Challenge>)> {
    let (lambda, alpha) = (reader.challenge(), reader.challenge());
    let mut claim = leaf.p + lambda * (leaf.q - Challenge::ONE);
    let mut point = Vec::with_capacity(leaf.row.len());
    for &x in &leaf.row {
        let message = reader.ext(3)?;
        let [b, c, d] = [message[0], message[1], message[2]];
        let a = claim - x * (b + c + d);
        let r = reader.challenge();
        claim = a + r * (b + r * (c + r * d));
        point.push(r);
    }
    let values = reader.ext(layout.claims)?;
    let challenges = Challenges { lambda, alpha, slot: &leaf.slot };
    let mut sum = Challenge::ZERO;
    for (t, shape) in machine.shapes.iter().enumerate() {
        let height = known.log_heights[t];
        let mut claims = TableClaims {
            columns: vec![Challenge::ZERO; shape.width()],
            next: vec![Challenge::ZERO; shape.next.len()],
        };
        if shape.virtual_fixed {
            if let Some(fixed) = known.tables[t].fixed {
                claims.columns[..shape.fixed].copy_from_slice(&evaluate_columns(fixed, &point[..height]));
            }
        }
        for chunk in layout.chunks.iter().filter(|chunk| chunk.table == t) {
            let count = chunk.columns.len();
            for (i, &c) in chunk.columns.iter().enumerate() {
                claims.columns[c] = values[chunk.claim + i];
                if let Some(at) = shape.next.iter().position(|&next| next == c).filter(|_| chunk.next) {
                    claims.next[at] = values[chunk.claim + count + i];
                }
            }
        }
        let one = Challenge::ONE;
        let first = point[..height].iter().map(|&r| one - r).product();
        let last = point[..height].iter().copied().product();
        let above: Challenge = point[height..].iter().map(|&r| one - r).product();
        let weights = Weights::new(shape, &foldings[t], &challenges);
        sum += above * weights.summand(&machine.tables[t], shape, &known.publics[t], &claims, [first, last]);
    }
    check(claim == sum, "the rows do not have the values that the rounds end in")?;
    Ok((point, values))
}

/// Where oracle 0 is opened, and to what.
struct Opened {
    u: Vec<Challenge>,
    v: Vec<Challenge>,
    w: Vec<Challenge>,
    value: Challenge,
}

/// The multilinear extension of `eq(r, y - 1)`, cyclic.
fn shift(r: &[Challenge], y: &[Challenge]) -> Challenge {
    let one = Challenge::ONE;
    let (mut a, mut b) = (Challenge::ZERO, one);
    for (&r, &y) in r.iter().zip(y) {
        let same = (one - r) * (one - y) + r * y;
        (a, b) = (a * same + b * (one - r) * y, b * r * (one - y));
    }
    a + b
}

fn reduction(layout: &Layout, point: &[Challenge], values: &[Challenge], reader: &mut Reader<'_>) -> Outcome<Opened> {
    let lambda = reader.challenge();
    let powers: Vec<Challenge> = lambda.powers().take(values.len()).collect();
    let mut claim: Challenge = powers.iter().zip(values).map(|(&power, &value)| power * value).sum();
    let half = Challenge::TWO.inverse();
    let mut y = Vec::new();
    for _ in 0..LOG_ROWS + LOG_COLUMNS + 2 {
        let message = reader.ext(2)?;
        let [b, c] = [message[0], message[1]];
        let a = (claim - b - c) * half;
        let z = reader.challenge();
        claim = a + z * (b + z * c);
        y.push(z);
    }
    let value = reader.ext(1)?[0];
    let w = y.split_off(LOG_ROWS + LOG_COLUMNS);
    let oracles = eq_table(&w, Challenge::ONE);
    let mut weight = Challenge::ZERO;
    let one = Challenge::ONE;
    for chunk in &layout.chunks {
        let h = chunk.log_height;
        let g = chunk.columns.len().ilog2() as usize;
        let columns: Challenge =
            (0..g).map(|k| (one - y[h + k]) + lambda.exp_u64(1 << k) * y[h + k]).product();
        let place: Challenge = (h + g..LOG_ROWS + LOG_COLUMNS)
            .map(|i| if chunk.offset >> i & 1 == 1 { y[i] } else { one - y[i] })
            .product();
        let here = powers[chunk.claim] * eq(&point[..h], &y[..h]);
        let next = if chunk.next {
            powers[chunk.claim + chunk.columns.len()] * shift(&point[..h], &y[..h])
        } else {
            Challenge::ZERO
        };
        weight += (here + next) * columns * place * oracles[chunk.oracle];
    }
    check(claim == weight * value, "the claims do not have the value of the stacks")?;
    let v = y.split_off(LOG_ROWS);
    Ok(Opened { u: y, v, w, value })
}

fn check_path(root: &Digest, mut position: usize, opening: &Opening, depth: usize) -> Outcome<()> {
    check(opening.path.len() == depth, "a path has another length")?;
    let (hash, compress) = (Hash::new(default_perm()), Compress::new(default_perm()));
    let mut digest: Digest = hash.hash_slice(&opening.row);
    for &sibling in &opening.path {
        digest = if position & 1 == 0 { compress.compress([digest, sibling]) } else { compress.compress([sibling, digest]) };
        position >>= 1;
    }
    check(digest == *root, "a row is not in its tree")
}

fn whir(opened: Opened, roots: [Option<Digest>; 3], layout: &Layout, proof: &Proof, reader: &mut Reader<'_>) -> Outcome<()> {
    let mut claim = opened.value;
    let mut statements = vec![(Challenge::ONE, opened.u.clone())];
    let mut bound: Vec<Challenge> = Vec::new();
    let mut last_fold: Vec<Challenge> = Vec::new();
    let mut variables = LOG_ROWS;
    let mut oracle: Option<(Digest, usize, usize)> = None;
    let column_eq = eq_table(&opened.v, Challenge::ONE);
    let oracle_eq = eq_table(&opened.w, Challenge::ONE);
    let mut polynomial = Vec::new();
    check(proof.openings.len() == ORACLES.len(), "openings of another number of oracles")?;
    for (i, &(_, _, queries)) in ORACLES.iter().enumerate() {
        let mut next = None;
        match ORACLES.get(i + 1) {
            Some(&(k, log_blowup, _)) => next = Some((reader.digest()?, variables - k + log_blowup, 5 << k)),
            None => polynomial = reader.ext(1 << FINAL)?,
        }
        let _nonce = reader.elements(1)?;
        let blocks = (queries + 1).div_ceil(8);
        let drawn: Vec<Val> = (0..blocks).flat_map(|_| reader.transcript.squeeze()).collect();
        check(drawn[0].as_canonical_u32() & ((1 << GRINDING) - 1) == 0, "a nonce does not grind")?;
        let depth = oracle.map_or(LOG_ROWS + 1, |(_, depth, _)| depth);
        check(proof.openings[i].len() == queries, "another number of queries")?;
        let mut answers = Vec::with_capacity(queries);
        for (x, opening) in drawn[1..=queries].iter().zip(&proof.openings[i]) {
            let position = x.as_canonical_u32() as usize & ((1 << depth) - 1);
            let mut answer = Challenge::ZERO;
            match oracle {
                None => {
                    let trees: Vec<usize> = (0..3).filter(|&o| roots[o].is_some()).collect();
                    check(opening.len() == trees.len(), "another number of trees")?;
                    for (opening, o) in opening.iter().zip(trees) {
                        check(opening.row.len() == layout.widths[o], "a row has another length")?;
                        check_path(&roots[o].unwrap_or_default(), position, opening, depth)?;
                        let own: Challenge = opening.row.iter().zip(&column_eq).map(|(&x, &e)| e * x).sum();
                        answer += own * oracle_eq[o];
                    }
                }
                Some((root, depth, width)) => {
                    let [opening] = &opening[..] else { return Err("another number of trees".to_owned()) };
                    check(opening.row.len() == width, "a row has another length")?;
                    check_path(&root, position, opening, depth)?;
                    let weights = eq_table(&last_fold, Challenge::ONE);
                    for (x, &e) in opening.row.as_chunks::<5>().0.iter().zip(&weights) {
                        answer += e * Challenge::from_basis_coefficients_fn(|d| x[d]);
                    }
                }
            }
            answers.push((position, answer));
        }
        let delta = reader.challenge();
        let mut power = Challenge::ONE;
        for (position, answer) in answers {
            power *= delta;
            claim += power * answer;
            let z = Val::two_adic_generator(depth).exp_u64(reverse_bits_len(position, depth) as u64);
            statements.push((power, pow(z, variables).into_iter().map(Challenge::from).collect()));
        }
        let rounds = ORACLES.get(i + 1).map_or(FINAL, |shape| shape.0);
        last_fold.clear();
        for _ in 0..rounds {
            let message = reader.ext(2)?;
            let [b, c] = [message[0], message[1]];
            let a = (claim - b - c).halve();
            let z = reader.challenge();
            claim = a + z * (b + z * c);
            last_fold.insert(0, z);
            bound.insert(0, z);
            variables -= 1;
        }
        oracle = next;
    }
    let weight: Challenge = statements.iter().map(|(power, point)| *power * eq(point, &bound[..point.len()])).sum();
    // The polynomial is given by monomial coefficients.
    let monomials = bound[..FINAL].iter().fold(vec![Challenge::ONE], |mut all, &x| {
        let high: Vec<Challenge> = all.iter().map(|&m| m * x).collect();
        all.extend(high);
        all
    });
    let value: Challenge = polynomial.iter().zip(&monomials).map(|(&c, &m)| c * m).sum();
    check(claim == value * weight, "the last rounds do not end in the final polynomial")
}
