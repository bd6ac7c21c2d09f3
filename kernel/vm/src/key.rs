//! Keys: what the verifier knows of a program, and what the prover keeps besides.

use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Program;
use proofloom_field::{Digest, Val};
use proofloom_stark::{Fixed, Machine, PROOF_PARAMETERS, QUOTIENT_COLUMNS};
use serde::{Deserialize, Serialize};

use crate::accelerators::Accelerators;
use crate::encoding::Encoder;
use crate::error::KernelError;
use crate::layout;
use crate::limit::{Limit, OverLimit};
use crate::program::{Decoded, ProgramRow};
use crate::resume::LastRun;
use crate::system::{boundary_machine, segment_machine};
use crate::tables::VmTable;
use crate::trace::record::program_rows;

/// Version of the proof format: how bytes are laid out, and what the transcript absorbs.
pub const FORMAT_VERSION: u16 = 3;
/// Revision of the tables that proofs of this format are about. A kernel reads the proofs of its own.
///
/// 1: the length of the input is bounded, and its words lie within it. Text of up to 2^20 instructions.
pub const TABLES_REVISION: u16 = 1;

/// What a verifier needs to know of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyingKey {
    /// Index of the first instruction.
    pub entry: u32,
    /// Address of index 0.
    pub text_base: u64,
    /// First word (address / 8) of writable memory.
    pub writable_word: u32,
    /// log2 height of PROGRAM.
    pub program_log_height: u8,
    /// log2 height of IMAGE.
    pub image_log_height: u8,
    /// Root of the preprocessed columns of the segment proofs.
    pub segment_root: Digest,
    /// Root of the preprocessed columns of the boundary proof.
    pub boundary_root: Digest,
}

impl VerifyingKey {
    /// Digest of the decoded program: entry, memory map, instructions, image.
    pub fn program_digest(&self) -> Digest {
        self.encode(Encoder::default()).digest("proofloom/program/v1")
    }

    /// Digest of the key: the program and everything the verifier fixes.
    pub fn digest(&self) -> Digest {
        let mut encoder = Encoder::default().number(u64::from(FORMAT_VERSION)).number(u64::from(TABLES_REVISION));
        for machine in [segment_machine(Accelerators::ALL), boundary_machine()] {
            encoder = encode_machine(encoder, machine);
        }
        encoder = encode_proof_parameters(encoder);
        encoder = encode_layout(encoder);
        self.encode(encoder).digest("proofloom/vk/v1")
    }

    fn encode(&self, encoder: Encoder) -> Encoder {
        encoder
            .number(u64::from(self.entry))
            .number(self.text_base)
            .number(u64::from(self.writable_word))
            .number(u64::from(self.program_log_height))
            .number(u64::from(self.image_log_height))
            .elements(&self.segment_root)
            .elements(&self.boundary_root)
    }

    /// log2 heights of the preprocessed columns of a table list.
    pub fn fixed_log_heights(&self, machine: &Machine<VmTable>) -> Vec<Option<usize>> {
        let height = |table: &VmTable| match table {
            VmTable::Program => Some(usize::from(self.program_log_height)),
            VmTable::Image => Some(usize::from(self.image_log_height)),
            VmTable::Range => Some(crate::tables::LOG_RANGE),
            VmTable::Byte => Some(crate::tables::LOG_BYTE),
            _ => None,
        };
        machine.tables().iter().map(height).collect()
    }
}

/// Names, order, widths, degrees and buses of a machine's tables.
fn encode_machine(mut encoder: Encoder, machine: &Machine<VmTable>) -> Encoder {
    encoder = encoder.number(machine.buses().len() as u64);
    for bus in machine.buses() {
        encoder = encoder.bytes(bus.name.as_bytes()).number(bus.width as u64);
    }
    let stats = machine.stats();
    encoder = encoder.number(stats.len() as u64);
    for table in stats {
        encoder = encoder.bytes(table.name.as_bytes());
        let numbers = [
            table.fixed,
            table.shared,
            table.main,
            table.aux,
            table.publics,
            table.max_degree,
            table.constraints,
            table.height_range.0,
            table.height_range.1,
        ];
        for number in numbers {
            encoder = encoder.number(number as u64);
        }
        encoder = encoder.number(table.interactions.len() as u64);
        for (bus, count) in &table.interactions {
            encoder = encoder.bytes(bus.as_bytes()).number(*count as u64);
        }
    }
    encoder
}

