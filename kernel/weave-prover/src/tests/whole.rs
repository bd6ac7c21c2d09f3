//! Whole proofs of the toy machine: what verifies, and what is refused.

use p3_field::{BasedVectorSpace, PrimeCharacteristicRing, PrimeField32};
use proofloom_field::{Challenge, Digest, Val};
use proofloom_weave::{
    Check, DecodeError, Encoder, Group, Instance, LayoutError, Machine, ProofError, TESTS, VerifyError, WeaveProof,
    verify_proof,
};

use super::direct;
use super::toy::{Run, Sizes, TABLES, Toy};
use crate::prove::prove_following;
use crate::staged::{StagedProof, Violated};
use crate::{GroupCommitment, Inputs, ProveError, TableTrace, prove, prove_placed};

const SIZES: Sizes = Sizes { cpu: 7, providers: 5, memory: 4, counter: 9 };

fn machine() -> Machine<Toy> {
    Machine::with_profile(TABLES.to_vec(), TESTS).expect("the toy machine is sound")
}

fn digest(first: u32) -> Digest {
    core::array::from_fn(|i| Val::from_usize(first as usize + i))
}

/// A run with what is committed before gamma, and what its proof is about.
pub struct Job {
    pub machine: Machine<Toy>,
    run: Run,
    fixed: GroupCommitment,
    shared: GroupCommitment,
    pub instance: Instance<Val>,
}

impl Job {
    pub fn new(sizes: Sizes) -> Self {
        Self::of(machine(), Run::new(sizes))
    }

    fn of(machine: Machine<Toy>, run: Run) -> Self {
        let commit = |group| GroupCommitment::new(&machine, group, &run.traces()).expect("few columns");
        let (fixed, shared) = (commit(Group::Fixed), commit(Group::Shared));
        let instance = Instance {
            gamma: digest(1),
            kind: Val::ONE,
            number: Val::from_u32(7),
            set: Val::ZERO,
            leaf: digest(100),
            fixed_root: fixed.root(),
            shared_root: shared.root(),
            publics: run.publics.clone(),
        };
        Self { machine, run, fixed, shared, instance }
    }

    pub fn prove(&self) -> WeaveProof {
        let main = GroupCommitment::new(&self.machine, Group::Main, &self.run.traces()).expect("few columns");
        self.prove_placed(main)
    }

    fn prove_placed(&self, main: GroupCommitment) -> WeaveProof {
        prove_placed(&self.inputs(&self.run.traces()), main, &mut ()).expect("an honest run")
    }

    fn inputs<'a>(&'a self, traces: &'a [TableTrace<'a>]) -> Inputs<'a, Toy> {
        let Self { machine, instance, fixed, shared, .. } = self;
        Inputs { machine, instance, traces, fixed, shared }
    }

    /// By a prover that follows the staged rounds whatever they show.
    fn prove_although_violated(&self) -> WeaveProof {
        let (machine, traces) = (&self.machine, self.run.traces());
        let main = GroupCommitment::new(machine, Group::Main, &traces).expect("few columns");
        let proof = prove_following(&self.inputs(&traces), main, &mut (), |folding, leaf, transcript, _| {
            let shift = &direct::shifted;
            let publics = &self.run.publics;
            let staged = direct::prove_staged(machine, &traces, publics, folding, leaf, shift, transcript);
            Ok(StagedProof { list: staged.list, point: staged.point, values: staged.values })
        });
        proof.expect("a balanced run")
    }

    fn verify(&self, proof: &WeaveProof) -> Result<(), VerifyError> {
        verify_proof(&self.machine, &self.instance, proof).map(|_| ())
    }

    /// Through the bytes, as whoever receives a proof.
    fn check(&self, proof: &WeaveProof) -> Result<(), Refusal> {
        let proof = WeaveProof::decode(&self.machine, &proof.encode()).map_err(Refusal::Decode)?;
        self.verify(&proof).map_err(Refusal::Verify)
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Decode(ProofError),
    Verify(VerifyError),
}

#[test]
fn proofs_verify_whatever_the_heights_and_their_bytes_are_read_back() {
    for (cpu, providers, memory, counter) in [(7, 5, 4, 9), (4, 4, 4, 4), (9, 8, 5, 4), (5, 4, 9, 11)] {
        let job = Job::new(Sizes { cpu, providers, memory, counter });
        let proof = job.prove();
        assert_eq!(job.check(&proof), Ok(()), "{cpu} {providers} {memory} {counter}");
        assert_eq!(WeaveProof::decode(&job.machine, &proof.encode()), Ok(proof.clone()));
        assert_eq!(job.prove_although_violated().encode(), proof.encode(), "a proof is a function of its inputs");
    }
}

