//! What the verifier compares before it looks at any proof, each refusal with its own code.

use proofloom_vm::{SegmentProof, Statement, VerifyError, VerifyingKey, hex, verify};

use crate::job::{encode_final, key, proven};

/// Index after the halting instruction, as the proofs have it.
const HALT_INDEX: u32 = 1 << 30;

/// A final proof in parts, to be bent.
struct Parts {
    key: VerifyingKey,
    statement: Statement,
    boundary: Vec<u8>,
    segments: Vec<SegmentProof>,
}

impl Parts {
    fn honest() -> Self {
        let made = proven();
        let segments = (1..=made.segments.len()).map(|number| made.segment(number)).collect();
        let (key, statement) = (key().verifying.clone(), made.statement.clone());
        Self { key, statement, boundary: made.boundary.clone(), segments }
    }

    fn verify(&self) -> Result<Statement, VerifyError> {
        let segments: Vec<Vec<u8>> = self.segments.iter().map(SegmentProof::encode).collect();
        let bytes = encode_final(&self.key, &self.statement, &self.boundary, &segments);
        verify(&key().verifying.digest(), &bytes).map(|verified| verified.statement)
    }
}

/// The error after a change.
fn refused(change: impl FnOnce(&mut Parts)) -> VerifyError {
    let mut parts = Parts::honest();
    change(&mut parts);
    parts.verify().expect_err("the change is refused")
}

fn assert_refused(error: &VerifyError, code: &str, expected: &str, got: &str) {
    assert_eq!(error.code(), code, "{error}");
    assert_eq!(error.compared(), Some((expected.to_owned(), got.to_owned())), "{error}");
    assert!(error.to_string().contains(got), "{error}");
}

#[test]
fn the_honest_parts_verify() {
    let parts = Parts::honest();
    assert_eq!(parts.verify().expect("nothing was changed"), parts.statement);
    assert_eq!(parts.segments.last().expect("three").publics.pc_out, HALT_INDEX);
}

#[test]
fn another_program_is_refused() {
    let own = hex(&key().verifying.digest());
    let changes: [fn(&mut VerifyingKey); 6] = [
        |key| key.entry += 1,
        |key| key.text_base += 4096,
        |key| key.writable_word -= 1,
        |key| key.image_log_height += 1,
        |key| key.segment_root.swap(0, 1),
        |key| key.boundary_root = key.segment_root,
    ];
    for change in changes {
        let mut other = key().verifying.clone();
        change(&mut other);
        let error = refused(|parts| change(&mut parts.key));
        assert_refused(&error, "WRONG_PROGRAM", &own, &hex(&other.digest()));
    }
}

#[test]
fn the_number_of_segments_is_that_of_the_statement() {
    let error = refused(|parts| drop(parts.segments.pop()));
    assert_refused(&error, "SEGMENT_COUNT", "3", "2");
    let error = refused(|parts| parts.segments.push(parts.segments[0].clone()));
    assert_refused(&error, "SEGMENT_COUNT", "3", "4");
    let error = refused(|parts| {
        parts.segments.clear();
        parts.statement.segments = 0;
    });
    assert_refused(&error, "SEGMENT_COUNT", "1 to 16384", "0");
    let error = refused(|parts| parts.statement.segments = 16_385);
    assert_refused(&error, "SEGMENT_COUNT", "1 to 16384", "16385");
}

#[test]
fn segments_are_numbered_in_order() {
    let error = refused(|parts| parts.segments.swap(0, 1));
    assert_refused(&error, "SEGMENT_NUMBER", "1", "2");
    let error = refused(|parts| {
        parts.segments.insert(1, parts.segments[0].clone());
        parts.statement.segments = 4;
    });
    assert_refused(&error, "SEGMENT_NUMBER", "2", "1");
    let error = refused(|parts| {
        parts.segments.remove(1);
        parts.statement.segments = 2;
    });
    assert_refused(&error, "SEGMENT_NUMBER", "2", "3");
}

#[test]
fn each_segment_begins_where_the_one_before_ends() {
    let honest = Parts::honest();
    let (entry, second) = (honest.key.entry, honest.segments[1].publics.pc_in);
    let error = refused(|parts| parts.segments[0].publics.pc_in += 1);
    assert_refused(&error, "PROGRAM_COUNTER", &entry.to_string(), &(entry + 1).to_string());
    let error = refused(|parts| parts.segments[1].publics.pc_in += 1);
    assert_refused(&error, "PROGRAM_COUNTER", &second.to_string(), &(second + 1).to_string());
    let error = refused(|parts| parts.segments[0].publics.pc_out += 1);
    assert_refused(&error, "PROGRAM_COUNTER", &(second + 1).to_string(), &second.to_string());
}

