//! Columns of IMAGE.

use crate::columns::columns;
use crate::cross::DEGREE;
use crate::layout::LIMBS;

columns! {
    /// A word of the program's image; `real` is 0 on padding.
    ImagePreprocessed { real, word, value[LIMBS] }
}

columns! {
    /// Main columns where the words are sent on the cross-segment bus.
    SentImageMain { fraction[DEGREE], sum[DEGREE] }
}

/// Public values where the words are sent on the cross-segment bus.
pub mod public {
    /// 1 in the shard that sends the words, 0 in all others.
    pub const HERE: usize = crate::cross::public::END;
    /// Count of public values.
    pub const COUNT: usize = HERE + 1;
}
