//! Keys: what the verifier knows of a program, and what the prover keeps besides.

use std::sync::OnceLock;

use p3_field::PrimeCharacteristicRing;
use p3_matrix::Matrix;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_executor::Program;
use proofloom_field::{Digest, Val};
use proofloom_vm::rows::{Decoded, LastRun, ProgramRow, program_rows};
use proofloom_vm::{Accelerators, VerifyingKey, VmTable, layout};
use proofloom_weave::{Encoder, Group, Machine, number};
use proofloom_weave_prover::GroupCommitment;

use crate::error::ProveError;
use crate::machine::{all_sets, segment_machine, shard_machine};
use crate::parts::commit;
use crate::table::MachineTable;

type Columns = RowMajorMatrix<Val>;

/// Version of the proof format.
pub const FORMAT_VERSION: u16 = 4;

/// What every program's key has: the machines' digests and the numbers of the memory map.
fn common_digest() -> Digest {
    static DIGEST: OnceLock<Digest> = OnceLock::new();
    *DIGEST.get_or_init(|| {
        let machines = all_sets().map(|used| segment_machine(used).digest()).chain([shard_machine().digest()]);
        let encoder = Encoder::default().number(u64::from(FORMAT_VERSION));
        let layout = [
            layout::INPUT_WORD,
            layout::LOG_MAX_INPUT,
            layout::OUTPUT_WORD,
            layout::WORD_BITS,
            layout::HALT_INDEX,
            layout::INDEX_BITS,
            layout::MAX_SEGMENTS,
        ];
        machines
            .fold(encoder, |encoder, digest| encoder.elements(&digest))
            .numbers(layout.map(u64::from))
            .digest("proofloom/static/v1")
    })
}

/// Digest of a key: the program, and everything that is the same for all programs.
pub fn key_digest(key: &VerifyingKey) -> Digest {
    let elements = |x: u32| [Val::from_u32(x)];
    Encoder::default()
        .elements(&common_digest())
        .elements(&elements(key.entry))
        .elements(&number(key.text_base))
        .elements(&elements(key.writable_word))
        .elements(&elements(u32::from(key.program_log_height)))
        .elements(&elements(u32::from(key.image_log_height)))
        .elements(&key.segment_root)
        .elements(&key.boundary_root)
        .digest("proofloom/vk/v2")
}

/// Columns that the key fixes, with their commitment.
pub(crate) struct FixedColumns {
    pub columns: Columns,
    pub commitment: GroupCommitment,
}

/// A program with its verifying key and its committed columns.
pub struct ProvingKey {
    pub program: Program,
    pub(crate) rows: Vec<Option<ProgramRow>>,
    pub verifying: VerifyingKey,
    /// PROGRAM's.
    pub(crate) segment: FixedColumns,
    /// IMAGE's.
    pub(crate) shard: FixedColumns,
    pub(crate) last_run: LastRun,
}

impl ProvingKey {
    /// Fixed columns of a table.
    pub(crate) fn fixed(&self, table: MachineTable) -> Option<&Columns> {
        static RANGE: OnceLock<Columns> = OnceLock::new();
        static BYTE: OnceLock<Columns> = OnceLock::new();
        let decoded = Decoded { program: &self.program, rows: &self.rows };
        let columns = || table.rows().fixed(&decoded).expect("tables of numbers have fixed columns");
        match table.rows() {
            VmTable::Program => Some(&self.segment.columns),
            VmTable::SentImage => Some(&self.shard.columns),
            VmTable::LogRange => Some(RANGE.get_or_init(columns)),
            VmTable::Byte => Some(BYTE.get_or_init(columns)),
            _ => None,
        }
    }
}

/// Commits a program's fixed columns.
///
/// # Errors
/// [`ProveError::Layout`] for a program with more rows than a stack has room for.
pub fn setup(program: Program) -> Result<ProvingKey, ProveError> {
    let rows = program_rows(&program);
    let decoded = Decoded { program: &program, rows: &rows };
    // The columns are those of every set of accelerators: their tables have none.
    let segment = committed(segment_machine(Accelerators::NONE), VmTable::Program, &decoded)?;
    let shard = committed(shard_machine(), VmTable::Image, &decoded)?;
    let log_height = |fixed: &FixedColumns| fixed.columns.height().ilog2() as u8;
    let verifying = VerifyingKey {
        entry: program.entry_index(),
        text_base: program.text_base(),
        writable_word: (program.writable_start() / 8) as u32,
        program_log_height: log_height(&segment),
        image_log_height: log_height(&shard),
        segment_root: segment.commitment.root(),
        boundary_root: shard.commitment.root(),
    };
    Ok(ProvingKey { program, rows, verifying, segment, shard, last_run: LastRun::default() })
}

fn committed(
    machine: &Machine<MachineTable>,
    table: VmTable,
    decoded: &Decoded<'_>,
) -> Result<FixedColumns, ProveError> {
    let columns = MachineTable::new(table).rows().fixed(decoded).expect("the key fixes the table's columns");
    let commitment = commit(machine, Group::Fixed, MachineTable::new(table), &columns)?;
    Ok(FixedColumns { columns, commitment })
}
