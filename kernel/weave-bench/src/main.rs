//! `proofloom-weave-bench RUN [REPEAT]`

use std::time::Instant;

use proofloom_weave_bench::{Host, RUNS, measure};

struct Native(Instant);

impl Host for Native {
    /// The thread's own time where the system tells it.
    fn now_ms(&mut self) -> f64 {
        let own = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let nanoseconds = own.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
        nanoseconds.map_or_else(|| self.0.elapsed().as_secs_f64() * 1e3, |own| own / 1e6)
    }
}

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let names = || RUNS.iter().map(|run| run.name).collect::<Vec<_>>().join(", ");
    let name = args.first().ok_or_else(|| format!("which run? one of {}", names()))?;
    let run = RUNS.iter().find(|run| run.name == name).ok_or_else(|| format!("no run {name}; one of {}", names()))?;
    let repeat = args.get(1).map_or(Ok(1), |count| count.parse()).map_err(|_| "how often? a number".to_owned())?;
    let mut host = Native(Instant::now());
    for _ in 0..repeat {
        println!("{}: {}", run.name, measure(run, &mut host)?);
    }
    Ok(())
}
