//! Others' feeds: asked for on schedule, verified, applied whole.
//!
//! [`Sync::due`] says who is to be asked, [`Sync::round`] asks one peer's sources and returns a
//! [`Report`]. Nothing here starts a task or sleeps: a round is a future that its caller drives, so that
//! a simulation can drive a hundred of them in one thread. A round that fails has changed nothing that is
//! shown: the last good state stays searchable.

pub mod address;
mod document;
pub mod error;
pub mod files;
pub mod followed;
pub mod http;
mod object;
pub mod own;
pub mod receipt;
pub mod relayed;
pub mod round;
pub mod table;
pub mod transport;
pub mod trust;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{FETCHES, FETCHES_SLOW, HEAD_BYTES, HEAD_DEADLINE};
use engagement_protocol::time::Timestamp;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::entropy::{self, Entropy};
use crate::store::audit::Actor;
use crate::store::contact::Contact;
use crate::store::{Durability, Store, StoreError, WriteTx};
use followed::Followed;
use round::{Report, Round};
use table::{Ended, Turn};
use transport::{PeerTransport, Post};

/// How long a whole round may take: a peer that drips is left, what was verified stays staged.
const ROUND: Duration = Duration::from_secs(900);
/// How long a confirmed state may go unwritten: an idle node does not write once a minute for each peer.
const WRITE_EVERY: Duration = Duration::from_secs(300);

/// Follows the feeds of all peers, each feed by itself.
#[derive(Debug)]
pub struct Sync {
    store: Store,
    transport: Arc<dyn PeerTransport>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    followed: Arc<RwLock<Arc<Followed>>>,
    peers: Mutex<Peers>,
    changes: AtomicU64,
    fetches: Semaphore,
    slow_fetches: Semaphore,
}

/// What is remembered of all feeds.
type Peers = BTreeMap<(NodeId, Feed), PeerState>;

/// What is remembered of a peer's feed while the node runs.
#[derive(Debug, Clone)]
struct PeerState {
    /// The keys that all of this was learnt under.
    keys: Vec<VerifierKey>,
    turn: Turn,
    contact: Contact,
    written_at: Duration,
    /// By source: the entity tag of its head, and the number held when it was given.
    etags: BTreeMap<NodeId, (String, u64)>,
    slow: bool,
    /// Which relays list it, and when the head that they list was signed.
    covered: BTreeMap<NodeId, Timestamp>,
    /// Which relays list just the state that is held: each time such a list is confirmed, so is the state.
    confirmed: BTreeSet<NodeId>,
    /// The relay that told of a newer state.
    hint: Option<NodeId>,
    /// Who confirmed or brought the state held last.
    source: Option<NodeId>,
    /// When its node document was fetched; kept beside the first of its feeds.
    document_at: Option<Duration>,
    /// A head bears the signature of a key that is not known here: the document may explain it.
    hinted: bool,
}

/// What a peer answers to a ping.
#[derive(Debug, serde::Deserialize)]
struct Pong {
    /// The number it holds of that feed.
    #[serde(default)]
    seq: Option<u64>,
}

/// What a ping was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PingOutcome {
    /// Taken; the number held of that feed, if any.
    Taken {
        /// The number.
        held: Option<u64>,
    },
    /// It is not a head.
    Unreadable,
    /// The node is not followed here.
    Unknown,
    /// It is not signed by the node's key.
    Forged,
}

