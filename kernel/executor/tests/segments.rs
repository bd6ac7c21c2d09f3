//! Cuts, snapshots and events: none of them changes an execution, and the events tell all of it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use proofloom_executor::testkit::directed::directed_programs;
use proofloom_executor::testkit::{Mix, Rng, TestProgram, random_program, random_program_with};
use proofloom_executor::{
    HALT_INDEX, Limits, Machine, NoObserver, Observer, Program, SegmentEnd, Snapshot, SnapshotMismatch, Step, execute,
    load_elf, map,
};

/// Hash and number of the steps seen.
#[derive(Clone, Default)]
struct Digest {
    hasher: DefaultHasher,
    steps: u64,
}

impl Observer for Digest {
    fn step(&mut self, step: &Step) {
        self.steps += 1;
        let Step { index, next_index, instr, rs1, rs2, rd, mem } = *step;
        (index, next_index, instr, rs1, rs2, rd).hash(&mut self.hasher);
        if let Some(access) = mem {
            (access.addr, access.size, access.count).hash(&mut self.hasher);
            for touched in access.touched() {
                (touched.word, touched.before, touched.after).hash(&mut self.hasher);
            }
        }
    }
}

/// Everything that an execution leaves behind.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    end: SegmentEnd,
    events: (u64, u64),
    cycles: u64,
    registers: [u64; 32],
    output: Vec<u8>,
    misaligned_accesses: u64,
    memory_bytes: u64,
    memory: u64,
}

