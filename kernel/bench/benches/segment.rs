//! A whole small segment: its proof, what the proof consists of, and its verification.
//!
//! The parts are read off whole proofs, as the prover reports them: what they work on exists nowhere
//! else.

use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use proofloom_bench::Segment;

/// Names of this benchmark, and the prover's phases that each adds up.
const PARTS: [(&str, &[&str]); 6] = [
    ("execution and trace", &["execute", "trace"]),
    ("auxiliary columns of the lookups", &["auxiliary columns"]),
    ("constraints and quotient", &["constraints"]),
    ("extensions", &["extend main", "extend auxiliary", "extend quotient"]),
    ("Merkle trees", &["hash main", "hash auxiliary", "hash quotient"]),
    ("openings and FRI", &["evaluate openings", "combine openings", "fold openings", "answer queries"]),
];

fn segment(criterion: &mut Criterion) {
    let segment = Segment::new();
    let (proof, _) = segment.prove();
    let mut group = criterion.benchmark_group("segment");
    group.bench_function("verify", |bencher| bencher.iter(|| segment.verify(&proof)));
    // A sample is a proof: as few of them as there may be.
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_millis(1));
    group.bench_function("prove", |bencher| {
        bencher.iter_custom(|proofs| {
            let started = Instant::now();
            (0..proofs).for_each(|_| drop(segment.prove()));
            started.elapsed()
        });
    });
    for (name, phases) in PARTS {
        group.bench_function(format!("prove: {name}"), |bencher| {
            bencher.iter_custom(|proofs| (0..proofs).map(|_| segment.prove().1.sum(phases)).sum());
        });
    }
    group.finish();
}

criterion_group!(benches, segment);
criterion_main!(benches);
