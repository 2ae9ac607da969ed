//! The publisher: turns a set of records into a signed state (`SPEC.md` section 10).
//!
//! ```text
//! Publisher::plan(changed places) -> Plan       which slices have to be written
//! Publisher::publish(plan, slices) -> Edition   index, head, signature, and which objects come and go
//! ```
//!
//! It holds no records. Its caller writes the planned slices from its rows and commits rows, objects and
//! head in one transaction: either everything of an edition is durable or nothing is.

use std::collections::{BTreeMap, BTreeSet};

use crate::hash::Hash;
use crate::head::Head;
use crate::id::{Feed, NodeId};
use crate::index::{Index, IndexError, SliceRef};
use crate::key::SigningKey;
use crate::limits::{FEED_RECORDS, HEAD_LIFE, ISSUED_AHEAD, MAX_K, RESIGN_AFTER, SEQ_AHEAD};
use crate::time::Timestamp;
use crate::verify::Verified;

/// The state that a feed's own node has signed last.
#[derive(Debug, Clone)]
pub struct Publisher {
    node: NodeId,
    feed: Feed,
    last: Option<(Verified<Head>, Index)>,
    /// No number at or below this is signed again.
    floor: u64,
}

/// Which slices an edition writes; the others stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    k: u8,
    positions: BTreeSet<u16>,
}

impl Plan {
    /// Returns how many bits choose a slice.
    #[must_use]
    pub const fn k(&self) -> u8 {
        self.k
    }

    /// Returns the slices to write.
    #[must_use]
    pub const fn positions(&self) -> &BTreeSet<u16> {
        &self.positions
    }
}

/// A signed state, ready to be committed.
#[derive(Debug, Clone)]
pub struct Edition {
    /// The signed head.
    pub head: Verified<Head>,
    /// The index it names.
    pub index: Index,
    /// Objects that this edition adds, by hash; empty slices are not among them.
    pub added: BTreeMap<Hash, Vec<u8>>,
    /// Objects that it no longer names; served for ten more minutes.
    pub replaced: BTreeSet<Hash>,
}

/// Why nothing was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The feed would hold more records than any reader accepts.
    #[error("the feed would have {records} records, at most {FEED_RECORDS} are allowed")]
    TooManyRecords {
        /// How many it would have.
        records: u64,
    },
    /// A slice or the whole feed would be larger than any reader accepts.
    #[error("the feed is too large: {0}")]
    TooLarge(#[from] IndexError),
    /// The last state's number lies so far ahead of the clock that every reader would refuse the next.
    #[error(
        "the last state has seq {seq}, more than a day ahead of the clock ({now}): set the clock, or rotate the key"
    )]
    Ahead {
        /// The last number.
        seq: u64,
        /// The clock.
        now: Timestamp,
    },
    /// The caller did not bring exactly the planned slices.
    #[error("the slices written are not those of the plan")]
    NotPlanned,
}

impl Publisher {
    /// Begins a feed that nothing was signed for.
    #[must_use]
    pub const fn new(node: NodeId, feed: Feed) -> Self {
        Self { node, feed, last: None, floor: 0 }
    }

    /// Goes on from the state that was signed last.
    #[must_use]
    pub fn resume(head: Verified<Head>, index: Index) -> Self {
        Self { node: head.node.clone(), feed: head.feed, last: Some((head, index)), floor: 0 }
    }

    /// Signs no number up to `seq`, which may have been seen although it is not the last state's.
    #[must_use]
    pub fn above(self, seq: u64) -> Self {
        Self { floor: self.floor.max(seq), ..self }
    }

    /// Returns which slices have to be written when the records at `changed` changed and `live` are left.
    ///
    /// # Errors
    ///
    /// [`PublishError::TooManyRecords`].
    pub fn plan(&self, live: u64, changed: &BTreeSet<Hash>) -> Result<Plan, PublishError> {
        if live > FEED_RECORDS {
            return Err(PublishError::TooManyRecords { records: live });
        }
        let current = self.last.as_ref().map(|(_, index)| index.k());
        let k = choose_k(live, current);
        let positions = if current == Some(k) {
            changed.iter().map(|place| place.prefix(k)).collect()
        } else {
            (0..1 << k).collect()
        };
        Ok(Plan { k, positions })
    }

