//! Computations that the machine does in one `ecall`, on words of memory.

/// 8-byte words of SHA-256's hash and of a block.
const HASH_WORDS: usize = 4;
const BLOCK_WORDS: usize = 8;

/// A computation that a program may leave to the machine.
///
/// a7 holds the number of the call, a0 the address of the words, a multiple of 8. All of them must be
/// writable memory; they are replaced by the result. No register changes. The numbers are none of
/// Linux, where such a call returns -ENOSYS: a program that looks at a0 can do the work itself there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Accelerator {
    /// Keccak-f[1600] of FIPS 202: 25 lanes, lane (x, y) in word x + 5 y.
    KeccakF,
    /// The compression of SHA-256 (FIPS 180-4): four words hold the hash, eight 32-bit numbers; the
    /// eight words behind them are the block, which stays.
    Sha256,
}

impl Accelerator {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::KeccakF, Self::Sha256];

    /// The accelerator that an `ecall` with this a7 asks for.
    #[must_use]
    pub fn of_call(a7: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|accelerator| accelerator.call() == a7)
    }

    /// Number of its call.
    #[must_use]
    pub const fn call(self) -> u64 {
        match self {
            Self::KeccakF => 1600,
            Self::Sha256 => 1256,
        }
    }

    /// 8-byte words that it replaces.
    #[must_use]
    pub const fn words(self) -> usize {
        match self {
            Self::KeccakF => 25,
            Self::Sha256 => HASH_WORDS + BLOCK_WORDS,
        }
    }

    /// Replaces [`Self::words`] words by the result. Other counts change nothing.
    pub fn apply(self, words: &mut [u64]) {
        match self {
            Self::KeccakF => {
                if let Ok(lanes) = words.try_into() {
                    keccak::f1600(lanes);
                }
            }
            Self::Sha256 => compress(words),
        }
    }
}

/// SHA-256's compression of the block behind the hash.
fn compress(words: &mut [u64]) {
    let Some((hash, block)) = words.split_at_mut_checked(HASH_WORDS) else {
        return;
    };
    let mut numbers = [0u32; 2 * HASH_WORDS];
    for (pair, word) in numbers.as_chunks_mut::<2>().0.iter_mut().zip(&*hash) {
        *pair = [*word as u32, (*word >> 32) as u32];
    }
    let mut bytes = sha2::digest::generic_array::GenericArray::default();
    for (bytes, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(block) {
        *bytes = word.to_le_bytes();
    }
    sha2::compress256(&mut numbers, &[bytes]);
    for (word, pair) in hash.iter_mut().zip(numbers.as_chunks::<2>().0) {
        *word = u64::from(pair[1]) << 32 | u64::from(pair[0]);
    }
}
