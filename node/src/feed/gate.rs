//! Whether this node may sign: not while its clock is far off what most of its peers say.
//!
//! A state signed with a clock that is a year ahead could not be followed by another for a year: every
//! reader refuses numbers from the future. So a doubtful clock stops signing, and says so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engagement_protocol::id::NodeId;
use engagement_protocol::limits::CLOCK_SKEW;
use engagement_protocol::time::Timestamp;

/// How long a peer's word counts; every peer is asked more often.
const FRESH: Duration = Duration::from_secs(3600);
/// How long it counts if nobody has said anything since: whoever is cut off from all peers still finds a jump of the clock.
const CARRIED: Duration = Duration::from_secs(24 * 3600);

/// Collects what peers say the time is.
#[derive(Debug, Clone, Default)]
pub struct Gate {
    said: Arc<Mutex<BTreeMap<NodeId, Said>>>,
}

#[derive(Debug, Clone, Copy)]
struct Said {
    /// What the peer's clock said.
    theirs: Timestamp,
    /// When, on our monotonic clock.
    at: Duration,
}

/// Why nothing is signed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Die Uhr dieses Rechners weicht um etwa {minutes} Minuten von {peers} der {asked} Gegenstellen ab. Stellen Sie die Uhr (NTP); bis dahin wird nichts unterschrieben, Änderungen bleiben vorgemerkt."
)]
pub struct Doubt {
    /// By how much.
    pub minutes: u64,
    /// How many peers say so.
    pub peers: usize,
    /// How many were asked.
    pub asked: usize,
}

impl Gate {
    /// Notes what a peer says the time is, at `monotonic` of ours.
    pub fn peer_said(&self, peer: &NodeId, theirs: Timestamp, monotonic: Duration) {
        let said = Said { theirs, at: monotonic };
        self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(peer.clone(), said);
    }

    /// Returns whether signing is safe at `now` and `monotonic` of ours.
    ///
    /// What a peer said is carried on by our monotonic clock: so a wall clock that jumped since is found out
    /// before the next signature, and not when the peers are asked again, and if none can be asked for a day.
    ///
    /// # Errors
    ///
    /// [`Doubt`] if more than half of the peers heard lately disagree with our clock.
    pub fn may_sign(&self, now: Timestamp, monotonic: Duration) -> Result<(), Doubt> {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = |within: Duration| -> Vec<u64> {
            let aged = said.values().map(|said| (said, monotonic.saturating_sub(said.at)));
            let heard = aged.filter(|(_, age)| *age <= within);
            heard.map(|(said, age)| said.theirs.plus(age).as_ms().abs_diff(now.as_ms())).collect()
        };
        let fresh = Some(heard(FRESH)).filter(|fresh| !fresh.is_empty());
        let fresh = fresh.unwrap_or_else(|| heard(CARRIED));
        let limit = u64::try_from(CLOCK_SKEW.as_millis()).unwrap_or(u64::MAX);
        let mut off: Vec<_> = fresh.iter().copied().filter(|ahead| *ahead > limit).collect();
        if off.len() * 2 <= fresh.len() {
            return Ok(());
        }
        off.sort_unstable();
        let median = off.get(off.len() / 2).copied().unwrap_or_default();
        Err(Doubt { minutes: median / 60_000, peers: off.len(), asked: fresh.len() })
    }

    /// Returns whether most peers heard lately say that our clock is right, and there are such peers.
    #[must_use]
    pub fn vouches(&self, now: Timestamp, monotonic: Duration) -> bool {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = said.values().any(|said| monotonic.saturating_sub(said.at) <= FRESH);
        drop(said);
        heard && self.may_sign(now, monotonic).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

    fn gate(theirs: &[Timestamp]) -> Gate {
        let gate = Gate::default();
        for (peer, theirs) in (10..).zip(theirs) {
            gate.peer_said(&peer.to_string().parse().unwrap(), *theirs, Duration::ZERO);
        }
        gate
    }

    #[test]
    fn most_peers_decide_whose_clock_is_wrong() {
        assert_eq!(gate(&[]).may_sign(NOW, Duration::ZERO), Ok(()));
        assert!(!gate(&[]).vouches(NOW, Duration::ZERO), "nobody has said anything");
        assert!(gate(&[NOW]).vouches(NOW, Duration::ZERO));
        assert!(!gate(&[NOW]).vouches(NOW.plus(YEAR), Duration::ZERO));
        assert_eq!(gate(&[NOW, NOW.plus(YEAR)]).may_sign(NOW, Duration::ZERO), Ok(()));
        assert!(
            gate(&[NOW, NOW.plus(YEAR), NOW.plus(YEAR)]).may_sign(NOW, Duration::ZERO).is_err()
        );
        let doubt = gate(&[NOW.minus(YEAR)]).may_sign(NOW, Duration::ZERO).unwrap_err();
        assert_eq!((doubt.minutes, doubt.peers, doubt.asked), (525_600, 1, 1));
    }

    #[test]
    fn ten_minutes_are_tolerated_and_old_words_forgotten() {
        assert_eq!(gate(&[NOW.plus(CLOCK_SKEW)]).may_sign(NOW, Duration::ZERO), Ok(()));
        let doubtful = gate(&[NOW.plus(CLOCK_SKEW + Duration::from_millis(1))]);
        assert!(doubtful.may_sign(NOW.plus(FRESH), FRESH).is_err());
        let later = FRESH + Duration::from_secs(1);
        doubtful.peer_said(&"99".parse().unwrap(), NOW.plus(later), later);
        assert_eq!(doubtful.may_sign(NOW.plus(later), later), Ok(()), "younger words count alone");
    }

    #[test]
    fn whoever_is_cut_off_finds_out_for_a_day_that_its_clock_has_jumped() {
        let gate = gate(&[NOW, NOW]);
        assert_eq!(gate.may_sign(NOW.plus(CARRIED), CARRIED), Ok(()));
        assert!(gate.may_sign(NOW.plus(YEAR), CARRIED).is_err());
        assert!(!gate.vouches(NOW.plus(CARRIED), CARRIED), "but nobody vouches for it");
        let later = CARRIED + Duration::from_secs(1);
        assert_eq!(gate.may_sign(NOW.plus(YEAR), later), Ok(()));
    }

    #[test]
    fn a_clock_that_jumps_after_the_peers_were_heard_is_found_out_at_once() {
        let gate = gate(&[NOW, NOW]);
        let minute = Duration::from_secs(60);
        assert_eq!(gate.may_sign(NOW.plus(minute), minute), Ok(()));
        assert!(gate.may_sign(NOW.plus(YEAR), minute).is_err());
        assert!(gate.may_sign(NOW.minus(YEAR), minute).is_err());
    }
}
