//! Hostile bytes: refused with a reason, never a panic, nothing accepted.

use std::collections::BTreeMap;

use proofloom_executor::load_elf;
use proofloom_executor::testkit::{Rng, random_program};
use proofloom_vm::{BoundaryProof, Inspector, SegmentProof, verify, verify_segment};

use crate::job::{key, proven};

fn code_of(bytes: &[u8]) -> &'static str {
    verify(&key().verifying.digest(), bytes).expect_err("the bytes are refused").code()
}

#[test]
fn truncated_proofs_are_refused() {
    let bytes = proven().final_proof();
    // Everywhere near the start, then here and there, then near the end.
    let cuts = (0..300).chain((300..bytes.len()).step_by(bytes.len() / 97)).chain(bytes.len() - 20..bytes.len());
    for cut in cuts {
        assert_eq!(code_of(&bytes[..cut]), "MALFORMED_PROOF", "{cut} bytes");
    }
}

#[test]
fn trailing_bytes_are_refused() {
    let bytes = proven().final_proof();
    for extra in [1, 8, 4096] {
        assert_eq!(code_of(&[bytes.clone(), vec![0; extra]].concat()), "MALFORMED_PROOF");
    }
    let made = proven();
    for part in [&made.boundary, &made.segments[0]] {
        let longer = [part.as_slice(), &[0]].concat();
        assert!(SegmentProof::decode(&longer).is_err() && BoundaryProof::decode(&longer).is_err());
    }
    assert!(SegmentProof::decode(&made.boundary).is_err(), "a boundary proof is no segment proof");
    assert!(BoundaryProof::decode(&made.segments[0]).is_err(), "a segment proof is no boundary proof");
}

#[test]
fn other_files_and_versions_are_refused_by_name() {
    let mut bytes = proven().final_proof();
    for version in [0u16, 1, 2, 4, 255, u16::MAX] {
        bytes[4..6].copy_from_slice(&version.to_le_bytes());
        let error = verify(&key().verifying.digest(), &bytes).expect_err("an unknown version");
        assert_eq!(error.code(), "UNKNOWN_PROOF_VERSION");
        assert_eq!(error.compared(), Some(("3".to_owned(), version.to_string())));
    }
    bytes[4..6].copy_from_slice(&3u16.to_le_bytes());
    for (tables, whose) in [(0u16, "an earlier kernel"), (2, "a later kernel"), (u16::MAX, "a later kernel")] {
        bytes[6..8].copy_from_slice(&tables.to_le_bytes());
        let error = verify(&key().verifying.digest(), &bytes).expect_err("other tables");
        assert_eq!(error.code(), "OTHER_TABLES");
        assert_eq!(error.compared(), Some(("1".to_owned(), tables.to_string())));
        let message = error.to_string();
        let advice = format!("made by {whose}: it is about revision {tables} of the tables");
        assert!(message.contains(&advice) && message.contains("prove the program again"), "{message}");
    }
    for garbage in [&b""[..], b"PLM", b"PLMP", b"\x7fELF", b"PLMP\x03\0\x01\0", &[0xff; 4096]] {
        assert_eq!(code_of(garbage), "MALFORMED_PROOF");
    }
}

#[test]
fn lengths_beyond_the_end_are_refused_unread() {
    let honest = proven().final_proof();
    for length in [u32::MAX, 1 << 31, honest.len() as u32] {
        let mut bytes = honest.clone();
        bytes[8..12].copy_from_slice(&length.to_le_bytes());
        assert_eq!(code_of(&bytes), "MALFORMED_PROOF");
    }
    // The lengths of the parts are the last numbers of the header.
    let header = u32::from_le_bytes(*honest[8..12].as_array().expect("four bytes")) as usize;
    for length in [0, 1, u32::MAX] {
        let mut bytes = honest.clone();
        bytes[12 + header - 4..12 + header].copy_from_slice(&u32::to_le_bytes(length));
        assert_eq!(code_of(&bytes), "MALFORMED_PROOF");
    }
    let oversized = vec![0; proofloom_stark::MAX_PROOF_BYTES + 1];
    let error = SegmentProof::decode(&oversized).expect_err("too long");
    assert!(error.to_string().contains("limit"), "{error}");
}

