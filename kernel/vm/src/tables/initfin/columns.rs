//! Columns of INITFIN.

use crate::columns::columns;
use crate::cross::DEGREE;
use crate::layout::LIMBS;

columns! {
    /// Columns of the INITFIN table committed before gamma.
    InitfinPhaseOne {
        /// Kind of the word, one-hot; none on padding.
        register,
        ram,
        input,
        image,
        /// The final value is part of the public output.
        output,
        /// Address, low 16 bits.
        low,
        /// Address, upper 13 bits.
        high,
        first[LIMBS],
        last[LIMBS],
        /// Last segment that touched the word, 0 for none.
        segment,
    }
}

columns! {
    /// Columns of the INITFIN table committed after gamma.
    InitfinMain {
        /// Distance to the row before, low 16 bits and upper 13 bits.
        gap[2],
        /// Low 16 bits of the distance from the start of writable memory, RAM only.
        bound,
        /// The word is the input's length.
        length,
        /// The input has the largest length there is.
        longest,
        /// How many words of input lie behind this one, low 16 bits and upper bits; input only.
        room[2],
        fraction[DEGREE],
        output_fraction[DEGREE],
        sum[DEGREE],
    }
}

/// Public values of the INITFIN table.
pub mod public {
    /// First word of writable memory.
    pub const WRITABLE: usize = crate::cross::public::END;
    /// Count of public values.
    pub const COUNT: usize = WRITABLE + 1;
}

/// Public values of a shard of the INITFIN table: after those of the table as a whole.
pub mod shard {
    /// Largest key of the shards before; -1 if there are none.
    pub const LO: usize = super::public::COUNT;
    /// Largest key of the shard.
    pub const HI: usize = LO + 1;
    /// Word behind the input, if the last row of the shard before is one of input; else -1.
    pub const INPUT_BEFORE: usize = HI + 1;
    /// The same of this shard's last row.
    pub const INPUT_AFTER: usize = INPUT_BEFORE + 1;
    /// Count of public values.
    pub const COUNT: usize = INPUT_AFTER + 1;
}

/// Keys put the rows of all spaces into one order: registers first, then memory words behind as many keys.
pub const REGISTER_KEYS: u32 = 32;

/// log2 of the most rows of a shard.
pub const LOG_MAX_SHARD: usize = 18;
