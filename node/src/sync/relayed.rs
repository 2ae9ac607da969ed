//! What a relay's `heads` feed tells: who has a newer state, and who need not be asked now.
//!
//! Every note in it is verified under its origin's keys. A re-signed head is taken from the row itself; a
//! newer state makes its feed due, from this relay first; what a relay does not list, or lists too old, is
//! asked for directly. So a relay can delay news, by a day at most, and nothing else. A node that is a relay
//! itself asks everybody itself.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engagement_protocol::head::Head;
use engagement_protocol::heads::Row;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

use super::followed::Followed;
use super::table::Reading;
use super::{PeerState, Peers, Sync};
use crate::store::{Durability, StoreError};

/// A head that was not signed again for this long is asked for at its origin.
const SIGNED_AGAIN: Duration = Duration::from_secs(14 * 3600);
/// A relay that has not confirmed for this many intervals is not healthy.
const MISSED: u32 = 3;

impl Sync {
    /// Draws the consequences of the `heads` feed held of `relay`; returns the heads of our own feeds that
    /// it lists, under `own_keys`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn take_heads(
        &self,
        relay: &NodeId,
        own_keys: &[VerifierKey],
    ) -> Result<Vec<Verified<Head>>, StoreError> {
        let of = relay.clone();
        let (rows, held) = self
            .store
            .read(move |tx| {
                let mut rows = Vec::new();
                tx.each_record(&of, Feed::Heads, |stored| {
                    rows.extend(Row::read(&stored.line));
                    Ok::<_, StoreError>(())
                })?;
                let held: BTreeMap<_, _> = tx
                    .feeds()?
                    .into_iter()
                    .map(|state| ((state.node.clone(), state.feed), state))
                    .collect();
                Ok::<_, StoreError>((rows, held))
            })
            .await?;
        let (followed, now) = (self.followed(), self.clock.now());
        self.peers_mut().values_mut().for_each(|state| {
            let _was = state.confirmed.remove(relay);
        });
        let mut own = Vec::new();
        for row in rows {
            let name = (row.node.clone(), row.feed);
            if row.node == followed.own {
                own.extend(Head::verify(&row.note, &row.node, row.feed, own_keys, now));
                continue;
            }
            let keys = followed.keys(&row.node, row.feed);
            // Most rows say what is held. That verifies under the keys valid now, or it would not be held.
            if !keys.is_empty()
                && held.get(&name).is_some_and(|state| state.head == row.note)
                && let Ok(head) = Head::peek(&row.note)
            {
                self.cover(&name, relay, head.issued);
                self.confirm(&name, relay);
                continue;
            }
            let Ok(head) = Head::verify(&row.note, &row.node, row.feed, keys, now) else {
                continue;
            };
            match held.get(&name) {
                Some(state) if head.seq < state.seq => continue,
                Some(state) if head.seq == state.seq && self.take_resigned(&head, keys).await? => {
                    self.confirm(&name, relay);
                }
                _ => self.hint(&name, relay, head.seq),
            }
            self.cover(&name, relay, head.issued);
        }
        Ok(own)
    }

    /// Keeps a later signing of the state held; returns whether it was one.
    async fn take_resigned(
        &self,
        head: &Verified<Head>,
        keys: &[VerifierKey],
    ) -> Result<bool, StoreError> {
        let (head, node, feed) = (head.clone(), head.node.clone(), head.feed);
        let taken = self.write_about(&node, feed, keys, Durability::Process, move |tx| {
            let Some(held) = tx.feed(&head.node, head.feed)? else {
                return Ok::<_, StoreError>(false);
            };
            let same = Head::peek(&held.head)
                .is_ok_and(|held| (held.seq, held.index) == (head.seq, head.index));
            let later = Head::peek(&held.head).is_ok_and(|held| head.issued > held.issued);
            // An earlier signing says nothing new; another index is for a round to prove.
            if same && later {
                tx.resign(&head)?;
            }
            Ok(same)
        });
        Ok(taken.await?.unwrap_or(false))
    }

    fn hint(&self, name: &(NodeId, Feed), relay: &NodeId, seq: u64) {
        if let Some(state) = self.peers_mut().get_mut(name) {
            state.contact.newest = state.contact.newest.max(Some(seq));
            state.hint = Some(relay.clone());
            state.turn.ping(self.clock.monotonic());
        }
    }

    fn cover(&self, name: &(NodeId, Feed), relay: &NodeId, issued: Timestamp) {
        if let Some(state) = self.peers_mut().get_mut(name) {
            state.covered.insert(relay.clone(), issued);
        }
    }

    fn confirm(&self, name: &(NodeId, Feed), relay: &NodeId) {
        if let Some(state) = self.peers_mut().get_mut(name) {
            let _known = state.confirmed.insert(relay.clone());
        }
    }

    /// Returns the relay to be asked first in the next round, once.
    pub(super) fn take_hint(&self, name: &(NodeId, Feed)) -> Option<NodeId> {
        let mut peers = self.peers_mut();
        let state = peers.get_mut(name)?;
        // Where the origin was in trouble it is asked itself, or nobody would be told that it still is.
        state.hint.take().filter(|_| state.contact.error.is_none())
    }
}

/// Returns the relays whose heads feed was confirmed lately; nothing if none is followed at all, or if this
/// node is a relay itself: relays that relied on each other would all wait for somebody to ask the origin.
pub(super) fn healthy(
    peers: &Peers,
    followed: &Followed,
    now: Timestamp,
) -> Option<BTreeSet<NodeId>> {
    if followed.is_relay {
        return None;
    }
    let mut relays = peers.iter().filter(|((_, feed), _)| *feed == Feed::Heads).peekable();
    relays.peek()?;
    let since = now.minus(followed.interval.saturating_mul(MISSED));
    let confirmed = relays.filter(|(_, state)| {
        state.turn.failures() == 0 && state.contact.reached_at.is_some_and(|at| at >= since)
    });
    Some(confirmed.map(|((relay, _), _)| relay.clone()).collect())
}

/// Returns how a feed is read now.
pub(super) fn reading(
    feed: Feed,
    state: &PeerState,
    healthy: Option<&BTreeSet<NodeId>>,
    now: Timestamp,
) -> Reading {
    // A suspension has to be everywhere within one interval, not within one for each relay on its way:
    // registers are few, and are always asked themselves.
    let Some(healthy) = healthy.filter(|_| feed == Feed::Offers) else { return Reading::Directly };
    let fresh = |(relay, issued): (&NodeId, &Timestamp)| {
        healthy.contains(relay) && now < issued.plus(SIGNED_AGAIN)
    };
    if state.covered.iter().any(fresh) { Reading::Relayed } else { Reading::Unrelayed }
}
