//! Hashing and transcript: one sponge over Poseidon2, injective encodings, digests under a domain.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing};
use p3_symmetric::{CryptographicHasher, Permutation, PseudoCompressionFunction};
use proofloom_field::{Challenge, Compress, Digest, Hash, PERM_WIDTH, Perm, RATE, Val, default_perm};

/// An overwrite-mode sponge: eight elements of rate, eight of capacity.
///
/// Messages are padded with zeros to whole blocks; their lengths have to be fixed by what is known
/// before. Every squeeze has a block of its own.
#[derive(Clone, Debug)]
pub struct Sponge {
    permutation: Perm,
    state: [Val; PERM_WIDTH],
    fresh: bool,
    permutations: u64,
}

impl Sponge {
    /// A sponge whose capacity starts from a constant of `domain` and of `count`.
    pub fn new(domain: &str, count: usize) -> Self {
        let state = [Val::ZERO; PERM_WIDTH];
        let mut sponge = Self { permutation: default_perm(), state, fresh: false, permutations: 0 };
        sponge.absorb(&Encoder::default().bytes(domain.as_bytes()).number(count as u64).finish());
        sponge
    }

    /// Absorbs one message; an empty one does nothing.
    pub fn absorb(&mut self, message: &[Val]) {
        for block in message.chunks(RATE) {
            self.state[..RATE].fill(Val::ZERO);
            self.state[..block.len()].copy_from_slice(block);
            self.permute();
            self.fresh = true;
        }
    }

    fn permute(&mut self) {
        self.permutation.permute_mut(&mut self.state);
        self.permutations += 1;
    }

    /// Permutations that were computed so far.
    pub const fn permutations(&self) -> u64 {
        self.permutations
    }

    /// One block of output.
    pub fn squeeze(&mut self) -> [Val; RATE] {
        if !self.fresh {
            self.permute();
        }
        self.fresh = false;
        core::array::from_fn(|i| self.state[i])
    }

    /// The whole state, for a search over what is absorbed next.
    pub const fn state(&self) -> &[Val; PERM_WIDTH] {
        &self.state
    }
}

/// The prover's side of a transcript, over elements that are known.
#[derive(Clone, Debug)]
pub struct Transcript(Sponge);

impl Transcript {
    /// A transcript that starts from `domain`.
    pub fn new(domain: &str) -> Self {
        Self(Sponge::new(domain, 0))
    }

    /// Absorbs one message of base-field elements.
    pub fn absorb(&mut self, message: &[Val]) {
        self.0.absorb(message);
    }

    /// Absorbs one message of challenge-field elements.
    pub fn absorb_challenges(&mut self, message: &[Challenge]) {
        self.0.absorb(&flatten(message));
    }

    /// One block of output.
    pub fn squeeze(&mut self) -> [Val; RATE] {
        self.0.squeeze()
    }

    /// One challenge.
    pub fn challenge(&mut self) -> Challenge {
        let block = self.0.squeeze();
        Challenge::from_basis_coefficients_fn(|d| block[d])
    }

    /// The sponge behind it.
    pub const fn sponge(&self) -> &Sponge {
        &self.0
    }
}

/// Base-field coefficients of all elements.
fn flatten(elements: &[Challenge]) -> Vec<Val> {
    elements.iter().flat_map(|element| element.as_basis_coefficients_slice().to_vec()).collect()
}

/// Four 16-bit limbs, low first: a plain conversion would alias modulo the field's order.
pub fn number(x: u64) -> [Val; 4] {
    core::array::from_fn(|i| Val::from_u32((x >> (16 * i)) as u32 & 0xffff))
}

/// Bytes behind their count, two to an element, low first.
pub fn bytes(bytes: &[u8]) -> Vec<Val> {
    let pairs = bytes.chunks(2).map(|pair| {
        let high = pair.get(1).copied().unwrap_or(0);
        Val::from_u32(u32::from(pair[0]) | u32::from(high) << 8)
    });
    number(bytes.len() as u64).into_iter().chain(pairs).collect()
}

/// Field elements under construction, from [`number`]s, [`bytes`] and elements.
#[derive(Clone, Debug, Default)]
pub struct Encoder(Vec<Val>);

impl Encoder {
    /// Appends a number.
    #[must_use]
    pub fn number(mut self, x: u64) -> Self {
        self.0.extend(number(x));
        self
    }

    /// Appends numbers whose count is known.
    #[must_use]
    pub fn numbers(mut self, numbers: impl IntoIterator<Item = u64>) -> Self {
        self.0.extend(numbers.into_iter().flat_map(number));
        self
    }

    /// Appends bytes behind their count.
    #[must_use]
    pub fn bytes(mut self, data: &[u8]) -> Self {
        self.0.extend(bytes(data));
        self
    }

    /// Appends elements whose count is known.
    #[must_use]
    pub fn elements(mut self, elements: &[Val]) -> Self {
        self.0.extend_from_slice(elements);
        self
    }

