//! What the peers know about this node's own feeds: asked before anything is signed, and ever after.
//!
//! After a restored backup the published state comes back from the peers before anything is signed. Somebody
//! else with our key stops everything, and that is remembered over restarts, until the operator decides.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::replica::Applied;
use engagement_protocol::signing::{Hold, PATIENCE, Signing, Verdict, WITNESSES};
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::App;
use crate::feed::fence::Newest;
use crate::feed::permit::Held;
use crate::store::audit::Actor;
use crate::store::difference::Adopted;
use crate::store::replica::ApplyError;
use crate::store::{Durability, ReadTx, StoreError};
use crate::sync::PingOutcome;
use crate::sync::error::SyncError;
use crate::sync::followed::{Followed, Via};

/// The feeds that are remembered and adopted; `heads` is rebuilt.
pub const REMEMBERED: [Feed; 2] = [Feed::Offers, Feed::Members];

/// How often peers are asked while signing waits for them, in the first minute and later.
const HURRY: Duration = Duration::from_secs(2);
const RETRY: Duration = Duration::from_secs(20);
/// How often one peer, in turn, is asked which of our heads it holds.
const WATCH: Duration = Duration::from_secs(60);
/// Peers asked at a time while signing waits: a few more than are needed, in case some are away.
const ASKED: usize = 2 * WITNESSES;

/// When peers are asked about our own heads.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Turn>);

#[derive(Debug, Default)]
struct Turn {
    next: Duration,
    busy: bool,
    /// How many questions were asked, so that each peer has its turn.
    asked: usize,
    /// Whether signing was free when it was last looked at.
    free: bool,
}

