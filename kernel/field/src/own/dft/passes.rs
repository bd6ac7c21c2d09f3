//! The passes over memory. Layer d pairs rows n / 2^(d+1) apart, in 2^d blocks.

use p3_util::reverse_bits_len;

use super::butterfly::{backward, forward, forward_into, scaled};
use super::roots::{Forward, backward_factor, inverse_height};
use crate::own::arith::Factor;
use crate::own::element::Elem;

/// Least number of elements that neighbouring rows contribute to a far-apart group: two cache
/// lines per row of the group.
const MIN_RUN: usize = 32;

/// Geometry of a matrix of 2^`log_height` rows.
pub(super) struct Shape {
    width: usize,
    log_height: usize,
    /// Layers with a large stride; the others work within blocks of `2^(log_height - far)` rows.
    far: usize,
}

impl Shape {
    pub(super) const fn new(width: usize, log_height: usize) -> Self {
        Self { width, log_height, far: log_height / 2 }
    }

    /// Elements of a contiguous block, which is also the distance of rows in a far-apart group.
    const fn block_len(&self) -> usize {
        self.width << (self.log_height - self.far)
    }

    /// Elements of the run of rows that a far-apart group takes from each of its places: whole
    /// vectors and whole cache lines where the block is large enough.
    fn run_len(&self) -> usize {
        let mut rows = 1;
        while rows < 1 << (self.log_height - self.far)
            && (rows * self.width < MIN_RUN || !(rows * self.width).is_multiple_of(4))
        {
            rows *= 2;
        }
        rows * self.width
    }

    /// Append to `values` its own rows in bit-reversed order.
    pub(super) fn fetch_bit_reversed(&self, values: &mut Vec<Elem>) {
        let len = values.len();
        for row in 0..1 << self.log_height {
            let from = reverse_bits_len(row, self.log_height) * self.width;
            values.extend_from_within(from..from + self.width);
        }
        debug_assert_eq!(values.len(), 2 * len);
    }

    /// Coefficients in natural order from evaluations on the subgroup in bit-reversed order.
    pub(super) fn interpolate(&self, data: &mut [Elem], roots: &[Elem]) {
        for (index, block) in data.chunks_exact_mut(self.block_len()).enumerate() {
            for layer in (self.far..self.log_height).rev() {
                self.near_layer(block, index, layer, |a, b, r| self.step_back(a, b, layer, r, roots));
            }
        }
        for start in (0..self.block_len()).step_by(self.run_len()) {
            for layer in (0..self.far).rev() {
                self.far_layer(data, start, layer, |a, b, r| self.step_back(a, b, layer, r, roots));
            }
        }
    }

    /// One step of interpolation; the last layer also divides by the height.
    fn step_back(&self, a: &mut [Elem], b: &mut [Elem], layer: usize, block: usize, roots: &[Elem]) {
        if layer == 0 {
            scaled(a, b, inverse_height(1 << self.log_height));
        } else {
            backward(a, b, backward_factor(roots, block));
        }
    }

    /// Evaluations on `shift * H` in bit-reversed order from coefficients, in place.
    pub(super) fn evaluate(&self, data: &mut [Elem], roots: &[Elem], shift: Elem) {
        let factors = Forward::new(roots, shift, self.log_height);
        for start in (0..self.block_len()).step_by(self.run_len()) {
            self.far_layers(data, start, 0, &factors);
        }
        self.near_layers(data, &factors);
    }

    /// Like [`Self::evaluate`], from `coefficients` to `data`.
    pub(super) fn evaluate_from(&self, coefficients: &[Elem], data: &mut [Elem], roots: &[Elem], shift: Elem) {
        let factors = Forward::new(roots, shift, self.log_height);
        if self.far == 0 {
            data.copy_from_slice(coefficients);
        } else {
            for start in (0..self.block_len()).step_by(self.run_len()) {
                self.first_layer_into(coefficients, data, start, factors.factor(0, 0));
                self.far_layers(data, start, 1, &factors);
            }
        }
        self.near_layers(data, &factors);
    }

    fn first_layer_into(&self, from: &[Elem], to: &mut [Elem], start: usize, c: Factor) {
        let (half, run) = (from.len() / 2, self.run_len());
        let (to_a, to_b) = to.split_at_mut(half);
        for at in (start..half).step_by(self.block_len()) {
            let range = at..at + run;
            let (a, b) = (&from[range.clone()], &from[half + at..][..run]);
            forward_into(a, b, &mut to_a[range.clone()], &mut to_b[range], c);
        }
    }

    fn far_layers(&self, data: &mut [Elem], start: usize, first: usize, factors: &Forward<'_>) {
        for layer in first..self.far {
            self.far_layer(data, start, layer, |a, b, r| forward(a, b, factors.factor(layer, r)));
        }
    }

    fn near_layers(&self, data: &mut [Elem], factors: &Forward<'_>) {
        for (index, block) in data.chunks_exact_mut(self.block_len()).enumerate() {
            for layer in self.far..self.log_height {
                self.near_layer(block, index, layer, |a, b, r| forward(a, b, factors.factor(layer, r)));
            }
        }
    }

    /// One layer on the runs at `start` of every block: a pair of runs per call of `step`.
    #[inline(always)]
    fn far_layer(
        &self,
        data: &mut [Elem],
        start: usize,
        layer: usize,
        mut step: impl FnMut(&mut [Elem], &mut [Elem], usize),
    ) {
        let (run, distance) = (self.run_len(), self.block_len());
        let part = data.len() >> layer;
        for (r, part) in data.chunks_exact_mut(part).enumerate() {
            let (a, b) = part.split_at_mut(part.len() / 2);
            for at in (start..a.len()).step_by(distance) {
                step(&mut a[at..at + run], &mut b[at..at + run], r);
            }
        }
    }

    /// One layer within the block number `index`: two neighbouring halves per call of `step`.
    #[inline(always)]
    fn near_layer(
        &self,
        block: &mut [Elem],
        index: usize,
        layer: usize,
        mut step: impl FnMut(&mut [Elem], &mut [Elem], usize),
    ) {
        let parts = 1 << (layer - self.far);
        for (r, part) in block.chunks_exact_mut(block.len() / parts).enumerate() {
            let (a, b) = part.split_at_mut(part.len() / 2);
            step(a, b, index * parts + r);
        }
    }
}
