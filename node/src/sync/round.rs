//! One round: asks the sources of one feed until one confirms or brings the newest state.

use engagement_protocol::head::{Head, HeadError};
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::index::Index;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::limits::{
    FEED_BYTES_PER_DAY, FEED_CHANGES_PER_DAY, HEAD_BYTES, HEAD_DEADLINE, HEAD_RETRIES, SEQ_AHEAD,
};
use engagement_protocol::note::{self, NoteError};
use engagement_protocol::replica::{Decision, Replica, Source};
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

use super::Sync;
use super::error::SyncError;
use super::followed::Via;
use super::object::Fetching;
use super::transport::{Get, Post};
use crate::store::contact::Contact;
use crate::store::feed::FeedState;
use crate::store::replica::{ApplyError, Outcome};
use crate::store::{Durability, StoreError, WriteTx};

/// What a round found out.
#[derive(Debug, Default)]
pub struct Report {
    /// Whether some source confirmed that what is held is the newest, or brought it.
    pub confirmed: bool,
    /// What was applied.
    pub applied: Option<Outcome>,
    /// The head that was applied, to be passed on by a relay.
    pub head: Option<Vec<u8>>,
    /// The newest number that a verified head named.
    pub newest: Option<u64>,
    /// What went wrong last.
    pub error: Option<SyncError>,
    /// What peers' clocks said, and when ours said so.
    pub dates: Vec<(NodeId, Timestamp)>,
    /// Whether somebody was slow.
    pub slow: bool,
    /// Whether the node has passed on to another key.
    pub passed_on: bool,
    /// Whether a verified head also bears a signature in the node's name by a key that is not known.
    pub(super) other_key: bool,
    /// Bytes of objects that were moved.
    pub bytes: u64,
    /// Who confirmed or brought the newest state.
    pub via: Option<NodeId>,
    /// Whether the number held lies further ahead than any is believed: our clock was ahead when it came, or is
    /// behind now.
    pub from_future: bool,
    pub(super) etag: Option<(NodeId, String, u64)>,
}

impl Report {
    /// A round that was broken off.
    pub(super) fn broken_off(after: std::time::Duration) -> Self {
        let error = Some(SyncError::TooLong(after.as_secs()));
        Self { error, slow: true, ..Self::default() }
    }

    /// Writes what was learnt into what is known.
    pub(super) fn update(&self, contact: &mut Contact, now: Timestamp) {
        let today = now.day().number();
        if contact.day != today {
            (contact.day, contact.day_bytes, contact.day_changes) = (today, 0, 0);
        }
        contact.day_bytes += self.bytes;
        let outcome = self.applied.unwrap_or_default();
        contact.day_changes += outcome.put + outcome.removed;
        contact.asked_at = Some(now);
        contact.newest = contact.newest.max(self.newest);
        if self.confirmed {
            contact.reached_at = Some(now);
        }
        contact.error = self.error.as_ref().map(ToString::to_string);
        contact.needs_operator = self.error.as_ref().is_some_and(SyncError::needs_operator);
    }
}

/// Returns whether a peer may still move something today.
pub(super) fn within_budget(contact: &Contact, now: Timestamp) -> bool {
    contact.day != now.day().number()
        || (contact.day_bytes < FEED_BYTES_PER_DAY && contact.day_changes < FEED_CHANGES_PER_DAY)
}

/// Returns whether a number may be seen at `now`: a clock that was ahead may have let others in.
pub(super) fn is_believable(seq: u64, now: Timestamp) -> bool {
    seq <= now.plus(SEQ_AHEAD).as_ms()
}

/// Asks the sources of one feed.
pub(super) struct Round<'a> {
    pub(super) sync: &'a Sync,
    pub(super) node: NodeId,
    pub(super) feed: Feed,
    keys: Vec<VerifierKey>,
}

/// What is held when the round begins.
struct Held {
    state: Option<FeedState>,
    replica: Replica,
    refused: Vec<(u64, engagement_protocol::hash::Hash)>,
}

/// What a source's head led to.
enum Asked {
    /// The source has what is held.
    Confirmed,
    /// The source is behind.
    Behind,
    /// The source brought a newer state, and it is applied.
    Applied(Outcome, Vec<u8>),
}

impl<'a> Round<'a> {
    /// `keys` are the node's when the round begins; once one of them is not, the round writes nothing more.
    pub(super) const fn new(
        sync: &'a Sync,
        node: NodeId,
        feed: Feed,
        keys: Vec<VerifierKey>,
    ) -> Self {
        Self { sync, node, feed, keys }
    }

    fn name(&self) -> (NodeId, Feed) {
        (self.node.clone(), self.feed)
    }

