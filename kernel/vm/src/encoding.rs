//! Injective encodings into field elements, and digests of them.
//!
//! Integers become 16-bit limbs (a plain conversion would alias modulo the field's order), bytes
//! go two to an element behind their count, and every digest absorbs the element count first.

use p3_challenger::{CanObserve, CanSample};
use p3_field::PrimeCharacteristicRing;
use proofloom_field::{Challenger, DIGEST_ELEMS, Digest, Val};

/// Field elements under construction.
#[derive(Clone, Debug, Default)]
pub struct Encoder(Vec<Val>);

impl Encoder {
    /// A number of any width up to 64 bits, as four limbs.
    pub fn number(mut self, x: u64) -> Self {
        self.0.extend(crate::layout::limbs(x).map(Val::from_u32));
        self
    }

    /// Bytes: their count, then two per element.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self = self.number(bytes.len() as u64);
        let pairs = bytes.chunks(2).map(|pair| {
            let high = pair.get(1).copied().unwrap_or(0);
            Val::from_u32(u32::from(pair[0]) | u32::from(high) << 8)
        });
        self.0.extend(pairs);
        self
    }

    /// Field elements whose count the layout fixes.
    pub fn elements(mut self, elements: &[Val]) -> Self {
        self.0.extend_from_slice(elements);
        self
    }

    /// The digest of the elements under a domain.
    pub fn digest(self, domain: &str) -> Digest {
        let mut challenger = self.challenger(domain);
        core::array::from_fn::<Val, DIGEST_ELEMS, _>(|_| challenger.sample())
    }

    /// A transcript that has absorbed the domain and the elements.
    pub fn challenger(self, domain: &str) -> Challenger {
        let mut challenger = proofloom_stark::challenger();
        let prefix = Self::default().bytes(domain.as_bytes()).number(self.0.len() as u64);
        challenger.observe_slice(&prefix.0);
        challenger.observe_slice(&self.0);
        challenger
    }
}