/// The bytes are the same on every target, whatever its vectors and words: the digest of one proof is recorded.
/// Feature `proofloom-field/force_own_field` has the field type of WebAssembly on any target.
#[test]
fn the_bytes_of_a_proof_are_the_recorded_ones() {
    let bytes = Job::new(SIZES).prove().encode();
    let digest = Encoder::default().bytes(&bytes).digest("test/bytes").map(|x| x.as_canonical_u32());
    let recorded = [
        966_255_936,
        1_857_156_432,
        1_769_573_849,
        527_141_622,
        1_842_439_607,
        2_054_391_434,
        1_672_775_853,
        57_395_136,
    ];
    assert_eq!(
        (bytes.len(), digest),
        (18_191, recorded),
        "if the protocol or the toy machine was changed, record it anew"
    );
}

#[test]
fn other_places_and_a_wider_stack_verify() {
    let job = Job::new(SIZES);
    let traces = job.run.traces();
    let mut placement = job.prove().main;
    let step = 8 << TESTS.stack_variables;
    placement.offsets.iter_mut().for_each(|offset| *offset += step);
    placement.width += 16;
    let main = GroupCommitment::placed(&job.machine, Group::Main, &traces, placement);
    assert_eq!(job.check(&job.prove_placed(main)), Ok(()));
}

#[test]
fn a_proof_is_about_its_instance_alone() {
    let job = Job::new(SIZES);
    let proof = job.prove();
    let refused = |what: &str, change: &dyn Fn(&mut Instance<Val>)| {
        let mut instance = job.instance.clone();
        change(&mut instance);
        assert!(verify_proof(&job.machine, &instance, &proof).is_err(), "{what}");
    };
    for i in 0..8 {
        refused("gamma", &|x| x.gamma[i] += Val::ONE);
        refused("leaf", &|x| x.leaf[i] += Val::ONE);
        refused("fixed root", &|x| x.fixed_root[i] += Val::ONE);
        refused("shared root", &|x| x.shared_root[i] += Val::ONE);
    }
    refused("kind", &|x| x.kind = Val::TWO);
    refused("number", &|x| x.number += Val::ONE);
    refused("set", &|x| x.set = Val::ONE);
    for table in 0..TABLES.len() {
        for i in 0..job.instance.publics[table].len() {
            refused("public value", &|x| x.publics[table][i] += Val::ONE);
        }
        refused("a public value more", &|x| x.publics[table].push(Val::ZERO));
    }
    refused("no shared root", &|x| x.shared_root = Digest::default());
    let other = Machine::with_profile(TABLES.to_vec(), proofloom_weave::Profile { id: "other", ..TESTS });
    assert!(other.is_err(), "shared columns are admitted with two profiles");
}

/// One element of the challenge field changed in one coefficient.
fn bump(x: &mut Challenge, d: usize) {
    *x += Challenge::from_basis_coefficients_fn(|i| Val::from_bool(i == d % 5));
}

#[test]
fn every_changed_element_of_a_proof_is_refused() {
    let job = Job::new(Sizes { cpu: 5, providers: 4, memory: 4, counter: 4 });
    let proof = job.prove();
    assert_eq!(job.check(&proof), Ok(()));
    let refused = |what: &str, i: usize, change: &dyn Fn(&mut WeaveProof)| {
        let mut changed = proof.clone();
        change(&mut changed);
        assert!(job.check(&changed).is_err(), "{what} {i}");
    };
    let lists: [(&str, fn(&mut WeaveProof) -> &mut Vec<Challenge>); 6] = [
        ("gkr", |p| &mut p.gkr),
        ("staged", |p| &mut p.staged),
        ("values", |p| &mut p.values),
        ("reduction", |p| &mut p.reduction),
        ("final polynomial", |p| &mut p.final_poly),
        ("folds", |p| &mut p.folds),
    ];
    for (what, list) in lists {
        for i in 0..list(&mut proof.clone()).len() {
            refused(what, i, &|p| bump(&mut list(p)[i], i));
        }
        refused("one more", 0, &|p| list(p).push(Challenge::ZERO));
        refused("one less", 0, &|p| list(p).truncate(1));
    }
    for d in 0..5 {
        refused("y", d, &|p| bump(&mut p.y, d));
    }
    for i in 0..TABLES.len() {
        refused("height", i, &|p| p.log_heights[i] += 1);
        refused("height", i, &|p| p.log_heights[i] -= 1);
    }
    refused("width", 0, &|p| p.main.width += 8);
    for i in 0..proof.main.offsets.len() {
        refused("offset", i, &|p| p.main.offsets[i] ^= 1 << 14);
        refused("offset", i, &|p| p.main.offsets[i] += 1);
    }
    for d in 0..8 {
        refused("main root", d, &|p| p.main_root[d] += Val::ONE);
        for i in 0..proof.roots.len() {
            refused("root", i, &|p| p.roots[i][d] += Val::ONE);
        }
    }
    for i in 0..proof.nonces.len() {
        refused("nonce", i, &|p| p.nonces[i] += Val::ONE);
    }
    for tree in 0..proof.openings.len() {
        for i in 0..proof.openings[tree].rows.len() {
            refused("row", i, &|p| p.openings[tree].rows[i] += Val::ONE);
        }
        for i in 0..proof.openings[tree].path.len() {
            refused("path", i, &|p| p.openings[tree].path[i][i % 8] += Val::ONE);
        }
        refused("a sibling less", tree, &|p| p.openings[tree].path.truncate(1));
        refused("a sibling more", tree, &|p| p.openings[tree].path.push(Digest::default()));
    }
}

