//! Merkle hashing, four messages at a time.
//!
//! The digests are those of `PaddingFreeSponge` and `TruncatedPermutation` over [`Poseidon2`].
//! Those gather a packed row one element per row at a time; here four rows are read as vectors and
//! transposed, and by announcing [`LANES`] messages per call the tree hands over whole rows.

use p3_symmetric::{CryptographicHasher, PaddingFreeSponge, PseudoCompressionFunction, TruncatedPermutation};

use super::element::Elem;
use super::lanes::{LANES, V, splat, transpose};
use super::packed::PackedElem;
use super::poseidon2::{Poseidon2, WIDTH, permute_four};

const RATE: usize = 8;
const DIGEST_ELEMS: usize = 8;

type Digest<T> = [T; DIGEST_ELEMS];

/// Leaf hash: overwrite-mode sponge without padding, for rows of a length fixed by the protocol.
#[derive(Clone, Copy, Debug)]
pub struct RowHash {
    permutation: Poseidon2,
}

impl RowHash {
    /// The hash over `permutation`.
    pub const fn new(permutation: Poseidon2) -> Self {
        Self { permutation }
    }

    const fn sponge(&self) -> PaddingFreeSponge<Poseidon2, WIDTH, RATE, DIGEST_ELEMS> {
        PaddingFreeSponge::new(self.permutation)
    }
}

impl CryptographicHasher<Elem, Digest<Elem>> for RowHash {
    const LANES: usize = LANES;

    fn hash_iter<I: IntoIterator<Item = Elem>>(&self, input: I) -> Digest<Elem> {
        self.sponge().hash_iter(input)
    }

    fn hash_many(&self, input: &[Elem], out: &mut [Digest<Elem>]) {
        if out.is_empty() {
            return;
        }
        assert!(
            input.len().is_multiple_of(out.len()),
            "input length ({}) must be a whole multiple of the digest count ({})",
            input.len(),
            out.len()
        );
        let len = input.len() / out.len();
        for (group, digests) in out.chunks_mut(LANES).enumerate() {
            let first = group * LANES;
            let message = |i: usize| &input[(first + i) * len..][..len];
            match digests {
                [digest] => *digest = self.hash_slice(message(0)),
                _ => {
                    // A short group repeats its last message.
                    let last = digests.len() - 1;
                    let all = hash_four(core::array::from_fn(|lane| message(lane.min(last))));
                    digests.copy_from_slice(&all[..=last]);
                }
            }
        }
    }
}

impl CryptographicHasher<PackedElem, Digest<PackedElem>> for RowHash {
    fn hash_iter<I: IntoIterator<Item = PackedElem>>(&self, input: I) -> Digest<PackedElem> {
        self.sponge().hash_iter(input)
    }
}

/// Digests of four messages of equal length.
fn hash_four(messages: [&[Elem]; LANES]) -> [Digest<Elem>; LANES] {
    let len = messages[0].len();
    let mut state = [splat(0); WIDTH];
    for block in 0..len / RATE {
        let quads = |q: usize| messages.map(|m| load(m, block * RATE + q * LANES));
        put_quad(&mut state, 0, quads(0));
        put_quad(&mut state, LANES, quads(1));
        permute_four(&mut state);
    }
    if !len.is_multiple_of(RATE) {
        absorb_tail(&mut state, messages.map(|m| &m[len - len % RATE..]));
        permute_four(&mut state);
    }
    squeeze(&state)
}

/// Overwrite the head of the rate with fewer than [`RATE`] elements per message.
fn absorb_tail(state: &mut [V; WIDTH], tails: [&[Elem]; LANES]) {
    for (i, slot) in state.iter_mut().enumerate().take(tails[0].len()) {
        *slot = PackedElem(tails.map(|t| t[i])).to_vector();
    }
}

/// Four consecutive elements of a message.
#[inline(always)]
fn load(message: &[Elem], at: usize) -> V {
    let quad = message[at..at + LANES].try_into();
    PackedElem(quad.expect("the range has four elements")).to_vector()
}

/// Write state elements `at..at + 4` of four states, given one vector per state.
#[inline(always)]
fn put_quad(state: &mut [V; WIDTH], at: usize, rows: [V; LANES]) {
    state[at..at + LANES].copy_from_slice(&transpose(rows));
}

/// The first eight elements of each of four states.
#[inline(always)]
fn squeeze(state: &[V; WIDTH]) -> [Digest<Elem>; LANES] {
    let low = transpose([state[0], state[1], state[2], state[3]]);
    let high = transpose([state[4], state[5], state[6], state[7]]);
    core::array::from_fn(|lane| {
        let mut digest = [Elem::default(); DIGEST_ELEMS];
        // SAFETY: the permutation returns canonical lanes.
        unsafe {
            digest[..LANES].copy_from_slice(&PackedElem::from_vector(low[lane]).0);
            digest[LANES..].copy_from_slice(&PackedElem::from_vector(high[lane]).0);
        }
        digest
    })
}

/// Node compression: the permutation of two digests, truncated to one.
#[derive(Clone, Copy, Debug)]
pub struct NodeCompress {
    permutation: Poseidon2,
}

impl NodeCompress {
    /// The compression over `permutation`.
    pub const fn new(permutation: Poseidon2) -> Self {
        Self { permutation }
    }

    const fn truncated(&self) -> TruncatedPermutation<Poseidon2, 2, DIGEST_ELEMS, WIDTH> {
        TruncatedPermutation::new(self.permutation)
    }
}

impl PseudoCompressionFunction<Digest<Elem>, 2> for NodeCompress {
    const LANES: usize = LANES;

    fn compress(&self, input: [Digest<Elem>; 2]) -> Digest<Elem> {
        self.truncated().compress(input)
    }

    fn compress_many(&self, inputs: &[[Digest<Elem>; 2]], out: &mut [Digest<Elem>]) {
        assert_eq!(inputs.len(), out.len(), "group count must equal the output count");
        for (pairs, digests) in inputs.chunks(LANES).zip(out.chunks_mut(LANES)) {
            match pairs {
                [pair] => digests[0] = self.compress(*pair),
                _ => {
                    // A short group repeats its last pair.
                    let last = pairs.len() - 1;
                    let all = compress_four(core::array::from_fn(|lane| &pairs[lane.min(last)]));
                    digests.copy_from_slice(&all[..=last]);
                }
            }
        }
    }
}

impl PseudoCompressionFunction<Digest<PackedElem>, 2> for NodeCompress {
    fn compress(&self, input: [Digest<PackedElem>; 2]) -> Digest<PackedElem> {
        self.truncated().compress(input)
    }
}

fn compress_four(pairs: [&[Digest<Elem>; 2]; LANES]) -> [Digest<Elem>; LANES] {
    let mut state = [splat(0); WIDTH];
    for at in (0..WIDTH).step_by(LANES) {
        put_quad(&mut state, at, pairs.map(|p| load(p.as_flattened(), at)));
    }
    permute_four(&mut state);
    squeeze(&state)
}
