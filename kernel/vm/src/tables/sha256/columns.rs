//! Columns of SHA256.

use crate::columns::columns;
use crate::layout::LIMBS;

/// Rounds of a compression.
pub const ROUNDS: usize = 64;

/// Bits of a number.
pub const BITS: usize = 32;

/// Memory words of the hash; those of the block follow.
pub const HASH_WORDS: usize = 4;

/// Limbs of the hash.
pub const HASH_LIMBS: usize = HASH_WORDS * LIMBS;

/// Words of the schedule in a row.
pub const WINDOW: usize = 16;

/// Limbs of a number.
pub const HALVES: usize = 2;

/// Rounds in a group: the round is `group` times this plus `round`.
pub const GROUP: usize = 8;

/// K of the standard, by round.
pub const ROUND_CONSTANTS: [u32; ROUNDS] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
];

columns! {
    /// The columns of a SHA256 row that the row before it reads.
    CarriedCols {
        /// Marks the group of rounds; all zero on padding.
        group[ROUNDS / GROUP],
        /// Marks the round in its group; all zero on padding.
        round[GROUP],
        /// Round 0.
        first,
        /// Stamp of the CPU row.
        clk,
        /// Low 13 bits of the first word's number.
        low,
        /// High 16 bits of the first word's number.
        high,
        /// Number of the block's word that this row and the next may access.
        at,
        /// Working variables, bit by bit, least significant first.
        a[BITS],
        b[BITS],
        c[BITS],
        e[BITS],
        f[BITS],
        g[BITS],
        d[HALVES],
        h[HALVES],
        /// W[t], W[t + 1] and W[t + 14], bit by bit.
        w0[BITS],
        w1[BITS],
        w14[BITS],
        /// Limbs of the others of W[t] to W[t + 15], see [`in_window`].
        window[(WINDOW - 3) * HALVES],
        /// The hash before the compression, turned by a word each row: word t mod 4 comes first.
        hash[HASH_LIMBS],
        /// The hash after the compression, turned alike.
        result[HASH_LIMBS],
    }
}

columns! {
    /// The other columns of a SHA256 row.
    RoundCols {
        /// Round 63.
        last,
        /// The row accesses a word of the hash.
        reads_hash,
        /// The row accesses a word of the block.
        reads_block,
        /// Next index of the calling row (first round).
        t,
        /// See [`Call::bound`] (first round).
        bound,
        /// Stamp of the previous access of the hash's word.
        previous_hash,
        /// Stamp of the previous access of the block's word.
        previous_block,
        /// a and e of the next round.
        next_a[BITS],
        next_e[BITS],
        /// Carries out of both limbs of these sums, three bits each.
        carry_a[3 * HALVES],
        carry_e[3 * HALVES],
        /// W[t + 16].
        next_w[HALVES],
        /// Carries out of both limbs of this sum, two bits each.
        carry_w[2 * HALVES],
        /// Carries out of the limbs of the result (last round).
        carry_result[HASH_LIMBS],
    }
}

/// Columns of the table.
pub const WIDTH: usize = CarriedCols::<u8>::WIDTH + RoundCols::<u8>::WIDTH;

/// Position of limb `j` of W[t + i] among those that are no bits.
pub const fn in_window(i: usize, j: usize) -> usize {
    let place = if i < 14 { i - 2 } else { i - 3 };
    HALVES * place + j
}
