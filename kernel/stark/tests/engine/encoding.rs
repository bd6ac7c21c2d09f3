//! Bytes that are not the honest proof: none is accepted, none makes the verifier panic.

use proofloom_stark::{DecodeError, MAX_PROOF_BYTES, StarkProof};

use crate::fixture::{Segment, fixture};

/// xorshift64*: reproducible and good enough to pick positions.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

fn honest() -> (&'static Segment, Vec<u8>) {
    let segment = &fixture().segments[1];
    (segment, segment.proof.encode().expect("encodes"))
}

/// Whether the bytes pass for a proof of the segment. Panics are the test's failure.
fn accepted(segment: &Segment, bytes: &[u8]) -> bool {
    StarkProof::decode(bytes).is_ok_and(|proof| fixture().verify(segment, &proof).is_ok())
}

fn malformed(bytes: &[u8]) -> bool {
    matches!(StarkProof::decode(bytes), Err(DecodeError::Malformed { .. }))
}

/// One random change of one of the kinds an attacker or a broken disk makes.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(6) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.next() as u8,
        2 => bytes.truncate(at),
        3 => bytes.insert(at, random.next() as u8),
        4 => drop(bytes.remove(at)),
        _ => {
            let length = random.below(64).min(bytes.len() - at);
            let from = random.below(bytes.len() - length);
            bytes.copy_within(from..from + length, at);
        }
    }
}

#[test]
fn random_mutations_are_refused() {
    let (segment, honest) = honest();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut decoded = 0;
    for round in 0..800 {
        let mut bytes = honest.clone();
        mutate(&mut bytes, &mut random);
        if bytes != honest {
            decoded += u32::from(StarkProof::decode(&bytes).is_ok());
            assert!(!accepted(segment, &bytes), "round {round}");
        }
    }
    assert!(decoded > 100, "most mutations should reach the verifier, only {decoded} did");
}

#[test]
fn mutations_of_the_structural_part_are_refused() {
    // Heights, roots, terminals, lengths of the opened values.
    let (segment, honest) = honest();
    for at in 0..600 {
        for bits in [0x01, 0x80, 0xff] {
            let mut bytes = honest.clone();
            bytes[at] ^= bits;
            assert!(!accepted(segment, &bytes), "byte {at} ^ {bits:#x}");
        }
    }
}

#[test]
fn truncations_are_malformed() {
    let (_, honest) = honest();
    for length in (0..honest.len()).step_by(honest.len() / 200).chain([honest.len() - 1]) {
        assert!(malformed(&honest[..length]), "{length} bytes");
    }
}

#[test]
fn trailing_bytes_are_malformed() {
    let (_, mut bytes) = honest();
    bytes.push(0);
    assert!(malformed(&bytes));
}

#[test]
fn field_elements_that_are_not_reduced_are_malformed() {
    // Six heights with their count come first, then the main root.
    let (_, honest) = honest();
    for value in [2_130_706_433_u32, u32::MAX] {
        let mut bytes = honest.clone();
        bytes[7..11].copy_from_slice(&value.to_le_bytes());
        assert!(malformed(&bytes), "{value}");
    }
    let mut bytes = honest;
    bytes[7..11].copy_from_slice(&2_130_706_432_u32.to_le_bytes());
    assert!(StarkProof::decode(&bytes).is_ok(), "the largest reduced value is a field element");
}

#[test]
fn hostile_lengths_are_refused_without_allocating() {
    // 2^31 - 1 heights, none of which follows.
    assert!(malformed(&[0xff, 0xff, 0xff, 0xff, 0x07]));
    // The same length written in more bytes than needed.
    assert!(malformed(&[0x86, 0x00, 8, 8, 8, 8, 8, 8]));
    let limit = MAX_PROOF_BYTES;
    let error = StarkProof::decode(&vec![0; limit + 1]).expect_err("too long");
    assert_eq!(error, DecodeError::TooLong { limit, got: limit + 1 });
}
