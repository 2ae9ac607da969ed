//! Planned rotation: which keys are valid when one has passed on to another.

use crate::key::VerifierKey;
use crate::limits::{KEY_OVERLAP, MEMBER_KEYS};
use crate::time::Timestamp;

/// A key has passed on to another: both signed the node document that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The key before.
    pub before: VerifierKey,
    /// The key it passed on to.
    pub after: VerifierKey,
    /// When this was seen.
    pub at: Timestamp,
}

/// Returns the keys that are valid at `now`, the present one first, where `stated` is what somebody has
/// written down: what it has passed on to, and for seven days what came before.
#[must_use]
pub fn valid(stated: &VerifierKey, rotations: &[Rotation], now: Timestamp) -> Vec<VerifierKey> {
    let mut keys = vec![stated.clone()];
    let mut seen = keys.clone();
    while let Some(next) = keys.first().and_then(|present| {
        rotations.iter().find(|one| one.before == *present && !seen.contains(&one.after))
    }) {
        if now >= next.at.plus(KEY_OVERLAP) {
            keys.clear();
        }
        keys.insert(0, next.after.clone());
        keys.truncate(MEMBER_KEYS);
        seen.push(next.after.clone());
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn key(seed: u8) -> VerifierKey {
        SigningKey::from_seed("05".parse().unwrap(), &[seed; 32]).verifier().clone()
    }

    fn passing(before: u8, after: u8, at: Timestamp) -> Rotation {
        Rotation { before: key(before), after: key(after), at }
    }

    #[test]
    fn both_are_valid_for_seven_days() {
        let rotations = [passing(1, 2, NOW)];
        assert_eq!(valid(&key(1), &[], NOW), [key(1)]);
        assert_eq!(valid(&key(1), &rotations, NOW), [key(2), key(1)]);
        assert_eq!(valid(&key(1), &rotations, NOW.plus(DAY * 7)), [key(2)]);
        assert_eq!(valid(&key(3), &rotations, NOW), [key(3)], "a statement goes before");
    }

    #[test]
    fn follows_a_chain_and_no_circle() {
        let rotations = [passing(1, 2, NOW), passing(2, 3, NOW.plus(DAY * 3)), passing(3, 1, NOW)];
        assert_eq!(valid(&key(1), &rotations, NOW.plus(DAY * 5)), [key(3), key(2), key(1)]);
        assert_eq!(valid(&key(1), &rotations, NOW.plus(DAY * 8)), [key(3), key(2)]);
        assert_eq!(valid(&key(1), &rotations, NOW.plus(DAY * 30)), [key(3)]);
    }
}
