//! Speed of the emulator: `cargo bench -p proofloom-executor [-- ELF [INPUT]]`.

use std::time::Instant;

use proofloom_executor::testkit::workloads;
use proofloom_executor::{Limits, Machine, NoObserver, Observer, Program, SegmentEnd, Step, load_elf};

const ROUNDS: u64 = 5_000_000;
const SEGMENT_CYCLES: u64 = 1 << 18;

/// The least that an observer can do with everything it is given.
#[derive(Default)]
struct Mixer(u64);

impl Observer for Mixer {
    fn step(&mut self, step: &Step) {
        let memory = step.mem.map_or(0, |access| access.words[0].after ^ access.words[1].before);
        self.0 = self.0.rotate_left(1) ^ step.rd ^ step.rs1 ^ step.rs2 ^ memory;
    }
}

fn main() {
    let mut files = std::env::args().skip(1).filter(|argument| argument != "--bench");
    println!("{:>24} {:>12} {:>8} {:>9} {:>10}", "", "cycles", "MHz", "observed", "snapshots");
    match files.next() {
        Some(path) => {
            let elf = std::fs::read(&path).expect("a readable ELF file");
            let input = files.next().map_or(vec![], |path| std::fs::read(path).expect("input"));
            measure(&path, &load_elf(&elf).expect("a program"), &input);
        }
        None => {
            for test in workloads(ROUNDS) {
                measure(&test.name, &load_elf(&test.elf()).expect("a program"), &test.input);
            }
        }
    }
}

fn measure(name: &str, program: &Program, input: &[u8]) {
    let (cycles, plain) = run(program, input, &mut NoObserver, false);
    let mut mixer = Mixer::default();
    let (_, observed) = run(program, input, &mut mixer, false);
    let (_, snapshots) = run(program, input, &mut NoObserver, true);
    std::hint::black_box(mixer.0);
    println!("{name:>24} {cycles:>12} {plain:>8.1} {observed:>9.1} {snapshots:>10.1}");
}

/// Cycles and million cycles per second.
fn run<O: Observer>(program: &Program, input: &[u8], observer: &mut O, keep_snapshots: bool) -> (u64, f64) {
    let limits = Limits { max_cycles: u64::MAX, ..Limits::default() };
    let start = Instant::now();
    let mut machine = Machine::new(program, input, limits).expect("a machine");
    let mut snapshots = Vec::new();
    while machine.run_segment(SEGMENT_CYCLES, observer).expect("a halt") == SegmentEnd::Cut {
        if keep_snapshots {
            snapshots.push(machine.snapshot());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    (machine.cycles(), machine.cycles() as f64 / seconds / 1e6)
}
