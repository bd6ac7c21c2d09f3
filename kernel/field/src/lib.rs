//! The one place that names the concrete field, extension, permutation and transform.
//!
//! Every other crate of the kernel writes `proofloom_field::{Val, Challenge, Perm, ..}` and never
//! `p3_koala_bear::..`, so the arithmetic can differ per target without anyone noticing: the
//! values, transcripts and proofs are bit-identical on all of them.

pub mod own;

use p3_challenger::DuplexChallenger;
use p3_field::extension::QuinticTrinomialExtensionField;

pub use backend::{Compress, Dft, Hash, Perm, Val, default_perm};

/// Upstream's KoalaBear: packed with AVX2, AVX-512 or NEON where the target has it.
#[cfg(not(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128"))))]
mod backend {
    use p3_dft::Radix2DitParallel;
    use p3_koala_bear::{KoalaBear, Poseidon2KoalaBear, default_koalabear_poseidon2_16};
    use p3_symmetric::{PaddingFreeSponge, TruncatedPermutation};

    use crate::{DIGEST_ELEMS, PERM_WIDTH, RATE};

    /// The prime field of order 2^31 - 2^24 + 1 (KoalaBear).
    pub type Val = KoalaBear;

    /// Poseidon2 of width 16 over [`Val`] and over its packing.
    pub type Perm = Poseidon2KoalaBear<16>;

    /// The permutation with the round constants published for KoalaBear, width 16.
    pub fn default_perm() -> Perm {
        default_koalabear_poseidon2_16()
    }

    /// Leaf hash. Padding-free: only for rows whose length is fixed by the verifying key.
    pub type Hash = PaddingFreeSponge<Perm, PERM_WIDTH, RATE, DIGEST_ELEMS>;

    /// Two-to-one compression of Merkle nodes.
    pub type Compress = TruncatedPermutation<Perm, 2, DIGEST_ELEMS, PERM_WIDTH>;

    /// Two-adic transform used for low-degree extension.
    pub type Dft = Radix2DitParallel<Val>;
}

/// Our own element over KoalaBear, packed with `simd128`.
#[cfg(any(feature = "force_own_field", all(target_arch = "wasm32", target_feature = "simd128")))]
mod backend {
    use crate::own::{self, Elem, NodeCompress, Poseidon2, RowHash};

    /// The prime field of order 2^31 - 2^24 + 1 (KoalaBear).
    pub type Val = Elem;

    /// Poseidon2 of width 16 over [`Val`] and over its packing.
    pub type Perm = Poseidon2;

    /// The permutation with the round constants published for KoalaBear, width 16.
    pub const fn default_perm() -> Perm {
        Poseidon2
    }

    /// Leaf hash. Padding-free: only for rows whose length is fixed by the verifying key.
    pub type Hash = RowHash;

    /// Two-to-one compression of Merkle nodes.
    pub type Compress = NodeCompress;

    /// Two-adic transform used for low-degree extension.
    pub type Dft = own::Dft;
}

/// Challenge field: degree 5 over [`Val`], modulo X^5 + X^2 - 1 (about 155 bits).
pub type Challenge = QuinticTrinomialExtensionField<Val>;

/// State width of [`Perm`] in field elements.
pub const PERM_WIDTH: usize = 16;

/// Field elements absorbed per permutation, by sponge and challenger alike.
pub const RATE: usize = 8;

/// Field elements of a digest (about 248 bits).
pub const DIGEST_ELEMS: usize = 8;

/// A Merkle root, leaf digest or transcript digest.
pub type Digest = [Val; DIGEST_ELEMS];

/// Fiat-Shamir transcript.
pub type Challenger = DuplexChallenger<Val, Perm, PERM_WIDTH, RATE>;
