//! Sums of byte products, which MUL, MULH and DIV have in common.

/// Sums of byte products that the eight limbs of a product gather.
pub fn limb_sums(x: [u8; 8], y: [u8; 8]) -> [i64; 8] {
    let column =
        |k: usize| -> i64 { (k.saturating_sub(7)..=k.min(7)).map(|i| i64::from(x[i]) * i64::from(y[k - i])).sum() };
    core::array::from_fn(|m| column(2 * m) + if m < 7 { 256 * column(2 * m + 1) } else { 0 })
}
