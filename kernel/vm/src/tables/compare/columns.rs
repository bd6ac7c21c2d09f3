//! Columns of COMPARE.

use crate::columns::columns;
use crate::layout::LIMBS;

columns! {
    /// Columns of the COMPARE table.
    CompareCols {
        real,
        signed,
        /// The verdict asks for equality, not for order.
        equal,
        negated,
        branch,
        a[LIMBS],
        b[LIMBS],
        /// Branch target: the CPU's business, but part of the tuple.
        t,
        /// Top limbs as signed numbers if `signed`.
        top_a,
        top_b,
        /// 1 at the most significant differing limb.
        mark[LIMBS],
        /// Absolute difference at the marked limb.
        gap,
        /// a < b.
        less,
        /// Outcome: less or equal as asked, negated as asked.
        verdict,
        /// `verdict` of a branch, else 0.
        taken,
    }
}
