//! Sums of products of vectors, reduced once at their end.

use proofloom_field::PackedExt;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::PackedSum;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::PackedSum;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use super::PackedExt;
    use p3_field::PrimeCharacteristicRing;

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
        i32x4_add, i32x4_sub, i64x2_add, u32x4, u32x4_min, u32x4_splat, u64x2_extmul_high_u32x4,
        u64x2_extmul_low_u32x4, u64x2_extract_lane, v128,
    };
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
