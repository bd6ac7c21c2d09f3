//! A transcript that tells grinding from the rest of the low-degree test.

use p3_challenger::{CanObserve, CanSample, CanSampleBits, FieldChallenger, GrindingChallenger};
use proofloom_field::{Challenger, Val};

use crate::progress::Stopwatch;

/// The transcript of the low-degree test, whose only caller grinds once: before the queries.
pub(super) struct Metered<'a, 'b> {
    pub challenger: &'a mut Challenger,
    pub watch: &'a mut Stopwatch<'b>,
}

impl<T> CanObserve<T> for Metered<'_, '_>
where
    Challenger: CanObserve<T>,
{
    fn observe(&mut self, value: T) {
        self.challenger.observe(value);
    }
}

impl<T> CanSample<T> for Metered<'_, '_>
where
    Challenger: CanSample<T>,
{
    fn sample(&mut self) -> T {
        self.challenger.sample()
    }
}

impl CanSampleBits<usize> for Metered<'_, '_> {
    fn sample_bits(&mut self, bits: usize) -> usize {
        self.challenger.sample_bits(bits)
    }
}

impl FieldChallenger<Val> for Metered<'_, '_> {}

impl GrindingChallenger for Metered<'_, '_> {
    type Witness = Val;

    fn grind(&mut self, bits: usize) -> Val {
        if bits == 0 {
            return self.challenger.grind(bits);
        }
        self.watch.lap("fold openings");
        let witness = self.challenger.grind(bits);
        self.watch.lap("grind");
        witness
    }
}
