//! The two implementations under comparison, behind one set of type names.

use p3_dft::{Radix2DitParallel, TwoAdicSubgroupDft};
use p3_field::extension::{HasTwoAdicQuinticExtension, QuinticTrinomialExtensionField};
use p3_field::{ExtensionField, Field, InjectiveMonomial, PermutationMonomial, PrimeField32, TwoAdicField};
use p3_koala_bear::{KoalaBear, Poseidon2KoalaBear, default_koalabear_poseidon2_16};
use p3_symmetric::{
    CryptographicHasher, CryptographicPermutation, PaddingFreeSponge, PseudoCompressionFunction, TruncatedPermutation,
};
use proofloom_field::own;

/// A digest over `F`.
pub type Digest<F> = [F; 8];

/// The packing of a backend's field.
pub type Packing<B> = <<B as Backend>::F as Field>::Packing;

/// The challenge field of a backend.
pub type Ext<B> = QuinticTrinomialExtensionField<<B as Backend>::F>;

/// The packing of the challenge field of a backend.
pub type PackedExt<B> = <Ext<B> as ExtensionField<<B as Backend>::F>>::ExtensionPacking;

/// One way to provide KoalaBear and what is built on it.
pub trait Backend {
    /// The field.
    type F: PrimeField32
        + TwoAdicField
        + HasTwoAdicQuinticExtension
        + InjectiveMonomial<3>
        + PermutationMonomial<3>
        + Field<Packing: InjectiveMonomial<3> + PermutationMonomial<3>>;
    /// Poseidon2 of width 16 on scalars and packings.
    type Perm: CryptographicPermutation<[Self::F; 16]> + CryptographicPermutation<[Packing<Self>; 16]>;
    /// Leaf hash.
    type Hash: CryptographicHasher<Self::F, Digest<Self::F>>
        + CryptographicHasher<Packing<Self>, Digest<Packing<Self>>>
        + Sync;
    /// Node compression.
    type Compress: PseudoCompressionFunction<Digest<Self::F>, 2>
        + PseudoCompressionFunction<Digest<Packing<Self>>, 2>
        + Sync;
    /// Transform.
    type Dft: TwoAdicSubgroupDft<Self::F> + Default;

    /// The permutation with the published constants.
    fn perm() -> Self::Perm;
    /// The leaf hash over it.
    fn hash() -> Self::Hash;
    /// The compression over it.
    fn compress() -> Self::Compress;
}

/// Upstream's field with whatever packing it has for the target.
pub struct Stock;

impl Backend for Stock {
    type F = KoalaBear;
    type Perm = Poseidon2KoalaBear<16>;
    type Hash = PaddingFreeSponge<Self::Perm, 16, 8, 8>;
    type Compress = TruncatedPermutation<Self::Perm, 2, 8, 16>;
    type Dft = Radix2DitParallel<Self::F>;

    fn perm() -> Self::Perm {
        default_koalabear_poseidon2_16()
    }

    fn hash() -> Self::Hash {
        PaddingFreeSponge::new(Self::perm())
    }

    fn compress() -> Self::Compress {
        TruncatedPermutation::new(Self::perm())
    }
}

/// Our field.
pub struct Own;

impl Backend for Own {
    type F = own::Elem;
    type Perm = own::Poseidon2;
    type Hash = own::RowHash;
    type Compress = own::NodeCompress;
    type Dft = own::Dft;

    fn perm() -> Self::Perm {
        own::Poseidon2
    }

    fn hash() -> Self::Hash {
        own::RowHash::new(Self::perm())
    }

    fn compress() -> Self::Compress {
        own::NodeCompress::new(Self::perm())
    }
}
