//! The list of rules and their tests in docs/soundness.md names tests that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const HEADING: &str = "## Rules and their tests";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names of the tests in all Rust files below a folder.
fn tests_below(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("target") {
            tests_below(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let functions = text.split("#[test]").skip(1).filter_map(|rest| rest.split_once("fn "));
            names.extend(functions.filter_map(|(_, rest)| rest.split_once('(')).map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn every_rule_of_the_list_has_tests_and_they_exist() {
    let text = std::fs::read_to_string(root().join("docs/soundness.md")).expect("the document");
    let (_, section) = text.split_once(HEADING).expect("the list of rules");
    let mut names = BTreeSet::new();
    tests_below(&root().join("kernel"), &mut names);
    let rules: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    for rule in &rules {
        let tests = rule.split('|').nth(2).expect("two columns");
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test: {rule}");
        let missing: Vec<_> = named.into_iter().filter(|name| !names.contains(*name)).collect();
        assert!(missing.is_empty(), "no such tests: {missing:?}");
    }
    println!("{} rules, {} tests in all", rules.len(), names.len());
    assert!(rules.len() >= 40, "{} rules", rules.len());
}
