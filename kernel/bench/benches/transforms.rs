//! Low-degree extension of columns, in extended cells by time.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use p3_dft::TwoAdicSubgroupDft;
use p3_field::{Field, PrimeCharacteristicRing};
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Dft, Val};
use proofloom_stark::PROOF_PARAMETERS;

const COLUMNS: usize = 32;

fn extend(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("transforms");
    group.sample_size(20);
    let dft = Dft::default();
    for log_height in [12, 16] {
        let cells = (0..(COLUMNS << log_height) as u32).map(|i| Val::from_u32(i >> 1));
        let columns = RowMajorMatrix::new(cells.collect(), COLUMNS);
        group.throughput(Throughput::Elements((COLUMNS << (log_height + PROOF_PARAMETERS.log_blowup)) as u64));
        group.bench_function(BenchmarkId::new("extend", log_height), |bencher| {
            let extended = |columns| dft.coset_lde_batch(columns, PROOF_PARAMETERS.log_blowup, Val::GENERATOR);
            bencher.iter_batched(|| black_box(columns.clone()), extended, BatchSize::LargeInput);
        });
    }
    group.finish();
}

criterion_group!(benches, extend);
criterion_main!(benches);
