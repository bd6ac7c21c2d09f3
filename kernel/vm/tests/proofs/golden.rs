//! A recorded proof: it stays valid, and proving again gives the same bytes.
//!
//! After a deliberate change of the format, record it again:
//! `PROOFLOOM_RECORD=1 cargo test --release -p proofloom-vm --test proofs golden`.

use std::path::{Path, PathBuf};

use proofloom_vm::{FORMAT_VERSION, hex, verify};

use crate::job::{fibonacci, key, proven};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// The recorded bytes of a file, recorded anew if that is asked for.
fn golden(name: &str, fresh: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    if std::env::var_os("PROOFLOOM_RECORD").is_some() {
        std::fs::write(path(name), fresh()).expect("a writable folder");
    }
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}; see the head of this file"))
}

#[test]
fn the_program_and_its_key_are_the_recorded_ones() {
    assert_eq!(golden("fibonacci_v3.elf", || fibonacci().elf()), fibonacci().elf());
    let digest = hex(&key().verifying.digest()).into_bytes();
    assert_eq!(golden("fibonacci_v3.vk", || digest.clone()), digest);
}

#[test]
fn the_recorded_proof_verifies() {
    let bytes = golden("fibonacci_v3.plm", || proven().final_proof());
    let verified = verify(&key().verifying.digest(), &bytes).expect("a proof of this format");
    assert_eq!(FORMAT_VERSION, 3);
    assert_eq!(verified.statement.output, 55u64.to_le_bytes());
    assert_eq!((verified.statement.exit_code, verified.statement.segments), (0, 3));
}

#[test]
fn proving_again_gives_the_recorded_bytes() {
    let bytes = golden("fibonacci_v3.plm", || proven().final_proof());
    assert!(proven().final_proof() == bytes, "the proofs differ");
}
