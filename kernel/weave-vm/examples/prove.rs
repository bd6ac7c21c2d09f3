//! Proves a program natively and prints what each part costs: `prove ELF [INPUT] [CYCLES] [SEGMENTS]`.
//!
//! With SEGMENTS only the first so many segments and the first shard are proven and verified one by one.

use std::time::Instant;

use proofloom_executor::{Limits, execute, load_elf};
use proofloom_vm::Statement;
use proofloom_vm::layout::DEFAULT_SEGMENT_CYCLES;
use proofloom_weave_vm::{
    Context, Contribution, Leaves, SegmentProof, ShardProof, challenge, key_digest, setup, verify, verify_segment,
    verify_shard,
};

fn timed<R>(what: &str, work: impl FnOnce() -> R) -> R {
    let since = Instant::now();
    let done = work();
    println!("{what}: {:.0} ms", since.elapsed().as_secs_f64() * 1e3);
    done
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let program = load_elf(&std::fs::read(&args[1])?)?;
    let input = match args.get(2).map(String::as_str) {
        None | Some("-") => Vec::new(),
        Some(path) => std::fs::read(path)?,
    };
    let segment_cycles = args.get(3).map_or(Ok(DEFAULT_SEGMENT_CYCLES), |n| n.parse())?;
    let some: Option<usize> = args.get(4).map(|n| n.parse()).transpose()?;
    let run = execute(&program, &input, Limits::default(), segment_cycles)?;
    let key = timed("setup", || setup(program))?;
    let job = key.job(&input, Limits::default(), segment_cycles);
    let contributed = timed("contribute", || job.contribute())?;
    let mut leaves = Leaves::default();
    for contribution in &contributed {
        match contribution {
            Contribution::Segment(leaf) => leaves.segments.push(leaf.digest()),
            Contribution::Shard(leaf) => leaves.shards.push(leaf.digest()),
        }
    }
    let (segments, shards) = (leaves.segments.len(), leaves.shards.len());
    println!("{} cycles, {segments} segments, {shards} shards", run.cycles);
    let statement =
        Statement { exit_code: run.exit_code, cycles: run.cycles, output: run.output, segments: segments as u32 };
    let gamma = challenge(&key_digest(&key.verifying), &statement, &leaves);
    let context = Context::new(&key.verifying, gamma);
    let (mut all, mut boundary): (Vec<SegmentProof>, Vec<ShardProof>) = (Vec::new(), Vec::new());
    for (number, leaf) in (1..).zip(&leaves.segments).take(some.unwrap_or(segments)) {
        let proof = timed(&format!("segment {number}"), || job.prove_segment(number, &gamma))?;
        println!("    {} bytes, {} stacked columns", proof.encode().len(), proof.proof.main.width);
        let work = timed("    verified", || verify_segment(&context, leaf, &proof))?;
        println!("    {work:?}");
        all.push(proof);
    }
    for (number, leaf) in (1..).zip(&leaves.shards).take(some.map_or(shards, |_| 1)) {
        let proof = timed(&format!("shard {number}"), || job.prove_shard(number, &gamma))?;
        println!("    {} bytes, {} stacked columns", proof.encode().len(), proof.proof.main.width);
        let work = timed("    verified", || verify_shard(&context, leaf, &proof))?;
        println!("    {work:?}");
        boundary.push(proof);
    }
    if some.is_none() {
        timed("all verified", || verify(&key.verifying, &statement, &all, &boundary))?;
    }
    Ok(())
}
