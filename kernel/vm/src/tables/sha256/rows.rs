//! Rows of SHA256.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::{BITS, CarriedCols, GROUP, HASH_LIMBS, HASH_WORDS, ROUND_CONSTANTS, ROUNDS, RoundCols, WINDOW, in_window};
use crate::layout::{LIMBS, limbs};
use crate::trace::accelerated::Call;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, val};

/// Appends the rows of one compression.
pub fn fill(rows: &mut Rows, counts: &mut Counts, call: &Call<'_>) {
    call.count(counts);
    let hash: [u64; HASH_WORDS] = core::array::from_fn(|i| call.words[i].before);
    let result: [u64; HASH_WORDS] = core::array::from_fn(|i| call.words[i].after);
    for word in result {
        counts.u16s(limbs(word));
    }
    let schedule = schedule(call);
    let mut state: [u32; 8] = core::array::from_fn(|i| (hash[i / 2] >> (BITS * (i % 2))) as u32);
    for t in 0..ROUNDS {
        let round = Round::new(&state, t, schedule[t]);
        let row = rows.push();
        carried(call, t, &state, &schedule[t..t + WINDOW], &hash, &result).write(row);
        let mut cols = round_columns(&round, &schedule[t..]);
        fill_accesses(&mut cols, call, t);
        if t + 1 == ROUNDS {
            cols.last = Val::ONE;
            cols.carry_result = result_carries(&hash, &round.after);
        }
        cols.write(&mut row[CarriedCols::<Val>::WIDTH..]);
        state = round.after;
    }
}

/// W[0] to W[79]: the table's rows look as far.
fn schedule(call: &Call<'_>) -> Vec<u32> {
    let block = call.words[HASH_WORDS..].iter();
    let bytes: Vec<u8> = block.flat_map(|word| word.before.to_le_bytes()).collect();
    let words = bytes.as_chunks::<4>().0;
    let mut w: Vec<u32> = words.iter().map(|&word| u32::from_be_bytes(word)).collect();
    for i in w.len()..ROUNDS + WINDOW {
        let new = sigma_1(w[i - 2]).wrapping_add(w[i - 7]).wrapping_add(sigma_0(w[i - 15])).wrapping_add(w[i - 16]);
        w.push(new);
    }
    w
}

const fn sigma_0(x: u32) -> u32 {
    x.rotate_right(7) ^ x.rotate_right(18) ^ x >> 3
}

const fn sigma_1(x: u32) -> u32 {
    x.rotate_right(17) ^ x.rotate_right(19) ^ x >> 10
}

const fn turned(x: u32, [i, j, k]: [u32; 3]) -> u32 {
    x.rotate_right(i) ^ x.rotate_right(j) ^ x.rotate_right(k)
}

/// Sum of numbers modulo 2^32, with the carries out of its two limbs.
fn add(numbers: &[u32]) -> (u32, [u32; 2]) {
    let low: u32 = numbers.iter().map(|x| x & 0xffff).sum();
    let high: u32 = numbers.iter().map(|x| x >> 16).sum::<u32>() + (low >> 16);
    (high << 16 | low & 0xffff, [low >> 16, high >> 16])
}

/// One round.
struct Round {
    after: [u32; 8],
    carry_a: [u32; 2],
    carry_e: [u32; 2],
}

impl Round {
    fn new(&[a, b, c, d, e, f, g, h]: &[u32; 8], t: usize, w: u32) -> Self {
        let one = [h, turned(e, [6, 11, 25]), e & f ^ !e & g, ROUND_CONSTANTS[t], w];
        let two = [turned(a, [2, 13, 22]), a & b ^ a & c ^ b & c];
        let (new_e, carry_e) = add(&[&one[..], &[d]].concat());
        let (new_a, carry_a) = add(&[&one[..], &two].concat());
        Self { after: [new_a, a, b, c, new_e, e, f, g], carry_a, carry_e }
    }
}

fn bits(x: u32) -> [Val; BITS] {
    core::array::from_fn(|i| val(x >> i & 1))
}

fn halves(x: u32) -> [Val; 2] {
    [val(x & 0xffff), val(x >> 16)]
}

/// The bits of two carries, `WIDTH / 2` each.
fn carry_bits<const WIDTH: usize>(carries: [u32; 2]) -> [Val; WIDTH] {
    let each = WIDTH / 2;
    core::array::from_fn(|i| val(carries[i / each] >> (i % each) & 1))
}

