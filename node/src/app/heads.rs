//! Our own `heads` feed: which states this node has applied, said only when that is true to the last byte.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engagement_protocol::hash::Hash;
use engagement_protocol::heads::Row;
use engagement_protocol::id::{Feed, NodeId};

use super::{App, OpenError};
use crate::feed::FeedError;
use crate::store::StoreError;

/// The shortest pause between two states of the heads feed.
const PAUSE: Duration = Duration::from_secs(10);

/// What was said last, and when the next may be said.
#[derive(Debug, Default)]
pub(super) struct Said(Mutex<(Option<Hash>, Duration)>);

/// Why the heads feed was not published.
#[derive(Debug, thiserror::Error)]
pub enum HeadsError {
    /// Index or log could not be cleaned: what was removed may still be found here.
    #[error(transparent)]
    Clean(#[from] OpenError),
    /// It cannot be signed now.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Publishes which states are held, if that has changed and at most every ten seconds. Returns whether a
    /// new state was signed.
    ///
    /// A row is a receipt: it is published only after the search index and the write-ahead log are clean, so
    /// that what an origin has withdrawn is in no file here when it says so.
    ///
    /// # Errors
    ///
    /// [`HeadsError`]; what was said before stands.
    pub async fn publish_heads(&self) -> Result<bool, HeadsError> {
        let now = self.inner.clock.monotonic();
        let (said, next) = *self.inner.said.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now < next || self.hold().is_some() {
            return Ok(false);
        }
        // A suspended node is no receipt and no relay's business: nobody is handed its copy.
        let read = self.inner.store.read(|tx| {
            let hidden = tx.hidden()?;
            let mut states = tx.feeds()?;
            states.retain(|state| !hidden.contains(&state.node));
            Ok::<_, StoreError>(states)
        });
        let states = read.await?;
        let mut digest = Vec::new();
        for state in states.iter().filter(|state| state.feed != Feed::Heads) {
            digest.extend_from_slice(&state.head);
        }
        let digest = Hash::of(&digest);
        if said == Some(digest) {
            return Ok(false);
        }
        self.catch_up_index().await?;
        self.purge().await?;
        if !self.is_clean() {
            return Ok(false);
        }
        let applied = self.index().applied();
        let moved = Arc::new(AtomicBool::new(false));
        let notice = Arc::clone(&moved);
        let published = self.inner.publishing.publish_rows(Feed::Heads, move |tx| {
            // Something came since: it is cleaned first.
            if tx.last_change()? != applied {
                notice.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            let hidden = tx.hidden()?;
            let listed = tx.feeds()?.into_iter();
            let listed =
                listed.filter(|state| state.feed != Feed::Heads && !hidden.contains(&state.node));
            let rows =
                listed.map(|state| Row { node: state.node, feed: state.feed, note: state.head });
            Ok(Some(rows.filter_map(|row| row.to_line()).collect()))
        });
        let published = published.await?;
        *self.inner.said.0.lock().unwrap_or_else(PoisonError::into_inner) =
            (if moved.load(Ordering::Relaxed) { said } else { Some(digest) }, now + PAUSE);
        self.catch_up_index().await?;
        Ok(published.is_some())
    }

    /// Draws the consequences of a relay's heads feed: news, receipts, and what it says about ourselves.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn follow_heads(&self, relay: &NodeId) -> Result<(), StoreError> {
        let keys = self.signer().key.verifiers();
        let own = self.inner.sync.take_heads(relay, &keys).await?;
        for head in &own {
            self.hear_own(head, Some(relay)).await?;
            self.note_receipt(relay, head.feed, Some(head)).await?;
        }
        self.inner.wake.notify_one();
        Ok(())
    }
}