#[test]
fn impossible_layouts_are_refused_before_anything_is_read() {
    let job = Job::new(SIZES);
    let proof = job.prove();
    let decoded = |change: &dyn Fn(&mut WeaveProof)| {
        let mut changed = proof.clone();
        change(&mut changed);
        WeaveProof::decode(&job.machine, &changed.encode())
    };
    let layout = |error| Err(ProofError::Layout(error));
    assert_eq!(decoded(&|p| p.main.width = 200), layout(LayoutError::Width { got: 200 }));
    assert_eq!(decoded(&|p| p.main.width = 0), layout(LayoutError::Width { got: 0 }));
    // The first chunk has four of cpu's columns, of 2^7 rows.
    let (offset, end) = (proof.main.offsets[0], u32::from(proof.main.width) << TESTS.stack_variables);
    let misaligned = LayoutError::Misaligned { chunk: 0, offset: offset + 4, log_cells: 9 };
    assert_eq!(decoded(&|p| p.main.offsets[0] += 4), layout(misaligned));
    let beyond = LayoutError::Beyond { chunk: 0, offset: end, log_cells: 9, width: proof.main.width };
    assert_eq!(decoded(&|p| p.main.offsets[0] = end), layout(beyond));
    let height = ProofError::Height { table: "cpu", min: 4, max: 20, got: 21 };
    assert_eq!(decoded(&|p| p.log_heights[0] = 21), Err(height));
    let count = DecodeError::Count { what: "heights", expected: 7, got: 6 };
    assert_eq!(decoded(&|p| p.log_heights.truncate(6)), Err(ProofError::Malformed(count)));
    let mut bytes = proof.encode();
    bytes.push(0);
    assert_eq!(WeaveProof::decode(&job.machine, &bytes), Err(ProofError::Trailing { count: 1 }));
}

#[test]
fn the_shared_root_of_another_layout_is_refused() {
    let job = Job::new(SIZES);
    let proof = job.prove();
    // The same root with twice the rows claimed for memory.
    let mut changed = proof.clone();
    changed.log_heights[Toy::Memory as usize] += 1;
    assert!(job.check(&changed).is_err());
    // A run of other heights, under the root of this one.
    let other = Job::new(Sizes { memory: 6, ..SIZES });
    let mut instance = other.instance.clone();
    instance.shared_root = job.instance.shared_root;
    assert_eq!(
        verify_proof(&other.machine, &instance, &other.prove()).map(|_| ()),
        Err(VerifyError::Refused(Check::LookupLayer))
    );
}

/// A cell changed where only a constraint sees it: on the last row of the tallest table, which has no bus.
#[test]
fn a_violated_constraint_of_a_table_without_interactions_is_refused() {
    let mut job = Job::new(SIZES);
    let last = (1 << SIZES.counter) - 1;
    *job.run.cell(Toy::Counter, last, 0) += Val::ONE;
    assert_eq!(
        job.check(&job.prove_although_violated()),
        Err(Refusal::Verify(VerifyError::Refused(Check::Constraints)))
    );
    let violated = Violated { table: "counter" };
    assert_eq!(prove(&job.inputs(&job.run.traces()), &mut ()).err(), Some(ProveError::Violated(violated)));
}

#[test]
fn a_narrow_table_of_the_largest_height_verifies() {
    let machine = Machine::new(TABLES.to_vec()).expect("the toy machine is sound");
    let job = Job::of(machine, Run::new(Sizes { cpu: 4, providers: 4, memory: 4, counter: 20 }));
    assert_eq!(job.check(&job.prove()), Ok(()));
}

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

