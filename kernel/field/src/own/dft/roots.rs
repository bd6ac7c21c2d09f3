//! Roots of unity in bit-reversed order, and the factors of the layers made from them.

use std::sync::{Arc, Mutex, PoisonError};

use p3_field::{PrimeCharacteristicRing, PrimeField32, TwoAdicField};
use p3_util::{log2_strict_usize, reverse_slice_index_bits};

use crate::own::arith::Factor;
use crate::own::element::Elem;

/// A table that grows on demand and is shared by clones.
#[derive(Clone, Debug, Default)]
pub(super) struct Roots(Arc<Mutex<Arc<[Elem]>>>);

impl Roots {
    /// Entry r is g^bitrev(r), g of order 2^k; the table has at least 2^(k-1) entries.
    ///
    /// A prefix of the table for a larger order is the table for a smaller one, so the largest is
    /// kept and serves all.
    pub(super) fn up_to(&self, log_order: usize) -> Arc<[Elem]> {
        // A poisoned lock only means that another thread died; the table itself is always whole.
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let len = 1 << log_order >> 1;
        if table.len() < len {
            let mut roots = Elem::two_adic_generator(log_order).powers().collect_n(len);
            reverse_slice_index_bits(&mut roots);
            *table = roots.into();
        }
        table.clone()
    }
}

/// Factors of the forward layers of one transform on a coset.
pub(super) struct Forward<'a> {
    roots: &'a [Elem],
    /// shift^(n / 2^(d+1)) for layer d.
    shifts: Vec<Elem>,
}

impl<'a> Forward<'a> {
    pub(super) fn new(roots: &'a [Elem], shift: Elem, log_height: usize) -> Self {
        let mut shifts: Vec<Elem> =
            core::iter::successors(Some(shift), |s| Some(s.square())).take(log_height).collect();
        shifts.reverse();
        Self { roots, shifts }
    }

    /// The c of block `block` in layer `layer`.
    #[inline(always)]
    pub(super) fn factor(&self, layer: usize, block: usize) -> Factor {
        factor(self.shifts[layer] * self.roots[block])
    }
}

/// 1 / c of block `block` in a layer of the transform on the subgroup itself; `None` stands for 1.
///
/// For 2^j <= r < 2^(j+1), 1 / g^bitrev(r) = -g^(n/2 - bitrev(r)), and negating an exponent keeps
/// its lowest set bit and flips all above, which in reversed order is r -> 3 * 2^j - 1 - r.
#[inline(always)]
pub(super) fn backward_factor(roots: &[Elem], block: usize) -> Option<Factor> {
    (block > 0).then(|| {
        let top = 1 << block.ilog2();
        factor(-roots[3 * top - 1 - block])
    })
}

/// An element as a factor.
#[inline(always)]
pub(super) fn factor(x: Elem) -> Factor {
    Factor::new(x.as_canonical_u32(), x.to_unique_u32())
}

/// 1 / 2^k as a factor.
pub(super) fn inverse_height(height: usize) -> Factor {
    factor(Elem::ONE.div_2exp_u64(log2_strict_usize(height) as u64))
}
