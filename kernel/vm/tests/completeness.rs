//! Whatever halts can be proven: every instruction test and guest satisfies every table.

use std::path::{Path, PathBuf};

use proofloom_machine::{Limits, load_elf};
use proofloom_vm::{Finding, Job, setup};

fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests")
}

/// Builds and checks all tables of a run.
fn check(elf: &Path, input: &[u8], segment_cycles: u64) -> Result<(), String> {
    let bytes = std::fs::read(elf).map_err(|error| error.to_string())?;
    let program = load_elf(&bytes).map_err(|error| error.to_string())?;
    let key = setup(program).map_err(|error| error.to_string())?;
    let job = Job {
        key: &key,
        input,
        limits: Limits::default(),
        segment_cycles,
    };
    job.debug(|_, _| {}).map_err(|finding| match finding {
        Finding::Kernel(error) => error.to_string(),
        Finding::Tables { segment, report } => format!("segment {segment}: {report}"),
        Finding::Sum => "cross-segment sum".to_owned(),
    })
}

#[test]
fn tables_hold_for_every_instruction_test() {
    let mut names: Vec<PathBuf> = std::fs::read_dir(guests().join("tests/elf"))
        .expect("prebuilt instruction tests")
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.to_string_lossy().ends_with("-80100000.elf"))
        .collect();
    names.sort();
    let failed: Vec<String> = names
        .iter()
        .filter_map(|path| {
            check(path, &[], 100)
                .err()
                .map(|why| format!("{}: {why}", path.display()))
        })
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} failed:\n{}",
        failed.len(),
        names.len(),
        failed.join("\n")
    );
    assert!(names.len() >= 60, "{} instruction tests found", names.len());
}
