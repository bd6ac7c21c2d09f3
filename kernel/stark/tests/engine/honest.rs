//! What must work.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;
use proofloom_stark::{MIN_LOG_HEIGHT, Progress, StarkProof};

use crate::fixture::{LOG_HEIGHT, build, fixture, seeded};
use crate::toy;

#[test]
fn both_segments_verify() {
    let fixture = fixture();
    for segment in &fixture.segments {
        assert_eq!(fixture.verify(segment, &segment.proof), Ok(()));
    }
}

#[test]
fn a_table_of_the_smallest_height_is_proven_beside_taller_ones() {
    let low = build([0, 1].map(|segment| toy::witness(segment, MIN_LOG_HEIGHT)));
    for segment in &low.segments {
        assert_eq!(usize::from(segment.proof.log_heights[0]), MIN_LOG_HEIGHT);
        assert_eq!(low.verify(segment, &segment.proof), Ok(()));
    }
}

#[test]
fn cross_segment_sums_cancel_and_are_not_trivial() {
    let [first, second] = fixture().segments.each_ref().map(|s| toy::claimed_sum(&s.publics));
    assert_ne!(first, Challenge::ZERO);
    assert_eq!(first + second, Challenge::ZERO);
}

#[test]
fn proving_is_deterministic() {
    let again = build([toy::witness(0, LOG_HEIGHT), toy::witness(1, LOG_HEIGHT)]);
    for (a, b) in fixture().segments.iter().zip(&again.segments) {
        assert_eq!(a.proof.encode(), b.proof.encode());
    }
}

/// The same bytes on every target, with every packing width, until the protocol changes.
#[test]
fn proofs_are_these() {
    let digests = fixture().segments.each_ref().map(|segment| {
        let bytes = segment.proof.encode().expect("encodes");
        (bytes.len(), fnv1a(&bytes))
    });
    let expected = [(150_844, 11_160_585_780_157_047_358), (148_124, 1_746_626_168_053_053_954)];
    assert_eq!(digests, expected);
}

fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[test]
fn encoding_round_trips() {
    let fixture = fixture();
    for segment in &fixture.segments {
        let bytes = segment.proof.encode().expect("encodes");
        let decoded = StarkProof::decode(&bytes).expect("decodes");
        assert_eq!(decoded.encode().expect("encodes"), bytes);
        assert_eq!(fixture.verify(segment, &decoded), Ok(()));
    }
}

#[test]
fn tables_of_different_heights_verify_together() {
    let fixture = build([toy::witness(0, 8), toy::witness(1, 11)]);
    for segment in &fixture.segments {
        assert_eq!(fixture.verify(segment, &segment.proof), Ok(()));
    }
}

#[test]
fn progress_names_every_phase() {
    #[derive(Default)]
    struct Recorder(Vec<&'static str>, f64);
    impl Progress for Recorder {
        fn now_ms(&mut self) -> f64 {
            self.1 += 1.0;
            self.1
        }
        fn phase(&mut self, name: &'static str, ms: f64) {
            assert_eq!(ms, 1.0);
            self.0.push(name);
        }
    }
    let fixture = fixture();
    let segment = &fixture.segments[0];
    let shared = fixture.machine.commit_shared(segment.witness.shared.clone()).expect("fits");
    let transcript = seeded(fixture.gamma, segment.number, segment.shared_root);
    let (main, mut recorder) = (segment.witness.main.clone(), Recorder::default());
    fixture.machine.prove(&fixture.fixed, shared, main, &segment.publics, transcript, &mut recorder).expect("proves");
    let expected = [
        "extend main",
        "hash main",
        "auxiliary columns",
        "extend auxiliary",
        "hash auxiliary",
        "constraints",
        "extend quotient",
        "hash quotient",
        "evaluate openings",
        "combine openings",
        "fold openings",
        "grind",
        "answer queries",
    ];
    assert_eq!(recorder.0, expected);
}