/// A field element has one encoding: the order and what is above it are refused.
#[test]
fn unreduced_field_elements_are_refused() {
    let segment = &proven().segments[0];
    let order = (1u32 << 31) - (1 << 24) + 1;
    // After five public numbers and a height come the root and the sum.
    let root = 5 * 4 + 1;
    let element = u32::from_le_bytes(*segment[root..root + 4].as_array().expect("four bytes"));
    assert!(element < order, "the offset is that of a field element");
    for value in [order, order + 1, u32::MAX, element.wrapping_add(order)] {
        for at in [root, root + 32] {
            let mut bytes = segment.clone();
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
            let error = SegmentProof::decode(&bytes).expect_err("an unreduced element");
            assert_eq!(error.code(), "MALFORMED_PROOF", "{value:#x}");
        }
    }
}

/// Changes a few bytes, or moves, repeats or drops a stretch of them.
fn mutate(bytes: &mut Vec<u8>, rng: &mut Rng) {
    let at = rng.below(bytes.len() as u64) as usize;
    let end = (at + 1 + rng.below(64) as usize).min(bytes.len());
    match rng.below(6) {
        0 => bytes[at] ^= 1 << rng.below(8),
        1 => bytes[at] = rng.bits() as u8,
        2 => bytes[at..end].fill(0),
        3 => drop(bytes.drain(at..end)),
        4 => bytes.extend_from_within(at..end),
        _ => bytes[at..end].reverse(),
    }
}

#[test]
fn mutated_final_proofs_are_refused() {
    let honest = proven().final_proof();
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let mut bytes = honest.clone();
        mutate(&mut bytes, &mut rng);
        if bytes != honest {
            *outcomes.entry(code_of(&bytes)).or_default() += 1;
        }
    }
    println!("{outcomes:?}");
    assert!(outcomes.contains_key("INVALID_PROOF") && outcomes.contains_key("MALFORMED_PROOF"), "{outcomes:?}");
}

/// Every byte of the header, where a change matters to the rules of structure.
#[test]
fn mutated_headers_are_refused() {
    let honest = proven().final_proof();
    let header = u32::from_le_bytes(*honest[8..12].as_array().expect("four bytes")) as usize;
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for at in 0..12 + header {
        let mut bytes = honest.clone();
        bytes[at] ^= 1 << (at % 8);
        *outcomes.entry(code_of(&bytes)).or_default() += 1;
    }
    println!("{outcomes:?}");
    // The rules of structure refuse most of it, before anything is computed.
    assert!(outcomes.len() >= 6, "{outcomes:?}");
    assert!(!outcomes.contains_key("CROSS_SEGMENT_SUM"), "{outcomes:?}");
}

#[test]
fn mutated_segment_proofs_are_refused() {
    let made = proven();
    let honest = &made.segments[0];
    let (mut malformed, mut refused) = (0, 0);
    for seed in 0..120 {
        let mut rng = Rng::new(seed);
        let mut bytes = honest.clone();
        for _ in 0..=rng.below(3) {
            mutate(&mut bytes, &mut rng);
        }
        if bytes == *honest {
            continue;
        }
        match SegmentProof::decode(&bytes) {
            Err(_) => malformed += 1,
            Ok(proof) => {
                verify_segment(&made.context(), &made.commitments[1], &proof).expect_err("a changed proof");
                refused += 1;
            }
        }
    }
    println!("{malformed} malformed, {refused} refused");
    assert!(malformed > 20 && refused > 20, "{malformed} malformed, {refused} refused");
}

/// Whatever loads can be decoded into tables: no program makes that panic.
#[test]
fn mutated_programs_become_tables_or_are_refused() {
    let (mut loaded, mut refused) = (0, 0);
    for seed in 0..600 {
        let mut rng = Rng::new(seed);
        let mut elf = random_program(seed % 5).elf();
        for _ in 0..=rng.below(6) {
            // Most of a file is contents; what matters to the loader is at the start.
            let reach = if rng.chance(50) { 300 } else { elf.len() as u64 };
            let at = rng.below(reach) as usize;
            elf[at] ^= 1 << rng.below(8);
        }
        match load_elf(&elf) {
            Ok(program) => {
                loaded += 1;
                drop(Inspector::new(program));
            }
            Err(_) => refused += 1,
        }
    }
    assert!(loaded > 100 && refused > 100, "{loaded} loaded, {refused} refused");
}
