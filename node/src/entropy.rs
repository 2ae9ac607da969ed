//! Randomness, as a seam: the system's in a running node, seeded in simulation.

use std::sync::{Mutex, PoisonError};

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::time::Timestamp;

/// A source of random bytes.
pub trait Entropy: std::fmt::Debug + Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The system's source; a node without one does not run.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The same bytes for the same seed: for tests, demos and simulation, never for keys that matter.
#[derive(Debug)]
pub struct SeededEntropy {
    state: Mutex<(u64, u64)>,
}

impl SeededEntropy {
    /// Begins the sequence of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: Mutex::new((seed, 0)) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in bytes.chunks_mut(32) {
            let block = Hash::of(format!("{}/{}", state.0, state.1).as_bytes());
            state.1 += 1;
            for (to, from) in chunk.iter_mut().zip(block.as_bytes()) {
                *to = *from;
            }
        }
    }
}

/// Returns 32 random bytes, the seed of a key.
pub fn seed(entropy: &dyn Entropy) -> zeroize::Zeroizing<[u8; 32]> {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    entropy.fill(seed.as_mut());
    seed
}

/// Returns a number below `bound`, or 0.
pub fn below(entropy: &dyn Entropy, bound: u64) -> u64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    u64::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
}

/// Returns a new record id, a ULID: sorts by time, never derived from anybody's name.
pub fn record_id(entropy: &dyn Entropy, now: Timestamp) -> RecordId {
    let mut random = [0; 16];
    entropy.fill(&mut random);
    let ulid = ulid::Ulid::from_parts(now.as_ms(), u128::from_le_bytes(random));
    ulid.to_string().parse().expect("a ULID has 26 of 0-9 and A-Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_sequence_and_no_id_twice() {
        let (a, b) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let now = Timestamp::from_ms(1_767_312_000_000);
        let ids: Vec<_> = (0..100).map(|_| record_id(&a, now)).collect();
        assert_eq!(ids, (0..100).map(|_| record_id(&b, now)).collect::<Vec<_>>());
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), 100);
    }
}
