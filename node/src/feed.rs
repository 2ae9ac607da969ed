//! Our own feeds: drafts and other rows become lines, slices, index and a signed head, in one durable
//! transaction.
//!
//! Only the process that holds the directory's lock publishes. A change that cannot be signed now (the
//! clock is doubtful) stays pending and is published later: nothing that was accepted is lost.

pub mod fence;
pub mod files;
pub mod gate;
pub mod permit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use engagement_protocol::hash::Hash;
use engagement_protocol::head::{Head, HeadError};
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::index::{Index, IndexError};
use engagement_protocol::key::SigningKey;
use engagement_protocol::limits::{HEAD_LIFE, SEQ_AHEAD};
use engagement_protocol::publisher::{PublishError, Publisher};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Timestamp;

use crate::clock::Clock;
use crate::store::audit::Actor;
use crate::store::draft::Draft;
use crate::store::feed::{Edit, FeedState};
use crate::store::{Durability, ReadTx, Store, StoreError, WriteTx};
use fence::{Fence, FenceError};
use gate::{Doubt, Gate};
use permit::{Held, Permit};

/// Signs and publishes the feeds of one node.
#[derive(Debug, Clone)]
pub struct Publishing {
    store: Store,
    key: Arc<RwLock<Arc<SigningKey>>>,
    clock: Arc<dyn Clock>,
    gate: Gate,
    permit: Permit,
    fence: Fence,
}

/// What was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The number of the new state.
    pub seq: u64,
    /// Records that came, changed or went.
    pub changes: usize,
    /// Whether something went, so that its traces have to be purged.
    pub removed: bool,
    /// The signed head, to be sent as a ping.
    pub head: Vec<u8>,
}

/// Why nothing was published; what was to be published stays pending.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state cannot be signed.
    #[error("{}", unpublished(.0))]
    Publish(PublishError),
    /// The clock is doubtful.
    #[error(transparent)]
    Clock(#[from] Doubt),
    /// What was signed last is not known for sure, or somebody else signs.
    #[error(transparent)]
    Permit(#[from] Held),
    /// The fence file cannot be written.
    #[error(transparent)]
    Fence(#[from] FenceError),
    /// The state that was signed last is not ours, or damaged.
    #[error(
        "Der zuletzt veröffentlichte Stand ist nicht mit diesem Schlüssel unterschrieben ({0}). Spielen Sie node.key und node.db aus derselben Sicherung zurück."
    )]
    Head(#[from] HeadError),
    /// The index that was signed last is damaged.
    #[error("Das zuletzt veröffentlichte Verzeichnis ist beschädigt ({0}).")]
    Index(#[from] IndexError),
}

impl From<PublishError> for FeedError {
    fn from(error: PublishError) -> Self {
        Self::Publish(error)
    }
}

fn unpublished(error: &PublishError) -> String {
    match error {
        PublishError::Ahead { seq, .. } => format!(
            "Der letzte Stand ({seq}) wurde mit einer Uhr unterschrieben, die um mehr als einen Tag vorging; niemand nimmt ihn an. Ist die Uhr noch falsch, stellen Sie sie (NTP). Geht sie richtig, beginnt der Feed mit einem neuen Schlüssel neu: engagement-node rotate-key. Änderungen bleiben vorgemerkt."
        ),
        PublishError::TooManyRecords { records } => format!(
            "Der Feed hätte {records} Datensätze, mehr als andere annehmen. Ziehen Sie Angebote zurück."
        ),
        PublishError::TooLarge(error) => format!(
            "Der Feed ist größer, als andere annehmen ({error}). Kürzen Sie Texte, oder ziehen Sie Angebote zurück."
        ),
        PublishError::NotPlanned => format!("Der Feed lässt sich nicht unterschreiben: {error}"),
    }
}

impl FeedError {
    /// Returns whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Clock(_) | Self::Permit(_) | Self::Fence(_) => true,
            Self::Publish(_) | Self::Head(_) | Self::Index(_) => false,
        }
    }
}

impl Publishing {
    /// Publishes what `store` holds, signed by `key`, as long as `gate` and `permit` let it; `fence` learns of
    /// each state before anybody else.
    #[must_use]
    pub fn new(
        store: Store,
        key: SigningKey,
        clock: Arc<dyn Clock>,
        gate: Gate,
        permit: Permit,
        fence: Fence,
    ) -> Self {
        let key = Arc::new(RwLock::new(Arc::new(key)));
        Self { store, key, clock, gate, permit, fence }
    }

    /// Returns whether something may be signed now.
    ///
    /// # Errors
    ///
    /// [`FeedError::Clock`] or [`FeedError::Permit`].
    pub fn may_sign(&self) -> Result<(), FeedError> {
        let monotonic = self.clock.monotonic();
        self.gate.may_sign(self.clock.now(), monotonic)?;
        Ok(self.permit.may_sign(monotonic)?)
    }

