//! The prover's side of a sumcheck over polynomials of degree 2.

use p3_field::PrimeCharacteristicRing;
use proofloom_field::Challenge;
use proofloom_weave::Transcript;

/// A running claim with what was sent and drawn.
#[derive(Debug)]
pub struct Rounds<'t> {
    pub transcript: &'t mut Transcript,
    pub claim: Challenge,
    /// Two coefficients a round.
    pub sent: Vec<Challenge>,
}

impl<'t> Rounds<'t> {
    /// Rounds that begin with a claim.
    pub const fn new(transcript: &'t mut Transcript, claim: Challenge) -> Self {
        Self { transcript, claim, sent: Vec::new() }
    }

    /// One round over h(X) = a + b X + c X^2, given a and c: sends b and c, returns the challenge.
    pub fn round(&mut self, [constant, leading]: [Challenge; 2]) -> Challenge {
        let linear = self.claim - constant.double() - leading;
        let message = [linear, leading];
        self.transcript.absorb_challenges(&message);
        self.sent.extend(message);
        let z = self.transcript.challenge();
        self.claim = constant + z * (linear + z * leading);
        z
    }
}
