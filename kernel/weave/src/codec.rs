//! Bytes of numbers, elements and lists, as BCS has them.
//!
//! Little-endian; a list begins with its count in base 128, low digits first, the top bit set on all but the
//! last. A field element is the four bytes of the number below the field's order that it is, an element of
//! the challenge field its five coefficients, constant term first. So everything has one encoding.

use p3_field::{BasedVectorSpace, PrimeField32};
use proofloom_field::{Challenge, DIGEST_ELEMS, Digest, Val};
use thiserror::Error;

use crate::EXTENSION;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The bytes end too early.
    #[error("the bytes end inside {what}")]
    Truncated { what: &'static str },
    /// A list's count is not the only one that is possible.
    #[error("{what}: {got} entries, {expected} are needed")]
    Count { what: &'static str, expected: usize, got: usize },
    /// A list's count is beyond what is possible, or no multiple of what it has to be.
    #[error("{what}: {got} entries; at most {limit}, in multiples of {unit}, are possible")]
    Length { what: &'static str, limit: usize, unit: usize, got: usize },
    /// A count in more digits than needed, or beyond 32 bits.
    #[error("the count of {what} is not in its shortest form")]
    LongCount { what: &'static str },
    /// A field element that is not below the field's order.
    #[error("{what}: the element {got} is not below the field's order {}", Val::ORDER_U32)]
    Element { what: &'static str, got: u32 },
}

/// Appends encodings.
#[derive(Clone, Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The count that a list begins with.
    pub fn count(&mut self, count: usize) {
        let mut rest = count;
        while rest >= 0x80 {
            self.0.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.0.push(rest as u8);
    }

    pub fn element(&mut self, element: Val) {
        self.bytes(&element.as_canonical_u32().to_le_bytes());
    }

    pub fn elements(&mut self, elements: &[Val]) {
        elements.iter().for_each(|&element| self.element(element));
    }

    pub fn challenge(&mut self, element: Challenge) {
        self.elements(element.as_basis_coefficients_slice());
    }

    /// A list of elements of the challenge field.
    pub fn challenges(&mut self, list: &[Challenge]) {
        self.count(list.len());
        list.iter().for_each(|&element| self.challenge(element));
    }

    /// A list of digests.
    pub fn digests(&mut self, list: &[Digest]) {
        self.count(list.len());
        list.iter().for_each(|digest| self.elements(digest));
    }
}

/// Takes encodings off the front of bytes. Nothing is allocated before the bytes for it are there.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// What was not read.
    pub const fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn bytes(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], DecodeError> {
        let (bytes, rest) = self.bytes.split_at_checked(count).ok_or(DecodeError::Truncated { what })?;
        self.bytes = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], DecodeError> {
        let (array, rest) = self.bytes.split_first_chunk().ok_or(DecodeError::Truncated { what })?;
        self.bytes = rest;
        Ok(*array)
    }

    pub fn u8(&mut self, what: &'static str) -> Result<u8, DecodeError> {
        self.array(what).map(u8::from_le_bytes)
    }

    pub fn u16(&mut self, what: &'static str) -> Result<u16, DecodeError> {
        self.array(what).map(u16::from_le_bytes)
    }

    pub fn u32(&mut self, what: &'static str) -> Result<u32, DecodeError> {
        self.array(what).map(u32::from_le_bytes)
    }

    /// The count of a list.
    pub fn count(&mut self, what: &'static str) -> Result<usize, DecodeError> {
        let mut count = 0u64;
        for digit in 0..5 {
            let byte = self.u8(what)?;
            count |= u64::from(byte & 0x7f) << (7 * digit);
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || digit == 0;
                let count = u32::try_from(count).ok().filter(|_| shortest);
                return count.map(|count| count as usize).ok_or(DecodeError::LongCount { what });
            }
        }
        Err(DecodeError::LongCount { what })
    }

    /// The count of a list whose length is known.
    pub fn expect(&mut self, expected: usize, what: &'static str) -> Result<(), DecodeError> {
        let got = self.count(what)?;
        if got == expected { Ok(()) } else { Err(DecodeError::Count { what, expected, got }) }
    }

    /// The count of a list of at most `limit` entries, a multiple of `unit`.
    pub fn at_most(&mut self, limit: usize, unit: usize, what: &'static str) -> Result<usize, DecodeError> {
        let got = self.count(what)?;
        if got <= limit && got.is_multiple_of(unit.max(1)) {
            Ok(got)
        } else {
            Err(DecodeError::Length { what, limit, unit, got })
        }
    }

    pub fn elements(&mut self, count: usize, what: &'static str) -> Result<Vec<Val>, DecodeError> {
        let bytes = self.bytes(count.saturating_mul(4), what)?;
        let element = |&word: &[u8; 4]| {
            let got = u32::from_le_bytes(word);
            let element = <Val as p3_field::integers::QuotientMap<u32>>::from_canonical_checked(got);
            element.ok_or(DecodeError::Element { what, got })
        };
        bytes.as_chunks().0.iter().map(element).collect()
    }

    pub fn challenges(&mut self, count: usize, what: &'static str) -> Result<Vec<Challenge>, DecodeError> {
        let elements = self.elements(count.saturating_mul(EXTENSION), what)?;
        let join = |coefficients: &[Val; EXTENSION]| Challenge::from_basis_coefficients_fn(|d| coefficients[d]);
        Ok(elements.as_chunks().0.iter().map(join).collect())
    }

    /// A list of so many elements of the challenge field.
    pub fn challenge_list(&mut self, expected: usize, what: &'static str) -> Result<Vec<Challenge>, DecodeError> {
        self.expect(expected, what)?;
        self.challenges(expected, what)
    }

    pub fn digests(&mut self, count: usize, what: &'static str) -> Result<Vec<Digest>, DecodeError> {
        let elements = self.elements(count.saturating_mul(DIGEST_ELEMS), what)?;
        Ok(elements.as_chunks().0.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;

    use super::*;

    #[test]
    fn counts_have_one_form() {
        for count in [0, 1, 127, 128, 300, 16_384, u32::MAX as usize] {
            let mut writer = Writer::default();
            writer.count(count);
            let bytes = writer.finish();
            assert_eq!(bytes, bcs_count(count));
            assert_eq!(Reader::new(&bytes).count("a list"), Ok(count));
        }
        let long = Err(DecodeError::LongCount { what: "a list" });
        for bytes in [&[0x80, 0][..], &[0xff, 0], &[0x80, 0x80, 0x80, 0x80, 0x10], &[0xff; 5]] {
            assert_eq!(Reader::new(bytes).count("a list"), long);
        }
        assert_eq!(Reader::new(&[0x80]).count("a list"), Err(DecodeError::Truncated { what: "a list" }));
    }

    /// The bytes that `bcs` writes in front of a list of so many entries of no size.
    fn bcs_count(count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut rest = count as u64;
        loop {
            let digit = (rest % 128) as u8;
            rest /= 128;
            bytes.push(if rest > 0 { digit + 128 } else { digit });
            if rest == 0 {
                return bytes;
            }
        }
    }

    #[test]
    fn elements_are_numbers_below_the_order() {
        let mut writer = Writer::default();
        writer.elements(&[Val::ONE, Val::NEG_ONE]);
        let bytes = writer.finish();
        assert_eq!(bytes, [1, 0, 0, 0, 0, 0, 0, 0x7f], "p - 1 = 0x7f000000");
        assert_eq!(Reader::new(&bytes).elements(2, "x"), Ok(vec![Val::ONE, Val::NEG_ONE]));
        let order = Val::ORDER_U32.to_le_bytes();
        assert_eq!(Reader::new(&order).elements(1, "x"), Err(DecodeError::Element { what: "x", got: Val::ORDER_U32 }));
        assert_eq!(Reader::new(&order).elements(2, "x"), Err(DecodeError::Truncated { what: "x" }));
        let huge = Reader::new(&order).challenges(usize::MAX, "x");
        assert_eq!(huge, Err(DecodeError::Truncated { what: "x" }));
    }
}
