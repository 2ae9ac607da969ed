//! Whom this node follows and why: configuration, registers and passed-on keys, read in one state of the
//! database and settled by the protocol.
//!
//! [`Trust::read`] only looks; [`Trust::remember`] writes down what has to outlive this moment. A register
//! that cannot be read changes nobody: what was believed stays and ages.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::document::Document;
use engagement_protocol::id::{self, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::planted::{self, Bug};
use engagement_protocol::register::anchor::AnchorNote;
use engagement_protocol::register::rotation::valid;
use engagement_protocol::register::settle::{Feed, Local, Settled, Standing, Stated, settle};
use engagement_protocol::register::{Row, may_list};
use engagement_protocol::time::Timestamp;

use super::followed::Followed;
use crate::config::Config;
use crate::config::anchors::Anchor;
use crate::store::{ReadTx, StoreError, WriteTx};

/// Whom this node follows, and by whose word.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// As it was settled.
    pub settled: Settled,
    /// Rows of registers that cannot be read, by register.
    pub unreadable: BTreeMap<NodeId, usize>,
    /// Pins and anchors whose key in `node.toml` has passed on, with the present one.
    pub passed_on: BTreeMap<NodeId, VerifierKey>,
    /// The nodes above this one that say of themselves that they relay.
    willing: BTreeSet<NodeId>,
    stale: bool,
}

impl Trust {
    /// Settles whom to follow at `now`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn read(tx: &ReadTx<'_>, config: &Config, now: Timestamp) -> Result<Self, StoreError> {
        let mut trust = Self::default();
        let (anchors, pins) = (trust.anchors(tx, config, now)?, trust.pins(tx, config, now)?);
        let blocks: BTreeSet<NodeId> = config.blocks.iter().cloned().collect();
        let (feeds, memory) = (trust.feeds(tx)?, tx.beliefs()?);
        let mut confirmed = tx.confirmed()?;
        if let Some(own) = feeds.get(&config.id) {
            // Whoever changes our own register is the person who has to confirm it.
            confirmed.insert(config.id.clone(), own.seq);
        }
        let local = Local { own: &config.id, anchors: &anchors, pins: &pins, blocks: &blocks };
        trust.willing = willing(tx, &config.id)?;
        trust.settled = settle(local, &feeds, &memory, &confirmed, now);
        trust.stale = trust.settled.beliefs != memory || trust.hidden() != tx.hidden()?;
        Ok(trust)
    }

    /// Returns whether something has to be remembered.
    #[must_use]
    pub const fn is_news(&self) -> bool {
        self.stale
    }

    /// Remembers what was settled: what is believed of each register, and who is hidden.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn remember(&self, tx: &WriteTx<'_>) -> Result<(), StoreError> {
        tx.set_beliefs(&self.settled.beliefs)?;
        tx.hide(&self.hidden()).map(drop)
    }

    /// Returns whom to follow.
    #[must_use]
    pub fn followed(&self, config: &Config) -> Followed {
        Followed::of(config, &self.settled, &self.willing)
    }

    fn hidden(&self) -> BTreeSet<NodeId> {
        let suspended = self
            .settled
            .members
            .iter()
            .filter(|(_, member)| matches!(member.standing, Standing::Suspended { .. }));
        suspended.filter(|_| !planted::has(Bug::Suspended)).map(|(id, _)| id.clone()).collect()
    }

    fn anchors(
        &mut self,
        tx: &ReadTx<'_>,
        config: &Config,
        now: Timestamp,
    ) -> Result<Vec<Stated>, StoreError> {
        let mut anchors = Vec::new();
        for anchor in &config.anchors {
            let base = match appointed(tx, anchor, now)? {
                Some(note) => note.keys,
                None => anchor.key.iter().cloned().collect(),
            };
            let keys = self.passed_on(tx, &base, now)?;
            anchors.push(Stated { id: anchor.id.clone(), keys, url: anchor.url.clone() });
        }
        Ok(anchors)
    }

    fn pins(
        &mut self,
        tx: &ReadTx<'_>,
        config: &Config,
        now: Timestamp,
    ) -> Result<Vec<Stated>, StoreError> {
        let pins = config.peers.iter().map(|peer| {
            let keys = self.passed_on(tx, std::slice::from_ref(&peer.key), now)?;
            Ok(Stated { id: peer.id.clone(), keys, url: peer.url.clone() })
        });
        pins.collect()
    }

    /// The keys that are valid where `stated` was written down by hand.
    fn passed_on(
        &mut self,
        tx: &ReadTx<'_>,
        stated: &[VerifierKey],
        now: Timestamp,
    ) -> Result<Vec<VerifierKey>, StoreError> {
        let mut keys = Vec::new();
        for key in stated {
            let now_valid = valid(key, &tx.rotations(key.node())?, now);
            if let Some(present) = now_valid.first().filter(|present| !stated.contains(present)) {
                self.passed_on.insert(key.node().clone(), present.clone());
            }
            keys.extend(
                now_valid.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>(),
            );
        }
        Ok(keys)
    }

    fn feeds(&mut self, tx: &ReadTx<'_>) -> Result<BTreeMap<NodeId, Feed>, StoreError> {
        let mut feeds = BTreeMap::new();
        for state in tx.feeds()?.into_iter().filter(|state| state.feed == id::Feed::Members) {
            let mut rows = Vec::new();
            tx.each_record(&state.node, state.feed, |stored| {
                match Row::read(&stored.line) {
                    Ok(row) => rows.push(row),
                    Err(_) => *self.unreadable.entry(state.node.clone()).or_default() += 1,
                }
                Ok::<_, StoreError>(())
            })?;
            feeds.insert(state.node, Feed { head: state.head, seq: state.seq, rows });
        }
        Ok(feeds)
    }
}

/// Returns which nodes above `own` recommend themselves as relays.
fn willing(tx: &ReadTx<'_>, own: &NodeId) -> Result<BTreeSet<NodeId>, StoreError> {
    let above = tx.documents()?.into_iter().filter(|(id, _)| may_list(id, own));
    // Verified when it came; one whose key is not the node's any more is dropped when that changes.
    let says = |(id, note): (NodeId, Vec<u8>)| {
        Document::peek(&note).is_ok_and(|document| document.relays.contains(&id)).then_some(id)
    };
    Ok(above.filter_map(says).collect())
}

/// Returns what the holder of an anchor's recovery key has said last, if that is held.
fn appointed(
    tx: &ReadTx<'_>,
    anchor: &Anchor,
    now: Timestamp,
) -> Result<Option<AnchorNote>, StoreError> {
    let (Some(recovery), Some(note)) = (&anchor.recovery, tx.anchor_note(&anchor.id)?) else {
        return Ok(None);
    };
    // Verified again under the key that is configured now. It was possible when it was stored; clocks change.
    let far = now.plus(std::time::Duration::from_secs(100 * 365 * 24 * 3600));
    let read = AnchorNote::verify(&note, &anchor.id, recovery, far);
    Ok(read.ok().map(engagement_protocol::verify::Verified::into_value))
}