    /// Signs with another key from now on.
    pub fn sign_with(&self, key: SigningKey) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }

    fn key(&self) -> Arc<SigningKey> {
        Arc::clone(&self.key.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Signs our last states anew if another key took the place of ours and that has not been done yet.
    ///
    /// # Errors
    ///
    /// [`FeedError`]; nothing has changed then, and whatever is signed next does it first.
    pub async fn renew(&self) -> Result<(), FeedError> {
        self.may_sign()?;
        let (key, now, fence) = (self.key(), self.clock.now(), self.fence.clone());
        let (permit, monotonic) = (self.permit.clone(), self.clock.monotonic());
        self.store
            .write(Durability::Full, move |tx| {
                permit.may_sign(monotonic)?;
                renew(tx, &key, &fence, now)
            })
            .await
    }

    /// Publishes the opportunities that are pending; returns nothing if none is.
    ///
    /// The first call of a new node publishes an empty feed, so that others can tell "no offers" from
    /// "not reached".
    ///
    /// # Errors
    ///
    /// [`FeedError`]; nothing has changed then.
    pub async fn publish(&self) -> Result<Option<Published>, FeedError> {
        self.may_sign()?;
        let (key, now) = (self.key(), self.clock.now());
        let (fence, permit, monotonic) =
            (self.fence.clone(), self.permit.clone(), self.clock.monotonic());
        self.store
            .write(Durability::Full, move |tx| {
                // Between the question above and this transaction a backup may have been noticed.
                permit.may_sign(monotonic)?;
                renew(tx, &key, &fence, now)?;
                tx.lapse_drafts(now.day())?;
                let pending = tx.pending_drafts()?;
                let edits: Vec<_> = pending.iter().map(|draft| edit(draft, now)).collect();
                let published = commit(tx, &key, &fence, Feed::Offers, &edits, now)?;
                for draft in &pending {
                    tx.draft_published(&draft.id)?;
                }
                Ok(published)
            })
            .await
    }

    /// Publishes a feed that is given as a whole: `rows` returns everything it is to say, or nothing while
    /// this node does not publish it. Returns nothing if the feed says exactly that already.
    ///
    /// # Errors
    ///
    /// [`FeedError`]; nothing has changed then.
    pub async fn publish_rows<F>(&self, feed: Feed, rows: F) -> Result<Option<Published>, FeedError>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<Option<Vec<Line>>, StoreError> + Send + 'static,
    {
        self.may_sign()?;
        let (key, now) = (self.key(), self.clock.now());
        let (fence, permit, monotonic) =
            (self.fence.clone(), self.permit.clone(), self.clock.monotonic());
        self.store
            .write(Durability::Full, move |tx| {
                permit.may_sign(monotonic)?;
                renew(tx, &key, &fence, now)?;
                let Some(rows) = rows(tx)? else { return Ok(None) };
                let edits = difference(tx, key.verifier().node(), feed, rows)?;
                commit(tx, &key, &fence, feed, &edits, now)
            })
            .await
    }

    /// Signs the last state of a feed again if that is due; returns the new head.
    ///
    /// # Errors
    ///
    /// [`FeedError`]; nothing has changed then.
    pub async fn resign(&self, feed: Feed) -> Result<Option<Vec<u8>>, FeedError> {
        self.may_sign()?;
        let (key, now, fence) = (self.key(), self.clock.now(), self.fence.clone());
        self.store
            .write(Durability::Full, move |tx| {
                renew(tx, &key, &fence, now)?;
                let Some(held) = tx.feed(key.verifier().node(), feed)? else {
                    return Ok(None);
                };
                let (head, index) = last(&held, &key)?;
                let publisher = Publisher::resume(head, index);
                if !publisher.is_resign_due(now) {
                    return Ok(None);
                }
                let Some(head) = publisher.resign(now, &key)? else { return Ok(None) };
                tx.resign(&head)?;
                let detail = format!("seq={}", head.seq);
                tx.audit(now, &Actor::Job("resign"), "resign", feed.as_str(), &detail)?;
                Ok(Some(head.bytes().to_vec()))
            })
            .await
    }
}

/// Signs the last state of each of our feeds anew if that is due under this key, whoever signed it before: what lies
/// in our own database we have published ourselves.
///
/// A state that a clock from the future has numbered, which every reader refuses, gets a number of today: what
/// readers remember of numbers goes with the key before.
fn renew(
    tx: &WriteTx<'_>,
    key: &SigningKey,
    fence: &Fence,
    now: Timestamp,
) -> Result<(), FeedError> {
    // Another key's word is no reason: a key file that was put back by hand must not make others' states ours.
    if tx.renewing()?.is_none_or(|due| due != key.verifier().to_string()) {
        return Ok(());
    }
    for feed in [Feed::Offers, Feed::Members, Feed::Heads] {
        let Some(held) = tx.feed(key.verifier().node(), feed)? else { continue };
        let last = Head::peek(&held.head)?;
        Index::verify(&held.index, last.index)?;
        let ahead = last.seq > now.plus(SEQ_AHEAD).as_ms();
        let seq = if ahead { now.as_ms() } else { last.seq };
        let head = Head { seq, issued: now, expires: now.plus(HEAD_LIFE), ..last }.sign(key);
        if ahead {
            tx.renumber(&head, now)?;
            if feed != Feed::Heads {
                fence.raise(feed, head.seq, head.index)?;
            }
        } else {
            tx.resign(&head)?;
        }
        let detail = format!("seq={}", head.seq);
        tx.audit(now, &Actor::Operator, "sign_anew", feed.as_str(), &detail)?;
    }
    Ok(tx.set_renewing(None)?)
}

/// Makes `edits` the next state of our own `feed`; nothing happens if there are none and it was begun.
fn commit(
    tx: &WriteTx<'_>,
    key: &SigningKey,
    fence: &Fence,
    feed: Feed,
    edits: &[Edit],
    now: Timestamp,
) -> Result<Option<Published>, FeedError> {
    let node = key.verifier().node();
    let held = tx.feed(node, feed)?;
    if edits.is_empty() && held.is_some() {
        return Ok(None);
    }
    let last = held.as_ref().map(|held| last(held, key)).transpose()?;
    let publisher = match &last {
        Some((head, index)) => Publisher::resume(head.clone(), index.clone()),
        None => Publisher::new(node.clone(), feed),
    };
    // A crash can leave a number there that the database does not know.
    let seen = fence.newest().and_then(|newest| newest.get(&feed).map(|(seq, _)| *seq));
    let publisher = publisher.above(seen.unwrap_or(0));
    let changed: BTreeSet<Hash> = edits.iter().map(Edit::place).collect();
    let plan = publisher.plan(tx.live_after(held.as_ref(), edits)?, &changed)?;
    let old = last.as_ref().map(|(_, index)| index);
    let begun = FeedState::unpublished(node.clone(), feed, now);
    let (slices, replaced) = tx.write_slices(held.as_ref(), old, edits, &plan, &begun)?;
    let edition = publisher.publish(&plan, slices, now, key)?;
    tx.publish(&edition, replaced, now)?;
    if feed != Feed::Heads {
        // Before the commit, so before anybody can read the head.
        fence.raise(feed, edition.head.seq, edition.head.index)?;
    }
    let detail = format!("seq={} changes={}", edition.head.seq, edits.len());
    tx.audit(now, &Actor::Job("publish"), "publish", feed.as_str(), &detail)?;
    Ok(Some(Published {
        seq: edition.head.seq,
        changes: edits.len(),
        removed: !edition.replaced.is_empty(),
        head: edition.head.bytes().to_vec(),
    }))
}

/// Returns what has to change for a feed to say exactly `rows`.
fn difference(
    tx: &ReadTx<'_>,
    node: &NodeId,
    feed: Feed,
    rows: Vec<Line>,
) -> Result<Vec<Edit>, StoreError> {
    let mut wanted: BTreeMap<Hash, Line> =
        rows.into_iter().map(|line| (line.place(), line)).collect();
    let mut edits = Vec::new();
    tx.each_record(node, feed, |held| {
        match wanted.remove(&held.line.place()) {
            Some(line) if line.hash() == held.line.hash() => {}
            Some(line) => edits.push(Edit::Put(line)),
            None => edits.push(Edit::Remove(held.line.place())),
        }
        Ok::<_, StoreError>(())
    })?;
    edits.extend(wanted.into_values().map(Edit::Put));
    Ok(edits)
}

/// Returns whether something waits to be published.
///
/// # Errors
///
/// [`StoreError`].
pub fn is_pending(tx: &ReadTx<'_>) -> Result<bool, StoreError> {
    Ok(!tx.pending_drafts()?.is_empty())
}

fn last(
    held: &FeedState,
    key: &SigningKey,
) -> Result<(engagement_protocol::verify::Verified<Head>, Index), FeedError> {
    let head = Head::verify_held(&held.head, &held.node, held.feed, &key.verifiers())?;
    let index = Index::verify(&held.index, head.index)?;
    Ok((head, index))
}

/// A draft is in the feed while it is live and its last day has not passed.
fn edit(draft: &Draft, now: Timestamp) -> Edit {
    let line = draft
        .body
        .as_ref()
        .filter(|_| now.day() <= draft.valid_until)
        // Bodies are checked when they are stored; what cannot be a line any more is left out.
        .and_then(|body| Line::read(body.as_bytes()).ok())
        .filter(|line| *line.id() == draft.id);
    match line {
        Some(line) => Edit::Put(line),
        None => Edit::Remove(draft.id.hash()),
    }
}
