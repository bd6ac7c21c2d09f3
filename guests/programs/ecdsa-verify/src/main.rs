//! Verifies an ECDSA signature over secp256k1 and SHA-256, with the crate `k256`.
//!
//! - input: public key (33 bytes, SEC1 compressed), signature (64 bytes, r and s), the message
//! - output: the public key and the message's SHA-256, if the signature is right
//! - exit: 0; 1 if the signature is wrong; 2 if the input is too short or no key or signature at all

#![no_std]
#![no_main]

use k256::ecdsa::signature::Verifier;
use k256::ecdsa::{Signature, VerifyingKey};
use proofloom_guest::{read_input, write_output};
use sha2::{Digest, Sha256};

proofloom_guest::entry!(main);

const EXIT_WRONG: i32 = 1;
const EXIT_MALFORMED: i32 = 2;

fn main() -> Result<(), i32> {
    let (key, rest) = read_input().split_first_chunk::<33>().ok_or(EXIT_MALFORMED)?;
    let (signature, message) = rest.split_first_chunk::<64>().ok_or(EXIT_MALFORMED)?;
    let verifier = VerifyingKey::from_sec1_bytes(key).map_err(|_| EXIT_MALFORMED)?;
    let signature = Signature::from_slice(signature).map_err(|_| EXIT_MALFORMED)?;
    verifier.verify(message, &signature).map_err(|_| EXIT_WRONG)?;
    write_output(key);
    write_output(&Sha256::digest(message));
    Ok(())
}