fn encode_proof_parameters(encoder: Encoder) -> Encoder {
    let numbers = [
        QUOTIENT_COLUMNS,
        PROOF_PARAMETERS.log_blowup,
        PROOF_PARAMETERS.queries,
        PROOF_PARAMETERS.batch_pow_bits,
        PROOF_PARAMETERS.commit_pow_bits,
        PROOF_PARAMETERS.query_pow_bits,
        PROOF_PARAMETERS.max_log_arity,
        PROOF_PARAMETERS.log_final_poly_len,
        PROOF_PARAMETERS.merkle_cap_height,
    ];
    numbers
        .into_iter()
        .fold(encoder.bytes(PROOF_PARAMETERS.id.as_bytes()), |encoder, number| encoder.number(number as u64))
}

fn encode_layout(encoder: Encoder) -> Encoder {
    let numbers = [
        layout::INPUT_WORD,
        layout::LOG_MAX_INPUT,
        layout::OUTPUT_WORD,
        layout::WORD_BITS,
        layout::HALT_INDEX,
        layout::INDEX_BITS,
        layout::MAX_SEGMENTS,
    ];
    numbers.into_iter().fold(encoder, |encoder, number| encoder.number(u64::from(number)))
}

/// A program with its verifying key and the committed preprocessed columns.
pub struct ProvingKey {
    pub program: Program,
    pub rows: Vec<Option<ProgramRow>>,
    pub verifying: VerifyingKey,
    pub(crate) segment_preprocessed: Fixed,
    pub(crate) boundary_preprocessed: Fixed,
    pub(crate) last_run: LastRun,
}

/// Commits a program's preprocessed columns.
///
/// # Errors
/// The program's file has more words than a table rows.
pub fn setup(program: Program) -> Result<ProvingKey, KernelError> {
    OverLimit::check(Limit::Words, None, program.image_words() as u64)?;
    let rows = program_rows(&program);
    let decoded = Decoded { program: &program, rows: &rows };
    let commit = |machine: &Machine<VmTable>| {
        machine.commit_fixed(machine.tables().iter().map(|table| table.fixed(&decoded)).collect())
    };
    // The preprocessed columns are those of every set of accelerators: their tables have none.
    let segment = segment_machine(Accelerators::NONE);
    let segment_preprocessed = commit(segment)?;
    let boundary_preprocessed = commit(boundary_machine())?;
    let verifying = VerifyingKey {
        entry: program.entry_index(),
        text_base: program.text_base(),
        writable_word: (program.writable_start() / 8) as u32,
        program_log_height: log_height(segment, &segment_preprocessed, VmTable::Program),
        image_log_height: log_height(boundary_machine(), &boundary_preprocessed, VmTable::Image),
        segment_root: segment_preprocessed.root().unwrap_or_default(),
        boundary_root: boundary_preprocessed.root().unwrap_or_default(),
    };
    Ok(ProvingKey {
        program,
        rows,
        verifying,
        segment_preprocessed,
        boundary_preprocessed,
        last_run: LastRun::default(),
    })
}

/// log2 height of a table's preprocessed columns.
fn log_height(machine: &Machine<VmTable>, fixed: &Fixed, table: VmTable) -> u8 {
    let mut heights = machine.tables().iter().zip(fixed.log_heights());
    let found = heights.find_map(|(&other, height)| height.filter(|_| other == table));
    found.unwrap_or(0) as u8
}

/// Orders table contents as the machine lists its tables; `None` for tables without any.
pub(crate) fn by_table(
    machine: &Machine<VmTable>,
    contents: &mut Vec<(VmTable, RowMajorMatrix<Val>)>,
) -> Vec<Option<RowMajorMatrix<Val>>> {
    let mut take = |table: &VmTable| {
        let at = contents.iter().position(|(name, _)| name == table)?;
        Some(contents.swap_remove(at).1)
    };
    machine.tables().iter().map(&mut take).collect()
}