/// Limbs of the hash as row `t` has them.
fn turned_limbs(words: &[u64; HASH_WORDS], t: usize) -> [Val; HASH_LIMBS] {
    core::array::from_fn(|i| val(limbs(words[(i / LIMBS + t) % HASH_WORDS])[i % LIMBS]))
}

fn carried(
    call: &Call<'_>,
    t: usize,
    &[a, b, c, d, e, f, g, h]: &[u32; 8],
    window: &[u32],
    hash: &[u64; HASH_WORDS],
    result: &[u64; HASH_WORDS],
) -> CarriedCols<Val> {
    let mut limbs_of_window = [Val::ZERO; 2 * (WINDOW - 3)];
    for (i, &word) in window.iter().enumerate() {
        if ![0, 1, 14].contains(&i) {
            limbs_of_window[in_window(i, 0)..][..2].copy_from_slice(&halves(word));
        }
    }
    CarriedCols {
        group: core::array::from_fn(|i| bit(i == t / GROUP)),
        round: core::array::from_fn(|i| bit(i == t % GROUP)),
        first: bit(t == 0),
        clk: val(call.clk),
        low: call.low(),
        high: call.high(),
        at: val(call.words[HASH_WORDS].word + t as u32 / 2),
        a: bits(a),
        b: bits(b),
        c: bits(c),
        e: bits(e),
        f: bits(f),
        g: bits(g),
        d: halves(d),
        h: halves(h),
        w0: bits(window[0]),
        w1: bits(window[1]),
        w14: bits(window[14]),
        window: limbs_of_window,
        hash: turned_limbs(hash, t),
        result: turned_limbs(result, t),
    }
}

/// `schedule` begins with W[t].
fn round_columns(round: &Round, schedule: &[u32]) -> RoundCols<Val> {
    let (next_w, carry_w) = add(&[sigma_1(schedule[14]), schedule[9], sigma_0(schedule[1]), schedule[0]]);
    RoundCols {
        next_a: bits(round.after[0]),
        next_e: bits(round.after[4]),
        carry_a: carry_bits(round.carry_a),
        carry_e: carry_bits(round.carry_e),
        next_w: halves(next_w),
        carry_w: carry_bits(carry_w),
        ..RoundCols::<Val>::default()
    }
}

fn fill_accesses(cols: &mut RoundCols<Val>, call: &Call<'_>, t: usize) {
    if t == 0 {
        cols.t = val(call.next);
        cols.bound = call.bound();
    }
    if t < HASH_WORDS {
        cols.reads_hash = Val::ONE;
        cols.previous_hash = val(call.previous[t]);
    }
    if t < WINDOW && t.is_multiple_of(2) {
        cols.reads_block = Val::ONE;
        cols.previous_block = val(call.previous[HASH_WORDS + t / 2]);
    }
}

/// Carries of the sums of hash and working variables, as the last row has them.
fn result_carries(hash: &[u64; HASH_WORDS], end: &[u32; 8]) -> [Val; HASH_LIMBS] {
    let mut carries = [Val::ZERO; HASH_LIMBS];
    for (i, &value) in end.iter().enumerate() {
        let (_, both) = add(&[(hash[i / 2] >> (BITS * (i % 2))) as u32, value]);
        for (j, carry) in both.into_iter().enumerate() {
            carries[(2 * i + j + LIMBS) % HASH_LIMBS] = val(carry);
        }
    }
    carries
}

#[cfg(test)]
mod tests {
    use proofloom_executor::{Accelerator, WordAccess};

    use super::*;

    #[test]
    fn rounds_make_the_compression_of_the_machine() {
        let before: Vec<u64> = (1..=12u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let mut after = before.clone();
        Accelerator::Sha256.apply(&mut after);
        let words: Vec<WordAccess> = before.iter().map(|&before| WordAccess { word: 0, before, after: 0 }).collect();
        let call = Call { words: &words, previous: &[], clk: 0, next: 0, writable: 0 };
        let schedule = schedule(&call);
        let hash: [u32; 8] = core::array::from_fn(|i| (before[i / 2] >> (32 * (i % 2))) as u32);
        let end = (0..ROUNDS).fold(hash, |state, t| Round::new(&state, t, schedule[t]).after);
        let sums: Vec<u32> = hash.iter().zip(end).map(|(h, x)| h.wrapping_add(x)).collect();
        let expected: Vec<u32> = (0..8).map(|i| (after[i / 2] >> (32 * (i % 2))) as u32).collect();
        assert_eq!(sums, expected);
        assert_eq!(before[4..], after[4..]);
    }
}
