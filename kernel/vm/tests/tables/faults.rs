//! No fault of a step can be hidden in tables that hold, however consistent the rest of the run is
//! made with it.

use std::collections::BTreeMap;

use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_executor::testkit::reg::{A0, A1, S0, T0};
use proofloom_executor::testkit::{
    Assembler, DATA_BASE, Mix, TEXT_BASE, TestProgram, encode, random_program, random_program_with,
};
use proofloom_executor::{Format, Instr, Op, Program, Step, load_elf};
use proofloom_vm::{ClaimedExecution, Inspector, Violation};

use crate::fault_kinds;
use crate::faulty_executor::{Effect, FaultyExecutor};
use crate::support::{inspector_of, program_of};
use crate::trials::{self, Trial};

/// How often each kind of fault was caught, and by what.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, BTreeMap<String, usize>>);

impl Tally {
    /// Panics if the fault was believed.
    fn caught(&mut self, kind: &'static str, told: &str, result: Result<impl std::fmt::Debug, Violation>) {
        let violation = match result {
            Ok(checked) => panic!("{told}: {kind}: believed ({checked:?})"),
            Err(Violation::Kernel(error)) => panic!("{told}: {kind}: {error}"),
            Err(violation) => violation,
        };
        *self.0.entry(kind).or_default().entry(gave_away(&violation)).or_default() += 1;
    }

