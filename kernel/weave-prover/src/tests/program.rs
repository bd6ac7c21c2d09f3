//! Verification as a program: the same steps whatever the proof's heights, layout and values.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenge, RATE, Val};
use proofloom_weave::{Arith, Check, EXTENSION, Instance, Native, TreeShape, Trees, verify};

use super::toy::{Sizes, Toy};
use super::whole::Job;

/// Plain arithmetic that notes which operation was asked for, and how much of it, but no operand.
struct Noted<'a> {
    plain: Native<'a, Trees<'a>>,
    program: Vec<(&'static str, usize)>,
}

/// Values without equality.
#[derive(Clone, Copy)]
struct V(Val);
#[derive(Clone, Copy)]
struct E(Challenge);

impl<'a> Noted<'a> {
    fn note(&mut self, name: &'static str, size: usize) -> &mut Native<'a, Trees<'a>> {
        self.program.push((name, size));
        &mut self.plain
    }
}

fn plain(values: &[V]) -> Vec<Val> {
    values.iter().map(|v| v.0).collect()
}

fn noted(values: Vec<Val>) -> Vec<V> {
    values.into_iter().map(V).collect()
}

impl Arith for Noted<'_> {
    type V = V;
    type E = E;

    fn konst(&mut self, x: Val) -> V {
        V(self.note("konst", 1).konst(x))
    }
    fn add_v(&mut self, x: V, y: V) -> V {
        V(self.note("add_v", 1).add_v(x.0, y.0))
    }
    fn sub_v(&mut self, x: V, y: V) -> V {
        V(self.note("sub_v", 1).sub_v(x.0, y.0))
    }
    fn mul_v(&mut self, x: V, y: V) -> V {
        V(self.note("mul_v", 1).mul_v(x.0, y.0))
    }
    fn konst_e(&mut self, x: Challenge) -> E {
        E(self.note("konst_e", 1).konst_e(x))
    }
    fn join(&mut self, coefficients: [V; EXTENSION]) -> E {
        E(self.note("join", 1).join(coefficients.map(|v| v.0)))
    }
    fn split(&mut self, x: E) -> [V; EXTENSION] {
        self.note("split", 1).split(x.0).map(V)
    }
    fn add(&mut self, x: E, y: E) -> E {
        E(self.note("add", 1).add(x.0, y.0))
    }
    fn sub(&mut self, x: E, y: E) -> E {
        E(self.note("sub", 1).sub(x.0, y.0))
    }
    fn mul(&mut self, x: E, y: E) -> E {
        E(self.note("mul", 1).mul(x.0, y.0))
    }
    fn scale(&mut self, x: E, y: V) -> E {
        E(self.note("scale", 1).scale(x.0, y.0))
    }
    fn inv(&mut self, x: E, check: Check) -> E {
        E(self.note("inv", 1).inv(x.0, check))
    }
    fn assert_zero_v(&mut self, x: V, check: Check) {
        self.note("assert_zero_v", 1).assert_zero_v(x.0, check);
    }
    fn assert_zero(&mut self, x: E, check: Check) {
        self.note("assert_zero", 1).assert_zero(x.0, check);
    }
    fn read(&mut self, array: &[E], index: V) -> E {
        let array: Vec<Challenge> = array.iter().map(|e| e.0).collect();
        E(self.note("read", array.len()).read(&array, index.0))
    }
    fn bits(&mut self, x: V, count: usize) -> Vec<V> {
        noted(self.note("bits", count).bits(x.0, count))
    }
    fn thermometer(&mut self, x: V, count: usize) -> Vec<V> {
        noted(self.note("thermometer", count).thermometer(x.0, count))
    }
    fn start(&mut self, domain: &str) {
        self.note("start", domain.len()).start(domain);
    }
    fn absorb(&mut self, message: &[V]) {
        self.note("absorb", message.len()).absorb(&plain(message));
    }
    fn squeeze(&mut self) -> [V; RATE] {
        self.note("squeeze", 1).squeeze().map(V)
    }
    fn hash(&mut self, domain: &str, elements: &[V]) -> [V; RATE] {
        self.note("hash", elements.len()).hash(domain, &plain(elements)).map(V)
    }
    fn take(&mut self, count: usize) -> Vec<V> {
        noted(self.note("take", count).take(count))
    }
    fn open(&mut self, tree: &TreeShape<V>, positions: &[V]) -> Vec<Vec<V>> {
        let TreeShape { number, width, .. } = *tree;
        let shape = TreeShape { number, root: tree.root.map(|v| v.0), elements: tree.elements.0, width };
        let rows = self.note("open", number).open(&shape, &plain(positions));
        self.program.push(("rows", rows.len() * width));
        rows.into_iter().map(noted).collect()
    }
}

/// All steps of an honest proof's verification.
fn program(sizes: Sizes) -> Vec<(&'static str, usize)> {
    let job = Job::new(sizes);
    let proof = job.prove();
    let tape = proof.tape(&job.machine);
    let trees = Trees::new(proof.trees(&job.machine).expect("an honest proof"));
    let mut a = Noted { plain: Native::new("", &tape, trees), program: Vec::new() };
    let digest = |digest: [Val; RATE]| digest.map(V);
    let x = &job.instance;
    let instance = Instance {
        gamma: digest(x.gamma),
        kind: V(x.kind),
        number: V(x.number),
        set: V(x.set),
        leaf: digest(x.leaf),
        fixed_root: digest(x.fixed_root),
        shared_root: digest(x.shared_root),
        publics: x.publics.iter().map(|values| noted(values.clone())).collect(),
    };
    let heights = verify(&mut a, &job.machine, &instance);
    let cpu = heights.log(Toy::Cpu as usize).0;
    assert_eq!(cpu, Val::from_usize(sizes.cpu), "the caller gets the heights that were proven");
    let Noted { plain, program } = a;
    assert_eq!(plain.finish(), Ok(()));
    program
}

#[test]
fn one_machine_is_one_program_whatever_the_heights() {
    let one = program(Sizes { cpu: 7, providers: 5, memory: 4, counter: 9 });
    assert!(one.len() > 20_000, "{} steps", one.len());
    for (cpu, providers, memory, counter) in [(4, 4, 4, 4), (5, 4, 9, 11)] {
        let other = program(Sizes { cpu, providers, memory, counter });
        let differs = one.iter().zip(&other).position(|(a, b)| a != b);
        assert_eq!((differs, one.len()), (None, other.len()));
    }
}