impl Sync {
    /// Follows the peers in `followed`, all of them due within one interval.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn new(
        store: Store,
        transport: Arc<dyn PeerTransport>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        followed: Followed,
    ) -> Result<Self, StoreError> {
        let sync = Self {
            store,
            transport,
            clock,
            entropy,
            followed: Arc::new(RwLock::new(Arc::new(Followed::nobody(followed.own.clone())))),
            peers: Mutex::default(),
            changes: AtomicU64::new(0),
            fetches: Semaphore::new(FETCHES),
            slow_fetches: Semaphore::new(FETCHES_SLOW),
        };
        sync.follow(followed).await?;
        Ok(sync)
    }

    /// Follows `followed` from now on. New peers are asked at once. Copies of nodes that are not followed
    /// any more, or whose key is another now, are deleted before this returns, and what was remembered
    /// of them is forgotten: numbers that a thief has burned go with the key.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn follow(&self, followed: Followed) -> Result<bool, StoreError> {
        let (now, monotonic) = (self.clock.now(), self.clock.monotonic());
        let next = Arc::new(followed);
        let wanted = Arc::clone(&next);
        // First: what a round that is under way writes from here on is judged by it, what it has written
        // before is deleted now.
        let before = self.set_followed(Arc::clone(&next));
        let written = self
            .store
            .write(Durability::Process, move |tx| {
                let dropped = followed::drop_strangers(tx, &wanted, now)?;
                let mut contacts = BTreeMap::new();
                for feed in [Feed::Offers, Feed::Members, Feed::Heads] {
                    let of_feed = tx.contacts(feed)?;
                    contacts.extend(of_feed.into_iter().map(|(node, c)| ((node, feed), c)));
                }
                Ok::<_, StoreError>((contacts, dropped))
            })
            .await;
        let (mut contacts, dropped) = match written {
            Ok(written) => written,
            Err(error) => {
                self.set_followed(before);
                return Err(error);
            }
        };
        let mut peers = self.peers_mut();
        peers.retain(|(id, feed), _| !next.keys(id, *feed).is_empty());
        for (name, peer) in next.feeds() {
            let contact = match peers.get_mut(&name) {
                // A key that was added takes nothing from what was learnt under the others.
                Some(state) if state.keys.iter().all(|key| peer.keys.contains(key)) => {
                    state.keys.clone_from(&peer.keys);
                    continue;
                }
                Some(_) => Contact::default(),
                None => contacts.remove(&name).unwrap_or_default(),
            };
            let state = PeerState {
                keys: peer.keys.clone(),
                turn: Turn::new(monotonic),
                contact,
                written_at: monotonic,
                etags: BTreeMap::new(),
                slow: false,
                covered: BTreeMap::new(),
                confirmed: BTreeSet::new(),
                hint: None,
                source: None,
                document_at: None,
                hinted: false,
            };
            peers.insert(name, state);
        }
        Ok(dropped)
    }

    fn set_followed(&self, next: Arc<Followed>) -> Arc<Followed> {
        let mut followed = self.followed.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *followed, next)
    }

    /// Writes something about a feed, unless it is read no longer, or one of `keys` is not valid any more.
    ///
    /// A peer can go while it is being asked: nothing of it may be written behind its deletion.
    async fn write_about<T, E, F>(
        &self,
        node: &NodeId,
        feed: Feed,
        keys: &[VerifierKey],
        durability: Durability,
        job: F,
    ) -> Result<Option<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (followed, node, keys) = (Arc::clone(&self.followed), node.clone(), keys.to_vec());
        self.store
            .write(durability, move |tx| {
                let now = Arc::clone(&followed.read().unwrap_or_else(PoisonError::into_inner));
                let valid = now.keys(&node, feed);
                if keys.iter().all(|key| valid.contains(key)) {
                    job(tx).map(Some)
                } else {
                    Ok(None)
                }
            })
            .await
    }

    /// Returns who is followed.
    #[must_use]
    pub fn followed(&self) -> Arc<Followed> {
        Arc::clone(&self.followed.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the feeds that are to be asked for now, and marks them as being asked for.
    pub fn due(&self) -> Vec<(NodeId, Feed)> {
        let (now, wall) = (self.clock.monotonic(), self.clock.now());
        let followed = self.followed();
        let interval = followed.interval;
        let mut due = Vec::new();
        let mut peers = self.peers_mut();
        let healthy = relayed::healthy(&peers, &followed, wall);
        for (name, peer) in peers.iter_mut() {
            let reading = relayed::reading(name.1, peer, healthy.as_ref(), wall);
            let pause = table::pause(reading, interval);
            if peer.turn.is_due(now) || peer.turn.is_overdue(now, pause) {
                peer.turn.begin();
                due.push(name.clone());
            }
        }
        due
    }

    /// Returns when somebody is to be asked next; who is being asked now has no next time yet.
    #[must_use]
    pub fn next_due(&self) -> Option<Duration> {
        let peers = self.peers();
        let waiting = peers.values().filter(|peer| !peer.turn.is_busy());
        waiting.map(|peer| peer.turn.next()).min()
    }

    /// Makes every feed due now.
    pub fn hurry(&self) {
        let now = self.clock.monotonic();
        self.peers_mut().values_mut().for_each(|peer| peer.turn.hurry(now));
    }

    /// Asks the sources of one peer's feed until one confirms or brings the newest state.
    ///
    /// The future is the whole round; dropping it leaves the last good state and what was staged.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if even the outcome could not be written down.
    pub async fn round(&self, node: &NodeId, feed: Feed) -> Result<Report, StoreError> {
        let name = (node.clone(), feed);
        let slow = self.peers().get(&name).is_some_and(|peer| peer.slow);
        let _slow = match slow {
            true => self.slow_fetches.acquire().await.ok(),
            false => None,
        };
        let _fetch = self.fetches.acquire().await;
        let keys = self.followed().keys(node, feed).to_vec();
        if keys.is_empty() {
            return Ok(Report::default());
        }
        let round = Round::new(self, node.clone(), feed, keys.clone());
        let mut report = match tokio::time::timeout(ROUND, round.run()).await {
            Ok(report) => report,
            Err(_) => Report::broken_off(ROUND),
        };
        // Neither may keep the peer busy for ever, or what was applied from being followed up.
        if report.confirmed {
            if report.other_key
                && let Some(peer) = self.peers_mut().get_mut(&name)
            {
                peer.hinted = true;
            }
            let changed = report.applied.is_some();
            match self.refresh_document(node, feed, &keys, changed).await {
                Ok(passed_on) => report.passed_on = passed_on,
                Err(error) => tracing::warn!(%node, %error, "node document"),
            }
        }
        if let Err(error) = self.note(&name, &keys, &report).await {
            tracing::warn!(%node, %feed, %error, "contact");
        }
        Ok(report)
    }

    /// Lets go of the copy of a feed whose number lies in the future: its origin can sign nothing that counts as
    /// newer. The feed is asked for at once, as a first copy.
    ///
    /// Only for a caller whose clock others vouch for: behind a clock that is behind, an old state would come.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; then the copy stays.
    pub async fn let_go(&self, node: &NodeId, feed: Feed) -> Result<bool, StoreError> {
        let (keys, now) = (self.followed().keys(node, feed).to_vec(), self.clock.now());
        let about = node.clone();
        let dropped = self.write_about(node, feed, &keys, Durability::Process, move |tx| {
            let held = tx.feed(&about, feed)?;
            if held.is_none_or(|held| round::is_believable(held.seq, now)) {
                return Ok::<_, StoreError>(false);
            }
            tx.drop_replica(&about, feed, &Actor::Job("clock"), now).map(|_| true)
        });
        let dropped = dropped.await?.unwrap_or(false);
        if dropped && let Some(peer) = self.peers_mut().get_mut(&(node.clone(), feed)) {
            (peer.contact, peer.etags) = (Contact::default(), BTreeMap::new());
            peer.turn.hurry(self.clock.monotonic());
        }
        Ok(dropped)
    }

    /// Takes a ping: the note is a hint that there is something to fetch, never more.
    pub async fn ping(&self, note: &[u8]) -> PingOutcome {
        let Ok(peeked) = Head::peek(note) else { return PingOutcome::Unreadable };
        let followed = self.followed();
        let keys = followed.keys(&peeked.node, peeked.feed);
        if keys.is_empty() {
            return PingOutcome::Unknown;
        }
        let verified = Head::verify(note, &peeked.node, peeked.feed, keys, self.clock.now());
        let Ok(head) = verified else { return PingOutcome::Forged };
        let name = (head.node.clone(), head.feed);
        let (node, feed) = name.clone();
        let held = self.store.read(move |tx| tx.feed(&node, feed)).await;
        let held = held.ok().flatten().map(|held| held.seq);
        if held.is_none_or(|held| head.seq > held)
            && let Some(state) = self.peers_mut().get_mut(&name)
        {
            state.contact.newest = state.contact.newest.max(Some(head.seq));
            state.turn.ping(self.clock.monotonic());
        }
        PingOutcome::Taken { held }
    }

    /// Tells every peer with an address about a head; who does not answer hears of it by polling.
    ///
    /// Returns the peers that answer that they hold a higher number.
    pub async fn tell(&self, head: &[u8]) -> Vec<NodeId> {
        use futures_util::StreamExt as _;
        let peeked = Head::peek(head).ok();
        let seq = peeked.as_ref().map(|head| head.seq);
        let about = peeked.map(|head| head.node);
        let followed = self.followed();
        let mut posts = Vec::new();
        for (id, peer) in &followed.peers {
            let Some(base) = peer.url.clone().filter(|_| Some(id) != about.as_ref()) else {
                continue;
            };
            let post = Post {
                base,
                path: "/ping".to_owned(),
                body: head.to_vec(),
                limit: HEAD_BYTES,
                deadline: HEAD_DEADLINE,
            };
            posts.push(async move {
                let reply = self.transport.post(post).await.ok()?;
                let held: Pong = serde_json::from_slice(&reply.body).ok()?;
                (held.seq > seq).then(|| id.clone())
            });
        }
        let answers = futures_util::stream::iter(posts).buffer_unordered(FETCHES);
        answers.filter_map(async |higher| higher).collect().await
    }

    /// Returns what is known about each peer's `feed`, newer than what the database says.
    #[must_use]
    pub fn contacts(&self, feed: Feed) -> BTreeMap<NodeId, Contact> {
        let peers = self.peers();
        let of_feed = peers.iter().filter(|((_, of), _)| *of == feed);
        let now = self.clock.now();
        let listed_at =
            |relay: &NodeId| peers.get(&(relay.clone(), Feed::Heads))?.contact.reached_at;
        let known = |peer: &PeerState| Contact {
            newest: peer.contact.newest.filter(|seq| round::is_believable(*seq, now)),
            reached_at: peer
                .confirmed
                .iter()
                .map(listed_at)
                .max()
                .flatten()
                .max(peer.contact.reached_at),
            ..peer.contact.clone()
        };
        of_feed.map(|((id, _), peer)| (id.clone(), known(peer))).collect()
    }

    /// Returns who confirmed or brought the state held of each `feed` last.
    #[must_use]
    pub fn sources_of(&self, feed: Feed) -> BTreeMap<NodeId, NodeId> {
        let peers = self.peers();
        let of_feed = peers.iter().filter(|((_, of), _)| *of == feed);
        of_feed.filter_map(|((id, _), peer)| Some((id.clone(), peer.source.clone()?))).collect()
    }

    async fn note(
        &self,
        name: &(NodeId, Feed),
        keys: &[VerifierKey],
        report: &Report,
    ) -> Result<(), StoreError> {
        let (now, monotonic) = (self.clock.now(), self.clock.monotonic());
        let followed = self.followed();
        let interval = followed.interval;
        let jitter = entropy::below(self.entropy.as_ref(), 1000);
        let contact = {
            let mut peers = self.peers_mut();
            let healthy = relayed::healthy(&peers, &followed, now);
            // A peer that went meanwhile, or that has another key now, learns nothing from this round.
            let still = |peer: &&mut PeerState| keys.iter().all(|key| peer.keys.contains(key));
            let Some(peer) = peers.get_mut(name).filter(still) else { return Ok(()) };
            let reading = relayed::reading(name.1, peer, healthy.as_ref(), now);
            let before = peer.contact.error.clone();
            report.update(&mut peer.contact, now);
            let how = match &report.error {
                Some(error::SyncError::OverBudget) => Ended::OverBudget,
                Some(error::SyncError::Lagging | error::SyncError::Behind { .. }) => {
                    Ended::Announced
                }
                Some(_) if !report.confirmed => Ended::Badly,
                _ => Ended::Well,
            };
            peer.turn.end(how, monotonic, table::pause(reading, interval), jitter);
            peer.slow = report.slow;
            if report.applied.is_some() {
                peer.confirmed.clear();
            }
            peer.source = report.via.clone().or_else(|| peer.source.take());
            if let Some((via, etag, seq)) = report.etag.clone() {
                peer.etags.insert(via, (etag, seq));
            }
            let changed = before != peer.contact.error || report.applied.is_some();
            if !changed && monotonic.saturating_sub(peer.written_at) < WRITE_EVERY {
                return Ok(());
            }
            peer.written_at = monotonic;
            peer.contact.clone()
        };
        let (about, feed) = name.clone();
        self.write_about(&name.0, feed, keys, Durability::Process, move |tx| {
            tx.set_contact(&about, feed, &contact)
        })
        .await
        .map(drop)
    }

    fn peers(&self) -> impl Deref<Target = Peers> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn peers_mut(&self) -> MutexGuard<'_, Peers> {
        let peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        // Before anything is changed: whoever sees the number waits for the lock until it has been.
        self.changes.fetch_add(1, Ordering::Release);
        peers
    }

    /// Returns a number that stays as long as [`Self::contacts`] says the same of the same second.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    fn etag(&self, name: &(NodeId, Feed), via: &NodeId, held: Option<u64>) -> Option<String> {
        let peers = self.peers();
        let (etag, seq) = peers.get(name)?.etags.get(via)?;
        // A tag answers "has it changed since?": it is only asked about the state it was given for.
        (Some(*seq) == held).then(|| etag.clone())
    }

    fn budget_left(&self, name: &(NodeId, Feed), now: Timestamp) -> bool {
        self.peers().get(name).is_none_or(|peer| round::within_budget(&peer.contact, now))
    }

    fn newest(&self, name: &(NodeId, Feed)) -> Option<u64> {
        let newest = self.peers().get(name).and_then(|peer| peer.contact.newest);
        // What a clock that was ahead has let in is nothing to wait for.
        newest.filter(|seq| round::is_believable(*seq, self.clock.now()))
    }
}