#[test]
fn the_last_segment_halts_and_no_other() {
    let error = refused(|parts| {
        parts.segments.pop();
        parts.statement.segments = 2;
    });
    assert_eq!(error.code(), "HALT");
    assert!(error.to_string().contains("segment 2"), "{error}");
    let error = refused(|parts| {
        parts.segments[1].publics.pc_out = HALT_INDEX;
        parts.segments[2].publics.pc_in = HALT_INDEX;
    });
    assert_eq!(error.code(), "HALT");
    assert!(error.to_string().contains("before the last"), "{error}");
}

#[test]
fn cycles_add_up_to_the_statement() {
    let cycles = proven().statement.cycles;
    let [less, more] = [cycles - 1, cycles + 1].map(|cycles| cycles.to_string());
    let cycles = cycles.to_string();
    assert_refused(&refused(|parts| parts.statement.cycles += 1), "CYCLES", &more, &cycles);
    assert_refused(&refused(|parts| parts.statement.cycles -= 1), "CYCLES", &less, &cycles);
    assert_refused(&refused(|parts| parts.segments[1].publics.cycles += 1), "CYCLES", &cycles, &more);
}

#[test]
fn the_exit_code_is_that_of_the_last_segment_and_0_before() {
    assert_refused(&refused(|parts| parts.statement.exit_code = 1), "EXIT_CODE", "1", "0");
    assert_refused(&refused(|parts| parts.segments[2].publics.exit = 7), "EXIT_CODE", "0", "7");
    assert_refused(&refused(|parts| parts.segments[0].publics.exit = 1), "EXIT_CODE", "0", "1");
}

/// Changes that agree with each other up to here are refused by the proofs themselves.
#[test]
fn consistent_changes_are_refused_by_the_proofs() {
    let changes: [fn(&mut Parts); 8] = [
        |parts| {
            parts.statement.cycles += 1;
            parts.segments[1].publics.cycles += 1;
        },
        |parts| {
            parts.segments[0].publics.cycles += 1;
            parts.segments[1].publics.cycles -= 1;
        },
        |parts| {
            parts.statement.exit_code = 1;
            parts.segments[2].publics.exit = 1;
        },
        |parts| {
            parts.segments[0].publics.pc_out += 1;
            parts.segments[1].publics.pc_in += 1;
        },
        |parts| parts.statement.output[0] ^= 1,
        |parts| parts.statement.output.push(0),
        |parts| parts.statement.output.truncate(7),
        |parts| parts.statement.output.clear(),
    ];
    for change in changes {
        let error = refused(change);
        assert_eq!(error.code(), "INVALID_PROOF", "{error}");
        // Every part's transcript begins with the statement, so the first part fails.
        assert!(error.to_string().starts_with("boundary"), "{error}");
        assert_eq!(error.compared(), None);
    }
}

#[test]
fn a_limit_of_tokens_is_kept() {
    let mut parts = Parts::honest();
    let mut light = parts.segments[0].clone();
    // What is counted stands in the commitment; the rest is never read.
    light.phase_one.log_height = 20;
    light.proof.openings.clear();
    light.proof.fri.commit_phase_openings.clear();
    light.proof.fri.input_openings.clear();
    let count = 683u32;
    let numbered = |number: u32| {
        let mut segment = light.clone();
        segment.publics.number = number;
        segment.publics.pc_in = parts.key.entry;
        segment.publics.pc_out = if number == count { HALT_INDEX } else { parts.key.entry };
        segment
    };
    let segments: Vec<SegmentProof> = (1..=count).map(numbered).collect();
    parts.statement.segments = count;
    parts.statement.cycles = segments.iter().map(|segment| u64::from(segment.publics.cycles)).sum();
    parts.segments = segments;
    let error = parts.verify().expect_err("too many tokens");
    assert_eq!(error.code(), "TOKEN_COUNT", "{error}");
    let (expected, _) = error.compared().expect("it compares");
    assert_eq!(expected, format!("at most {}", (1u64 << 31) - (1 << 24)));
}
