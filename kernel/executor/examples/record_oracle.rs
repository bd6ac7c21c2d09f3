//! Runs the test programs under qemu-riscv64 and writes their records; see `oracle/record.sh`.

use std::error::Error;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use proofloom_executor::testkit::directed::directed_programs;
use proofloom_executor::testkit::oracle::Record;
use proofloom_executor::testkit::{TestProgram, random_program};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Oracle {
    qemu: PathBuf,
    plugin: PathBuf,
    work: PathBuf,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [qemu, plugin, work, output, count] = arguments.as_slice() else {
        return Err("usage: record_oracle QEMU PLUGIN WORK-DIR OUTPUT-DIR RANDOM-PROGRAMS".into());
    };
    let oracle = Oracle { qemu: qemu.into(), plugin: plugin.into(), work: work.into() };
    let output = Path::new(output);
    fs::write(output.join("directed.txt"), oracle.directed()?)?;
    fs::write(output.join("random.txt"), oracle.random(count.parse()?)?)?;
    Ok(())
}

impl Oracle {
    /// Lines "name: record".
    fn directed(&self) -> Result<String> {
        let mut lines = String::new();
        for program in directed_programs() {
            lines += &format!("{}: {}\n", program.name, self.run(&program)?);
        }
        Ok(lines)
    }

    /// Line n is the record of seed n, from 0.
    fn random(&self, count: u64) -> Result<String> {
        let mut lines = String::new();
        for seed in 0..count {
            lines += &format!("{}\n", self.run(&random_program(seed))?);
        }
        Ok(lines)
    }

    fn run(&self, program: &TestProgram) -> Result<Record> {
        let (elf, log) = (self.work.join("program.elf"), self.work.join("plugin.log"));
        let file = match program.input.is_empty() {
            true => program.elf(),
            false => program.elf_with_input(),
        };
        fs::write(&elf, file)?;
        fs::set_permissions(&elf, fs::Permissions::from_mode(0o755))?;
        let run = Command::new(&self.qemu)
            .arg("-plugin")
            .arg(&self.plugin)
            .args(["-d", "plugin", "-D"])
            .arg(&log)
            .arg(&elf)
            .output()?;
        let code = run
            .status
            .code()
            .ok_or_else(|| format!("{}: {} ({})", program.name, run.status, String::from_utf8_lossy(&run.stderr)))?;
        let instructions = fs::read_to_string(&log)?.trim().parse()?;
        Ok(Record::new(code as u32, instructions, &run.stdout))
    }
}
