//! Base field: ring operations, powers of two, sums of products.

use core::array::from_fn;

use p3_field::{Algebra, InjectiveMonomial, PackedField, PackedValue, PermutationMonomial, PrimeCharacteristicRing};

use super::{BLOCK, Block, Fold, Report, pack};
use crate::backend::{Backend, Packing};
use crate::random::Random;

pub(super) fn run<B: Backend>(r: &mut Report) {
    operations::<B>(r);
    powers_of_two::<B>(r);
    dot_products::<B>(r);
    for len in [0, 1, 2, 3, 4, 5, 17, 100] {
        r.accumulate::<B>(len);
    }
}

impl Report {
    /// Compare `scalar` lane by lane with `packed` on blocks of two operands.
    fn ring<B: Backend>(
        &mut self,
        name: &str,
        scalar: impl Fn(B::F, B::F) -> B::F,
        packed: impl Fn(Packing<B>, Packing<B>) -> Packing<B>,
    ) {
        let mut random = Random::new(self.seed);
        let (mut s, mut p) = (Fold::new(), Fold::new());
        for _ in 0..self.count {
            let [a, b]: [Block<B::F>; 2] = from_fn(|_| random.elements());
            s.absorb(&from_fn::<_, BLOCK, _>(|i| scalar(a[i], b[i])));
            for (&x, &y) in pack::<B>(&a).iter().zip(pack::<B>(&b)) {
                p.absorb(packed(x, y).as_slice());
            }
        }
        self.line(name, s, p);
    }

    /// Compare dot products of `N` terms.
    fn dot<B: Backend, const N: usize>(&mut self) {
        let mut random = Random::new(self.seed);
        let (mut s, mut p) = (Fold::new(), Fold::new());
        for _ in 0..self.count {
            let a: [Block<B::F>; N] = from_fn(|_| random.elements());
            let b: [Block<B::F>; N] = from_fn(|_| random.elements());
            for i in 0..BLOCK {
                s.absorb(&[B::F::dot_product::<N>(&a.map(|x| x[i]), &b.map(|x| x[i]))]);
            }
            for i in 0..BLOCK / Packing::<B>::WIDTH {
                let at = |columns: &[Block<B::F>; N]| from_fn(|n| pack::<B>(&columns[n])[i]);
                p.absorb(Packing::<B>::dot_product::<N>(&at(&a), &at(&b)).as_slice());
            }
        }
        self.line(&format!("dot_product_{N}"), s, p);
    }

    /// Compare dot products of `N` terms with scalars that are the same in every lane.
    fn mixed_dot<B: Backend, const N: usize>(&mut self) {
        let mut random = Random::new(self.seed);
        let (mut s, mut p) = (Fold::new(), Fold::new());
        for _ in 0..self.count {
            let a: [Block<B::F>; N] = from_fn(|_| random.elements());
            let scales: [B::F; N] = random.elements();
            for i in 0..BLOCK {
                s.absorb(&[B::F::dot_product::<N>(&a.map(|x| x[i]), &scales)]);
            }
            for i in 0..BLOCK / Packing::<B>::WIDTH {
                let column = from_fn(|n| pack::<B>(&a[n])[i]);
                p.absorb(Packing::<B>::mixed_dot_product::<N>(&column, &scales).as_slice());
            }
        }
        self.line(&format!("mixed_dot_product_{N}"), s, p);
    }

    /// Compare the accumulation of `len` products of five coefficients by one base value.
    fn accumulate<B: Backend>(&mut self, len: usize) {
        let mut random = Random::new(self.seed);
        let base: Vec<Block<B::F>> = (0..len).map(|_| random.elements()).collect();
        let coeffs: Vec<[Block<B::F>; 5]> = (0..len).map(|_| from_fn(|_| random.elements())).collect();
        let (mut s, mut p) = (Fold::new(), Fold::new());
        let width = Packing::<B>::WIDTH;
        for i in 0..BLOCK / width {
            for lane in i * width..(i + 1) * width {
                let term = |k: usize, t: usize| coeffs[t][k][lane] * base[t][lane];
                let sums: [B::F; 5] = from_fn(|k| (0..len).map(|t| term(k, t)).sum());
                s.absorb(&sums);
            }
            let pairs: Vec<([Packing<B>; 5], Packing<B>)> = (0..len)
                .map(|t| {
                    let coeffs = coeffs[t].map(|c| pack::<B>(&c)[i]);
                    (coeffs, pack::<B>(&base[t])[i])
                })
                .collect();
            let pairs = pairs.iter().map(|(c, b)| (&c[..], *b));
            let sums = Packing::<B>::coeffwise_dot_product(5, pairs);
            for lane in 0..width {
                p.absorb(&from_fn::<_, 5, _>(|k| sums[k].as_slice()[lane]));
            }
        }
        self.line(&format!("coeffwise_dot_product_{len}"), s, p);
    }
}

fn operations<B: Backend>(r: &mut Report) {
    r.ring::<B>("add", |a, b| a + b, |a, b| a + b);
    r.ring::<B>("sub", |a, b| a - b, |a, b| a - b);
    r.ring::<B>("neg", |a, _| -a, |a, _| -a);
    r.ring::<B>("mul", |a, b| a * b, |a, b| a * b);
    r.ring::<B>("square", |a, _| a.square(), |a, _| a.square());
    r.ring::<B>("cube", |a, _| a.cube(), |a, _| a.cube());
    r.ring::<B>("double", |a, _| a.double(), |a, _| a.double());
    r.ring::<B>("halve", |a, _| a.halve(), |a, _| a.halve());
    r.ring::<B>("exp_3", |a, _| a.injective_exp_n(), |a, _| a.injective_exp_n());
    r.ring::<B>("root_3", |a, _| a.injective_exp_root_n(), |a, _| a.injective_exp_root_n());
    r.ring::<B>("exp_77777", |a, _| a.exp_u64(77_777), |a, _| a.exp_u64(77_777));
    // -3 is no square in KoalaBear, so b^2 + 3 is a divisor that is never zero.
    let three = B::F::from_u8(3);
    r.ring::<B>("div", |a, b| a / (b.square() + three), |a, b| a / (b.square() + three));
    r.ring::<B>("scalar_mul", |a, _| a * three, |a, _| a * three);
    r.ring::<B>("scalar_add", |a, _| a + three, |a, _| a + three);
    r.ring::<B>("scalar_sub", |a, _| a - three, |a, _| a - three);
}

fn powers_of_two<B: Backend>(r: &mut Report) {
    for exp in (0..=26).chain([31, 32, 33, 63, 64, 100]) {
        r.ring::<B>(&format!("div_2exp_{exp}"), |a, _| a.div_2exp_u64(exp), |a, _| a.div_2exp_u64(exp));
        r.ring::<B>(&format!("mul_2exp_{exp}"), |a, _| a.mul_2exp_u64(exp), |a, _| a.mul_2exp_u64(exp));
    }
}

/// One call per length: the length is a constant of the code under test.
macro_rules! for_lengths {
    ($r:ident, $b:ident; $($n:literal)*) => {$(
        $r.dot::<$b, $n>();
        $r.mixed_dot::<$b, $n>();
    )*};
}

fn dot_products<B: Backend>(r: &mut Report) {
    for_lengths!(r, B; 1 2 3 4 5 6 7 8 9 16 33);
}
