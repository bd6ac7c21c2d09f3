//! Checks that Ethereum block headers form a chain, with the crates `alloy-rlp` and `alloy-consensus`.
//!
//! - input: the RLP list of the headers, oldest first
//! - output: number of the first block (u64), number of headers (u64), hash of the last header
//! - exit: 0; 1 if the input is no such list; 2 if it is empty; 3 if a header does not follow the one before

#![no_std]
#![no_main]

extern crate alloc;

use alloc::vec::Vec;

use alloy_consensus::Header;
use alloy_rlp::Decodable;
use proofloom_guest::{read_input, write_output};

proofloom_guest::entry!(main);

const EXIT_MALFORMED: i32 = 1;
const EXIT_EMPTY: i32 = 2;
const EXIT_NO_CHAIN: i32 = 3;

fn main() -> Result<(), i32> {
    let mut input = read_input();
    let headers = Vec::<Header>::decode(&mut input).map_err(|_| EXIT_MALFORMED)?;
    if !input.is_empty() {
        return Err(EXIT_MALFORMED);
    }
    let first = headers.first().ok_or(EXIT_EMPTY)?;
    let mut last = first.hash_slow();
    for pair in headers.windows(2) {
        if pair[1].parent_hash != last || Some(pair[1].number) != pair[0].number.checked_add(1) {
            return Err(EXIT_NO_CHAIN);
        }
        last = pair[1].hash_slow();
    }
    write_output(&first.number.to_le_bytes());
    write_output(&(headers.len() as u64).to_le_bytes());
    write_output(last.as_slice());
    Ok(())
}
