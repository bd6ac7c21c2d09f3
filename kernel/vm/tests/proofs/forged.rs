//! Proofs of one part in the place of another, and parts that do not fit together.

use p3_field::PrimeCharacteristicRing;
use proofloom_executor::Accelerator;
use proofloom_field::{Challenge, Val};
use proofloom_vm::{
    Accelerators, SEGMENT_TABLES, SegmentProof, Statement, VerifyError, challenge, hex, verify, verify_boundary,
    verify_segment,
};

use crate::job::{Proven, encode_final, job, key, prove, proven};

/// Error of segment 1's check after a change to its proof; `commitment` follows the change.
fn segment_refused(change: impl FnOnce(&mut SegmentProof)) -> VerifyError {
    let made = proven();
    let mut proof = made.segment(1);
    change(&mut proof);
    // The commitment that the changed proof would have, as a contribution would have named it.
    let commitment = match verify_segment(&made.context(), &made.commitments[2], &proof) {
        Err(VerifyError::Commitment { got, .. }) => digest(&got),
        Err(error) => return error,
        Ok(()) => panic!("another segment's commitment was accepted"),
    };
    verify_segment(&made.context(), &commitment, &proof).expect_err("the change is refused")
}

/// A digest from its hexadecimal form.
fn digest(hex: &str) -> proofloom_field::Digest {
    let byte = |at: usize| u32::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal");
    std::array::from_fn(|i| Val::from_u32((0..4).map(|j| byte(4 * i + j) << (8 * j)).sum()))
}

#[test]
fn every_part_verifies_by_itself() {
    let made = proven();
    verify_boundary(&made.context(), &made.commitments[0], &made.boundary()).expect("honest");
    for number in 1..=3 {
        verify_segment(&made.context(), &made.commitments[number], &made.segment(number)).expect("honest");
    }
}

#[test]
fn a_proof_belongs_to_its_commitment() {
    let made = proven();
    for (number, other) in [(1, 2), (2, 1), (3, 0)] {
        let error =
            verify_segment(&made.context(), &made.commitments[other], &made.segment(number)).expect_err("a swap");
        assert_eq!(error.code(), "COMMITMENT");
        let (expected, got) = (hex(&made.commitments[other]), hex(&made.commitments[number]));
        assert_eq!(error.compared(), Some((expected, got)));
    }
    let error = verify_boundary(&made.context(), &made.commitments[1], &made.boundary()).expect_err("a swap");
    assert_eq!(error.code(), "COMMITMENT");
}

#[test]
fn a_proof_belongs_to_its_challenge() {
    let made = proven();
    let mut other = made.context();
    let gamma = challenge(&key().verifying.digest(), &made.statement, &made.commitments[0], &made.commitments[..3]);
    other = proofloom_vm::Context::new(other.key, gamma);
    let error = verify_segment(&other, &made.commitments[1], &made.segment(1)).expect_err("another challenge");
    assert_eq!(error.code(), "INVALID_PROOF");
    let error = verify_boundary(&other, &made.commitments[0], &made.boundary()).expect_err("another challenge");
    assert_eq!(error.code(), "INVALID_PROOF");
}

#[test]
fn a_proof_has_the_tables_of_its_set_of_accelerators() {
    for accelerator in Accelerator::ALL {
        // The tables' number, their terminals and their widths would all be others.
        let error = segment_refused(|proof| proof.accelerators = Accelerators::NONE.with(accelerator));
        assert_eq!(error.code(), "INVALID_PROOF", "{error}");
    }
    // Behind publics (five numbers), height, root and sum: a set that names what does not exist.
    let made = proven();
    let at = 5 * 4 + 1 + 8 * 4 + 5 * 4;
    assert_eq!(made.segments[0][at], 0);
    for set in [Accelerators::SETS as u8, u8::MAX] {
        let mut bytes = made.segments[0].clone();
        bytes[at] = set;
        assert_eq!(SegmentProof::decode(&bytes).expect_err("an unknown set").code(), "MALFORMED_PROOF");
    }
}

#[test]
fn public_values_are_in_their_ranges() {
    let cases: [(fn(&mut SegmentProof), &str); 8] = [
        (|proof| proof.publics.number = 0, "0"),
        (|proof| proof.publics.number = 16_385, "16385"),
        (|proof| proof.publics.cycles = 0, "0"),
        (|proof| proof.publics.cycles = 1 << 20, "1048576"),
        (|proof| proof.publics.pc_in = 1 << 21, "2097152"),
        (|proof| proof.publics.pc_in = (1 << 31) - (1 << 24) + 1, "2130706433"),
        (|proof| proof.publics.pc_out = 1 << 21, "2097152"),
        (|proof| proof.publics.pc_out = (1 << 30) + 1, "1073741825"),
    ];
    for (change, got) in cases {
        let error = segment_refused(change);
        assert_eq!(error.code(), "SEGMENT_PUBLICS", "{error}");
        assert_eq!(error.compared().expect("it compares").1, got, "{error}");
    }
}