    pub(super) async fn run(&self) -> Report {
        let mut report = Report::default();
        let followed = self.sync.followed();
        let mut sources = followed.sources(&self.node);
        if let Some(relay) = self.sync.take_hint(&self.name()) {
            // Who told of the news has it; the origin is spared.
            sources.sort_by_key(|via| via.peer != relay);
        }
        if sources.is_empty() {
            report.error = Some(SyncError::NoSource);
        }
        if !self.sync.budget_left(&self.name(), self.sync.clock.now()) {
            report.error = Some(SyncError::OverBudget);
            return report;
        }
        let mut origin_failed = false;
        for via in &sources {
            match self.ask(via, &sources, &mut report).await {
                Ok(Asked::Applied(outcome, head)) => {
                    report.applied = Some(outcome);
                    report.head = Some(head);
                    report.confirmed = true;
                    report.via = Some(via.peer.clone());
                    // A relay's news does not say that the origin is well again.
                    report.error = report.error.take().filter(|_| origin_failed);
                }
                Ok(Asked::Confirmed) => {
                    report.confirmed = true;
                    report.via = Some(via.peer.clone());
                }
                Ok(Asked::Behind) => {
                    let behind = SyncError::Behind { via: via.peer.clone() };
                    report.error = report.error.take().or(Some(behind));
                }
                // What the origin says of itself explains more than that a relay cannot help either.
                Err(_) if origin_failed => {}
                Err(error) => {
                    origin_failed = via.source == Source::Origin;
                    report.error = Some(error);
                }
            }
            // Past its expiry a state may have been kept from us: who else has a newer one is asked too.
            if report.confirmed && self.is_newest(&mut report).await {
                if matches!(report.error, Some(SyncError::Lagging | SyncError::Behind { .. })) {
                    report.error = None;
                }
                break;
            }
        }
        report
    }

    /// Whether what is held is the newest that anybody has named, and has not expired.
    async fn is_newest(&self, report: &mut Report) -> bool {
        let newest = report.newest.max(self.sync.newest(&self.name()));
        let (node, feed) = self.name();
        let held = self.sync.store.read(move |tx| tx.feed(&node, feed)).await;
        let held = held.ok().flatten();
        let reached = held.as_ref().map(|held| held.seq) >= newest;
        if !reached && report.error.is_none() {
            report.error = Some(SyncError::Lagging);
        }
        let now = self.sync.clock.now();
        reached && held.is_none_or(|held| now < held.expires)
    }

    async fn ask(
        &self,
        via: &Via,
        sources: &[Via],
        report: &mut Report,
    ) -> Result<Asked, SyncError> {
        let mut gone = None;
        for _ in 0..HEAD_RETRIES {
            let held = self.held().await?;
            let Some(head) = self.head(via, &held, report).await? else {
                return Ok(Asked::Confirmed);
            };
            report.newest = report.newest.max(Some(head.seq));
            report.from_future = held.state.as_ref().is_some_and(|state| {
                head.seq < state.seq && !is_believable(state.seq, self.sync.clock.now())
            });
            let decision =
                held.replica.consider(&head, via.source, self.sync.clock.now(), &held.refused);
            match self.decide(via, &held, &head, decision).await? {
                Some(asked) => return Ok(asked),
                None => match self.fetch(via, sources, &held, head, report).await {
                    // The publisher moved on while we fetched: its new head names what is there now.
                    Err(SyncError::Gone { via }) => gone = Some(SyncError::Gone { via }),
                    other => return other,
                },
            }
        }
        Err(gone.unwrap_or(SyncError::NoSource))
    }

    async fn held(&self) -> Result<Held, StoreError> {
        let (node, feed) = self.name();
        let (state, refused) = self
            .sync
            .store
            .read(move |tx| {
                let refused = tx.refused(&node, feed)?;
                Ok::<_, StoreError>((tx.feed(&node, feed)?, refused))
            })
            .await?;
        let replica = match &state {
            None => Replica::empty(),
            Some(state) => {
                let damaged =
                    || StoreError::Damaged(format!("der Stand von {}/{}", self.node, self.feed));
                let head = Head::verify_held(&state.head, &self.node, self.feed, &self.keys)
                    .map_err(|_| damaged())?;
                let index = Index::verify(&state.index, head.index).map_err(|_| damaged())?;
                Replica::resume(head, index)
            }
        };
        Ok(Held { state, replica, refused })
    }

    /// Asks for the head; nothing if it has not changed.
    async fn head(
        &self,
        via: &Via,
        held: &Held,
        report: &mut Report,
    ) -> Result<Option<Verified<Head>>, SyncError> {
        let seq = held.state.as_ref().map(|state| state.seq);
        let get = Get {
            base: via.base.clone(),
            path: via.head_path(&self.node, self.feed),
            etag: self.sync.etag(&self.name(), &via.peer, seq),
            limit: HEAD_BYTES,
            deadline: HEAD_DEADLINE,
        };
        let conditional = get.etag.is_some();
        let reply = self.sync.transport.get(get).await.map_err(|error| {
            report.slow |= error.is_slow();
            SyncError::Transport { via: via.peer.clone(), error }
        })?;
        if let Some(date) = reply.date {
            report.dates.push((via.peer.clone(), date));
        }
        match reply.status {
            200 => {}
            304 if conditional => return Ok(None),
            404 | 410 => return Err(SyncError::Gone { via: via.peer.clone() }),
            status => return Err(SyncError::Status { via: via.peer.clone(), status }),
        }
        let now = self.sync.clock.now();
        let head = Head::verify(&reply.body, &self.node, self.feed, &self.keys, now)
            .map_err(|error| self.refused_head(via, &reply.body, error))?;
        report.other_key |= note::has_other_key(&reply.body, &self.node, &self.keys);
        if let (Some(etag), Some(seq)) = (reply.etag, seq.filter(|seq| *seq == head.seq)) {
            report.etag = Some((via.peer.clone(), etag, seq));
        }
        Ok(Some(head))
    }

