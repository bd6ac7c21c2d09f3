//! Reproducible inputs with a bias towards the edges of the stored representation.

use p3_field::PrimeField32;

/// SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, passes the usual test batteries.
pub struct Random(u64);

/// Stored words at which a carry, a borrow or a correction flips.
const EDGES: [u32; 10] =
    [0, 1, 0xff, 0x100, 0x00ff_ffff, 0x0100_0000, 0x3f80_0000, 0x3f80_0001, 0x7eff_ffff, 0x7f00_0000];

impl Random {
    /// A stream that depends on `seed` only.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// An element; one in eight has an edge as its stored (Montgomery) word.
    pub fn element<F: PrimeField32>(&mut self) -> F {
        let bits = self.next_u64();
        if bits >> 61 == 0 {
            // Stored word w means the value w / 2^32.
            F::from_u32(EDGES[(bits % EDGES.len() as u64) as usize]).div_2exp_u64(32)
        } else {
            F::from_u64(bits)
        }
    }

    /// An array of elements.
    pub fn elements<F: PrimeField32, const N: usize>(&mut self) -> [F; N] {
        core::array::from_fn(|_| self.element())
    }
}
