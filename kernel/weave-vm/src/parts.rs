//! The proofs of a job's parts, and their bytes.

use p3_field::PrimeField32;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::{Challenge, Val};
use proofloom_vm::rows::{ShardPublics, ShardSums};
use proofloom_vm::{Accelerators, SegmentPublics};
use proofloom_weave::{Group, LayoutError, Machine, Reader, WeaveProof, Writer};
use proofloom_weave_prover::{GroupCommitment, TableTrace};

use crate::error::PartError;
use crate::leaf::{SegmentLeaf, ShardLeaf, SharedColumns, or_none};
use crate::machine::{segment_machine, shard_machine};
use crate::table::MachineTable;

/// Keys and words are smaller.
const NUMBERS: u32 = 1 << 30;

/// The proof of one segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentProof {
    pub publics: SegmentPublics,
    pub shared: SharedColumns,
    /// The segment's share of the cross-segment bus.
    pub sum: Challenge,
    /// Which tables the proof has.
    pub accelerators: Accelerators,
    pub proof: WeaveProof,
}

/// The proof of one shard of the boundary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardProof {
    pub publics: ShardPublics,
    pub shared: SharedColumns,
    /// The shard's share of the cross-segment bus.
    pub sums: ShardSums,
    pub proof: WeaveProof,
}

impl SegmentProof {
    pub const fn leaf(&self) -> SegmentLeaf {
        SegmentLeaf { publics: self.publics, shared: self.shared }
    }

    /// Bytes: every proof has exactly one encoding.
    pub fn encode(&self) -> Vec<u8> {
        let SegmentPublics { number, pc_in, pc_out, cycles, exit } = self.publics;
        let mut out = Writer::default();
        [number, pc_in, pc_out, cycles, exit].into_iter().for_each(|x| out.bytes(&x.to_le_bytes()));
        write_shared(&mut out, &self.shared);
        out.challenge(self.sum);
        out.bytes(&[u8::from(self.accelerators)]);
        [out.finish(), self.proof.encode()].concat()
    }

    /// # Errors
    /// [`PartError`] for anything but the encoding of a proof.
    pub fn decode(bytes: &[u8]) -> Result<Self, PartError> {
        let mut reader = Reader::new(bytes);
        let what = "the segment's public values";
        let publics = SegmentPublics {
            number: reader.u32(what)?,
            pc_in: reader.u32(what)?,
            pc_out: reader.u32(what)?,
            cycles: reader.u32(what)?,
            exit: reader.u32(what)?,
        };
        let shared = read_shared(&mut reader)?;
        let sum = reader.challenges(1, "the segment's sum")?[0];
        let set = reader.u8("the accelerators")?;
        let unknown = PartError::Number { what: "the set of accelerators", allowed: "0 to 3", got: u32::from(set) };
        let accelerators = Accelerators::try_from(set).map_err(|_| unknown)?;
        let proof = WeaveProof::decode(segment_machine(accelerators), reader.rest())?;
        Ok(Self { publics, shared, sum, accelerators, proof })
    }
}

impl ShardProof {
    pub const fn leaf(&self) -> ShardLeaf {
        ShardLeaf { publics: self.publics, shared: self.shared }
    }

    /// Bytes: every proof has exactly one encoding.
    pub fn encode(&self) -> Vec<u8> {
        let ShardPublics { number, lo, hi, input_before, input_after } = self.publics;
        let mut out = Writer::default();
        out.bytes(&number.to_le_bytes());
        out.elements(&[lo, Some(hi), input_before, input_after].map(or_none));
        write_shared(&mut out, &self.shared);
        out.challenge(self.sums.words);
        out.challenge(self.sums.image);
        [out.finish(), self.proof.encode()].concat()
    }

    /// # Errors
    /// [`PartError`] for anything but the encoding of a proof.
    pub fn decode(bytes: &[u8]) -> Result<Self, PartError> {
        let mut reader = Reader::new(bytes);
        let number = reader.u32("the shard's number")?;
        let places = reader.elements(4, "the shard's place")?;
        let [lo, hi, input_before, input_after] = core::array::from_fn(|i| number_or_none(places[i]));
        let hi = hi?.ok_or(PartError::Number { what: "the largest key", allowed: "a key", got: Val::ORDER_U32 - 1 })?;
        let publics = ShardPublics { number, lo: lo?, hi, input_before: input_before?, input_after: input_after? };
        let shared = read_shared(&mut reader)?;
        let sums = reader.challenges(2, "the shard's sums")?;
        let sums = ShardSums { words: sums[0], image: sums[1] };
        let proof = WeaveProof::decode(shard_machine(), reader.rest())?;
        Ok(Self { publics, shared, sums, proof })
    }
}

fn number_or_none(element: Val) -> Result<Option<u32>, PartError> {
    let got = element.as_canonical_u32();
    match got {
        0..NUMBERS => Ok(Some(got)),
        _ if got == Val::ORDER_U32 - 1 => Ok(None),
        _ => Err(PartError::Number { what: "a key or a word", allowed: "below 2^30, or -1 for none", got }),
    }
}

fn write_shared(out: &mut Writer, shared: &SharedColumns) {
    out.bytes(&[shared.log_height]);
    out.elements(&shared.root);
}

fn read_shared(reader: &mut Reader<'_>) -> Result<SharedColumns, PartError> {
    let log_height = reader.u8("the shared columns' height")?;
    let root = reader.digests(1, "the shared columns' root")?[0];
    Ok(SharedColumns { log_height, root })
}

/// Commits the columns that one table has of a group: no other table has any.
pub fn commit(
    machine: &Machine<MachineTable>,
    group: Group,
    table: MachineTable,
    columns: &RowMajorMatrix<Val>,
) -> Result<GroupCommitment, LayoutError> {
    // Where the columns lie depends on their own height alone.
    let traces = machine.tables().iter().map(|&other| {
        let own = (other == table).then_some(columns);
        TableTrace { fixed: own, shared: own, main: columns }
    });
    GroupCommitment::new(machine, group, &traces.collect::<Vec<_>>())
}
