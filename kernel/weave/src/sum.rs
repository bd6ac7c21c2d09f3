//! Sums of products of vectors, reduced once at their end.

use core::sync::atomic::{AtomicBool, Ordering};

use proofloom_field::PackedExt;

/// Folds by the field's product in place of [`fold_into`], to compare the two.
pub static PLAIN: AtomicBool = AtomicBool::new(false);

/// `x += (y - x) z`.
pub fn fold(x: &mut [PackedExt], y: &[PackedExt], z: PackedExt) {
    if PLAIN.load(Ordering::Relaxed) {
        fold_plain(x, y, z);
    } else {
        fold_into(x, y, z);
    }
}

#[inline(never)]
fn fold_plain(x: &mut [PackedExt], y: &[PackedExt], z: PackedExt) {
    for (x, &y) in x.iter_mut().zip(y) {
        *x += (y - *x) * z;
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::{PackedSum, fold_into};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::{PackedSum, fold_into};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use super::PackedExt;
    use p3_field::PrimeCharacteristicRing;

    /// `x += (y - x) z`.
    pub fn fold_into(x: &mut [PackedExt], y: &[PackedExt], z: PackedExt) {
        for (x, &y) in x.iter_mut().zip(y) {
            *x += (y - *x) * z;
        }
    }

    #[derive(Clone, Copy)]
    pub struct PackedSum(PackedExt);

    impl PackedSum {
        pub fn new() -> Self {
            Self(PackedExt::ZERO)
        }
        #[inline(always)]
        pub fn add_mul(&mut self, a: PackedExt, b: PackedExt) {
            self.0 += a.times(b);
        }
        #[inline(always)]
        pub fn add_dot2(&mut self, a: PackedExt, b: PackedExt, c: PackedExt, d: PackedExt) {
            self.0 += a.dot2(b, c, d);
        }
        pub fn finish(&self) -> PackedExt {
            self.0
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm {
    use core::arch::wasm32::{
        i32x4_add, i32x4_dot_i16x8, i32x4_shl, i32x4_shr, i32x4_shuffle, i32x4_sub, i64x2_add, i64x2_shl, u32x4_shr,
        v128_and, u32x4, u32x4_min, u32x4_splat, u64x2_extmul_high_u32x4,
        u64x2_extmul_low_u32x4, u64x2_extract_lane, v128,
    };
    use p3_field::PrimeCharacteristicRing;
    use core::mem::transmute;

    use proofloom_field::{PackedExt, PackedVal, Val};

    const P: u32 = 0x7f00_0001;
    /// 1 / P modulo 2^32.
    const P_INVERSE: u32 = 0x8100_0001;

    /// Lanes 0, 1 and lanes 2, 3 as 64-bit words.
    #[derive(Clone, Copy)]
    struct Wide {
        lo: v128,
        hi: v128,
    }

    #[inline(always)]
    fn v(x: PackedVal) -> v128 {
        // SAFETY: both are sixteen bytes of four words.
        unsafe { transmute(x) }
    }

    #[inline(always)]
    fn vectors(a: &PackedExt) -> [v128; 5] {
        [v(a.0[0]), v(a.0[1]), v(a.0[2]), v(a.0[3]), v(a.0[4])]
    }

    #[inline(always)]
    fn sub_mod(a: v128, b: v128) -> v128 {
        let d = i32x4_sub(a, b);
        u32x4_min(d, i32x4_add(d, u32x4_splat(P)))
    }

    impl Wide {
        #[inline(always)]
        fn add(self, a: v128, b: v128) -> Self {
            Self {
                lo: i64x2_add(self.lo, u64x2_extmul_low_u32x4(a, b)),
                hi: i64x2_add(self.hi, u64x2_extmul_high_u32x4(a, b)),
            }
        }
        /// From below 2^33 P to below 2^32 P: the high words' conditional subtraction.
        #[inline(always)]
        fn fold(self) -> Self {
            let p = u32x4(0, P, 0, P);
            Self { lo: u32x4_min(self.lo, i32x4_sub(self.lo, p)), hi: u32x4_min(self.hi, i32x4_sub(self.hi, p)) }
        }
        fn reduce(self) -> PackedVal {
            let words = [
                u64x2_extract_lane::<0>(self.lo),
                u64x2_extract_lane::<1>(self.lo),
                u64x2_extract_lane::<0>(self.hi),
                u64x2_extract_lane::<1>(self.hi),
            ];
            let lanes: [u32; 4] = words.map(|x| {
                let m = (x as u32).wrapping_mul(P_INVERSE);
                let high = (u64::from(m) * u64::from(P)) >> 32;
                let d = (x >> 32) as i64 - high as i64;
                d.rem_euclid(i64::from(P)) as u32
            });
            // SAFETY: four words below P.
            unsafe { transmute::<[u32; 4], PackedVal>(lanes) }
        }
    }

    const _: () = assert!(size_of::<Val>() == 4);

    impl Wide {
        /// As `reduce`, in vectors: the field's own division (see `arith` there).
        #[inline(always)]
        fn reduce_vector(self) -> v128 {
            let high = i32x4_shuffle::<1, 3, 5, 7>(self.lo, self.hi);
            let low = i32x4_shuffle::<0, 2, 4, 6>(self.lo, self.hi);
            let c_hi = u32x4_min(high, i32x4_sub(high, u32x4_splat(P)));
            let c = v128_and(low, u32x4_splat(0x00ff_ffff));
            let e = i32x4_sub(i32x4_add(u32x4_shr(low, 24), c), i64x2_shl(c, 7));
            let d = v128_and(e, u32x4_splat(0xff));
            let subtrahend = i32x4_shl(i32x4_dot_i16x8(d, u32x4_splat(127)), 16);
            let r = i32x4_sub(i32x4_add(c_hi, i32x4_shr(e, 8)), subtrahend);
            u32x4_min(r, i32x4_add(r, u32x4_splat(P)))
        }
    }

    /// Rows whose differences are held at a time.
    const BLOCK: usize = 32;

    /// `x += (y - x) z`, one coefficient of a block after the other: the five factors of a coefficient
    /// then stay in registers.
    pub fn fold_into(x: &mut [PackedExt], y: &[PackedExt], z: PackedExt) {
        let [z0, z1, z2, z3, z4] = vectors(&z);
        let d14 = sub_mod(z1, z4);
        let (d03, d42, e) = (sub_mod(z0, z3), sub_mod(z4, z2), sub_mod(z3, d14));
        let factors = [
            [z0, z4, z3, z2, d14],
            [z1, z0, z4, z3, z2],
            [z2, d14, d03, d42, e],
            [z3, z2, d14, d03, d42],
            [z4, z3, z2, d14, d03],
        ];
        let mut differences = [PackedExt::ZERO; BLOCK];
        for (x, y) in x.chunks_mut(BLOCK).zip(y.chunks(BLOCK)) {
            let differences = &mut differences[..x.len()];
            subtract(differences, y, x);
            add_coefficient::<0>(x, differences, &factors[0]);
            add_coefficient::<1>(x, differences, &factors[1]);
            add_coefficient::<2>(x, differences, &factors[2]);
            add_coefficient::<3>(x, differences, &factors[3]);
            add_coefficient::<4>(x, differences, &factors[4]);
        }
    }

    #[inline(never)]
    fn subtract(out: &mut [PackedExt], y: &[PackedExt], x: &[PackedExt]) {
        for ((out, &y), &x) in out.iter_mut().zip(y).zip(x) {
            *out = y - x;
        }
    }

    #[inline(never)]
    fn add_coefficient<const K: usize>(x: &mut [PackedExt], d: &[PackedExt], factors: &[v128; 5]) {
        let [f0, f1, f2, f3, f4] = *factors;
        let zero = u32x4_splat(0);
        for (x, d) in x.iter_mut().zip(d) {
            let [d0, d1, d2, d3, d4] = vectors(d);
            let sum = Wide { lo: zero, hi: zero }.add(d0, f0).add(d1, f1).add(d2, f2).add(d3, f3).fold().add(d4, f4);
            let total = i32x4_add(v(x.0[K]), sum.reduce_vector());
            let total = u32x4_min(total, i32x4_sub(total, u32x4_splat(P)));
            // SAFETY: four words below P.
            x.0[K] = unsafe { transmute::<v128, PackedVal>(total) };
        }
    }

    /// Five sums, each below 2^32 P between calls.
    #[derive(Clone, Copy)]
    pub struct PackedSum([Wide; 5]);

    /// A sum below 2^32 P and five more products, below 2^32 P again.
    #[inline(always)]
    fn more(sum: Wide, [a0, a1, a2, a3, a4]: [v128; 5], x: [v128; 5]) -> Wide {
        sum.add(a0, x[0]).add(a1, x[1]).fold().add(a2, x[2]).add(a3, x[3]).fold().add(a4, x[4]).fold()
    }

    impl PackedSum {
        pub fn new() -> Self {
            let zero = u32x4_splat(0);
            Self([Wide { lo: zero, hi: zero }; 5])
        }

        /// Adds a b.
        #[inline(always)]
        pub fn add_mul(&mut self, a: PackedExt, b: PackedExt) {
            let (a, b) = (vectors(&a), vectors(&b));
            let [b0, b1, b2, b3, b4] = b;
            // X^5 = 1 - X^2.
            let d14 = sub_mod(b1, b4);
            let (d03, d42, e) = (sub_mod(b0, b3), sub_mod(b4, b2), sub_mod(b3, d14));
            let sums = &mut self.0;
            sums[0] = more(sums[0], a, [b0, b4, b3, b2, d14]);
            sums[1] = more(sums[1], a, [b1, b0, b4, b3, b2]);
            sums[2] = more(sums[2], a, [b2, d14, d03, d42, e]);
            sums[3] = more(sums[3], a, [b3, b2, d14, d03, d42]);
            sums[4] = more(sums[4], a, [b4, b3, b2, d14, d03]);
        }

        /// Adds a b + c d.
        #[inline(always)]
        pub fn add_dot2(&mut self, a: PackedExt, b: PackedExt, c: PackedExt, d: PackedExt) {
            self.add_mul(a, b);
            self.add_mul(c, d);
        }

        pub fn finish(&self) -> PackedExt {
            PackedExt(self.0.map(Wide::reduce))
        }
    }
}
