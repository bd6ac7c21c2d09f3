//! What a part of a job commits to before the global challenge is drawn.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Digest, Val};
use proofloom_vm::SegmentPublics;
use proofloom_vm::rows::ShardPublics;
use proofloom_weave::Encoder;

/// The shared columns of a part: those of its one table that has any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SharedColumns {
    /// log2 height of the table.
    pub log_height: u8,
    pub root: Digest,
}

/// What a segment contributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SegmentLeaf {
    pub publics: SegmentPublics,
    pub shared: SharedColumns,
}

/// What a shard of the boundary contributes. Where input goes on from shard to shard is shown by its proof: it
/// is in no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardLeaf {
    pub publics: ShardPublics,
    pub shared: SharedColumns,
}

/// An element that stands for a number, or for none: -1 is no key and no word.
pub fn or_none(number: Option<u32>) -> Val {
    number.map_or(-Val::ONE, Val::from_u32)
}

impl SegmentLeaf {
    /// Fifteen elements, all numbers below the field's order: the exit code in two limbs.
    pub fn digest(&self) -> Digest {
        let SegmentPublics { number, pc_in, pc_out, cycles, exit } = self.publics;
        let numbers = [number, pc_in, pc_out, cycles, exit & 0xffff, exit >> 16, u32::from(self.shared.log_height)];
        Encoder::default().elements(&numbers.map(Val::from_u32)).elements(&self.shared.root).digest("proofloom/leaf/v2")
    }
}

impl ShardLeaf {
    /// Twelve elements.
    pub fn digest(&self) -> Digest {
        let ShardPublics { number, lo, hi, .. } = self.publics;
        let numbers = [Some(number), lo, Some(hi), Some(u32::from(self.shared.log_height))];
        Encoder::default()
            .elements(&numbers.map(or_none))
            .elements(&self.shared.root)
            .digest("proofloom/boundary-leaf/v2")
    }
}
