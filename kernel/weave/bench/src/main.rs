//! `proofloom-weave-bench ELF [INPUT|-] [SEGMENT] [CYCLES] [REPEAT]`

use std::time::Instant;

use proofloom_weave_bench::{Bench, Host};

struct Native(Instant);

impl Host for Native {
    fn now_ms(&mut self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1e3
    }
    fn log(&mut self, line: &str) {
        println!("{line}");
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let elf = std::fs::read(&args[1])?;
    let input = match args.get(2).map(String::as_str) {
        None | Some("-") => Vec::new(),
        Some(path) => std::fs::read(path)?,
    };
    let number = |i: usize, default: u32| args.get(i).map_or(Ok(default), |n| n.parse());
    let (segment, cycles, repeat) = (number(3, 1)?, number(4, (1 << 18) - 1)?, number(5, 1)?);
    let mut bench = Bench::new(&elf)?;
    let mut host = Native(Instant::now());
    for _ in 0..repeat {
        let _ = bench.run(&input, segment, u64::from(cycles), &mut host)?;
    }
    Ok(())
}