    fn refused_head(&self, via: &Via, body: &[u8], error: HeadError) -> SyncError {
        let via = via.peer.clone();
        let start = body.trim_ascii_start();
        if start.starts_with(b"<") {
            return SyncError::Html { via };
        }
        match error {
            // Whose it is says itself, unproved: enough to name the likelier mistake.
            HeadError::Note(NoteError::UnknownKey) => match Head::peek(body) {
                Ok(Head { node, feed, .. }) if node != self.node => {
                    SyncError::Head { via, error: HeadError::Misplaced { node, feed } }
                }
                _ => SyncError::WrongKey { via },
            },
            error => SyncError::Head { via, error },
        }
    }

    /// Acts on everything but a newer state, for which it returns nothing.
    async fn decide(
        &self,
        via: &Via,
        held: &Held,
        head: &Verified<Head>,
        decision: Decision,
    ) -> Result<Option<Asked>, SyncError> {
        match decision {
            Decision::Fetch => Ok(None),
            Decision::Same => Ok(Some(Asked::Confirmed)),
            Decision::Resigned => {
                let head = head.clone();
                self.write(Durability::Process, move |tx| tx.resign(&head)).await?;
                Ok(Some(Asked::Confirmed))
            }
            Decision::Lagging { .. } => Ok(Some(Asked::Behind)),
            Decision::RolledBack { held: mine, offered } => {
                // The origin may not know better: it is told what it signed before.
                if let Some(state) = &held.state {
                    let post = Post {
                        base: via.base.clone(),
                        path: "/ping".to_owned(),
                        body: state.head.clone(),
                        limit: HEAD_BYTES,
                        deadline: HEAD_DEADLINE,
                    };
                    drop(self.sync.transport.post(post).await);
                }
                Err(SyncError::RolledBack { held: mine, offered })
            }
            Decision::Equivocation(proof) => {
                let (seq, now) = (head.seq, self.sync.clock.now());
                let (node, feed) = self.name();
                self.write(Durability::Full, move |tx| {
                    tx.keep_equivocation(&node, feed, seq, &proof, now)
                })
                .await?;
                Err(SyncError::Equivocation { seq })
            }
            Decision::Expired => Err(SyncError::Expired { via: via.peer.clone() }),
            Decision::RefusedBefore => Err(SyncError::RefusedBefore),
        }
    }

    async fn fetch(
        &self,
        via: &Via,
        sources: &[Via],
        held: &Held,
        head: Verified<Head>,
        report: &mut Report,
    ) -> Result<Asked, SyncError> {
        let state = (head.seq, head.index);
        let mut fetching = Fetching::new(self, via, sources);
        let fetched = fetching.state(&held.replica, held.state.as_ref(), head).await;
        report.bytes += fetching.bytes;
        let result = match fetched {
            Ok(applied) => self.apply(held, applied).await,
            Err(error) => Err(error),
        };
        if let Err(SyncError::Transport { error, .. }) = &result {
            report.slow |= error.is_slow();
        }
        if let Err(SyncError::Rule(error)) = &result {
            let (reason, now) = (error.to_string(), self.sync.clock.now());
            let (node, feed) = self.name();
            self.write(Durability::Process, move |tx| tx.refuse(&node, feed, state, &reason, now))
                .await?;
        }
        result
    }

    async fn apply(
        &self,
        held: &Held,
        applied: engagement_protocol::replica::Applied,
    ) -> Result<Asked, SyncError> {
        let (based_on, now) = (held.state.as_ref().map(|state| state.seq), self.sync.clock.now());
        let head = applied.head.bytes().to_vec();
        let done = self.write(Durability::Full, move |tx| tx.apply(&applied, based_on, now)).await;
        match done {
            Ok(Some(outcome)) => Ok(Asked::Applied(outcome, head)),
            Ok(None) => Err(SyncError::NoSource),
            Err(ApplyError::Store(error)) => Err(error.into()),
            Err(ApplyError::Rule(error)) => Err(error.into()),
            // Somebody else applied a state of this feed: the next round compares with that.
            Err(ApplyError::Moved) => Ok(Asked::Behind),
        }
    }

    /// Writes about the feed, unless it is read no longer, or under other keys.
    pub(super) async fn write<T, E, F>(
        &self,
        durability: Durability,
        job: F,
    ) -> Result<Option<T>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.sync.write_about(&self.node, self.feed, &self.keys, durability, job).await
    }
}
