//! Our field, packing, permutation and hashing equal upstream's on random and edge inputs.

use std::fs;
use std::path::PathBuf;

use proofloom_field_probe::backend::{Own, Stock};
use proofloom_field_probe::{RECORDED_BLOCKS, RECORDED_SEED, vectors};

/// Set to rewrite the recorded report after a deliberate change of the list of operations.
const UPDATE: &str = "PROOFLOOM_UPDATE_VECTORS";

fn recorded_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recorded-vectors.txt")
}

fn differing<'a>(left: &'a str, right: &'a str) -> Vec<(&'a str, &'a str)> {
    assert_eq!(left.lines().count(), right.lines().count(), "reports list different operations");
    left.lines().zip(right.lines()).filter(|(l, r)| l != r).collect()
}

#[test]
fn every_operation_agrees_with_upstream_on_fresh_vectors() {
    for seed in [1, 1 << 32] {
        let (stock, own) =
            (vectors::report::<Stock>(seed, RECORDED_BLOCKS), vectors::report::<Own>(seed, RECORDED_BLOCKS));
        assert_eq!(differing(&stock, &own), []);
    }
}

#[test]
fn scalar_and_packed_digests_of_each_line_are_equal() {
    let own = vectors::report::<Own>(7, RECORDED_BLOCKS);
    for line in own.lines() {
        let mut words = line.split(' ').skip(1);
        assert_eq!(words.next(), words.next(), "{line}");
    }
}

#[test]
fn upstream_reproduces_the_recorded_report_that_wasm_is_checked_against() {
    let report = vectors::report::<Stock>(RECORDED_SEED, RECORDED_BLOCKS);
    if std::env::var_os(UPDATE).is_some() {
        fs::write(recorded_path(), report + "\n").expect("recorded report can be written");
        return;
    }
    let recorded = fs::read_to_string(recorded_path()).expect("recorded report exists");
    assert_eq!(differing(recorded.trim_end(), &report), []);
}