/// Why a published state was not adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// No peer has all of it now.
    #[error(transparent)]
    Fetch(#[from] SyncError),
    /// It cannot be applied.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The fence file cannot be written.
    #[error(transparent)]
    Fence(#[from] crate::feed::fence::FenceError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Who told of the newest state cannot be reached now, and the others hold older ones.
    #[error("whoever holds the newest state cannot be reached")]
    Away,
    /// Whoever told of it has it no more.
    #[error("nobody holds a newer own state any more")]
    Gone,
    /// Our key became another meanwhile, or the operator has said that it is not ours, or it is adopted already, or a
    /// newer one was told of.
    #[error("it is ours no longer, or was adopted meanwhile, or there is a newer one")]
    Overtaken,
}

/// Returns the newest own states that the database knows.
pub(super) fn newest(tx: &ReadTx<'_>, node: &NodeId) -> Result<Newest, StoreError> {
    let mut newest = Newest::new();
    for feed in REMEMBERED {
        if let Some(state) = tx.feed(node, feed)? {
            let index = engagement_protocol::hash::Hash::of(&state.index);
            newest.insert(feed, (state.seq, index));
        }
    }
    Ok(newest)
}

/// Begins the decision whether this node may sign, with what it knows at its start.
pub(super) fn signing(
    tx: &ReadTx<'_>,
    key: &engagement_protocol::key::VerifierKey,
    fence: Option<&Newest>,
    now: engagement_protocol::time::Timestamp,
    monotonic: Duration,
) -> Result<Signing, StoreError> {
    let held = newest(tx, key.node())?;
    let floor: BTreeMap<Feed, u64> = held.iter().map(|(feed, (seq, _))| (*feed, *seq)).collect();
    let mut signing = Signing::new(now, monotonic, fence == Some(&held), floor);
    if let Some((feed, seq)) = tx.elsewhere()? {
        signing.suspect(feed, seq);
    }
    if tx.disowned()?.is_some_and(|given_up| given_up == key.to_string()) {
        signing.disown();
    }
    Ok(signing)
}

/// Returns who can be asked.
pub(super) fn askable(followed: &Followed) -> std::collections::BTreeSet<NodeId> {
    let reachable = followed.peers.iter().filter(|(_, peer)| peer.url.is_some() && !peer.hidden);
    reachable.map(|(id, _)| id.clone()).collect()
}

impl App {
    /// Returns why nothing is signed now, if that is so.
    #[must_use]
    pub fn hold(&self) -> Option<Hold> {
        self.inner.permit.may_sign(self.inner.clock.monotonic()).err().map(|Held(hold)| hold)
    }

    /// Returns what publishing waits for after a start, if that needs nobody's hand.
    #[must_use]
    pub fn waiting(&self) -> Option<String> {
        let hold = self.hold()?;
        matches!(hold, Hold::Asking { .. }).then(|| Held(hold).to_string())
    }

    /// Returns whether peers are to be asked about our own heads now, and marks that as begun.
    #[must_use]
    pub fn own_due(&self) -> bool {
        let now = self.inner.clock.monotonic();
        let mut turn = self.inner.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = !turn.busy && turn.next <= now;
        turn.busy |= due;
        due
    }

    /// Asks peers which of our own heads they hold, and draws the consequences. Returns whether that was what
    /// signing waited for.
    pub async fn ask_own(&self) -> bool {
        let mut answers = FuturesUnordered::new();
        for via in self.whom_to_ask(self.hold().is_some()) {
            answers.push(async move { self.ask_witness(&via).await });
        }
        while answers.next().await.is_some() {}
        self.adopt_own().await;
        let now = self.inner.clock.monotonic();
        let held = self.hold();
        {
            let mut turn = self.inner.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
            let pause = match held {
                None => WATCH,
                Some(_) if now < PATIENCE => HURRY,
                Some(_) => RETRY,
            };
            (turn.next, turn.busy) = (now + pause, false);
        }
        self.released()
    }

    /// Returns whether signing has become free since this was last asked, because the peers have told or
    /// because they have been waited for long enough.
    pub fn released(&self) -> bool {
        let free = self.hold().is_none();
        let before = {
            let mut turn = self.inner.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut turn.free, free)
        };
        if free && !before {
            tracing::info!("what was published before is known: signing goes on");
        }
        free && !before
    }

    fn whom_to_ask(&self, waiting: bool) -> Vec<Via> {
        let mut witnesses = self.inner.sync.witnesses();
        if waiting {
            // Those that have answered are asked again only if there is nobody else: their word stands.
            let unheard = self.inner.permit.unheard();
            witnesses.sort_by_key(|via| !unheard.contains(&via.peer));
            witnesses.truncate(ASKED.max(1));
            return witnesses;
        }
        let mut turn = self.inner.watch.0.lock().unwrap_or_else(PoisonError::into_inner);
        turn.asked = turn.asked.wrapping_add(1);
        let at = turn.asked % witnesses.len().max(1);
        witnesses.into_iter().skip(at).take(1).collect()
    }

    /// Asks one peer about all our feeds; it counts as heard if it answered for each.
    async fn ask_witness(&self, via: &Via) {
        for feed in REMEMBERED {
            let keys = self.signer().key.verifiers();
            match self.inner.sync.own_head(via, feed, &keys).await {
                Ok((head, date)) => {
                    if let Some(date) = date {
                        // Before its word counts: with a clock that is a year off nothing is ever signed.
                        let monotonic = self.inner.clock.monotonic();
                        self.inner.gate.peer_said(&via.peer, date, monotonic);
                    }
                    if let Some(head) = head
                        && let Err(error) = self.take_answer(via, &head, date).await
                    {
                        return tracing::warn!(peer = %via.peer, %error, "own head");
                    }
                }
                Err(error) => return tracing::debug!(peer = %via.peer, %error, "own head"),
            }
        }
        self.inner.permit.told(via.peer.clone());
    }

    /// Takes what a peer, asked, has of an own feed, and the date of its answer.
    async fn take_answer(
        &self,
        via: &Via,
        head: &Verified<Head>,
        date: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let verdict = self.hear_own(head, Some(&via.peer)).await?;
        // Without a date it could be a cache's from any day.
        let Some(date) = date else { return Ok(()) };
        let age = self.inner.clock.now().since(date);
        let Some(made) = self.inner.clock.monotonic().checked_sub(age) else { return Ok(()) };
        let (feed, has) = (head.feed, (head.seq, verdict));
        // An alarm that is written down meanwhile must not be wiped out here.
        let _alone = self.inner.keying.lock().await;
        if self.inner.permit.answered(feed, &via.peer, has, made) {
            tracing::warn!(%feed, peer = %via.peer, "the own state that was told of is not held there any more");
            if !matches!(self.hold(), Some(Hold::Elsewhere { .. })) {
                // The operator's word was that it is ours; now nobody has it.
                let cleared = self.inner.store.write(Durability::Full, |tx| tx.set_elsewhere(None));
                cleared.await?;
            }
        }
        Ok(())
    }

    /// Judges an own head that somebody holds or tells; `by` is who it is, if that is certain.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing is decided then.
    pub async fn hear_own(
        &self,
        head: &Verified<Head>,
        by: Option<&NodeId>,
    ) -> Result<Verdict, StoreError> {
        let (feed, seq, index) = (head.feed, head.seq, head.index);
        if feed == Feed::Heads {
            return Ok(Verdict::Known);
        }
        let _alone = self.inner.keying.lock().await;
        if !self.is_own(head) {
            // It came while our key was still another: what that has signed is over.
            return Ok(Verdict::Old);
        }
        let remembered = self.inner.store.read(move |tx| tx.has_signed(feed, seq, index)).await?;
        let before = self.hold();
        let monotonic = self.inner.clock.monotonic();
        let verdict = self.inner.permit.hear(feed, seq, remembered, by, monotonic);
        match verdict {
            Verdict::Known | Verdict::Old => {}
            Verdict::Restored if !matches!(before, Some(Hold::Restored { .. })) => {
                tracing::error!(%feed, seq, "the database is older than what was published: restored");
            }
            Verdict::Restored => {}
            Verdict::Elsewhere => {
                let now = self.inner.clock.now();
                let found = Some((feed, seq));
                let written = self.inner.store.write(Durability::Full, move |tx| {
                    tx.set_elsewhere(found)?;
                    tx.audit(
                        now,
                        &Actor::Job("own"),
                        "elsewhere",
                        feed.as_str(),
                        &format!("seq={seq}"),
                    )
                });
                written.await?;
                if !matches!(before, Some(Hold::Elsewhere { .. })) {
                    tracing::error!(%feed, seq, "ALARM: somebody else signs with the key of this node");
                }
            }
        }
        Ok(verdict)
    }

    /// Takes a ping. One about ourselves comes from somebody who holds more than we offer.
    pub async fn ping(&self, note: &[u8]) -> PingOutcome {
        let own = Head::peek(note).ok().filter(|head| head.node == *self.node());
        let Some(peeked) = own else { return self.inner.sync.ping(note).await };
        let keys = self.signer().key.verifiers();
        let now = self.inner.clock.now();
        let Ok(head) = Head::verify(note, &peeked.node, peeked.feed, &keys, now) else {
            return PingOutcome::Forged;
        };
        if let Ok(Verdict::Restored | Verdict::Elsewhere) = self.hear_own(&head, None).await {
            self.ask_own_soon();
        }
        let (node, feed) = (head.node.clone(), head.feed);
        let held = self.inner.store.read(move |tx| tx.feed(&node, feed)).await;
        PingOutcome::Taken { held: held.ok().flatten().map(|held| held.seq) }
    }

    /// Tells the peers about a head. Whoever answers that it holds a higher number of our own feed is asked
    /// what that is.
    pub async fn tell(&self, head: &[u8]) {
        let Ok(told) = Head::peek(head) else { return };
        let higher = self.inner.sync.tell(head).await;
        if told.node == *self.node() {
            let witnesses = self.inner.sync.witnesses();
            for via in witnesses.iter().filter(|via| higher.contains(&via.peer)) {
                self.ask_witness(via).await;
            }
            self.adopt_own().await;
        }
    }

    fn ask_own_soon(&self) {
        self.inner.watch.0.lock().unwrap_or_else(PoisonError::into_inner).next = Duration::ZERO;
        self.inner.wake.notify_one();
    }

    /// Adopts what has to be adopted, from whichever peer has it.
    async fn adopt_own(&self) {
        for (feed, _) in self.inner.permit.to_adopt() {
            match self.adopt_feed(feed).await {
                Ok(adopted) => tracing::warn!(
                    %feed,
                    returned = adopted.returned,
                    withheld = adopted.withheld,
                    "the published state was adopted; see `engagement-node withheld list`"
                ),
                Err(error) => {
                    tracing::warn!(%feed, %error, "the published state is not adopted yet")
                }
            }
        }
    }

    async fn adopt_feed(&self, feed: Feed) -> Result<Adopted, AdoptError> {
        let keys = self.signer().key.verifiers();
        let mut newest: Option<(Via, Verified<Head>)> = None;
        for via in self.inner.sync.witnesses() {
            let answer = self.inner.sync.own_head(&via, feed, &keys).await;
            let Ok((Some(head), date)) = answer else { continue };
            self.take_answer(&via, &head, date).await?;
            if newest.as_ref().is_none_or(|(_, known)| head.seq > known.seq) {
                newest = Some((via, head));
            }
        }
        let (via, head) = newest.ok_or(SyncError::NoSource)?;
        if !self.is_to_adopt(&head) {
            let is_wanted = self.inner.permit.to_adopt().iter().any(|(wanted, _)| *wanted == feed);
            return Err(if is_wanted { AdoptError::Away } else { AdoptError::Gone });
        }
        let node = self.node().clone();
        let held = self.inner.store.read(move |tx| tx.feed(&node, feed)).await?;
        let applied = self.inner.sync.fetch_own(head, &via, held.as_ref(), &keys).await?;
        self.take_adopted(applied, held.map(|held| held.seq)).await
    }

    /// Whether a state is to be adopted: nothing older than the newest that was told, and so nothing older than
    /// what is held, whoever can be reached now.
    fn is_to_adopt(&self, head: &Head) -> bool {
        let to_adopt = self.inner.permit.to_adopt();
        to_adopt.iter().any(|(feed, wanted)| *feed == head.feed && *wanted <= head.seq)
    }

    async fn take_adopted(
        &self,
        applied: Applied,
        based_on: Option<u64>,
    ) -> Result<Adopted, AdoptError> {
        let (feed, seq, index) = (applied.head.feed, applied.head.seq, applied.head.index);
        let (now, fence) = (self.inner.clock.now(), self.inner.fence.clone());
        let adopted = {
            // Fetching took its time: a thief's state must not come in when the key has been replaced since.
            let _alone = self.inner.keying.lock().await;
            if !self.is_to_adopt(&applied.head) || !self.is_own(&applied.head) {
                return Err(AdoptError::Overtaken);
            }
            let adopted = self.inner.store.write(Durability::Full, move |tx| {
                let adopted = tx.adopt(&applied, based_on, now)?;
                tx.set_elsewhere(None)?;
                fence.raise(feed, seq, index)?;
                Ok::<_, AdoptError>(adopted)
            });
            let adopted = adopted.await?;
            self.inner.permit.adopted(feed, seq);
            adopted
        };
        self.purge_soon();
        if let Err(error) = self.catch_up_index().await {
            tracing::error!(%error, "index");
        }
        Ok(adopted)
    }

    /// The operator says: what is published is ours, go on.
    pub async fn allow_signing(&self) {
        self.inner.permit.allow(self.inner.clock.now(), self.inner.clock.monotonic());
        let _released = self.ask_own().await;
        // What stands in the way is kept by the app and said to whoever asks.
        drop(self.publish_and_tell().await);
    }

    /// The operator says: what is published is not ours. What was adopted is discarded, and nothing more is
    /// signed by this key.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing has changed then.
    pub async fn disown(&self) -> Result<usize, StoreError> {
        let _alone = self.inner.keying.lock().await;
        let (now, key) = (self.inner.clock.now(), self.key().to_string());
        let discarded = self
            .inner
            .store
            .write(Durability::Full, move |tx| {
                let discarded = tx.discard_adoption(now)?;
                tx.set_disowned(&key)?;
                tx.set_elsewhere(None)?;
                tx.audit(now, &Actor::Operator, "not-mine", "", &format!("rows={discarded}"))?;
                Ok::<_, StoreError>(discarded)
            })
            .await?;
        self.inner.permit.disown();
        Ok(discarded)
    }
}
