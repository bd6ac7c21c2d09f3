//! From the lists of a proof, which has messages of active rounds alone, to all messages in protocol order.

use proofloom_field::Challenge;

use crate::profile::MAX_LOG_HEIGHT;

/// Elements of the layer's messages: two a round, then four.
pub const fn layer_elements(layer: usize) -> usize {
    2 * layer + 4
}

/// Elements of all messages about the lookups of a proof whose rows have `active` bits.
pub fn lookup_elements(slot_variables: usize, active: usize) -> usize {
    (0..slot_variables + active).map(layer_elements).sum()
}

/// Elements of a staged round's message.
pub const STAGED_ELEMENTS: usize = 3;

/// All messages about the lookups, zeros for layers whose row bit is not active.
pub fn all_lookup_messages(list: &[Challenge], slot_variables: usize) -> Vec<Challenge> {
    padded(list, lookup_elements(slot_variables, MAX_LOG_HEIGHT))
}

/// All messages of the staged rounds, zeros for those that are not active.
pub fn all_staged_messages(list: &[Challenge]) -> Vec<Challenge> {
    padded(list, STAGED_ELEMENTS * MAX_LOG_HEIGHT)
}

/// What is not active comes last, in layers and rounds alike.
fn padded(list: &[Challenge], len: usize) -> Vec<Challenge> {
    let mut all = list.to_vec();
    all.resize(len, Challenge::default());
    all
}
