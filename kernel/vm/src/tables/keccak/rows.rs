//! Rows of KECCAK.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Val;

use super::{CarriedCols, IOTA_BITS, LANES, ROUND_CONSTANTS, ROUNDS, RoundCols, source};
use crate::layout::limbs;
use crate::trace::accelerated::Call;
use crate::trace::counts::Counts;
use crate::trace::rows::Rows;
use crate::trace::values::{bit, val};

type State = [u64; LANES];

/// Appends the rows of one permutation.
pub fn fill(rows: &mut Rows, counts: &mut Counts, call: &Call<'_>) {
    call.count(counts);
    let mut state: State = core::array::from_fn(|lane| call.words[lane].before);
    for (round, &constant) in ROUND_CONSTANTS.iter().enumerate() {
        let theta = Theta::new(&state);
        // The result is the caller's: a wrong one makes rows that cannot be proven.
        let after = if round + 1 == ROUNDS {
            core::array::from_fn(|lane| call.words[lane].after)
        } else {
            after_round(&theta.state, constant)
        };
        let row = rows.push();
        let carried = CarriedCols {
            round: core::array::from_fn(|i| bit(i == round)),
            clk: val(call.clk),
            low: call.low(),
            high: call.high(),
            state: limb_columns(&state),
        };
        carried.write(row);
        let mut cols = RoundCols {
            parity: bits(&theta.parity),
            mixed: bits(&theta.mixed),
            theta: bits(&theta.state),
            iota: iota_bits(&theta.state),
            after: limb_columns(&after),
            ..RoundCols::<Val>::default()
        };
        if round == 0 {
            cols.t = val(call.next);
            cols.bound = call.bound();
            cols.previous = core::array::from_fn(|lane| val(call.previous[lane]));
        }
        cols.write(&mut row[CarriedCols::<Val>::WIDTH..]);
        state = after;
    }
}

/// The state after theta, and what theta adds.
struct Theta {
    parity: [u64; 5],
    mixed: [u64; 5],
    state: State,
}

impl Theta {
    fn new(state: &State) -> Self {
        let parity: [u64; 5] = core::array::from_fn(|x| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]));
        let mixed = core::array::from_fn(|x| parity[x] ^ parity[(x + 4) % 5] ^ parity[(x + 1) % 5].rotate_left(1));
        let state = core::array::from_fn(|lane| state[lane] ^ parity[lane % 5] ^ mixed[lane % 5]);
        Self { parity, mixed, state }
    }
}

fn bit_at(state: &State, position: usize) -> u64 {
    state[position / 64] >> (position % 64) & 1
}

/// Bit `z` of lane (`x`, `y`) after rho, pi and chi, as 0 or 1.
fn chi(theta: &State, x: usize, y: usize, z: usize) -> u64 {
    let [own, one, two] = [0, 1, 2].map(|i| bit_at(theta, source((x + i) % 5, y, z)));
    own ^ !one & two & 1
}

/// rho, pi, chi and iota.
fn after_round(theta: &State, constant: u64) -> State {
    let lane = |lane: usize| {
        let bits = (0..64).map(|z| chi(theta, lane % 5, lane / 5, z) << z);
        bits.sum::<u64>()
    };
    let mut after: State = core::array::from_fn(lane);
    after[0] ^= constant;
    after
}

fn iota_bits(theta: &State) -> [Val; IOTA_BITS.len()] {
    IOTA_BITS.map(|z| Val::from_u64(chi(theta, 0, 0, z)))
}

fn bits<const LANES: usize, const BITS: usize>(lanes: &[u64; LANES]) -> [Val; BITS] {
    core::array::from_fn(|i| Val::from_u64(lanes[i / 64] >> (i % 64) & 1))
}

fn limb_columns<const LIMBS: usize>(state: &State) -> [Val; LIMBS] {
    core::array::from_fn(|i| val(limbs(state[i / 4])[i % 4]))
}

#[cfg(test)]
mod tests {
    use proofloom_executor::Accelerator;

    use super::*;

    #[test]
    fn rounds_make_the_permutation_of_the_machine() {
        let mut state: State = core::array::from_fn(|i| 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(i as u64 + 1));
        let mut expected = state;
        Accelerator::KeccakF.apply(&mut expected);
        for constant in ROUND_CONSTANTS {
            state = after_round(&Theta::new(&state).state, constant);
        }
        assert_eq!(state, expected);
    }
}