    /// The elements.
    pub fn finish(self) -> Vec<Val> {
        self.0
    }

    /// Their digest under a domain.
    pub fn digest(self, domain: &str) -> Digest {
        digest(domain, &self.0)
    }
}

/// Digest of elements under a domain; their count is in the domain's constant.
pub fn digest(domain: &str, elements: &[Val]) -> Digest {
    let mut sponge = Sponge::new(domain, elements.len());
    sponge.absorb(elements);
    sponge.squeeze()
}

/// Digest of a row of a tree: a whole number of blocks, of a length fixed beforehand.
pub fn row_digest(row: &[Val]) -> Digest {
    Hash::new(default_perm()).hash_slice(row)
}

/// Digest of two children of a tree's node.
pub fn node_digest(left: Digest, right: Digest) -> Digest {
    Compress::new(default_perm()).compress([left, right])
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeField32;

    use super::*;

    fn permuted(state: [Val; PERM_WIDTH]) -> [Val; PERM_WIDTH] {
        default_perm().permute(state)
    }

    /// The state after the domain "ab" and the count 3: two blocks, written out.
    fn started() -> [Val; PERM_WIDTH] {
        let mut state = [Val::ZERO; PERM_WIDTH];
        // Count of bytes: four limbs. Then "ab". Then three limbs of the count of elements.
        let first = [2, 0, 0, 0, 0x6261, 3, 0, 0].map(Val::from_u32);
        state[..RATE].copy_from_slice(&first);
        state = permuted(state);
        // The count's last limb is zero, so is the padding.
        state[..RATE].fill(Val::ZERO);
        permuted(state)
    }

    #[test]
    fn a_sponge_starts_from_its_domain_and_count() {
        assert_eq!(Sponge::new("ab", 3).state, started());
    }

    #[test]
    fn blocks_are_overwritten_and_padded_with_zeros() {
        let mut sponge = Sponge::new("ab", 3);
        let message: Vec<Val> = (1..=11).map(Val::from_u32).collect();
        sponge.absorb(&message);
        let mut state = started();
        state[..RATE].copy_from_slice(&message[..RATE]);
        state = permuted(state);
        state[..RATE].fill(Val::ZERO);
        state[..3].copy_from_slice(&message[RATE..]);
        state = permuted(state);
        assert_eq!(sponge.squeeze(), state[..RATE]);
        assert_eq!(sponge.squeeze(), permuted(state)[..RATE], "each squeeze has a block of its own");
    }

    #[test]
    fn an_empty_message_does_nothing() {
        let mut sponge = Sponge::new("ab", 3);
        let state = sponge.state;
        sponge.absorb(&[]);
        assert_eq!(sponge.state, state);
        assert_eq!(sponge.squeeze(), state[..RATE], "the domain's blocks are fresh output");
    }

    #[test]
    fn a_challenge_is_the_first_five_elements_of_a_block() {
        let mut transcript = Transcript::new("ab");
        transcript.absorb(&[Val::ONE]);
        let mut same = transcript.clone();
        let challenge = transcript.challenge();
        let block = same.squeeze();
        let coefficients: &[Val] = challenge.as_basis_coefficients_slice();
        assert_eq!(coefficients, &block[..5]);
    }

    #[test]
    fn numbers_are_limbs_and_bytes_come_in_pairs() {
        let limbs = number(0x0123_4567_89ab_cdef).map(|limb| limb.as_canonical_u32());
        assert_eq!(limbs, [0xcdef, 0x89ab, 0x4567, 0x0123]);
        let encoded: Vec<u32> = bytes(&[1, 2, 3]).iter().map(PrimeField32::as_canonical_u32).collect();
        assert_eq!(encoded, [3, 0, 0, 0, 0x0201, 3]);
    }

    #[test]
    fn digests_differ_by_domain_and_count() {
        let digests = [digest("x", &[]), digest("y", &[]), digest("x", &[Val::ZERO]), digest("x", &[Val::ZERO; 2])];
        for (i, a) in digests.iter().enumerate() {
            assert!(digests[..i].iter().all(|b| a != b));
        }
    }

    #[test]
    fn rows_and_nodes_are_hashed_as_by_the_sponge_without_a_domain() {
        let row: Vec<Val> = (1..=16).map(Val::from_u32).collect();
        let mut state = [Val::ZERO; PERM_WIDTH];
        for block in row.chunks(RATE) {
            state[..RATE].copy_from_slice(block);
            state = permuted(state);
        }
        assert_eq!(row_digest(&row), state[..RATE]);
        let (left, right) = (core::array::from_fn(|i| row[i]), core::array::from_fn(|i| row[RATE + i]));
        let both: [Val; PERM_WIDTH] = core::array::from_fn(|i| row[i]);
        assert_eq!(node_digest(left, right), permuted(both)[..RATE]);
    }
}
