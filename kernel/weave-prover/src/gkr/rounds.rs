//! What one layer's sumcheck sends and draws.

use p3_field::Field;
use proofloom_field::Challenge;
use proofloom_weave::Transcript;

/// A running claim with what was sent and drawn.
#[derive(Debug)]
pub struct Rounds<'t> {
    transcript: &'t mut Transcript,
    list: &'t mut Vec<Challenge>,
    claim: Challenge,
    challenges: Vec<Challenge>,
}

impl<'t> Rounds<'t> {
    /// Rounds that begin with a claim.
    pub const fn new(transcript: &'t mut Transcript, list: &'t mut Vec<Challenge>, claim: Challenge) -> Self {
        Self { transcript, list, claim, challenges: Vec::new() }
    }

    /// One round over h(X) = a + b X + c X^2, given a and c, without eq's factor of its coordinate x.
    pub fn round(&mut self, x: Challenge, [constant, leading]: [Challenge; 2]) -> Challenge {
        // The claim is (1 - x) h(0) + x h(1) = a + x (b + c).
        let linear = (self.claim - constant) * x.inverse() - leading;
        let message = [linear, leading];
        self.transcript.absorb_challenges(&message);
        self.list.extend(message);
        let z = self.transcript.challenge();
        self.claim = constant + z * (linear + z * leading);
        self.challenges.push(z);
        z
    }

    /// All challenges that were drawn.
    pub fn challenges(self) -> Vec<Challenge> {
        self.challenges
    }
}
