//! Multilinear polynomials over [`Arith`].

use crate::arith::Arith;

/// The product of `(1 - x_i)(1 - y_i) + x_i y_i`.
pub fn eq<A: Arith>(a: &mut A, x: &[A::E], y: &[A::E]) -> A::E {
    let mut product = a.one();
    for (&x, &y) in x.iter().zip(y) {
        // 1 - x - y + 2 x y = (1 - x) + y (2 x - 1)
        let rest = a.complement(x);
        let slope = a.sub(x, rest);
        let part = a.mul(y, slope);
        let factor = a.add(rest, part);
        product = a.mul(product, factor);
    }
    product
}

/// `eq(point, i)` for all i, variable b being bit b of i.
pub fn eq_table<A: Arith>(a: &mut A, point: &[A::E]) -> Vec<A::E> {
    let mut table = Vec::with_capacity(1 << point.len());
    table.push(a.one());
    for &x in point {
        for i in 0..table.len() {
            let high = a.mul(table[i], x);
            table[i] = a.sub(table[i], high);
            table.push(high);
        }
    }
    table
}

/// Products of the first 0, 1, .., len factors.
pub fn prefix_products<A: Arith>(a: &mut A, factors: &[A::E]) -> Vec<A::E> {
    let mut products = vec![a.one()];
    for (i, &factor) in factors.iter().enumerate() {
        products.push(a.mul(products[i], factor));
    }
    products
}

/// Products of the factors from 0, 1, .., len on.
pub fn suffix_products<A: Arith>(a: &mut A, factors: &[A::E]) -> Vec<A::E> {
    let reversed: Vec<A::E> = factors.iter().rev().copied().collect();
    let mut products = prefix_products(a, &reversed);
    products.reverse();
    products
}