    /// Signs the state in which the planned slices are `slices` and all others stay.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; nothing is signed then.
    pub fn publish(
        &self,
        plan: &Plan,
        mut slices: BTreeMap<u16, Vec<u8>>,
        now: Timestamp,
        key: &SigningKey,
    ) -> Result<Edition, PublishError> {
        if !slices.keys().eq(plan.positions.iter()) {
            return Err(PublishError::NotPlanned);
        }
        let seq = self.next_seq(now)?;
        let mut refs = match &self.last {
            Some((_, index)) if index.k() == plan.k => index.slices().to_vec(),
            _ if plan.positions.len() == 1 << plan.k => vec![SliceRef::to(b""); 1 << plan.k],
            // A plan of another state: the slices it leaves out would silently become empty.
            _ => return Err(PublishError::NotPlanned),
        };
        for (position, bytes) in &slices {
            let slot = refs.get_mut(usize::from(*position)).ok_or(PublishError::NotPlanned)?;
            *slot = SliceRef::to(bytes);
        }
        let index = Index::new(refs)?;
        let index_bytes = index.to_bytes();
        let index_hash = Hash::of(&index_bytes);
        let mut added = BTreeMap::from([(index_hash, index_bytes)]);
        added.extend(
            std::mem::take(&mut slices)
                .into_values()
                .filter(|bytes| !bytes.is_empty())
                .map(|bytes| (Hash::of(&bytes), bytes)),
        );
        let named: BTreeSet<Hash> =
            index.slices().iter().map(|slice| slice.hash).chain([index_hash]).collect();
        let mut replaced = BTreeSet::new();
        if let Some((head, old)) = &self.last {
            let before = old.slices().iter().filter(|slice| !slice.is_empty()).map(|s| s.hash);
            replaced = before.chain([head.index]).filter(|hash| !named.contains(hash)).collect();
            let kept: BTreeSet<Hash> = old.slices().iter().map(|slice| slice.hash).collect();
            added.retain(|hash, _| !kept.contains(hash) && *hash != head.index);
        }
        Ok(Edition { head: self.head(seq, index_hash, now).sign(key), index, added, replaced })
    }

    /// Returns the same state signed again, if there is one: a later `issued`, the same `seq`.
    ///
    /// # Errors
    ///
    /// [`PublishError::Ahead`].
    pub fn resign(
        &self,
        now: Timestamp,
        key: &SigningKey,
    ) -> Result<Option<Verified<Head>>, PublishError> {
        let Some((last, _)) = &self.last else { return Ok(None) };
        if last.seq > now.plus(SEQ_AHEAD).as_ms() {
            return Err(PublishError::Ahead { seq: last.seq, now });
        }
        Ok(Some(self.head(last.seq, last.index, now).sign(key)))
    }

    /// Returns whether the last state ought to be signed again at `now`.
    #[must_use]
    pub fn is_resign_due(&self, now: Timestamp) -> bool {
        // A note from the future was signed by a clock that was ahead: readers refuse it, so it is replaced.
        self.last.as_ref().is_some_and(|(head, _)| {
            now >= head.issued.plus(RESIGN_AFTER) || head.issued > now.plus(ISSUED_AHEAD)
        })
    }

    fn next_seq(&self, now: Timestamp) -> Result<u64, PublishError> {
        let last = self.last.as_ref().map_or(0, |(last, _)| last.seq).max(self.floor);
        let seq = now.as_ms().max(last + 1);
        if seq > now.plus(SEQ_AHEAD).as_ms() {
            return Err(PublishError::Ahead { seq: last, now });
        }
        Ok(seq)
    }

    fn head(&self, seq: u64, index: Hash, now: Timestamp) -> Head {
        let expires = now.plus(HEAD_LIFE);
        Head { node: self.node.clone(), feed: self.feed, seq, index, issued: now, expires }
    }
}

/// Returns how many bits to cut by: about half of log2(live) and one more, so that index and slice are
/// of about the same size.
///
/// A k that is right for two thirds or three halves of the records stays: a new k makes every reader
/// cut its copy again.
///
/// ```
/// # use engagement_protocol::publisher::choose_k;
/// assert_eq!(choose_k(500, None), 6);
/// assert_eq!(choose_k(270, Some(6)), choose_k(500, Some(6)));
/// ```
#[must_use]
pub fn choose_k(live: u64, current: Option<u8>) -> u8 {
    let (low, high) = (ideal_k(live.saturating_mul(2) / 3), ideal_k(live.saturating_add(live / 2)));
    match current {
        Some(k) if (low..=high).contains(&k) => k,
        _ => ideal_k(live),
    }
}

