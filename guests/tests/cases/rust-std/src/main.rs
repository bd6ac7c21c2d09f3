//! An ordinary program: `main`, `std`, an input and an output.
//!
//! - input: a text; without one "the cat and the dog and the bird"; "panic" panics
//! - output: how often the most frequent word comes, and what else std gave
//! - exit: 0, or 101 after a panic

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};
use std::{env, fs, io};

use proofloom_guest::{read_input, write_output};

static DEFAULT: LazyLock<String> = LazyLock::new(|| "the cat and the dog and the bird".to_owned());

thread_local! {
    static VISITS: Cell<u32> = const { Cell::new(5) };
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let input = std::str::from_utf8(read_input())?;
    assert_ne!(input, "panic", "as it was asked to");
    let text = if input.is_empty() { &DEFAULT } else { input };
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word).or_default() += 1;
    }
    let sorted: BTreeMap<_, _> = counts.iter().map(|(word, count)| (count, word)).collect();
    let shared = Arc::new(Mutex::new(vec![1.5_f64]));
    shared.lock().map_err(|_| "poisoned")?.push(2.0_f64.sqrt());
    VISITS.set(VISITS.get() + 1);
    let mut line = String::new();
    let nothing = (io::stdin().read_line(&mut line)?, env::args().count(), fs::read("/etc/passwd").is_err());
    println!("printed, but no output");
    eprintln!("nor is this");
    let most = sorted.last_key_value();
    write_output(format!("{most:?} {shared:?} {} {nothing:?}", VISITS.get()).as_bytes());
    Ok(())
}
