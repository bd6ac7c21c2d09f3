//! No lie about a step can be told in tables that hold, however consistent the rest of the run is
//! made with it.

use std::collections::BTreeMap;

use proofloom_machine::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_machine::testkit::reg::{A0, A1, S0, T0};
use proofloom_machine::testkit::{
    Assembler, DATA_BASE, Mix, TEXT_BASE, TestProgram, encode, random_program, random_program_with,
};
use proofloom_machine::{Format, Instr, Op, Program, Step, load_elf};
use proofloom_vm::{Account, Finding, Inspector};

use crate::liar::{Fate, Liar};
use crate::lies;
use crate::support::{inspector_of, program_of};
use crate::trials::{self, Trial};

/// How often each kind of lie was caught, and by what.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, BTreeMap<String, usize>>);

impl Tally {
    /// Panics if the lie was believed.
    fn caught(&mut self, kind: &'static str, told: &str, result: Result<impl std::fmt::Debug, Finding>) {
        let finding = match result {
            Ok(checked) => panic!("{told}: {kind}: believed ({checked:?})"),
            Err(Finding::Kernel(error)) => panic!("{told}: {kind}: {error}"),
            Err(finding) => finding,
        };
        *self.0.entry(kind).or_default().entry(gave_away(&finding)).or_default() += 1;
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

/// The rules that gave a lie away: tables whose constraints fail, else buses out of balance.
fn gave_away(finding: &Finding) -> String {
    let Finding::Tables { segment, report } = finding else { return finding.to_string() };
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
    let account = Liar::new(program, &trial.test.input).run(1 << 20, |_, _, step| {
        if step.index == trial.slot {
            found = Some(*step);
        }
        Fate::Happens
    });
    assert_eq!(account.segments.len(), 1);
    found.unwrap_or_else(|| panic!("{}: the instruction is not executed", trial.name))
}

/// The account of a run in which one lie is told; `None` if it says the truth.
fn account_of(trial: &Trial, program: &Program, lie: &lies::Lie) -> Option<Account> {
    let mut told = None;
    let account = Liar::new(program, &trial.test.input).run(1 << 20, |_, machine, step| {
        if step.index != trial.slot || told.is_some() {
            return Fate::Happens;
        }
        let honest = *step;
        let fate = (lie.tell)(machine, step);
        told = Some(fate != Fate::Happens || *step != honest);
        fate
    });
    told.expect("the instruction is executed").then_some(account)
}

#[test]
fn the_liar_tells_the_truth_when_it_does_not_lie() {
    let check = |inspector: &Inspector, program: &Program, input: &[u8], name: &str| {
        let told = Liar::new(program, input).run(500, |_, _, _| Fate::Happens);
        let truth = inspector.account(input, 500).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(told.segments, truth.segments, "{name}");
        assert_eq!((told.exit_code, &told.output), (truth.exit_code, &truth.output), "{name}");
        inspector.check_account(input, &told).unwrap_or_else(|finding| panic!("{name}: {finding}"));
    };
    let trials = trials::all();
    let random = (0..8).map(random_program);
    for test in trials.into_iter().map(|trial| trial.test).chain(random) {
        check(&inspector_of(&test), &program_of(&test), &test.input, &test.name);
    }
}

#[test]
fn no_lie_about_an_instruction_is_believed() {
    let mut tally = Tally::default();
    let trials = trials::all();
    for trial in &trials {
        let program = program_of(&trial.test);
        let inspector = inspector_of(&trial.test);
        for lie in lies::about(&honest_step(trial, &program)) {
            if let Some(account) = account_of(trial, &program, &lie) {
                tally.caught(lie.kind, &trial.name, inspector.check_account(&trial.test.input, &account));
            }
        }
    }
    tally.print();
    println!("{} lies about {} instructions", tally.total(), trials.len());
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
        let truth = inspector.account(&trial.test.input, 1 << 20).expect("an honest run");
        let instr = program_of(&trial.test).text()[trial.slot as usize].expect("an instruction");
        for changed in neighbours(&instr) {
            let mut test = trial.test.clone();
            test.text[trial.slot as usize] = encode(&changed).expect("it was encoded before");
            let program = load_elf(&test.elf()).expect("only the text differs");
            if program.text() == program_of(&trial.test).text() {
                continue;
            }
            // A program that traps or takes its time says nothing about this one.
            let limits = proofloom_machine::Limits { max_cycles: 500, ..Default::default() };
            if proofloom_machine::execute(&program, &test.input, limits, 1000).is_err() {
                continue;
            }
            let mut account = Liar::new(&program, &test.input).run(1 << 20, |_, _, _| Fate::Happens);
            account.program = Some(program.clone());
            let told = format!("{}: {changed}", trial.name);
            tally.caught("another instruction", &told, inspector.check_account(&test.input, &account));
        }
        let other_output = Account { output: [truth.output.clone(), vec![0]].concat(), ..truth };
        let told = inspector.check_account(&trial.test.input, &other_output);
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
    let truth = inspector.account(&test.input, 1 << 20).expect("an honest run");
    let cycles = truth.cycles() as usize;
    let mut tally = Tally::default();
    // The program ends by writing out all registers, so most changes are seen.
    for at in (100..cycles - 60).step_by(7) {
        for (kind, segment_cycles) in [("change between segments", at + 1), ("change in a segment", 1 << 20)] {
            for register in [A0, T0, 31] {
                let account = drift(&program, at, segment_cycles, register);
                if account.segments.concat() != truth.segments[0] {
                    let told = format!("x{register} after {at} steps");
                    tally.caught(kind, &told, inspector.check_account(&test.input, &account));
                }
            }
        }
    }
    tally.print();
    assert_eq!(tally.total(), 58);
}

/// The account of a run in which a register changes by itself after `at` steps.
fn drift(program: &Program, at: usize, segment_cycles: usize, register: u8) -> Account {
    Liar::new(program, &[]).run(segment_cycles, |number, machine, _| {
        if number == at {
            machine.registers[usize::from(register)] ^= 1 << (at % 64);
        }
        Fate::Happens
    })
}

/// What the run shows in the end, and that it is whole.
#[test]
fn the_end_cannot_be_lied_about() {
    let mut tally = Tally::default();
    let mix = Mix { body: 60, rounds: 2, digest: false, data_bytes: 4096, ..Mix::default() };
    for seed in 0..6 {
        let test = random_program_with(seed, &mix);
        let inspector = inspector_of(&test);
        let honest =
            |account: &mut Account| *account = inspector.account(&test.input, 150).expect("an honest run");
        let mut check = |kind, change: &dyn Fn(&mut Account)| {
            let mut account = Account { segments: vec![], replaced: vec![], exit_code: 0, output: vec![], program: None };
            honest(&mut account);
            change(&mut account);
            tally.caught(kind, &test.name, inspector.check_account(&test.input, &account));
        };
        check("wrong exit code", &|account| account.exit_code ^= 1);
        check("wrong exit code", &|account| account.exit_code ^= 1 << 31);
        check("wrong output", &|account| account.output[0] ^= 1);
        check("wrong output", &|account| *account.output.last_mut().expect("output") ^= 0x80);
        check("shorter output", &|account| account.output.truncate(account.output.len() - 1));
        check("shorter output", &|account| account.output.truncate(8));
        check("no output", &|account| account.output.clear());
        check("longer output", &|account| account.output.push(0));
        check("longer output", &|account| account.output.extend([0; 8]));
        check("no halt", &|account| {
            account.segments.last_mut().and_then(Vec::pop);
        });
        check("no first instruction", &|account| {
            account.segments[0].remove(0);
        });
        check("segment left out", &|account| {
            account.segments.remove(1);
        });
        check("segment twice", &|account| account.segments.insert(1, account.segments[1].clone()));
        check("segments swapped", &|account| account.segments.swap(0, 1));
        check("empty segment", &|account| account.segments.insert(1, vec![]));
        check("empty last segment", &|account| account.segments.push(vec![]));
        check("steps after the halt", &|account| {
            let first = account.segments[0][0];
            account.segments.last_mut().expect("a segment").push(first);
        });
        check("a segment after the halt", &|account| account.segments.push(account.segments[0].clone()));
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
fn the_beginning_cannot_be_lied_about_but_for_the_input() {
    let test = beginning();
    let (program, inspector) = (program_of(&test), inspector_of(&test));
    let told = |change: &dyn Fn(&mut Liar<'_>)| {
        let mut machine = Liar::new(&program, &test.input);
        change(&mut machine);
        machine.run(5, |_, _, _| Fate::Happens)
    };
    let word = |addr: u64| (addr / 8) as u32;
    let mut tally = Tally::default();
    let mut check = |kind, change: &dyn Fn(&mut Liar<'_>)| {
        tally.caught(kind, "beginning", inspector.check_account(&test.input, &told(change)));
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
    // Another input is no lie: the statement does not name it.
    let mut other = told(&|machine| {
        machine.memory.insert(word(INPUT_BASE + 8), 0x4142_4344);
    });
    other.exit_code = 0;
    let input = [0x44, 0x43, 0x42, 0x41, 0];
    inspector.check_account(&input, &other).unwrap_or_else(|finding| panic!("{finding}"));
}