#[test]
fn mutated_bytes_are_refused_without_a_panic() {
    let job = Job::new(SIZES);
    let bytes = job.prove().encode();
    let mut numbers = Numbers(1);
    for round in 0..400 {
        let mut mutated = bytes.clone();
        for _ in 0..=numbers.below(3) {
            // The first bytes decide lengths, so they are changed most.
            let range = if round % 2 == 0 { 64 } else { mutated.len() };
            let at = numbers.below(range.min(mutated.len()));
            match numbers.below(4) {
                0 => mutated[at] = numbers.below(256) as u8,
                1 => mutated[at] ^= 1 << numbers.below(8),
                2 => mutated.truncate(at),
                _ => mutated.insert(at, numbers.below(256) as u8),
            }
            if mutated.is_empty() {
                mutated.push(0);
            }
        }
        if mutated == bytes {
            continue;
        }
        let refused = match WeaveProof::decode(&job.machine, &mutated) {
            Ok(proof) => job.verify(&proof).is_err(),
            Err(_) => true,
        };
        assert!(refused, "round {round}");
    }
    for len in (0..bytes.len()).step_by(97) {
        assert!(WeaveProof::decode(&job.machine, &bytes[..len]).is_err(), "{len} bytes");
    }
}

/// What a derived encoding of the same lists writes.
#[test]
fn bytes_are_those_of_bcs() {
    type Element = [u32; 5];
    #[derive(serde::Serialize)]
    struct Wire(
        (Vec<u8>, u16, Vec<u32>, [u32; 8]),
        (Vec<Element>, Vec<Element>, Vec<Element>, Vec<Element>, Element),
        (Vec<[u32; 8]>, Vec<Element>, Vec<u32>, Vec<Element>, Vec<Element>),
        [Opened; 6],
    );
    #[derive(serde::Serialize)]
    struct Opened(#[serde(serialize_with = "run")] Vec<u8>, Vec<[u32; 8]>);
    fn run<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }
    let element = |x: &Challenge| -> Element {
        let coefficients: &[Val] = x.as_basis_coefficients_slice();
        core::array::from_fn(|d| coefficients[d].as_canonical_u32())
    };
    let list = |list: &[Challenge]| list.iter().map(element).collect::<Vec<_>>();
    let digest = |digest: &Digest| digest.map(|x| x.as_canonical_u32());
    let digests = |list: &[Digest]| list.iter().map(digest).collect::<Vec<_>>();
    let p = Job::new(SIZES).prove();
    let opened = |tree: usize| {
        let rows = p.openings[tree].rows.iter().flat_map(|x| x.as_canonical_u32().to_le_bytes()).collect();
        Opened(rows, digests(&p.openings[tree].path))
    };
    let wire = Wire(
        (p.log_heights.clone(), p.main.width, p.main.offsets.clone(), digest(&p.main_root)),
        (list(&p.gkr), list(&p.staged), list(&p.values), list(&p.reduction), element(&p.y)),
        (
            digests(&p.roots),
            vec![],
            p.nonces.iter().map(Val::as_canonical_u32).collect(),
            list(&p.final_poly),
            list(&p.folds),
        ),
        core::array::from_fn(opened),
    );
    assert_eq!(bcs::to_bytes(&wire).expect("short lists"), p.encode());
}

/// Sizes and work of a proof with the released profile; run by hand, in a release build:
/// `cargo test --release -p proofloom-weave-prover --lib measure -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, run by hand"]
fn measure() {
    let machine = Machine::new(TABLES.to_vec()).expect("the toy machine is sound");
    let job = Job::of(machine, Run::new(Sizes { cpu: 14, providers: 8, memory: 14, counter: 20 }));
    for width in [16, 96, 136, 192] {
        let mut placement = job.prove().main;
        placement.width = width;
        let started = std::time::Instant::now();
        let main = GroupCommitment::placed(&job.machine, Group::Main, &job.run.traces(), placement);
        let proof = job.prove_placed(main);
        println!("stacked columns {width}: proven in {:?}", started.elapsed());
        let bytes = proof.encode();
        let started = std::time::Instant::now();
        let decoded = WeaveProof::decode(&job.machine, &bytes).expect("its own encoding");
        println!("  {} bytes, decoded in {:?}", bytes.len(), started.elapsed());
        let started = std::time::Instant::now();
        let work = verify_proof(&job.machine, &job.instance, &decoded).expect("an honest proof");
        println!("  verified in {:?}: {work:?}", started.elapsed());
        let lists = [&proof.gkr, &proof.staged, &proof.values, &proof.reduction, &proof.final_poly, &proof.folds];
        println!("  bytes of gkr, staged, values, reduction, final, folds: {:?}", lists.map(|list| 20 * list.len()));
        let opened = proof.openings.iter().map(|opened| (4 * opened.rows.len(), 32 * opened.path.len()));
        println!("  bytes of rows, paths by tree: {:?}", opened.collect::<Vec<_>>());
    }
}
