//! Columns of all heights on the domain of the tallest: univariate lifting.
//!
//! Let `N` be the largest height of a proof and `m = N / n` for a table of height `n`. A polynomial
//! `f` over the table's rows is read as `f(x^m)`, of degree below `N`: where `x` runs through the
//! `N`-th roots of unity, `x^m` runs through the table's rows, and the table's vanishing polynomial
//! becomes that of the tallest: `(x^m)^n - 1 = x^N - 1`. So one quotient serves all tables.
//!
//! A table of height `n` is evaluated on the coset `s_n K` with `|K| = 2n`. The shifts are chosen so
//! that `x -> x^m` maps the coset of the tallest onto that of every other, whatever is tallest:
//! `s_n = g^(2^20 / n)` with the field's generator `g`, hence `s_N^m = s_n` and `s_n^n = g^(2^20)`.

use p3_field::coset::TwoAdicMultiplicativeCoset;
use p3_field::{Field, PrimeCharacteristicRing};
use proofloom_field::{Challenge, Val};

use crate::config::{MAX_LOG_HEIGHT, PROOF_PARAMETERS};

/// Chunks of the one quotient of a proof, each of degree below the largest height.
pub(crate) const QUOTIENT_CHUNKS: usize = 1 << PROOF_PARAMETERS.log_blowup;

/// Shift of the coset that tables of this log2 height are evaluated on.
pub(crate) fn shift(log_height: usize) -> Val {
    Val::GENERATOR.exp_power_of_2(MAX_LOG_HEIGHT - log_height)
}

/// `s_n^n`: the same for every height. On the evaluation domain `x^n` is this or its negative.
pub(crate) fn shift_power() -> Val {
    Val::GENERATOR.exp_power_of_2(MAX_LOG_HEIGHT)
}

/// The rows of a table: the subgroup of order `2^log_height`.
pub(crate) fn trace_domain(log_height: usize) -> TwoAdicMultiplicativeCoset<Val> {
    coset(Val::ONE, log_height)
}

/// Where a table is evaluated: twice as many points as it has rows, none of them a row.
pub(crate) fn evaluation_domain(log_height: usize) -> TwoAdicMultiplicativeCoset<Val> {
    coset(shift(log_height), log_height + PROOF_PARAMETERS.log_blowup)
}

/// Where the point `zeta` of the tallest table lies for a table of log2 height `log_height`.
pub(crate) fn lowered(zeta: Challenge, log_tallest: usize, log_height: usize) -> Challenge {
    zeta.exp_power_of_2(log_tallest - log_height)
}

/// The coset `shift * H` with `|H| = 2^log_size`. Sizes are at most twice the largest height.
pub(crate) fn coset(shift: Val, log_size: usize) -> TwoAdicMultiplicativeCoset<Val> {
    TwoAdicMultiplicativeCoset::new(shift, log_size)
        .expect("heights are limited to 2^20, the field has roots of unity of order 2^24")
}

/// Values on an evaluation domain in bit-reversed order, lifted to one of `size` points.
///
/// The points that `x^m` sends to one place are neighbours there.
pub(crate) fn lift(values: &[Challenge], size: usize) -> Vec<Challenge> {
    let copies = size.checked_div(values.len()).unwrap_or(0);
    let mut lifted = Vec::with_capacity(size);
    for &value in values {
        lifted.extend(std::iter::repeat_n(value, copies));
    }
    lifted.resize(size, Challenge::ZERO);
    lifted
}

#[cfg(test)]
mod tests {
    use p3_util::{reverse_bits_len, reverse_slice_index_bits};

    use super::*;
    use crate::config::MIN_LOG_HEIGHT;

    fn points(log_height: usize) -> Vec<Val> {
        let mut points: Vec<_> = evaluation_domain(log_height).iter().collect();
        reverse_slice_index_bits(&mut points);
        points
    }

    #[test]
    fn the_domain_of_every_height_is_a_power_of_that_of_every_larger_one() {
        for (log_tallest, log_height) in [(9, 8), (12, 8), (12, 11), (12, 12)] {
            let (tall, low) = (points(log_tallest), points(log_height));
            for (i, point) in tall.iter().enumerate() {
                let power = point.exp_power_of_2(log_tallest - log_height);
                assert_eq!(power, low[i >> (log_tallest - log_height)]);
            }
        }
    }

    #[test]
    fn no_row_is_in_the_evaluation_domain() {
        // There x^n is s or -s; on the rows it is 1.
        let power = shift_power();
        assert!(power != Val::ONE && power != Val::NEG_ONE);
        for log_height in MIN_LOG_HEIGHT..=MAX_LOG_HEIGHT {
            assert_eq!(shift(log_height).exp_power_of_2(log_height), power);
        }
        for (i, point) in points(9).into_iter().enumerate() {
            let sign = if reverse_bits_len(i, 10).is_multiple_of(2) { Val::ONE } else { Val::NEG_ONE };
            assert_eq!(point.exp_power_of_2(9), power * sign);
        }
    }

    #[test]
    fn lifting_repeats_each_value() {
        let values: Vec<_> = (0..3).map(Challenge::from_u32).collect();
        let lifted = lift(&values, 6);
        assert_eq!(lifted, [0, 0, 1, 1, 2, 2].map(Challenge::from_u32));
        assert_eq!(lift(&[], 2), [Challenge::ZERO; 2]);
    }
}
