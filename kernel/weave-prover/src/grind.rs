//! Grinding: the nonce before each oracle's queries, and the positions drawn behind it.

use p3_field::{Field, PackedValue, PrimeCharacteristicRing, PrimeField32};
use p3_symmetric::Permutation;
use proofloom_field::{PERM_WIDTH, RATE, Val, default_perm};
use proofloom_weave::{OracleProfile, Sponge, Transcript};

type PackedVal = <Val as Field>::Packing;

/// The smallest nonce after which the first element drawn has so many low bits zero: whoever proves finds
/// the same.
fn smallest_nonce(sponge: &Sponge, bits: usize) -> Val {
    let permutation = default_perm();
    let mut state = sponge.state().map(PackedVal::from);
    state[..RATE].fill(PackedVal::ZERO);
    let mask = (1 << bits) - 1;
    // Behind 2^31 failures the field has no further nonce; that happens to nobody.
    for first in (0..Val::ORDER_U32).step_by(PackedVal::WIDTH) {
        let mut after: [PackedVal; PERM_WIDTH] = state;
        after[0] = PackedVal::from_fn(|lane| Val::from_u32((first + lane as u32) % Val::ORDER_U32));
        permutation.permute_mut(&mut after);
        let hit = after[0].as_slice().iter().position(|element| element.as_canonical_u32() & mask == 0);
        if let Some(lane) = hit {
            return Val::from_u32(first + lane as u32);
        }
    }
    unreachable!("one nonce in 2^{bits} fits")
}

/// Absorbs the smallest nonce that fits and draws an oracle's positions, in the order of its queries.
pub fn draw(
    transcript: &mut Transcript,
    oracle: &OracleProfile,
    depth: usize,
    grinding_bits: usize,
) -> (Val, Vec<u32>) {
    let nonce = smallest_nonce(transcript.sponge(), grinding_bits);
    transcript.absorb(&[nonce]);
    let blocks = (oracle.queries + 1).div_ceil(RATE);
    let elements: Vec<Val> = (0..blocks).flat_map(|_| transcript.squeeze()).collect();
    let position = |element: &Val| element.as_canonical_u32() & ((1 << depth) - 1);
    (nonce, elements[1..=oracle.queries].iter().map(position).collect())
}
