//! Long lists of field elements on the wire: one run of bytes, read at once.
//!
//! Four little-endian bytes an element, of the word that stores it: what a list of elements has as
//! well, whose decoder takes them byte by byte.

use std::fmt;

use p3_field::PrimeField32;
use proofloom_field::Val;
use serde::de::{Error, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer, Serializer};

/// Writes the words of all elements.
pub fn serialize<S: Serializer>(values: &[Val], serializer: S) -> Result<S::Ok, S::Error> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_unique_u32().to_le_bytes()).collect();
    serializer.serialize_bytes(&bytes)
}

/// Reads whole words of reduced elements, and nothing else.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Val>, D::Error> {
    deserializer.deserialize_bytes(Words)
}

struct Words;

impl Visitor<'_> for Words {
    type Value = Vec<Val>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("words of field elements")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<Val>, E> {
        let (words, rest) = bytes.as_chunks();
        if !rest.is_empty() {
            return Err(E::custom(format_args!("{} bytes are no whole words", bytes.len())));
        }
        let value = |&word| Val::deserialize(u32::from_le_bytes(word).into_deserializer());
        words.iter().map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use p3_field::PrimeCharacteristicRing;
    use serde::Serialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct List(#[serde(with = "super")] Vec<Val>);

    fn decode(bytes: &[u8]) -> Result<List, bcs::Error> {
        bcs::from_bytes(bytes)
    }

    #[test]
    fn words_are_those_of_the_elements_themselves() {
        let values = vec![Val::ONE, Val::NEG_ONE, Val::ZERO];
        let bytes = bcs::to_bytes(&List(values.clone())).expect("a short list");
        let each: Vec<_> = values.iter().map(|value| bcs::to_bytes(value).expect("a word")).collect();
        assert_eq!(bytes, [vec![12], each.concat()].concat());
        assert_eq!(decode(&bytes), Ok(List(values)));
    }

    #[test]
    fn half_a_word_and_a_number_that_is_not_reduced_are_refused() {
        let order = Val::ORDER_U32.to_le_bytes();
        for bytes in [&[3, 0, 0, 0][..], &[&[4], &order[..]].concat(), &[4, 255, 255, 255, 255]] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
        assert!(decode(&[8, 0, 0, 0, 0]).is_err(), "beyond the end");
    }
}
