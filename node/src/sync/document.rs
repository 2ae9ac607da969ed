//! Node documents of peers: who to write to, and where an offer's page is. Fetched once
//! a day, and after a change of the feed.

use std::time::Duration;

use engagement_protocol::document::Document;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{DOCUMENT_BYTES, FETCHES, HEAD_DEADLINE, NOTE_BYTES};
use engagement_protocol::register::anchor::AnchorNote;
use engagement_protocol::replica::Source;

use super::transport::Get;
use super::{PeerState, Sync};
use crate::store::{Durability, StoreError};

/// How long a node document serves before it is asked for again.
const DAILY: Duration = Duration::from_secs(24 * 3600);
/// How long it serves when the feed has changed: whoever corrects an address wants it to arrive.
const CHANGED: Duration = Duration::from_secs(600);
/// How long it serves while heads bear the signature of a key that is not known here: a stranger may add one
/// to every head.
const HINTED: Duration = Duration::from_secs(60);

impl Sync {
    /// Fetches the peer's node document if that was not done today, or, when its feed has just `changed`, in
    /// the last ten minutes.
    ///
    /// A missing or forged document changes nothing: the feed does not depend on it. Returns whether it says
    /// that the node has passed on to another key.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub(super) async fn refresh_document(
        &self,
        node: &NodeId,
        feed: Feed,
        keys: &[VerifierKey],
        changed: bool,
    ) -> Result<bool, StoreError> {
        let now = self.clock.monotonic();
        let followed = self.followed();
        // One of a node's feeds brings its document.
        let first = followed.peers.get(node).and_then(|peer| peer.feeds.first());
        let name = (node.clone(), feed);
        let due = self.peers().get(&name).is_some_and(|peer| peer.document_is_due(now, changed));
        if !due || first != Some(&feed) {
            return Ok(false);
        }
        let mut passed_on = false;
        for via in followed.sources(node) {
            let path = match via.source {
                Source::Origin => "/node".to_owned(),
                Source::Relay => format!("/n/{node}/node"),
            };
            let get = Get {
                base: via.base,
                path,
                etag: None,
                limit: DOCUMENT_BYTES,
                deadline: HEAD_DEADLINE,
            };
            let Ok(reply) = self.transport.get(get).await else { continue };
            let read = Document::verify(&reply.body, node, keys, self.clock.now());
            let Some(document) = read.ok().filter(|_| reply.status == 200) else { continue };
            let present = keys.get(..1).unwrap_or_default();
            let next = Document::successor(&reply.body, node, present, self.clock.now())
                .filter(|next| !keys.contains(next));
            let rotation = present.first().cloned().zip(next);
            let (id, seen) = (node.clone(), self.clock.now());
            let written = self.write_about(node, feed, keys, Durability::Process, move |tx| {
                tx.set_document(&id, document.bytes(), document.issued)?;
                match rotation {
                    Some((before, after)) => tx.set_rotation(&before, &after, seen),
                    None => Ok(false),
                }
            });
            passed_on = written.await?.unwrap_or(false);
            if let Some(peer) = self.peers_mut().get_mut(&name) {
                (peer.document_at, peer.hinted) = (Some(now), false);
            }
            break;
        }
        Ok(passed_on)
    }

    /// Fetches what the holders of anchors' recovery keys say now. Returns whether one of them says something
    /// new.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn refresh_anchors(&self) -> Result<bool, StoreError> {
        use futures_util::StreamExt as _;
        let followed = self.followed();
        let mut gets = Vec::new();
        for (id, peer) in &followed.peers {
            let Some(recovery) = &peer.recovery else { continue };
            for via in followed.sources(id) {
                let path = match via.source {
                    Source::Origin => "/anchor".to_owned(),
                    Source::Relay => format!("/n/{id}/anchor"),
                };
                let (limit, deadline) = (NOTE_BYTES, HEAD_DEADLINE);
                let get = Get { base: via.base, path, etag: None, limit, deadline };
                gets.push(async move { (id, recovery, self.transport.get(get).await) });
            }
        }
        // Side by side: whoever does not answer costs one deadline, not one each.
        let mut answers = futures_util::stream::iter(gets).buffer_unordered(FETCHES);
        let mut news = false;
        while let Some((id, recovery, answer)) = answers.next().await {
            let Some(reply) = answer.ok().filter(|reply| reply.status == 200) else { continue };
            let read = AnchorNote::verify(&reply.body, id, recovery, self.clock.now());
            let Ok(note) = read else { continue };
            let id = id.clone();
            let written = self.store.write(Durability::Process, move |tx| {
                tx.set_anchor_note(&id, note.bytes(), note.issued)
            });
            news |= written.await?;
        }
        Ok(news)
    }
}

impl PeerState {
    /// Once a day; sooner when the feed has changed, or if a head hints at a key that is not known, but not
    /// again and again.
    fn document_is_due(&self, now: Duration, changed: bool) -> bool {
        let pause = match (self.hinted, changed) {
            (true, _) => HINTED,
            (false, true) => CHANGED,
            (false, false) => DAILY,
        };
        self.document_at.is_none_or(|at| now.saturating_sub(at) >= pause)
    }
}
