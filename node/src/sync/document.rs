//! Node documents of peers: who to write to, and where an offer's page is. Fetched once a day.

use std::time::Duration;

use engagement_protocol::document::Document;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{DOCUMENT_BYTES, HEAD_DEADLINE};
use engagement_protocol::replica::Source;

use super::Sync;
use super::transport::Get;
use crate::store::{Durability, StoreError};

/// How long a node document serves before it is asked for again.
const DAILY: Duration = Duration::from_secs(24 * 3600);

impl Sync {
    /// Fetches the peer's node document if that was not done today.
    ///
    /// A missing or forged document changes nothing: the feed does not depend on it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub(super) async fn refresh_document(
        &self,
        node: &NodeId,
        feed: Feed,
        keys: &[VerifierKey],
    ) -> Result<(), StoreError> {
        let now = self.clock.monotonic();
        let followed = self.followed();
        // One of a node's feeds brings its document.
        let first = followed.peers.get(node).and_then(|peer| peer.feeds.first());
        let name = (node.clone(), feed);
        let due = self
            .peers()
            .get(&name)
            .is_some_and(|peer| peer.document_at.is_none_or(|at| now.saturating_sub(at) >= DAILY));
        if !due || first != Some(&feed) {
            return Ok(());
        }
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
            let id = node.clone();
            self.write_about(node, feed, keys, Durability::Process, move |tx| {
                tx.set_document(&id, document.bytes(), document.issued)
            })
            .await?;
            if let Some(peer) = self.peers().get_mut(&name) {
                peer.document_at = Some(now);
            }
            break;
        }
        Ok(())
    }
}
