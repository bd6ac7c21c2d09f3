//! Fixed columns that nothing commits to: their multilinear extensions are evaluated where they are needed.
//!
//! Points have the lowest bit of the row first.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use crate::arith::Arith;
use crate::multilinear::suffix_products;

/// A linear combination with constants.
fn combine<A: Arith>(a: &mut A, terms: impl IntoIterator<Item = (u32, A::E)>) -> A::E {
    let mut sum = a.zero();
    for (weight, value) in terms {
        let weight = a.konst(Val::from_u32(weight));
        let part = a.scale(value, weight);
        sum = a.add(sum, part);
    }
    sum
}

/// The number of the row, times `step`.
pub fn row_number<A: Arith>(a: &mut A, point: &[A::E], step: u32) -> A::E {
    combine(a, point.iter().enumerate().map(|(i, &x)| (step << i, x)))
}

/// Entries (value, bits, power) with value < power = 2^bits, four a row: entry e is in row e / 4, entry 0 is
/// (0, 0, 1), any other has `bits = floor(log2 e)` and `value = e - 2^bits`.
#[derive(Clone, Copy, Debug)]
pub struct RangeEntries<E> {
    pub values: [E; 4],
    pub bits: [E; 4],
    pub powers: [E; 4],
}

/// [`RangeEntries`] at a point. With T_i the indicator of rows whose top bit is i and Z_0 that of row 0,
/// `bits_k = (0, 0, 1, 1)_k Z_0 + sum of (i + 2) T_i`, `power_k = (1, 1, 2, 2)_k Z_0 + sum of 2^(i + 2) T_i` and
/// `value_k = 4 row + k - sum of 2^(i + 2) T_i - (0, 1, 2, 2)_k Z_0`.
pub fn range_entries<A: Arith>(a: &mut A, point: &[A::E]) -> RangeEntries<A::E> {
    let complements: Vec<A::E> = point.iter().map(|&x| a.complement(x)).collect();
    let none_from = suffix_products(a, &complements);
    let tops: Vec<A::E> = point.iter().zip(&none_from[1..]).map(|(&x, &none)| a.mul(x, none)).collect();
    let numbered = |weight: fn(u32) -> u32| tops.iter().zip(0..).map(move |(&top, i)| (weight(i), top));
    let bits = combine(a, numbered(|i| i + 2));
    let powers = combine(a, numbered(|i| 1 << (i + 2)));
    let first = row_number(a, point, 4);
    let less = a.sub(first, powers);
    let (zero_row, one) = (none_from[0], a.one());
    let mut plus_zero = |base: A::E, times: [u32; 4]| times.map(|times| combine(a, [(1, base), (times, zero_row)]));
    let (bits, powers) = (plus_zero(bits, [0, 0, 1, 1]), plus_zero(powers, [1, 1, 2, 2]));
    let less_zero = core::array::from_fn(|k| {
        let times = [0, 1, 2, 2][k];
        let value = combine(a, [(1, less), (k as u32, one)]);
        let part = combine(a, [(times, zero_row)]);
        a.sub(value, part)
    });
    RangeEntries { values: less_zero, bits, powers }
}

/// Entries (x, y, x and y), four a row: entry 256 x + y of all pairs of bytes; y is that of the first entry.
#[derive(Clone, Copy, Debug)]
pub struct ByteEntries<E> {
    pub x: E,
    pub y: E,
    pub and: [E; 4],
}

/// [`ByteEntries`] at a point of 14 variables: bits of y without its two lowest, then those of x.
pub fn byte_entries<A: Arith>(a: &mut A, point: &[A::E]) -> ByteEntries<A::E> {
    let (low, high) = point.split_at(6);
    let shared: Vec<(u32, A::E)> = (2..8).map(|j| (1 << j, a.mul(high[j], low[j - 2]))).collect();
    let and = combine(a, shared);
    let and = core::array::from_fn(|k| {
        let k = k as u32;
        combine(a, [(1, and), (k & 1, high[0]), (k & 2, high[1])])
    });
    ByteEntries { x: row_number(a, high, 1), y: row_number(a, low, 4), and }
}

#[cfg(test)]
mod tests {
    use p3_field::BasedVectorSpace;
    use proofloom_field::Challenge;

    use super::*;
    use crate::multilinear::eq_table;
    use crate::native::Native;

    const BITS: usize = 14;

    fn plain() -> Native<'static, ()> {
        Native::new("", &[], ())
    }

    /// Some point, not of the base field.
    fn point(seed: u32) -> Vec<Challenge> {
        let coordinate = |i: u32| {
            Challenge::from_basis_coefficients_fn(|d| Val::from_u32(seed + 7919 * i + 104_729 * (d as u32 + 1)))
        };
        (0..BITS as u32).map(|i| coordinate(i).square() + coordinate(i + 50).cube()).collect()
    }

    /// The extension of a table, by its definition.
    fn extension(point: &[Challenge], entry: impl Fn(u32) -> u32) -> Challenge {
        let eq = eq_table(&mut plain(), point);
        eq.iter().zip(0..).map(|(&weight, row)| weight * Val::from_u32(entry(row))).sum()
    }

    /// (value, bits, power) of an entry.
    fn range_entry(e: u32) -> [u32; 3] {
        let bits = e.checked_ilog2().unwrap_or(0);
        if e == 0 { [0, 0, 1] } else { [e - (1 << bits), bits, 1 << bits] }
    }

    #[test]
    fn range_forms_are_the_extensions_of_their_tables() {
        for seed in [1, 1_000_003] {
            let point = point(seed);
            let forms = range_entries(&mut plain(), &point);
            for k in 0..4 {
                let column = |part: usize| extension(&point, |row| range_entry(4 * row + k)[part]);
                let k = k as usize;
                assert_eq!([forms.values[k], forms.bits[k], forms.powers[k]], [0, 1, 2].map(column), "entry {k}");
            }
            assert_eq!(row_number(&mut plain(), &point, 4), extension(&point, |row| 4 * row));
        }
    }

    #[test]
    fn range_entries_are_all_numbers_of_up_to_fifteen_bits() {
        let mut entries: Vec<_> = (0..1 << 16).map(range_entry).collect();
        assert!(entries.iter().all(|&[value, bits, power]| value < power && power == 1 << bits && bits < 16));
        entries.sort_unstable();
        entries.dedup();
        // 2^bits values for each of 0..=15 bits; (0, 0, 1) is there twice.
        assert_eq!(entries.len(), (1 << 16) - 1);
    }

    #[test]
    fn byte_forms_are_the_extensions_of_their_tables() {
        for seed in [2, 2_000_003] {
            let point = point(seed);
            let forms = byte_entries(&mut plain(), &point);
            let x = |row: u32| row >> 6;
            let y = |row: u32| row % 64 * 4;
            assert_eq!([forms.x, forms.y], [extension(&point, x), extension(&point, y)]);
            for k in 0..4 {
                let and = extension(&point, |row| x(row) & (y(row) + k));
                assert_eq!(forms.and[k as usize], and, "entry {k}");
            }
        }
    }
}
