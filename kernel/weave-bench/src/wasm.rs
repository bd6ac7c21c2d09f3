//! What a host calls.

use proofloom_weave_prover::sum;

use crate::measure::{Host, measure};
use crate::runs::{CHECKED, RUNS};

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    fn log(at: *const u8, len: usize);
    fn now() -> f64;
}

struct Imported;

impl Host for Imported {
    fn now_ms(&mut self) -> f64 {
        // SAFETY: takes and returns plain numbers.
        unsafe { now() }
    }
}

fn write(line: &str) {
    // SAFETY: the host reads the bytes before it returns.
    unsafe { log(line.as_ptr(), line.len()) }
}

/// Proves run number `number` and writes what it took. False if there is no such run or no proof of it.
#[unsafe(no_mangle)]
pub extern "C" fn bench(number: usize) -> bool {
    std::panic::set_hook(Box::new(|info| write(&info.to_string())));
    let Some(run) = RUNS.get(number) else { return false };
    let measured = measure(run, &mut Imported);
    match &measured {
        Ok(measured) => write(&format!("{}: {measured}", run.name)),
        Err(error) => write(&format!("{}: {error}", run.name)),
    }
    measured.is_ok()
}

/// Whether the arithmetic of this target is the field's own, and the checked run's proof has the recorded bytes.
#[unsafe(no_mangle)]
pub extern "C" fn check() -> bool {
    let digest = measure(&CHECKED, &mut Imported).map(|measured| measured.digest);
    write(&format!("arithmetic: {}; digest {digest:?}, recorded {:?}", sum::check(), CHECKED.digest));
    sum::check() && digest.is_ok() && digest.ok() == CHECKED.digest
}

/// Writes the name of run number `number`; false if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn name(number: usize) -> bool {
    RUNS.get(number).inspect(|run| write(run.name)).is_some()
}