#[test]
fn changed_public_values_do_not_verify() {
    let changes: [fn(&mut SegmentProof); 6] = [
        |proof| proof.publics.number = 2,
        |proof| proof.publics.pc_in += 1,
        |proof| proof.publics.pc_out += 1,
        |proof| proof.publics.cycles += 1,
        |proof| proof.publics.exit = 1,
        |proof| proof.phase_one.root.swap(0, 1),
    ];
    for change in changes {
        assert_eq!(segment_refused(change).code(), "INVALID_PROOF");
    }
}

#[test]
fn heights_are_within_their_caps() {
    for height in [0, 3, 21, 63, 64, 255] {
        let error = segment_refused(|proof| proof.phase_one.log_height = height);
        assert_eq!(error.code(), "TABLE_HEIGHT", "{error}");
        assert_eq!(error.compared(), Some(("2^4 to 2^20".to_owned(), format!("2^{height}"))));
        let mut boundary = proven().boundary();
        boundary.phase_one.log_height = height;
        let error = verify_boundary(&proven().context(), &proven().commitments[0], &boundary).expect_err("a height");
        assert_eq!(error.code(), "TABLE_HEIGHT", "{error}");
        for table in 0..SEGMENT_TABLES.len() {
            let error = segment_refused(|proof| proof.proof.log_heights[table] = height);
            assert_eq!(error.code(), "INVALID_PROOF", "{error}");
            assert!(error.to_string().contains("height"), "{error}");
        }
    }
    // Admitted heights, but not those of the proof: one row more than the commitment's, half a table.
    assert_eq!(segment_refused(|proof| proof.phase_one.log_height += 1).code(), "INVALID_PROOF");
    assert_eq!(segment_refused(|proof| proof.proof.log_heights[0] += 1).code(), "INVALID_PROOF");
}

#[test]
fn every_root_and_terminal_is_bound() {
    let changes: [fn(&mut SegmentProof); 7] = [
        |proof| proof.proof.main_root.swap(0, 1),
        |proof| proof.proof.quotient_root.swap(0, 1),
        |proof| proof.proof.aux_root = None,
        |proof| proof.proof.aux_root = Some(proof.proof.main_root),
        |proof| proof.proof.terminals[0] += Challenge::ONE,
        |proof| proof.proof.terminals.truncate(3),
        |proof| {
            // Balanced in sum, so that only the transcript knows.
            proof.proof.terminals[0] += Challenge::ONE;
            proof.proof.terminals[1] -= Challenge::ONE;
        },
    ];
    for change in changes {
        assert_eq!(segment_refused(change).code(), "INVALID_PROOF");
    }
}

/// More in one segment and less in another: each is refused by itself.
#[test]
fn an_imbalance_split_over_two_segments_is_refused_in_each() {
    let made = proven();
    let (mut first, mut second) = (made.segment(1), made.segment(2));
    let shift = Challenge::from(Val::from_u32(12_345));
    first.sum += shift;
    second.sum -= shift;
    for (number, proof) in [(1, &first), (2, &second)] {
        let error = verify_segment(&made.context(), &made.commitments[number], proof).expect_err("a wrong sum");
        assert_eq!(error.code(), "INVALID_PROOF");
        assert!(error.to_string().contains(&format!("segment {number}")), "{error}");
    }
    let segments = [first.encode(), second.encode(), made.segments[2].clone()];
    let bytes = encode_final(&key().verifying, &made.statement, &made.boundary, &segments);
    let error = verify(&key().verifying.digest(), &bytes).expect_err("wrong sums");
    assert!(error.to_string().contains("segment 1"), "{error}");
}

/// The same run in one segment, proven for a statement that is not its own.
fn proven_for(change: impl FnOnce(&mut Statement)) -> Proven {
    let job = job(1 << 18);
    let mut statement = job.plan().expect("it halts").0.statement;
    change(&mut statement);
    prove(&job, statement)
}

/// Every proof verifies, under the challenge of a statement with another output: only the sum of
/// the memory tokens tells.
#[test]
fn another_output_is_refused_by_the_sum_over_all_parts() {
    let made = proven_for(|statement| statement.output[0] ^= 1);
    verify_boundary(&made.context(), &made.commitments[0], &made.boundary()).expect("honest by itself");
    verify_segment(&made.context(), &made.commitments[1], &made.segment(1)).expect("honest by itself");
    let error = verify(&key().verifying.digest(), &made.final_proof()).expect_err("another output");
    assert_eq!(error, VerifyError::CrossSum);
    assert_eq!(error.code(), "CROSS_SEGMENT_SUM");

    // Parts of this job in the place of parts of the other one, which cuts the same run elsewhere.
    let other = proven();
    let bytes = encode_final(&key().verifying, &other.statement, &made.boundary, &other.segments);
    let error = verify(&key().verifying.digest(), &bytes).expect_err("another job's boundary");
    assert_eq!(error.code(), "INVALID_PROOF");
    let bytes = encode_final(&key().verifying, &made.statement, &other.boundary, &made.segments);
    let error = verify(&key().verifying.digest(), &bytes).expect_err("another job's boundary");
    assert_eq!(error.code(), "INVALID_PROOF");
    let mut segments = other.segments.clone();
    segments[0].clone_from(&made.segments[0]);
    let bytes = encode_final(&key().verifying, &other.statement, &other.boundary, &segments);
    let error = verify(&key().verifying.digest(), &bytes).expect_err("another job's segment");
    assert_eq!(error.code(), "HALT");
}
