//! What a proof says.

use serde::{Deserialize, Serialize};

use crate::layout::OUTPUT_WORD;

/// "The program halts with `exit_code` after `cycles` cycles, having written `output`."
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub exit_code: u32,
    /// Cycles of the whole run, the halting ecall included.
    pub cycles: u64,
    pub output: Vec<u8>,
    /// Number of segments.
    pub segments: u32,
}

/// The words of the output region that show `output`: its length, then its bytes, zero padded.
pub fn output_words(output: &[u8]) -> Vec<u64> {
    let chunks = output.chunks(8).map(|chunk| {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(bytes)
    });
    [output.len() as u64].into_iter().chain(chunks).collect()
}

/// Number of the word that shows output word `i`.
pub const fn output_word(i: u32) -> u32 {
    OUTPUT_WORD + i
}
