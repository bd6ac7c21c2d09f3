//! The workloads behind a C interface, to measure the emulator in a WASM runtime: built as a
//! `cdylib` for wasm32-unknown-unknown and driven by `benches/wasm_bench.mjs`.

use proofloom_executor::testkit::workloads;
use proofloom_executor::{Limits, NoObserver, Step, execute_observed, load_elf};

/// Number of workloads.
#[unsafe(no_mangle)]
pub extern "C" fn count() -> u32 {
    workloads(1).len() as u32
}

/// Runs one workload and returns its cycles; with `observed`, through an observer that looks at
/// every step.
#[unsafe(no_mangle)]
pub extern "C" fn run(workload: u32, rounds: u32, observed: bool) -> f64 {
    let test = &workloads(rounds.into())[workload as usize];
    let program = load_elf(&test.elf()).expect("a program");
    let mut mixed = 0u64;
    let mut mixer = |step: &Step| {
        let memory = step.mem.map_or(0, |access| access.words[0].after ^ access.words[1].before);
        mixed = mixed.rotate_left(1) ^ step.rd ^ step.rs1 ^ step.rs2 ^ memory;
    };
    let (input, limits) = (&test.input, Limits::default());
    let execution = match observed {
        true => execute_observed(&program, input, limits, 1 << 18, &mut mixer),
        false => execute_observed(&program, input, limits, 1 << 18, &mut NoObserver),
    };
    std::hint::black_box(mixed);
    execution.expect("a halt").cycles as f64
}
