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