/// ceil(log2(live) / 2) + 1 in whole numbers: the least h with 4^h >= live, plus one.
fn ideal_k(live: u64) -> u8 {
    if live == 0 {
        return 0;
    }
    let half = (0..).find(|half| 1u64 << (2 * half) >= live.min(1 << 40)).unwrap_or(MAX_K);
    (half + 1).min(MAX_K)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn key() -> SigningKey {
        SigningKey::from_seed("05558012".parse().unwrap(), &[1; 32])
    }

    fn publish(publisher: &Publisher, now: Timestamp) -> Result<Edition, PublishError> {
        let plan = publisher.plan(0, &BTreeSet::new()).unwrap();
        let slices = plan.positions().iter().map(|position| (*position, Vec::new())).collect();
        publisher.publish(&plan, slices, now, &key())
    }

    fn first() -> Edition {
        publish(&Publisher::new("05558012".parse().unwrap(), Feed::Offers), NOW).unwrap()
    }

    #[test]
    fn seq_increases_even_when_the_clock_stands_still_or_goes_back() {
        let edition = first();
        let publisher = Publisher::resume(edition.head.clone(), edition.index);
        assert_eq!(publish(&publisher, NOW).unwrap().head.seq, NOW.as_ms() + 1);
        let hour = std::time::Duration::from_secs(3600);
        assert_eq!(publish(&publisher, NOW.minus(hour)).unwrap().head.seq, NOW.as_ms() + 1);
        assert_eq!(publish(&publisher, NOW.plus(hour)).unwrap().head.seq, NOW.plus(hour).as_ms());
    }

    #[test]
    fn a_number_that_may_have_been_seen_is_not_signed_again() {
        let edition = first();
        let seen = NOW.as_ms() + 5;
        let publisher = Publisher::resume(edition.head, edition.index).above(seen);
        assert_eq!(publish(&publisher, NOW).unwrap().head.seq, seen + 1);
        let anew = Publisher::new("05558012".parse().unwrap(), Feed::Offers).above(seen);
        assert_eq!(publish(&anew, NOW).unwrap().head.seq, seen + 1);
    }

    #[test]
    fn signs_nothing_that_every_reader_would_refuse() {
        let edition = first();
        let publisher = Publisher::resume(edition.head.clone(), edition.index);
        let long_ago = NOW.minus(SEQ_AHEAD).minus(SEQ_AHEAD);
        assert!(matches!(publish(&publisher, long_ago), Err(PublishError::Ahead { .. })));
        assert!(matches!(publisher.resign(long_ago, &key()), Err(PublishError::Ahead { .. })));
        let none = Publisher::new("05".parse().unwrap(), Feed::Offers);
        let refused = none.plan(FEED_RECORDS + 1, &BTreeSet::new());
        assert_eq!(refused, Err(PublishError::TooManyRecords { records: FEED_RECORDS + 1 }));
    }

    #[test]
    fn resigns_the_same_state_twice_a_day() {
        let edition = first();
        let publisher = Publisher::resume(edition.head.clone(), edition.index);
        assert!(!publisher.is_resign_due(NOW));
        let later = NOW.plus(RESIGN_AFTER);
        assert!(publisher.is_resign_due(later));
        let again = publisher.resign(later, &key()).unwrap().unwrap();
        assert_eq!((again.seq, again.index), (edition.head.seq, edition.head.index));
        assert_eq!((again.issued, again.expires), (later, later.plus(HEAD_LIFE)));
    }

    #[test]
    fn refuses_the_plan_of_another_state() {
        let edition = first();
        let publisher = Publisher::resume(edition.head.clone(), edition.index);
        let stale = Plan { k: 1, positions: BTreeSet::from([1]) };
        let slices = BTreeMap::from([(1, Vec::new())]);
        let refused = publisher.publish(&stale, slices, NOW, &key());
        assert!(matches!(refused, Err(PublishError::NotPlanned)));
        let plan = publisher.plan(0, &BTreeSet::from([Hash::of(b"a")])).unwrap();
        let nothing = publisher.publish(&plan, BTreeMap::new(), NOW, &key());
        assert!(matches!(nothing, Err(PublishError::NotPlanned)));
    }

    #[test]
    fn k_seldom_changes() {
        let mut k = None;
        let mut changes = 0;
        for live in (1..2000).chain((1..2000).rev()) {
            let next = choose_k(live, k);
            changes += u32::from(k.is_some_and(|k| k != next));
            k = Some(next);
        }
        assert!(changes <= 12, "{changes} changes on the way to 2000 records and back");
        // To and fro across a threshold: one record more or less is no reason to cut again.
        assert_ne!(ideal_k(64), ideal_k(65));
        assert!((64..=65).all(|live| (4..=5).all(|k| choose_k(live, Some(k)) == k)));
        assert_eq!(ideal_k(0), 0);
        assert_eq!(choose_k(u64::MAX, None), MAX_K);
    }
}
