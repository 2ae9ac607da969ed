//! Our own feeds as the peers hold them: what was published is known out there even if our disk forgot.
//!
//! Everything that comes is verified under our own key, and fetched with the same algorithm as any other
//! copy. Nothing is written here: whoever asks decides what an answer means.

use engagement_protocol::head::{Head, HeadError};
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::index::Index;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{HEAD_BYTES, HEAD_DEADLINE};
use engagement_protocol::note::NoteError;
use engagement_protocol::replica::{Applied, Replica, Source};
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

use super::Sync;
use super::error::SyncError;
use super::followed::Via;
use super::object::Fetching;
use super::round::Round;
use super::transport::Get;
use crate::store::feed::FeedState;

impl Sync {
    /// Returns the servers of all peers, as carriers of our own feeds.
    #[must_use]
    pub fn witnesses(&self) -> Vec<Via> {
        let followed = self.followed();
        let via = |(id, peer): (&NodeId, &super::followed::Peer)| {
            // Who is suspended is neither asked nor believed.
            let base = peer.url.clone().filter(|_| !peer.hidden)?;
            Some(Via { peer: id.clone(), base, source: Source::Relay })
        };
        followed.peers.iter().filter_map(via).collect()
    }

    /// Asks a peer which head of our own `feed` it holds, nothing if it holds none under `keys`; and what its
    /// clock says, if it says so.
    ///
    /// # Errors
    ///
    /// [`SyncError`] if it did not say.
    pub async fn own_head(
        &self,
        via: &Via,
        feed: Feed,
        keys: &[VerifierKey],
    ) -> Result<(Option<Verified<Head>>, Option<Timestamp>), SyncError> {
        let own = self.followed().own.clone();
        let get = Get {
            base: via.base.clone(),
            path: via.head_path(&own, feed),
            etag: None,
            limit: HEAD_BYTES,
            deadline: HEAD_DEADLINE,
        };
        let peer = via.peer.clone();
        let reply = self
            .transport
            .get(get)
            .await
            .map_err(|error| SyncError::Transport { via: peer.clone(), error })?;
        match reply.status {
            200 => {}
            404 | 410 => return Ok((None, reply.date)),
            status => return Err(SyncError::Status { via: peer, status }),
        }
        match Head::verify(&reply.body, &own, feed, keys, self.clock.now()) {
            Ok(head) => Ok((Some(head), reply.date)),
            // Signed by a key that is ours no longer: of what this key has signed it holds nothing.
            Err(HeadError::Note(NoteError::UnknownKey)) => Ok((None, reply.date)),
            Err(error) => Err(SyncError::Head { via: peer, error }),
        }
    }

    /// Fetches the complete state of one of our own heads from whoever has it, `first` before the others.
    ///
    /// `held` is what our database has of the feed, to spare what is equal.
    ///
    /// # Errors
    ///
    /// [`SyncError`] if nobody has all of it.
    pub async fn fetch_own(
        &self,
        head: Verified<Head>,
        first: &Via,
        held: Option<&FeedState>,
        keys: &[VerifierKey],
    ) -> Result<Applied, SyncError> {
        let (own, feed) = (head.node.clone(), head.feed);
        let replica = held.and_then(|held| {
            let head = Head::verify_held(&held.head, &own, feed, keys).ok()?;
            let index = Index::verify(&held.index, head.index).ok()?;
            Some(Replica::resume(head, index))
        });
        // Rows beside a state that does not verify are not a base to compare with.
        let held = held.filter(|_| replica.is_some());
        let sources = self.witnesses();
        let round = Round::new(self, own, feed, keys.to_vec());
        Fetching::new(&round, first, &sources).state(&replica.unwrap_or_default(), held, head).await
    }
}
