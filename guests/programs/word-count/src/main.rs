//! Counts the words of a text: maximal runs of ASCII letters and apostrophes, case ignored.
//!
//! - input: the text, UTF-8
//! - output: a line `W words, D different`, then the ten most frequent words as lines `count word`,
//!   most frequent first and alphabetically among equals
//! - exit: 0; 2 if the input is not UTF-8

#![no_std]
#![no_main]

extern crate alloc;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use proofloom_guest::{read_input, write_output};

proofloom_guest::entry!(main);

const SHOWN: usize = 10;
const EXIT_NOT_TEXT: i32 = 2;

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '\''
}

fn count_words(text: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c| !is_word_char(c)).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_ascii_lowercase()).or_insert(0) += 1;
    }
    counts
}

fn report(counts: &BTreeMap<String, u32>) -> String {
    let mut by_count: Vec<_> = counts.iter().collect();
    by_count.sort_by_key(|&(_, count)| core::cmp::Reverse(*count));
    let total: u32 = counts.values().sum();
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{total} words, {} different", counts.len());
    for (word, count) in by_count.iter().take(SHOWN) {
        let _ = writeln!(out, "{count} {word}");
    }
    out
}

fn main() -> Result<(), i32> {
    let text = core::str::from_utf8(read_input()).map_err(|_| EXIT_NOT_TEXT)?;
    write_output(report(&count_words(text)).as_bytes());
    Ok(())
}
