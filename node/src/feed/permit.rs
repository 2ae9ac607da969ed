//! Whether this node may sign, shared by everything that signs or hears of own heads.
//!
//! The decision is the protocol's ([`Signing`]); this holds it behind a lock, knows who can be asked now, and
//! says it in a sentence.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::signing::{Hold, Signing, Verdict};
use engagement_protocol::time::Timestamp;

/// The permission to sign.
#[derive(Debug, Clone)]
pub struct Permit {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    signing: Signing,
    peers: BTreeSet<NodeId>,
}

/// Why nothing is signed now, in a sentence for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", sentence(.0))]
pub struct Held(pub Hold);

impl Permit {
    /// Begins with what the node knows at its start; `peers` are those that can be asked.
    #[must_use]
    pub fn new(signing: Signing, peers: BTreeSet<NodeId>) -> Self {
        Self { inner: Arc::new(Mutex::new(Inner { signing, peers })) }
    }

    /// Takes note of who can be asked from now on.
    pub fn follow(&self, peers: BTreeSet<NodeId>) {
        let inner = &mut *self.lock();
        inner.signing.follow(&peers);
        inner.peers = peers;
    }

    /// Returns whether signing is safe at `monotonic`.
    ///
    /// # Errors
    ///
    /// [`Held`].
    pub fn may_sign(&self, monotonic: Duration) -> Result<(), Held> {
        let inner = &mut *self.lock();
        inner.signing.may_sign(&inner.peers, monotonic).map_err(Held)
    }

    /// Returns who has yet to say which own heads it holds.
    #[must_use]
    pub fn unheard(&self) -> BTreeSet<NodeId> {
        let inner = self.lock();
        inner.signing.unheard(&inner.peers).into_iter().cloned().collect()
    }

    /// Takes note that a peer has told every own head that it holds.
    pub fn told(&self, peer: NodeId) {
        self.lock().signing.told(peer);
    }

    /// Judges an own head that `by` told at `monotonic`.
    pub fn hear(
        &self,
        feed: Feed,
        seq: u64,
        remembered: bool,
        by: Option<&NodeId>,
        monotonic: Duration,
    ) -> Verdict {
        self.lock().signing.hear(feed, seq, remembered, by, monotonic)
    }

    /// Takes note of which own head a peer, asked, has, and what that means; by its own date the answer was made at
    /// `made` on the monotonic clock. Returns whether it has taken back what it told before.
    pub fn answered(&self, feed: Feed, peer: &NodeId, has: (u64, Verdict), made: Duration) -> bool {
        let inner = &mut *self.lock();
        inner.signing.answered(feed, peer, has, made, &inner.peers)
    }

    /// Returns the own states to be adopted.
    #[must_use]
    pub fn to_adopt(&self) -> Vec<(Feed, u64)> {
        self.lock().signing.to_adopt().into_iter().collect()
    }

    /// Takes note that an own state was adopted.
    pub fn adopted(&self, feed: Feed, seq: u64) {
        self.lock().signing.adopted(feed, seq);
    }

    /// Lets the operator say: what is published is ours, go on. `now` is the wall clock then, `monotonic` the other one.
    pub fn allow(&self, now: Timestamp, monotonic: Duration) {
        self.lock().signing.allow(now, monotonic);
    }

    /// Begins anew under another key.
    pub fn rekeyed(&self) {
        self.lock().signing.rekeyed();
    }

    /// Lets the operator say: what is published is not ours, this key signs nothing more.
    pub fn disown(&self) {
        self.lock().signing.disown();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sentence(hold: &Hold) -> String {
    match hold {
        Hold::Asking { missing, wanted } => format!(
            "Der Knoten fragt nach dem Start zuerst seine Gegenstellen, was er zuletzt veröffentlicht hat; {missing} von {wanted} haben noch nicht geantwortet. Nach einer Minute geht es ohne sie weiter. Änderungen bleiben vorgemerkt."
        ),
        Hold::Contradiction { missing, wanted } => format!(
            "Datenbank und fence.json nennen verschiedene Stände: vermutlich wurde eine Sicherung zurückgespielt. Es wird nichts unterschrieben, bis die Gegenstellen sagen, was zuletzt veröffentlicht war ({missing} von {wanted} haben noch nicht geantwortet). Änderungen bleiben vorgemerkt. Ohne Gegenstellen weiter: engagement-node signing allow"
        ),
        Hold::Restored { seq, .. } => format!(
            "Die Gegenstellen kennen einen neueren eigenen Stand ({seq}) als dieser Knoten: Es wurde eine Sicherung zurückgespielt. Der veröffentlichte Stand wird zuerst zurückgeholt; Änderungen bleiben vorgemerkt."
        ),
        Hold::Elsewhere { seq, .. } => format!(
            "Jemand anders unterschreibt mit dem Schlüssel dieses Knotens (Stand {seq}). Es wird nichts mehr veröffentlicht. Läuft der Knoten noch einmal auf einem anderen Rechner? Halten Sie ihn dort an, dann: engagement-node signing allow. Sonst ist der Schlüssel gestohlen: engagement-node signing not-mine"
        ),
        Hold::Disowned => "Der Schlüssel dieses Knotens wurde aufgegeben; mit ihm wird nichts mehr unterschrieben. Legen Sie einen neuen an (Betriebshandbuch, „Schlüssel gestohlen“) und lassen Sie ihn im Verzeichnis der Knoten eintragen.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_reason_says_what_to_do_and_keeps_changes() {
        let feed = Feed::Offers;
        for hold in [
            Hold::Asking { missing: 2, wanted: 3 },
            Hold::Contradiction { missing: 2, wanted: 3 },
            Hold::Restored { feed, seq: 7 },
            Hold::Elsewhere { feed, seq: 7 },
            Hold::Disowned,
        ] {
            let said = Held(hold).to_string();
            let helps = ["vorgemerkt", "engagement-node", "Betriebshandbuch"];
            assert!(helps.iter().any(|help| said.contains(help)), "{said}");
        }
    }

    #[test]
    fn who_can_be_asked_is_who_is_followed_now() {
        let now = Timestamp::from_ms(1_767_312_000_000);
        let signing = Signing::new(now, Duration::ZERO, true, BTreeMap::new());
        let peer: NodeId = "05558".parse().unwrap();
        let permit = Permit::new(signing, BTreeSet::from([peer.clone()]));
        assert!(permit.may_sign(Duration::ZERO).is_err());
        assert_eq!(permit.unheard(), BTreeSet::from([peer.clone()]));
        permit.told(peer);
        assert_eq!(permit.may_sign(Duration::ZERO), Ok(()));
        let other: NodeId = "05".parse().unwrap();
        permit.follow(BTreeSet::from([other]));
        assert_eq!(permit.may_sign(Duration::ZERO), Ok(()), "once allowed, allowed");
    }
}
