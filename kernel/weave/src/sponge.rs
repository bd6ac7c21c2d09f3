//! The transcript: a sponge that absorbs what the prover sends and squeezes challenges.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing, PrimeField32};
use p3_symmetric::Permutation;
use proofloom_field::{Challenge, Digest, PERM_WIDTH, Perm, RATE, Val, default_perm};

/// An overwrite-mode sponge; every challenge takes a block of its own.
#[derive(Clone)]
pub struct Transcript {
    perm: Perm,
    state: [Val; PERM_WIDTH],
    fresh: bool,
    /// What was sent, message by message.
    pub sent: Vec<Vec<Val>>,
}

impl Transcript {
    /// A sponge in the state that `domain` gives it.
    pub fn new(domain: &[u8]) -> Self {
        let mut transcript = Self {
            perm: default_perm(),
            state: [Val::ZERO; PERM_WIDTH],
            fresh: false,
            sent: Vec::new(),
        };
        let bytes = domain.chunks(2).map(|pair| {
            let high = pair.get(1).copied().unwrap_or(0);
            Val::from_u32(u32::from(pair[0]) | u32::from(high) << 8)
        });
        let message: Vec<Val> = number(domain.len() as u64)
            .into_iter()
            .chain(bytes)
            .chain(number(0))
            .collect();
        transcript.absorb(&message);
        transcript
    }

    /// Absorbs one message, padded with zeros to whole blocks.
    pub fn absorb(&mut self, message: &[Val]) {
        for block in message.chunks(RATE) {
            self.state[..RATE].fill(Val::ZERO);
            self.state[..block.len()].copy_from_slice(block);
            self.perm.permute_mut(&mut self.state);
            self.fresh = true;
        }
    }

    /// Absorbs a message of the prover's and keeps it.
    pub fn send(&mut self, message: &[Val]) {
        self.sent.push(message.to_vec());
        self.absorb(message);
    }

    /// Absorbs challenge-field elements, as one message.
    pub fn absorb_ext(&mut self, message: &[Challenge]) {
        let flat: Vec<Val> = message
            .iter()
            .flat_map(|x| x.as_basis_coefficients_slice().to_vec())
            .collect();
        self.send(&flat);
    }

    /// One block of output.
    pub fn squeeze(&mut self) -> Digest {
        if !self.fresh {
            self.perm.permute_mut(&mut self.state);
        }
        self.fresh = false;
        core::array::from_fn(|i| self.state[i])
    }

    /// One challenge.
    pub fn challenge(&mut self) -> Challenge {
        let block = self.squeeze();
        Challenge::from_basis_coefficients_fn(|d| block[d])
    }

    /// The smallest nonce after which the next block starts with `bits` zero bits, absorbed.
    pub fn grind(&mut self, bits: u32) -> Val {
        const STEP: usize = proofloom_field::LANES;
        use p3_field::PackedValue;
        use proofloom_field::PackedVal;
        let mut first = 0u32;
        loop {
            let mut state: [PackedVal; PERM_WIDTH] = self.state.map(PackedVal::from);
            state[..RATE].fill(PackedVal::ZERO);
            state[0] = PackedVal::from_fn(|lane| Val::from_u32(first + lane as u32));
            self.perm.permute_mut(&mut state);
            let hit = state[0]
                .as_slice()
                .iter()
                .position(|x| x.as_canonical_u32() & ((1 << bits) - 1) == 0);
            if let Some(lane) = hit {
                let nonce = Val::from_u32(first + lane as u32);
                self.send(&[nonce]);
                return nonce;
            }
            first += STEP as u32;
        }
    }
}

/// Four 16-bit limbs, low first.
fn number(x: u64) -> [Val; 4] {
    core::array::from_fn(|i| Val::from_u32((x >> (16 * i)) as u32 & 0xffff))
}
