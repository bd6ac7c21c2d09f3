//! Agreement with qemu-riscv64 on output, exit code and instruction count of the unmodified ELF.
//! The expected results were recorded by `oracle/record.sh`; nothing here needs qemu.

use proofloom_executor::testkit::directed::directed_programs;
use proofloom_executor::testkit::oracle::Record;
use proofloom_executor::testkit::{TestProgram, random_program};
use proofloom_executor::{Limits, execute, load_elf};

const DIRECTED: &str = include_str!("../oracle/directed.txt");
const RANDOM: &str = include_str!("../oracle/random.txt");

fn run(program: &TestProgram) -> Record {
    let loaded = load_elf(&program.elf()).expect(&program.name);
    let execution = execute(&loaded, &program.input, Limits::default(), 1 << 18);
    let execution = execution.unwrap_or_else(|trap| panic!("{}: {trap}", program.name));
    Record::new(execution.exit_code, execution.cycles, &execution.output)
}

#[test]
fn directed_programs_do_what_they_do_under_qemu() {
    let programs = directed_programs();
    assert_eq!(programs.len(), DIRECTED.lines().count(), "recorded with other programs");
    for (program, line) in programs.iter().zip(DIRECTED.lines()) {
        let (name, record) = line.rsplit_once(": ").expect(line);
        assert_eq!(program.name, name);
        let expected: Record = record.parse().expect(line);
        assert_eq!(run(program), expected, "{name}");
    }
}

#[test]
fn random_programs_do_what_they_do_under_qemu() {
    assert!(RANDOM.lines().count() >= 4000);
    for (seed, line) in RANDOM.lines().enumerate() {
        let expected: Record = line.parse().expect(line);
        assert_eq!(run(&random_program(seed as u64)), expected, "seed {seed}");
    }
}
