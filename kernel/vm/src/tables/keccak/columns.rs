//! Columns of KECCAK.

use crate::columns::columns;
use crate::layout::LIMBS;

/// Lanes of the state.
pub const LANES: usize = 25;

/// Rounds of a permutation.
pub const ROUNDS: usize = 24;

/// Bits of a lane.
pub const BITS: usize = 64;

/// Bits of lane 0 that iota may change.
pub const IOTA_BITS: [usize; 7] = [0, 1, 3, 7, 15, 31, 63];

/// Rotation of lane x + 5 y by rho.
pub const ROTATIONS: [usize; LANES] =
    [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14];

/// What iota adds to lane 0, by round.
pub const ROUND_CONSTANTS: [u64; ROUNDS] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

columns! {
    /// The columns of a KECCAK row that the row before it reads.
    CarriedCols {
        /// Marks the round; all zero on padding.
        round[ROUNDS],
        /// Stamp of the CPU row.
        clk,
        /// Low 13 bits of the first word's number.
        low,
        /// High 16 bits of the first word's number.
        high,
        /// The state before the round: lane x + 5 y is limbs 4 (x + 5 y) to 4 (x + 5 y) + 3.
        state[LANES * LIMBS],
    }
}

columns! {
    /// The other columns of a KECCAK row.
    RoundCols {
        /// Next index of the calling row (first round).
        t,
        /// See [`Call::bound`] (first round).
        bound,
        /// Stamps of the words' previous accesses (first round).
        previous[LANES],
        /// Parity of each column (x, z) before theta, bit 64 x + z.
        parity[5 * BITS],
        /// Parity of each column (x, z) after theta.
        mixed[5 * BITS],
        /// The state after theta: bit z of lane (x, y) is 64 (x + 5 y) + z.
        theta[LANES * BITS],
        /// The bits [`IOTA_BITS`] of lane 0 after chi.
        iota[IOTA_BITS.len()],
        /// The state after the round.
        after[LANES * LIMBS],
    }
}

/// Columns of the table.
pub const WIDTH: usize = CarriedCols::<u8>::WIDTH + RoundCols::<u8>::WIDTH;

/// Position of the bit that rho and pi move to bit `z` of lane (`x`, `y`).
pub const fn source(x: usize, y: usize, z: usize) -> usize {
    let lane = (x + 3 * y) % 5 + 5 * x;
    BITS * lane + (z + BITS - ROTATIONS[lane]) % BITS
}