fn memory_digest(machine: &Machine) -> u64 {
    let mut hasher = DefaultHasher::new();
    for base in [0xa000_0000, map::OUTPUT_BASE] {
        for addr in (base..base + 5 * 4096).step_by(8) {
            machine.read_word(addr).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Runs to the halt in segments whose lengths `cut` gives.
fn finish(machine: &mut Machine, mut digest: Digest, mut cut: impl FnMut() -> u64) -> Outcome {
    let end = loop {
        let end = machine.run_segment(cut(), &mut digest).expect("a halting program");
        if end != SegmentEnd::Cut {
            break end;
        }
    };
    Outcome {
        end,
        events: (digest.hasher.finish(), digest.steps),
        cycles: machine.cycles(),
        registers: *machine.registers(),
        output: machine.output(),
        misaligned_accesses: machine.misaligned_accesses(),
        memory_bytes: machine.memory_bytes(),
        memory: memory_digest(machine),
    }
}

fn load(program: &TestProgram) -> Program {
    load_elf(&program.elf()).expect(&program.name)
}

fn machine<'p>(program: &'p Program, input: &'p [u8]) -> Machine<'p> {
    Machine::new(program, input, Limits::default()).expect("machine")
}

#[test]
fn cuts_change_nothing() {
    for seed in 0..40 {
        let program = load(&random_program(seed));
        let whole = finish(&mut machine(&program, &[]), Digest::default(), || u64::MAX);
        assert_eq!(whole.cycles, whole.events.1);
        let mut rng = Rng::new(seed);
        for longest in [1, 2, 13, 1000, 1 << 14] {
            let cut = || 1 + rng.below(longest);
            assert_eq!(finish(&mut machine(&program, &[]), Digest::default(), cut), whole);
        }
    }
}

#[test]
fn segments_are_full_and_counted_from_1() {
    let program = load(&random_program(0));
    let cycles = execute(&program, &[], Limits::default(), u64::MAX).expect("halt").cycles;
    for length in [1, 7, 1000, cycles - 1, cycles, cycles + 1] {
        let execution = execute(&program, &[], Limits::default(), length).expect("halt");
        assert_eq!(u64::from(execution.segments), cycles.div_ceil(length));
        assert_eq!(execution.cycles, cycles);
    }
    let mut machine = machine(&program, &[]);
    assert_eq!(machine.segment(), 0);
    assert_eq!(machine.run_segment(0, &mut NoObserver), Ok(SegmentEnd::Cut));
    assert_eq!((machine.segment(), machine.cycles()), (1, 1), "no segment is empty");
}

/// Runs to the halt with a snapshot, and the digest so far, at every cut.
fn record(program: &Program, rng: &mut Rng) -> (Vec<(Snapshot, Digest)>, Outcome) {
    let mut machine = machine(program, &[]);
    let mut digest = Digest::default();
    let mut snapshots = vec![(machine.snapshot(), digest.clone())];
    while machine.run_segment(1 + rng.below(700), &mut digest).expect("halt") == SegmentEnd::Cut {
        snapshots.push((machine.snapshot(), digest.clone()));
    }
    snapshots.push((machine.snapshot(), digest.clone()));
    let outcome = finish(&mut machine, digest, || 1);
    (snapshots, outcome)
}

#[test]
fn snapshots_resume_in_any_order_and_in_other_machines() {
    for seed in 0..25 {
        let program = load(&random_program(seed));
        let mut rng = Rng::new(seed);
        let (snapshots, outcome) = record(&program, &mut rng);
        assert!(snapshots.len() > 10);
        let mut reused = machine(&program, &[]);
        for _ in 0..12 {
            let (snapshot, digest) = &snapshots[rng.below(snapshots.len() as u64) as usize];
            let mut fresh = machine(&program, &[]);
            for resumed in [&mut reused, &mut fresh] {
                resumed.restore(snapshot).expect("same program");
                assert_eq!(resumed.cycles(), snapshot.cycles());
                assert_eq!(resumed.segment(), snapshot.segment());
                assert_eq!(finish(resumed, digest.clone(), || 1 + rng.below(900)), outcome);
            }
        }
    }
}

/// A snapshot stays as it was while its machine, and machines restored from it, go on.
#[test]
fn snapshots_do_not_change() {
    let program = load(&random_program(3));
    let (snapshots, outcome) = record(&program, &mut Rng::new(3));
    let (middle, digest) = &snapshots[snapshots.len() / 2];
    let mut resumed = machine(&program, &[]);
    for cut in [5, 100] {
        resumed.restore(middle).expect("same program");
        resumed.run_segment(cut, &mut NoObserver).expect("runs");
        let _later = resumed.snapshot();
        resumed.run_segment(cut, &mut NoObserver).expect("runs");
    }
    resumed.restore(middle).expect("same program");
    assert_eq!(finish(&mut resumed, digest.clone(), || 50), outcome);
}

#[test]
fn snapshots_of_other_programs_and_inputs_are_refused() {
    let (one, other) = (load(&random_program(1)), load(&random_program(2)));
    let snapshot = machine(&one, b"12345").snapshot();
    assert_eq!(machine(&other, b"12345").restore(&snapshot), Err(SnapshotMismatch));
    assert_eq!(machine(&one, b"1234").restore(&snapshot), Err(SnapshotMismatch));
    assert_eq!(machine(&one, b"54321").restore(&snapshot), Ok(()));
}

#[test]
fn snapshots_share_what_did_not_change() {
    let mix = Mix { data_bytes: 1 << 20, ..Mix::default() };
    let program = load(&random_program_with(1, &mix));
    let mut machine = machine(&program, &[]);
    assert_eq!(machine.snapshot().page_bytes(), 0);
    machine.run_segment(u64::MAX, &mut NoObserver).expect("halt");
    let (first, second) = (machine.snapshot(), machine.snapshot());
    assert!(first.page_bytes() > 0);
    assert!(first.page_bytes() < machine.memory_bytes(), "pages only read are not copied");
    assert_eq!(first.page_bytes(), second.page_bytes());
}

#[test]
fn limits_hold_over_restores() {
    let program = load(&random_program(1));
    let limits = Limits { max_cycles: 2000, ..Limits::default() };
    let mut machine = Machine::new(&program, &[], limits).expect("machine");
    machine.run_segment(1500, &mut NoObserver).expect("runs");
    let snapshot = machine.snapshot();
    for _ in 0..2 {
        assert_eq!(machine.run_segment(1500, &mut NoObserver), Ok(SegmentEnd::Cut));
        assert_eq!(machine.cycles(), 2000);
        let trap = machine.run_segment(1, &mut NoObserver).expect_err("the limit");
        assert_eq!(trap.code(), "CYCLE_LIMIT");
        machine.restore(&snapshot).expect("same program");
    }
}

#[test]
fn misaligned_accesses_are_counted() {
    let count = |aligned_percent| {
        let mix = Mix { aligned_percent, ..Mix::default() };
        let program = load(&random_program_with(5, &mix));
        let mut misaligned = 0;
        let mut observer = |step: &Step| {
            let odd = |access: proofloom_executor::MemAccess| access.addr % u64::from(access.size);
            misaligned += u64::from(step.mem.is_some_and(|access| odd(access) != 0));
        };
        let mut machine = machine(&program, &[]);
        machine.run_segment(u64::MAX, &mut observer).expect("halt");
        assert_eq!(machine.misaligned_accesses(), misaligned);
        misaligned
    };
    assert!(count(0) > count(60) && count(60) > 0);
}

#[test]
fn the_halting_step_leads_to_the_halt_index() {
    for program in directed_programs().iter().take(3) {
        let loaded = load(program);
        let mut last = None;
        let mut observer = |step: &Step| last = Some((step.instr.op.mnemonic(), step.next_index));
        machine(&loaded, &program.input).run_segment(u64::MAX, &mut observer).expect("halt");
        assert_eq!(last, Some(("ecall", HALT_INDEX)));
    }
}
