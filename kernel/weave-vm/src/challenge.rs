//! The global challenge of a job, drawn from its statement and all leaves in order.

use proofloom_field::{Digest, RATE, Val};
use proofloom_vm::Statement;
use proofloom_vm::rows::CrossPair;
use proofloom_weave::{Encoder, RELEASED, Sponge};

/// The leaves of all parts, each kind in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaves {
    pub segments: Vec<Digest>,
    pub shards: Vec<Digest>,
}

/// An ordered chain: the last link and the count fix the list.
fn chain(domain: &str, leaves: &[Digest]) -> Digest {
    leaves.iter().fold(Digest::default(), |link, leaf| Encoder::default().elements(&link).elements(leaf).digest(domain))
}

/// The challenge of a job. `key` is the digest of the program's key.
pub fn challenge(key: &Digest, statement: &Statement, leaves: &Leaves) -> Digest {
    let output = Encoder::default().bytes(&statement.output).digest("proofloom/output/v2");
    Encoder::default()
        .bytes(RELEASED.id.as_bytes())
        .elements(key)
        .number(u64::from(statement.exit_code))
        .number(statement.cycles)
        .number(statement.output.len() as u64)
        .elements(&output)
        .number(leaves.segments.len() as u64)
        .elements(&chain("proofloom/chain/v2", &leaves.segments))
        .number(leaves.shards.len() as u64)
        .elements(&chain("proofloom/boundary-chain/v1", &leaves.shards))
        .digest("proofloom/gamma/v2")
}

/// The challenges of the cross-segment bus.
pub fn cross_pair(gamma: &Digest) -> CrossPair {
    let mut sponge = Sponge::new("proofloom/cross/v2", RATE);
    sponge.absorb(gamma);
    let mut draw = || element(sponge.squeeze());
    CrossPair::new(draw(), draw())
}

fn element(block: [Val; RATE]) -> proofloom_field::Challenge {
    p3_field::BasedVectorSpace::from_basis_coefficients_fn(|d| block[d])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement() -> Statement {
        Statement { exit_code: 1, cycles: 2, output: vec![3], segments: 2 }
    }

    fn leaf(x: u32) -> Digest {
        [Val::new(x); RATE]
    }

    /// Everything that a proof is about changes the challenge.
    #[test]
    fn the_challenge_depends_on_key_statement_and_every_leaf_in_order() {
        let leaves = |segments: &[u32], shards: &[u32]| Leaves {
            segments: segments.iter().map(|&x| leaf(x)).collect(),
            shards: shards.iter().map(|&x| leaf(x)).collect(),
        };
        let base = leaves(&[1, 2], &[3]);
        let mut drawn = vec![challenge(&leaf(9), &statement(), &base), challenge(&leaf(8), &statement(), &base)];
        for other in [
            Statement { exit_code: 0x7f00_0002, ..statement() },
            Statement { cycles: 3, ..statement() },
            Statement { output: vec![4], ..statement() },
            Statement { output: vec![3, 0], ..statement() },
        ] {
            drawn.push(challenge(&leaf(9), &other, &base));
        }
        for (segments, shards) in
            [(&[2, 1][..], &[3][..]), (&[1, 2, 3], &[]), (&[1], &[2, 3]), (&[1, 2], &[4]), (&[1, 2], &[3, 3])]
        {
            drawn.push(challenge(&leaf(9), &statement(), &leaves(segments, shards)));
        }
        for (i, a) in drawn.iter().enumerate() {
            assert!(drawn[..i].iter().all(|b| a != b), "{i}");
        }
    }

    #[test]
    fn the_pair_is_the_challenges_own() {
        assert_ne!(cross_pair(&leaf(1)), cross_pair(&leaf(2)));
    }
}
