//! Hashing: rows, nodes, and a tree of both, in permutations of Poseidon2 by time.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use p3_commit::Mmcs;
use p3_field::{Field, PrimeCharacteristicRing};
use p3_matrix::dense::RowMajorMatrix;
use p3_merkle_tree::MerkleTreeMmcs;
use p3_symmetric::{CryptographicHasher, PseudoCompressionFunction};
use proofloom_field::{Compress, DIGEST_ELEMS, Digest, Hash, RATE, Val, default_perm};

type Packed = <Val as Field>::Packing;
type Tree = MerkleTreeMmcs<Packed, Packed, Hash, Compress, 2, DIGEST_ELEMS>;

const MESSAGES: usize = 1024;
/// About the main columns of the largest table.
const COLUMNS: usize = 40;
const LOG_ROWS: usize = 13;

fn elements(count: usize) -> Vec<Val> {
    (0..count as u32).map(|i| Val::from_u32(i.wrapping_mul(2_654_435_761) >> 2)).collect()
}

/// As openings are verified: messages of one length, one after another in memory.
fn messages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hashing");
    let hash = Hash::new(default_perm());
    let compress = Compress::new(default_perm());
    let mut digests = vec![Digest::default(); MESSAGES];
    let rows = elements(MESSAGES * COLUMNS);
    group.throughput(Throughput::Elements((MESSAGES * COLUMNS.div_ceil(RATE)) as u64));
    group.bench_function(BenchmarkId::new("rows", COLUMNS), |bencher| {
        bencher.iter(|| hash.hash_many(black_box(&rows), &mut digests));
    });
    let nodes = elements(2 * MESSAGES * DIGEST_ELEMS);
    let (nodes, _) = nodes.as_chunks::<DIGEST_ELEMS>();
    let (pairs, _) = nodes.as_chunks::<2>();
    group.throughput(Throughput::Elements(MESSAGES as u64));
    group.bench_function("nodes", |bencher| {
        bencher.iter(|| compress.compress_many(black_box(pairs), &mut digests));
    });
    group.finish();
}

/// As columns are committed.
fn tree(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hashing");
    let mmcs = Tree::new(Hash::new(default_perm()), Compress::new(default_perm()), 0);
    let matrix = RowMajorMatrix::new(elements(COLUMNS << LOG_ROWS), COLUMNS);
    let permutations = (1 << LOG_ROWS) * (COLUMNS.div_ceil(RATE) + 1);
    group.throughput(Throughput::Elements(permutations as u64));
    group.bench_function(BenchmarkId::new("tree", COLUMNS), |bencher| {
        bencher.iter(|| mmcs.commit(vec![black_box(matrix.as_view())]));
    });
    group.finish();
}

criterion_group!(benches, messages, tree);
criterion_main!(benches);
