//! Upstream's own test suite for fields, packings, extensions and transforms, run on our types.

use num_bigint::BigUint;
use p3_field::extension::QuinticTrinomialExtensionField;
use p3_field::{ExtensionField, PrimeCharacteristicRing};
use p3_field_testing::{
    test_extension_field, test_field, test_field_dft, test_frobenius, test_packed_extension_field, test_packed_field,
    test_packed_field_dot_product_boundary, test_prime_field, test_prime_field_32, test_prime_field_64,
    test_two_adic_extension_field, test_two_adic_field,
};
use proofloom_field::own::{Elem, PackedElem};

type Ext = QuinticTrinomialExtensionField<Elem>;
type PackedExt = <Ext as ExtensionField<Elem>>::ExtensionPacking;

/// Prime factors of p - 1.
fn base_group_order() -> [(BigUint, u32); 2] {
    [(BigUint::from(2u8), 24), (BigUint::from(127u8), 1)]
}

/// Prime factors of p^5 - 1.
fn extension_group_order() -> [(BigUint, u32); 7] {
    [
        (BigUint::from(2u8), 24),
        (BigUint::from(11u8), 2),
        (BigUint::from(71u8), 1),
        (BigUint::from(127u8), 1),
        (BigUint::from(181u8), 1),
        (BigUint::from(344859791u32), 1),
        (BigUint::from(38435241482589294665521u128), 1),
    ]
}

mod scalar {
    use super::*;

    const ZEROS: [Elem; 1] = [Elem::ZERO];
    const ONES: [Elem; 1] = [Elem::ONE];

    test_field!(super::Elem, &super::ZEROS, &super::ONES, &super::base_group_order());
    test_two_adic_field!(super::Elem);
    test_prime_field!(super::Elem);
    test_prime_field_64!(super::Elem, &super::ZEROS, &super::ONES);
    test_prime_field_32!(super::Elem, &super::ZEROS, &super::ONES);
    test_field_dft!(dft, super::Elem, super::Ext, proofloom_field::own::Dft);
}

mod packed {
    use super::*;

    /// Zero, one, the largest element and the middle.
    const SPECIAL: [Elem; 4] = Elem::new_array([0, 1, 0x7f00_0000, 0x3f80_0000]);

    test_packed_field!(
        super::PackedElem,
        &[super::PackedElem::ZERO],
        &[super::PackedElem::ONE],
        super::PackedElem(super::SPECIAL)
    );
    test_packed_field_dot_product_boundary!(super::PackedElem);
}

mod extension {
    use super::*;

    const ZEROS: [Ext; 1] = [Ext::ZERO];
    const ONES: [Ext; 1] = [Ext::ONE];
    const PACKED_ZEROS: [PackedExt; 1] = [PackedExt::ZERO];
    const PACKED_ONES: [PackedExt; 1] = [PackedExt::ONE];

    test_field!(super::Ext, &super::ZEROS, &super::ONES, &super::extension_group_order());
    test_extension_field!(super::Elem, super::Ext);
    test_two_adic_extension_field!(super::Elem, super::Ext);
    test_frobenius!(super::Elem, super::Ext);
    test_packed_extension_field!(super::Elem, super::Ext, super::PackedExt, &super::PACKED_ZEROS, &super::PACKED_ONES);
}
