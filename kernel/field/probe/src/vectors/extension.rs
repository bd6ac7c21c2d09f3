//! Degree-5 extension: scalar, packed, inverse, Frobenius.

use core::array::from_fn;

use p3_field::extension::HasFrobenius;
use p3_field::{BasedVectorSpace, Field, PackedFieldExtension, PackedValue, PrimeCharacteristicRing};

use super::{BLOCK, Fold, Report};
use crate::backend::{Backend, Ext, PackedExt, Packing};
use crate::random::Random;

pub(super) fn run<B: Backend>(r: &mut Report) {
    r.extension::<B>("ext_add", |a, b| a + b, |a, b| a + b);
    r.extension::<B>("ext_sub", |a, b| a - b, |a, b| a - b);
    r.extension::<B>("ext_neg", |a, _| -a, |a, _| -a);
    r.extension::<B>("ext_mul", |a, b| a * b, |a, b| a * b);
    r.extension::<B>("ext_square", |a, _| a.square(), |a, _| a.square());
    r.extension::<B>("ext_base_mul", |a, b| a * coefficients::<B>(&b)[0], |a, b| a * packed_coefficients::<B>(&b)[0]);
    // There is no packed inversion or Frobenius: apply the scalar one to each lane, so that
    // packing and unpacking are covered too.
    let inverse = |a: Ext<B>| a.try_inverse().unwrap_or_default();
    r.extension::<B>("ext_inverse", |a, _| inverse(a), |a, _| lanewise::<B>(a, inverse));
    let frobenius = |a: Ext<B>| a.frobenius();
    r.extension::<B>("ext_frobenius", |a, _| frobenius(a), |a, _| lanewise::<B>(a, frobenius));
    let twice = |a: Ext<B>| a.repeated_frobenius(2);
    r.extension::<B>("ext_frobenius_2", |a, _| twice(a), |a, _| lanewise::<B>(a, twice));
}

impl Report {
    /// Compare `scalar` lane by lane with `packed` on blocks of two extension operands.
    fn extension<B: Backend>(
        &mut self,
        name: &str,
        scalar: impl Fn(Ext<B>, Ext<B>) -> Ext<B>,
        packed: impl Fn(PackedExt<B>, PackedExt<B>) -> PackedExt<B>,
    ) {
        let mut random = Random::new(self.seed);
        let (mut s, mut p) = (Fold::new(), Fold::new());
        let width = Packing::<B>::WIDTH;
        for _ in 0..self.count {
            let [a, b]: [[Ext<B>; BLOCK]; 2] = from_fn(|_| from_fn(|_| Ext::<B>::new(random.elements())));
            for (&x, &y) in a.iter().zip(&b) {
                s.absorb(coefficients::<B>(&scalar(x, y)));
            }
            for (x, y) in a.chunks(width).zip(b.chunks(width)) {
                let z = packed(join::<B>(x), join::<B>(y));
                for lane in 0..width {
                    p.absorb(coefficients::<B>(&lane_of::<B>(&z, lane)));
                }
            }
        }
        self.line(name, s, p);
    }
}

fn coefficients<B: Backend>(x: &Ext<B>) -> &[B::F] {
    x.as_basis_coefficients_slice()
}

fn packed_coefficients<B: Backend>(x: &PackedExt<B>) -> &[Packing<B>] {
    x.as_basis_coefficients_slice()
}

fn join<B: Backend>(lanes: &[Ext<B>]) -> PackedExt<B> {
    <PackedExt<B> as PackedFieldExtension<B::F, Ext<B>>>::from_ext_slice(lanes)
}

fn lane_of<B: Backend>(x: &PackedExt<B>, lane: usize) -> Ext<B> {
    <PackedExt<B> as PackedFieldExtension<B::F, Ext<B>>>::extract(x, lane)
}

fn lanewise<B: Backend>(x: PackedExt<B>, f: impl Fn(Ext<B>) -> Ext<B>) -> PackedExt<B> {
    <PackedExt<B> as PackedFieldExtension<B::F, Ext<B>>>::from_ext_fn(|lane| f(lane_of::<B>(&x, lane)))
}
