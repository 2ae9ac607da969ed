//! Receipts: the row of our feed in a peer's `heads` feed, and nothing else of it.

use engagement_protocol::head::Head;
use engagement_protocol::heads::Row;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::index::Index;
use engagement_protocol::limits::{HEAD_BYTES, HEAD_DEADLINE, INDEX_BYTES, object_deadline};
use engagement_protocol::replica::TransferError;
use engagement_protocol::slice;

use super::Sync;
use super::error::SyncError;
use super::transport::Get;

impl Sync {
    /// Asks `peer` which state of our own `feed` it lists as applied; nothing if it lists none.
    ///
    /// Head, index and the one slice are verified under the peer's keys; whether the note inside is ours is
    /// for whoever knows our keys.
    ///
    /// # Errors
    ///
    /// [`SyncError`] if it gives no receipt.
    pub async fn receipt(&self, peer: &NodeId, feed: Feed) -> Result<Option<Row>, SyncError> {
        let followed = self.followed();
        let found = followed.peers.get(peer).and_then(|found| Some((found, found.url.clone()?)));
        let Some((known, base)) = found else { return Err(SyncError::NoSource) };
        let via = || peer.clone();
        let path = "/f/heads/head".to_owned();
        let body = self.fetch(peer, &base, path, HEAD_BYTES, HEAD_DEADLINE).await?;
        let now = self.clock.now();
        let head = Head::verify(&body, peer, Feed::Heads, &known.keys, now)
            .map_err(|error| SyncError::Head { via: via(), error })?;
        if head.is_expired(now) {
            return Err(SyncError::Expired { via: via() });
        }
        let length = u32::try_from(INDEX_BYTES).unwrap_or(u32::MAX);
        let (path, deadline) = (format!("/o/{}", head.index), object_deadline(length));
        let body = self.fetch(peer, &base, path, INDEX_BYTES, deadline).await?;
        let damaged = |error| SyncError::Damaged { via: via(), error };
        let index = Index::verify(&body, head.index)
            .map_err(|error| damaged(TransferError::Index(error)))?;
        let id = Row::id(&followed.own, feed);
        let position = id.hash().prefix(index.k());
        let wanted = index.slices().get(usize::from(position)).copied();
        let Some(wanted) = wanted.filter(|slice| !slice.is_empty()) else { return Ok(None) };
        let limit = usize::try_from(wanted.length).unwrap_or(usize::MAX);
        let (path, deadline) = (format!("/o/{}", wanted.hash), object_deadline(wanted.length));
        let body = self.fetch(peer, &base, path, limit, deadline).await?;
        let lines = slice::verify(&body, wanted, index.k(), position)
            .map_err(|error| damaged(TransferError::Slice { position, error }))?;
        let line = lines.iter().find(|line| *line.id() == id);
        Ok(line.and_then(|line| Row::read(line).ok()))
    }

    async fn fetch(
        &self,
        peer: &NodeId,
        base: &str,
        path: String,
        limit: usize,
        deadline: std::time::Duration,
    ) -> Result<Vec<u8>, SyncError> {
        let get = Get { base: base.to_owned(), path, etag: None, limit, deadline };
        let reply = self
            .transport
            .get(get)
            .await
            .map_err(|error| SyncError::Transport { via: peer.clone(), error })?;
        match reply.status {
            200 => Ok(reply.body),
            404 | 410 => Err(SyncError::Gone { via: peer.clone() }),
            status => Err(SyncError::Status { via: peer.clone(), status }),
        }
    }
}
