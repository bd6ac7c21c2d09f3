//! Columns of IMAGE.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// A word of the program's image; `real` is 0 on padding.
    ImagePreprocessed { real, word, value[LIMBS] }
}
