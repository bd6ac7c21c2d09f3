//! The degree-5 extension modulo X^5 + X^2 - 1: upstream's constants over our element.

use p3_field::extension::{
    ExtensionAlgebra, HasTwoAdicQuinticExtension, QuinticTrinomial, QuinticTrinomialExtendable, quintic_square,
    trinomial_quintic_mul,
};
use p3_field::{PrimeCharacteristicRing, TwoAdicField, field_to_array};
use p3_koala_bear::KoalaBearParameters;
use p3_monty_31::TrinomialQuinticData;

use super::element::{Elem, wrap_array};

impl ExtensionAlgebra<Self, 5, QuinticTrinomial> for Elem {
    #[inline(always)]
    fn ext_mul(a: &[Self; 5], b: &[Self; 5], res: &mut [Self; 5]) {
        trinomial_quintic_mul(a, b, res);
    }

    #[inline(always)]
    fn ext_square(a: &[Self; 5], res: &mut [Self; 5]) {
        quintic_square(a, res);
    }
}

impl QuinticTrinomialExtendable for Elem {
    const FROBENIUS_COEFFS: [[Self; 5]; 4] = {
        let rows = <KoalaBearParameters as TrinomialQuinticData>::FROBENIUS_COEFFS;
        let mut out = [[Self::ZERO; 5]; 4];
        let mut i = 0;
        while i < 4 {
            out[i] = wrap_array(rows[i]);
            i += 1;
        }
        out
    };

    const EXT_GENERATOR: [Self; 5] = wrap_array(<KoalaBearParameters as TrinomialQuinticData>::EXT_GENERATOR);
}

impl HasTwoAdicQuinticExtension for Elem {
    // 5 is odd, so p^5 - 1 has no more factors of two than p - 1: the generators are in the base.
    const EXT_TWO_ADICITY: usize = Self::TWO_ADICITY;

    fn ext_two_adic_generator(bits: usize) -> [Self; 5] {
        field_to_array(Self::two_adic_generator(bits))
    }
}
