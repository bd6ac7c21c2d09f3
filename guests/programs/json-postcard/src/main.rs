//! Reads orders as JSON, with the crate `serde_json`, and shows what they come to, with `postcard`.
//!
//! - input: JSON, `[{"id": 1, "customer": "a", "lines": [{"item": "x", "quantity": 2, "cents": 250}]}]`
//! - output: postcard of [`Summary`]
//! - exit: 0; 1 if the input is not that; 2 if a sum does not fit 64 bits

#![no_std]
#![no_main]

extern crate alloc;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use proofloom_guest::{read_input, write_output};
use serde::{Deserialize, Serialize};

proofloom_guest::entry!(main);

const EXIT_NOT_ORDERS: i32 = 1;
const EXIT_TOO_LARGE: i32 = 2;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    id: u64,
    customer: String,
    lines: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    item: String,
    quantity: u32,
    cents: u64,
}

#[derive(Serialize, Default)]
struct Summary {
    /// Greatest id.
    last: u64,
    cents_of_customers: BTreeMap<String, u64>,
    quantity_of_items: BTreeMap<String, u64>,
}

fn add(sum: &mut u64, amount: Option<u64>) -> Result<(), i32> {
    *sum = amount.and_then(|amount| sum.checked_add(amount)).ok_or(EXIT_TOO_LARGE)?;
    Ok(())
}

fn summarize(orders: Vec<Order>) -> Result<Summary, i32> {
    let mut summary = Summary::default();
    for order in orders {
        summary.last = summary.last.max(order.id);
        let spent = summary.cents_of_customers.entry(order.customer).or_default();
        for line in order.lines {
            add(spent, line.cents.checked_mul(line.quantity.into()))?;
            add(summary.quantity_of_items.entry(line.item).or_default(), Some(line.quantity.into()))?;
        }
    }
    Ok(summary)
}

fn main() -> Result<(), i32> {
    let orders = serde_json::from_slice(read_input()).map_err(|_| EXIT_NOT_ORDERS)?;
    let bytes = postcard::to_allocvec(&summarize(orders)?).map_err(|_| EXIT_TOO_LARGE)?;
    write_output(&bytes);
    Ok(())
}
