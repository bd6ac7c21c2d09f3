//! Results of an independent emulator, recorded one line per program.

use core::fmt;
use std::str::FromStr;

/// What a program did elsewhere: enough to compare, short enough to keep thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Low 8 bits of the exit code.
    pub exit_code: u8,
    /// Executed instructions.
    pub instructions: u64,
    /// Bytes of output.
    pub output_bytes: u64,
    /// [`digest`] of the output.
    pub output_digest: u64,
}

impl Record {
    /// The record of an execution with these results.
    #[must_use]
    pub fn new(exit_code: u32, instructions: u64, output: &[u8]) -> Self {
        Self {
            exit_code: exit_code as u8,
            instructions,
            output_bytes: output.len() as u64,
            output_digest: digest(output),
        }
    }
}

/// FNV-1a of bytes, 64 bits.
#[must_use]
pub fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exit_code, instructions, output_bytes, output_digest } = self;
        write!(f, "{exit_code} {instructions} {output_bytes} {output_digest:016x}")
    }
}

/// A line that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRecord(String);

impl fmt::Display for BadRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not 'exit-code instructions bytes digest': {}", self.0)
    }
}

impl core::error::Error for BadRecord {}

impl FromStr for Record {
    type Err = BadRecord;

    fn from_str(line: &str) -> Result<Self, BadRecord> {
        parse(line).ok_or_else(|| BadRecord(line.to_owned()))
    }
}

fn parse(line: &str) -> Option<Record> {
    let mut fields = line.split(' ');
    let record = Record {
        exit_code: fields.next()?.parse().ok()?,
        instructions: fields.next()?.parse().ok()?,
        output_bytes: fields.next()?.parse().ok()?,
        output_digest: u64::from_str_radix(fields.next()?, 16).ok()?,
    };
    fields.next().is_none().then_some(record)
}