    fn total(&self) -> usize {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    fn print(&self) {
        for (kind, by) in &self.0 {
            println!("{kind}: {} caught", by.values().sum::<usize>());
            by.iter().for_each(|(by, times)| println!("    {times} by {by}"));
        }
    }
}

/// The rules that gave a fault away: tables whose constraints fail, else buses out of balance.
fn gave_away(violation: &Violation) -> String {
    let Violation::Tables { segment, report } = violation else { return violation.to_string() };
    let mut names: Vec<&str> = report.violations.iter().map(|violation| violation.table).collect();
    let what = if names.is_empty() { "bus" } else { "constraints of" };
    if names.is_empty() {
        names = report.imbalances.iter().map(|imbalance| &*imbalance.bus).collect();
    }
    names.sort_unstable();
    names.dedup();
    let part = if *segment == 0 { "the boundary's " } else { "" };
    format!("{part}{what} {}", names.join(", "))
}

/// The step at a trial's slot as it really happens.
fn honest_step(trial: &Trial, program: &Program) -> Step {
    let mut found = None;
    let claimed = FaultyExecutor::new(program, &trial.test.input).run(1 << 20, |_, _, step| {
        if step.index == trial.slot {
            found = Some(*step);
        }
        Effect::Happens
    });
    assert_eq!(claimed.segments.len(), 1);
    found.unwrap_or_else(|| panic!("{}: the instruction is not executed", trial.name))
}

/// The claimed execution of a run into which one fault is injected; `None` if it changes nothing.
fn with_fault(trial: &Trial, program: &Program, fault: &fault_kinds::Fault) -> Option<ClaimedExecution> {
    let mut told = None;
    let claimed = FaultyExecutor::new(program, &trial.test.input).run(1 << 20, |_, machine, step| {
        if step.index != trial.slot || told.is_some() {
            return Effect::Happens;
        }
        let honest = *step;
        let effect = (fault.tell)(machine, step);
        told = Some(effect != Effect::Happens || *step != honest);
        effect
    });
    told.expect("the instruction is executed").then_some(claimed)
}

#[test]
fn without_a_fault_the_executor_is_right() {
    let check = |inspector: &Inspector, program: &Program, input: &[u8], name: &str| {
        let told = FaultyExecutor::new(program, input).run(500, |_, _, _| Effect::Happens);
        let honest = inspector.execution(input, 500).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(told.segments, honest.segments, "{name}");
        assert_eq!((told.exit_code, &told.output), (honest.exit_code, &honest.output), "{name}");
        inspector.check_claimed(input, &told).unwrap_or_else(|violation| panic!("{name}: {violation}"));
    };
    let trials = trials::all();
    let random = (0..8).map(random_program);
    for test in trials.into_iter().map(|trial| trial.test).chain(random) {
        check(&inspector_of(&test), &program_of(&test), &test.input, &test.name);
    }
}

#[test]
fn no_fault_of_an_instruction_is_believed() {
    let mut tally = Tally::default();
    let trials = trials::all();
    for trial in &trials {
        let program = program_of(&trial.test);
        let inspector = inspector_of(&trial.test);
        for fault in fault_kinds::about(&honest_step(trial, &program)) {
            if let Some(claimed) = with_fault(trial, &program, &fault) {
                tally.caught(fault.kind, &trial.name, inspector.check_claimed(&trial.test.input, &claimed));
            }
        }
    }
    tally.print();
    println!("{} faults of {} instructions", tally.total(), trials.len());
    assert_eq!((trials.len(), tally.total()), (233, 5521));
}

/// Instructions that differ from `instr` in one field.
fn neighbours(instr: &Instr) -> Vec<Instr> {
    let same_format: Vec<Op> = Op::ALL.iter().copied().filter(|op| op.format() == instr.op.format()).collect();
    let at = same_format.iter().position(|&op| op == instr.op).unwrap_or(0);
    let other = |shift: usize| same_format[(at + shift) % same_format.len()];
    let step = match instr.op.format() {
        Format::Upper => 4096,
        Format::Jump | Format::Branch => 4,
        _ => 1,
    };
    let changed = [
        Instr { op: other(1), ..*instr },
        Instr { op: other(2), ..*instr },
        Instr { imm: instr.imm + step, ..*instr },
        Instr { imm: instr.imm - step, ..*instr },
        Instr { rd: instr.rd ^ 1, ..*instr },
        Instr { rd: 0, ..*instr },
        Instr { rs1: instr.rs1 ^ 3, ..*instr },
        Instr { rs2: instr.rs2 ^ 3, ..*instr },
    ];
    changed.into_iter().filter(|changed| changed != instr && encode(changed).is_some()).collect()
}

#[test]
fn no_other_instruction_is_believed_to_be_in_the_program() {
    let mut tally = Tally::default();
    for trial in trials::all() {
        let inspector = inspector_of(&trial.test);
        let honest = inspector.execution(&trial.test.input, 1 << 20).expect("an honest run");
        let instr = program_of(&trial.test).text()[trial.slot as usize].expect("an instruction");
        for changed in neighbours(&instr) {
            let mut test = trial.test.clone();
            test.text[trial.slot as usize] = encode(&changed).expect("it was encoded before");
            let program = load_elf(&test.elf()).expect("only the text differs");
            if program.text() == program_of(&trial.test).text() {
                continue;
            }
            // A program that traps or takes its time says nothing about this one.
            let limits = proofloom_executor::Limits { max_cycles: 500, ..Default::default() };
            if proofloom_executor::execute(&program, &test.input, limits, 1000).is_err() {
                continue;
            }
            let mut claimed = FaultyExecutor::new(&program, &test.input).run(1 << 20, |_, _, _| Effect::Happens);
            claimed.program = Some(program.clone());
            let told = format!("{}: {changed}", trial.name);
            tally.caught("another instruction", &told, inspector.check_claimed(&test.input, &claimed));
        }
        let other_output = ClaimedExecution { output: [honest.output.clone(), vec![0]].concat(), ..honest };
        let told = inspector.check_claimed(&trial.test.input, &other_output);
        tally.caught("longer output", &trial.name, told);
    }
    tally.print();
    assert_eq!(tally.total(), 1364 + 233);
}

/// Registers and memory change by instructions only, within a segment and between segments.
#[test]
fn nothing_changes_by_itself() {
    let mix = Mix { body: 40, rounds: 1, digest: false, data_bytes: 4096, ..Mix::default() };
    let test = random_program_with(3, &mix);
    let (program, inspector) = (program_of(&test), inspector_of(&test));
    let honest = inspector.execution(&test.input, 1 << 20).expect("an honest run");
    let cycles = honest.cycles() as usize;
    let mut tally = Tally::default();
    // The program ends by writing out all registers, so most changes are seen.
    for at in (100..cycles - 60).step_by(7) {
        for (kind, segment_cycles) in [("change between segments", at + 1), ("change in a segment", 1 << 20)] {
            for register in [A0, T0, 31] {
                let claimed = drift(&program, at, segment_cycles, register);
                if claimed.segments.concat() != honest.segments[0] {
                    let told = format!("x{register} after {at} steps");
                    tally.caught(kind, &told, inspector.check_claimed(&test.input, &claimed));
                }
            }
        }
    }
    tally.print();
    assert_eq!(tally.total(), 58);
}

/// The claimed execution of a run in which a register changes by itself after `at` steps.
fn drift(program: &Program, at: usize, segment_cycles: usize, register: u8) -> ClaimedExecution {
    FaultyExecutor::new(program, &[]).run(segment_cycles, |number, machine, _| {
        if number == at {
            machine.registers[usize::from(register)] ^= 1 << (at % 64);
        }
        Effect::Happens
    })
}

/// What the run shows in the end, and that it is whole.
#[test]
fn no_fault_of_the_end_is_believed() {
    let mut tally = Tally::default();
    let mix = Mix { body: 60, rounds: 2, digest: false, data_bytes: 4096, ..Mix::default() };
    for seed in 0..6 {
        let test = random_program_with(seed, &mix);
        let inspector = inspector_of(&test);
        let honest =
            |claimed: &mut ClaimedExecution| *claimed = inspector.execution(&test.input, 150).expect("an honest run");
        let mut check = |kind, change: &dyn Fn(&mut ClaimedExecution)| {
            let mut claimed =
                ClaimedExecution { segments: vec![], replaced: vec![], exit_code: 0, output: vec![], program: None };
            honest(&mut claimed);
            change(&mut claimed);
            tally.caught(kind, &test.name, inspector.check_claimed(&test.input, &claimed));
        };
        check("wrong exit code", &|claimed| claimed.exit_code ^= 1);
        check("wrong exit code", &|claimed| claimed.exit_code ^= 1 << 31);
        check("wrong output", &|claimed| claimed.output[0] ^= 1);
        check("wrong output", &|claimed| *claimed.output.last_mut().expect("output") ^= 0x80);
        check("shorter output", &|claimed| claimed.output.truncate(claimed.output.len() - 1));
        check("shorter output", &|claimed| claimed.output.truncate(8));
        check("no output", &|claimed| claimed.output.clear());
        check("longer output", &|claimed| claimed.output.push(0));
        check("longer output", &|claimed| claimed.output.extend([0; 8]));
        check("no halt", &|claimed| {
            claimed.segments.last_mut().and_then(Vec::pop);
        });
        check("no first instruction", &|claimed| {
            claimed.segments[0].remove(0);
        });
        check("segment left out", &|claimed| {
            claimed.segments.remove(1);
        });
        check("segment twice", &|claimed| claimed.segments.insert(1, claimed.segments[1].clone()));
        check("segments swapped", &|claimed| claimed.segments.swap(0, 1));
        check("empty segment", &|claimed| claimed.segments.insert(1, vec![]));
        check("empty last segment", &|claimed| claimed.segments.push(vec![]));
        check("steps after the halt", &|claimed| {
            let first = claimed.segments[0][0];
            claimed.segments.last_mut().expect("a segment").push(first);
        });
        check("a segment after the halt", &|claimed| claimed.segments.push(claimed.segments[0].clone()));
    }
    tally.print();
    assert_eq!(tally.total(), 108);
}

/// Shows what a register, a word of the file, and a word of RAM hold at first, and the input.
fn beginning() -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(S0, OUTPUT_BASE).store(Op::Sd, A1, 8, S0);
    for (slot, addr) in (2..).zip([DATA_BASE, DATA_BASE + 64, TEXT_BASE, INPUT_BASE, INPUT_BASE + 8]) {
        asm.li(A0, addr).load(Op::Ld, A0, 0, A0).store(Op::Sd, A0, 8 * slot, S0);
    }
    asm.li(A0, 48).store(Op::Sd, A0, 0, S0).exit(0);
    let mut test = TestProgram::new("beginning", asm, 128);
    (test.data, test.input) = (vec![7; 16], b"input".to_vec());
    test
}

