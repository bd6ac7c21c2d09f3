//! Proves a program natively and prints what each phase costs: `prove ELF [INPUT] [CYCLES]`.

use std::time::Instant;

use proofloom_executor::{Limits, load_elf};
use proofloom_stark::Progress;
use proofloom_vm::{BOUNDARY, aggregate, challenge, setup, verify};

struct Print(Instant);
impl Progress for Print {
    fn now_ms(&mut self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
    fn phase(&mut self, name: &'static str, ms: f64) {
        println!("    {name:24} {ms:9.1} ms");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let program = load_elf(&std::fs::read(&args[1])?)?;
    let input = match args.get(2).map(String::as_str) {
        None | Some("-") => Vec::new(),
        Some(path) => std::fs::read(path)?,
    };
    let segment_cycles = args.get(3).map_or(Ok(proofloom_vm::layout::DEFAULT_SEGMENT_CYCLES), |n| n.parse())?;
    let mut clock = Print(Instant::now());
    let lap = |name: &str, since: &mut f64, clock: &mut Print| {
        let now = clock.now_ms();
        println!("{name}: {:.0} ms", now - *since);
        *since = now;
    };
    let mut t = 0.0;
    let key = setup(program)?;
    lap("setup", &mut t, &mut clock);
    let job = key.job(&input, Limits::default(), segment_cycles);
    let (plan, _) = job.plan()?;
    println!("{:?} cycles, {} segments", plan.statement.cycles, plan.statement.segments);
    lap("plan", &mut t, &mut clock);
    let numbers: Vec<u32> = (BOUNDARY..=plan.statement.segments).collect();
    let commitments: Vec<_> = job.contribute(&numbers)?.into_iter().map(|c| c.commitment).collect();
    lap("contribute", &mut t, &mut clock);
    let gamma = challenge(&key.verifying.digest(), &plan.statement, &commitments[0], &commitments[1..]);
    let mut proofs = Vec::new();
    for &number in &numbers {
        let proof = job.prove(number, gamma, &mut clock)?.bytes;
        println!("proof {number}: {} bytes", proof.len());
        lap("prove", &mut t, &mut clock);
        proofs.push(proof);
    }
    let bytes = aggregate(&key.verifying, &plan.statement, &proofs[0], &proofs[1..])?;
    lap("aggregate", &mut t, &mut clock);
    verify(&key.verifying.digest(), &bytes)?;
    lap("verify", &mut t, &mut clock);
    println!("{} bytes", bytes.len());
    Ok(())
}
