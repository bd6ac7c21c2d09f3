//! What the tests of this binary share.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use proofloom_executor::testkit::TestProgram;
use proofloom_executor::{Program, load_elf};
use proofloom_vm::{Checked, Inspector};

/// The folder with the prebuilt guest programs.
pub fn guests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guests")
}

pub fn program_of(test: &TestProgram) -> Program {
    load_elf(&test.elf()).expect("test programs are well formed")
}

pub fn inspector_of(test: &TestProgram) -> Inspector {
    Inspector::new(program_of(test))
}

/// Checks all items on two threads and adds up what they covered.
///
/// Panics with every failure, named by `name`.
pub fn check_all<T: Sync>(
    items: &[T],
    name: impl Fn(&T) -> String + Sync,
    check: impl Fn(&T) -> Result<Checked, String> + Sync,
) -> Checked {
    let next = AtomicUsize::new(0);
    let (total, failures) = (Mutex::new(Checked::default()), Mutex::new(Vec::new()));
    let work = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            match check(item) {
                Ok(checked) => add(&mut total.lock().expect("no panics while held"), checked),
                Err(why) => failures.lock().expect("no panics while held").push(format!("{}: {why}", name(item))),
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let failures = failures.into_inner().expect("no panics while held");
    assert!(failures.is_empty(), "{} of {} failed:\n{}", failures.len(), items.len(), failures.join("\n"));
    total.into_inner().expect("no panics while held")
}

fn add(total: &mut Checked, checked: Checked) {
    total.segments += checked.segments;
    total.cycles += checked.cycles;
}