#[test]
fn no_fault_of_the_beginning_is_believed_but_of_the_input() {
    let test = beginning();
    let (program, inspector) = (program_of(&test), inspector_of(&test));
    let told = |change: &dyn Fn(&mut FaultyExecutor<'_>)| {
        let mut machine = FaultyExecutor::new(&program, &test.input);
        change(&mut machine);
        machine.run(5, |_, _, _| Effect::Happens)
    };
    let word = |addr: u64| (addr / 8) as u32;
    let mut tally = Tally::default();
    let mut check = |kind, change: &dyn Fn(&mut FaultyExecutor<'_>)| {
        tally.caught(kind, "beginning", inspector.check_claimed(&test.input, &told(change)));
    };
    check("register not zero", &|machine| machine.registers[usize::from(A1)] = 1);
    for (kind, addr) in [("file", DATA_BASE), ("RAM", DATA_BASE + 64), ("text", TEXT_BASE)] {
        check(kind, &|machine| {
            let word = word(addr);
            machine.memory.insert(word, machine.word(word) ^ 1);
        });
    }
    tally.print();
    assert_eq!(tally.total(), 4);
    // Another input is no fault: the statement does not name it.
    let mut other = told(&|machine| {
        machine.memory.insert(word(INPUT_BASE + 8), 0x4142_4344);
    });
    other.exit_code = 0;
    let input = [0x44, 0x43, 0x42, 0x41, 0];
    inspector.check_claimed(&input, &other).unwrap_or_else(|violation| panic!("{violation}"));
}
