//! States of feeds, and how our own is published: rows, index, head and signature in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId, RecordId};
use engagement_protocol::index::Index;
use engagement_protocol::limits::OBJECT_KEPT;
use engagement_protocol::planted::{self, Bug};
use engagement_protocol::publisher::{Edition, Plan};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{HashColumn, ReadTx, StoreError, WriteTx, integer, number, parsed};

/// The state held of one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedState {
    /// Whose feed.
    pub node: NodeId,
    /// Which feed.
    pub feed: Feed,
    /// The number of the state.
    pub seq: u64,
    /// The signed note as received.
    pub head: Vec<u8>,
    /// The index as received.
    pub index: Vec<u8>,
    /// When the head expires.
    pub expires: Timestamp,
    /// When the state was committed here.
    pub applied_at: Timestamp,
    pub(super) row: i64,
}

/// What a feed will say: a line, or nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts this record.
    Put(Line),
    /// Removes the record at this place.
    Remove(Hash),
}

impl Edit {
    /// Returns SHA-256 of the record's id.
    #[must_use]
    pub const fn place(&self) -> Hash {
        match self {
            Self::Put(line) => line.place(),
            Self::Remove(place) => *place,
        }
    }
}

/// Old bytes that may have to be served for ten more minutes.
#[derive(Debug, Default)]
pub struct Replaced(BTreeMap<Hash, Vec<u8>>);

const COLUMNS: &str = "row, node, feed, seq, head, index_bytes, expires, applied_at";
const ONE: &str = "SELECT row, node, feed, seq, head, index_bytes, expires, applied_at FROM feed
  WHERE node = :node AND feed = :feed";
const ALL: &str = "SELECT row, node, feed, seq, head, index_bytes, expires, applied_at FROM feed
  ORDER BY node, feed";
const SET: &str =
    "INSERT INTO feed (node, feed, seq, head, index_hash, index_bytes, expires, applied_at)
  VALUES (:node, :feed, :seq, :head, :index_hash, :index_bytes, :expires, :now)
  ON CONFLICT (node, feed) DO UPDATE SET seq = excluded.seq, head = excluded.head,
    index_hash = excluded.index_hash, index_bytes = excluded.index_bytes,
    expires = excluded.expires, applied_at = excluded.applied_at
  RETURNING row";
const RESIGN: &str = "UPDATE feed SET head = :head, expires = :expires
  WHERE node = :node AND feed = :feed AND seq = :seq";
const RENUMBER: &str = "UPDATE feed SET seq = :seq, head = :head, expires = :expires
  WHERE node = :node AND feed = :feed";
const CLEAR_SLICES: &str = "DELETE FROM slice WHERE feed = :feed";
const ADD_SLICE: &str =
    "INSERT INTO slice (hash, feed, k, position) VALUES (:hash, :feed, :k, :position)";
const ADD_OBJECT: &str =
    "INSERT INTO object (hash, bytes, replaced_at) VALUES (:hash, :bytes, :now)
  ON CONFLICT (hash) DO UPDATE SET replaced_at = excluded.replaced_at";
const DROP_OBJECT: &str = "DELETE FROM object WHERE hash = :hash";
const PRUNE_OBJECTS: &str = "DELETE FROM object WHERE replaced_at <= :before OR replaced_at > :now";
const DROP_OBJECTS: &str = "DELETE FROM object";
const IS_ERASING: &str = "SELECT 1 FROM erasing";
const ERASING: &str = "INSERT OR IGNORE INTO erasing (id) VALUES (:id)";
const ERASED: &str = "DELETE FROM erasing";

pub(super) const SEARCHED: &str =
    "SELECT node, seq, expires, applied_at FROM feed WHERE feed = 'offers' ORDER BY node";

/// What a search has to know of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Searched {
    /// The number of the state held.
    pub seq: u64,
    /// When its head expires.
    pub expires: Timestamp,
    /// When it was applied here.
    pub applied_at: Timestamp,
}

impl ReadTx<'_> {
    /// Returns the state held of a feed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn feed(&self, node: &NodeId, feed: Feed) -> Result<Option<FeedState>, StoreError> {
        let key = named_params! {":node": node.as_str(), ":feed": feed.as_str()};
        self.tx.prepare_cached(ONE)?.query_row(key, columns).optional()?.map(state).transpose()
    }

    /// Returns what a search has to know of every feed of opportunities, without heads and indexes: each search asks.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn searched(&self) -> Result<BTreeMap<NodeId, Searched>, StoreError> {
        let mut statement = self.tx.prepare_cached(SEARCHED)?;
        let rows = statement.query_map([], |row| {
            let times = [number(row.get(2)?), number(row.get(3)?)].map(Timestamp::from_ms);
            Ok((row.get::<_, String>(0)?, number(row.get(1)?), times))
        })?;
        let mut feeds = BTreeMap::new();
        for row in rows {
            let (node, seq, [expires, applied_at]) = row?;
            let node = parsed(&node, "die Kennung eines Knotens")?;
            feeds.insert(node, Searched { seq, expires, applied_at });
        }
        Ok(feeds)
    }

    /// Returns the states of all feeds, by node.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn feeds(&self) -> Result<Vec<FeedState>, StoreError> {
        debug_assert!(ALL.contains(COLUMNS) && ONE.contains(COLUMNS), "read in one order");
        let mut statement = self.tx.prepare_cached(ALL)?;
        let rows = statement.query_map([], columns)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(state).collect()
    }

    /// Returns whether the next publication has something to erase.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn is_erasing(&self) -> Result<bool, StoreError> {
        Ok(self.tx.prepare_cached(IS_ERASING)?.exists([])?)
    }
}

impl WriteTx<'_> {
    /// Returns how many records our feed will have after `edits`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn live_after(&self, held: Option<&FeedState>, edits: &[Edit]) -> Result<u64, StoreError> {
        let Some(held) = held else {
            let put = edits.iter().filter(|edit| matches!(edit, Edit::Put(_))).count();
            return Ok(u64::try_from(put).unwrap_or(u64::MAX));
        };
        let mut live = self.total(held.row)?;
        for edit in edits {
            let there = self
                .tx
                .prepare_cached("SELECT 1 FROM record WHERE feed = :feed AND place = :place")?
                .exists(named_params! {":feed": held.row, ":place": HashColumn(edit.place())})?;
            match (edit, there) {
                (Edit::Put(_), false) => live += 1,
                (Edit::Remove(_), true) => live -= 1,
                _ => {}
            }
        }
        Ok(live)
    }

    /// Applies `edits` to our own rows and returns the planned slices, and the bytes they replace.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn write_slices(
        &self,
        held: Option<&FeedState>,
        old: Option<&Index>,
        edits: &[Edit],
        plan: &Plan,
        placeholder: &FeedState,
    ) -> Result<(BTreeMap<u16, Vec<u8>>, Replaced), StoreError> {
        let mut replaced = Replaced::default();
        if let (Some(held), Some(old)) = (held, old) {
            replaced.0.insert(Hash::of(&held.index), held.index.clone());
            let positions: BTreeSet<u16> = if old.k() == plan.k() {
                plan.positions().clone()
            } else {
                (0..1 << old.k()).collect()
            };
            for position in positions {
                let bytes = self.slice(held.row, old.k(), position)?;
                replaced.0.insert(Hash::of(&bytes), bytes);
            }
        }
        let feed = match held {
            Some(held) => held.row,
            None => self.set_feed(placeholder)?,
        };
        if !edits.is_empty() {
            let change = self.next_change()?;
            for edit in edits {
                match edit {
                    Edit::Put(line) => drop(self.put_line(feed, line, change)?),
                    Edit::Remove(place) => drop(self.remove_line(feed, *place, change)?),
                }
            }
        }
        let slices = plan
            .positions()
            .iter()
            .map(|position| Ok((*position, self.slice(feed, plan.k(), *position)?)))
            .collect::<Result<_, StoreError>>()?;
        Ok((slices, replaced))
    }

    /// Makes an edition the state that is served.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn publish(
        &self,
        edition: &Edition,
        mut replaced: Replaced,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = FeedState::of(&edition.head, &edition.index, now);
        let feed = self.set_feed(&state)?;
        self.set_slices(feed, &edition.index)?;
        // Only the state without the record ends it: another feed may be published in between.
        let erasing = edition.head.feed == Feed::Offers && self.is_erasing()?;
        for hash in edition.replaced.iter().filter(|_| !erasing) {
            if let Some(bytes) = replaced.0.remove(hash) {
                self.tx.prepare_cached(ADD_OBJECT)?.execute(named_params! {
                    ":hash": HashColumn(*hash), ":bytes": bytes, ":now": integer(now.as_ms()),
                })?;
            }
        }
        // A state that comes back is served from its rows again.
        for hash in edition.added.keys() {
            self.tx
                .prepare_cached(DROP_OBJECT)?
                .execute(named_params! {":hash": HashColumn(*hash)})?;
        }
        if erasing {
            // Whoever is in the middle of a transfer finds the new head: that is the price of "at once".
            self.tx.prepare_cached(DROP_OBJECTS)?.execute([])?;
            self.tx.prepare_cached(ERASED)?.execute([])?;
        }
        // `heads` is rebuilt, never adopted: nobody asks whether it was signed here.
        if edition.head.feed == Feed::Heads {
            return Ok(());
        }
        self.remember_signed(edition.head.feed, edition.head.seq, edition.head.index, now)
    }

    /// Marks an own opportunity to be erased: what replaced objects still hold of it goes now, and the next
    /// publication keeps none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn erase_soon(&self, id: &RecordId) -> Result<(), StoreError> {
        self.tx.prepare_cached(ERASING)?.execute(named_params! {":id": id.as_str()})?;
        self.tx.prepare_cached(DROP_OBJECTS)?.execute([])?;
        self.forget_difference(id).map(drop)
    }

    /// Keeps a later signing of the state held.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn resign(&self, head: &Verified<Head>) -> Result<bool, StoreError> {
        let changed = self.tx.prepare_cached(RESIGN)?.execute(named_params! {
            ":node": head.node.as_str(), ":feed": head.feed.as_str(), ":seq": integer(head.seq),
            ":head": head.bytes(), ":expires": integer(head.expires.as_ms()),
        })?;
        Ok(changed > 0)
    }

    /// Replaces number and head of our own `feed`, whose state stays: under a new key it is counted anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn renumber(&self, head: &Verified<Head>, now: Timestamp) -> Result<(), StoreError> {
        self.tx.prepare_cached(RENUMBER)?.execute(named_params! {
            ":node": head.node.as_str(), ":feed": head.feed.as_str(), ":seq": integer(head.seq),
            ":head": head.bytes(), ":expires": integer(head.expires.as_ms()),
        })?;
        self.remember_signed(head.feed, head.seq, head.index, now)
    }

    /// Forgets objects replaced more than ten minutes ago. Returns whether text went.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn prune_objects(&self, now: Timestamp) -> Result<bool, StoreError> {
        if planted::has(Bug::Objects) {
            return Ok(false);
        }
        let before = integer(now.minus(OBJECT_KEPT).as_ms());
        let gone = self
            .tx
            .prepare_cached(PRUNE_OBJECTS)?
            .execute(named_params! {":before": before, ":now": integer(now.as_ms())})?;
        Ok(gone > 0)
    }

    /// Forgets what was withheld for seven days, and signatures older than 30 days. Returns whether text went.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn forget_old(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.forget_signed(now)?;
        self.erase_withheld(now)
    }

    pub(super) fn set_feed(&self, state: &FeedState) -> Result<i64, StoreError> {
        let row = self.tx.prepare_cached(SET)?.query_row(
            named_params! {
                ":node": state.node.as_str(), ":feed": state.feed.as_str(),
                ":seq": integer(state.seq), ":head": state.head,
                ":index_hash": HashColumn(Hash::of(&state.index)), ":index_bytes": state.index,
                ":expires": integer(state.expires.as_ms()),
                ":now": integer(state.applied_at.as_ms()),
            },
            |row| row.get(0),
        )?;
        Ok(row)
    }

    pub(super) fn set_slices(&self, feed: i64, index: &Index) -> Result<(), StoreError> {
        self.tx.prepare_cached(CLEAR_SLICES)?.execute(named_params! {":feed": feed})?;
        let mut statement = self.tx.prepare_cached(ADD_SLICE)?;
        for (position, slice) in (0u16..).zip(index.slices()).filter(|(_, slice)| !slice.is_empty())
        {
            statement.execute(named_params! {
                ":hash": HashColumn(slice.hash), ":feed": feed, ":k": index.k(), ":position": position,
            })?;
        }
        Ok(())
    }
}

impl FeedState {
    /// Makes the state that `head` and `index` describe.
    #[must_use]
    pub fn of(head: &Verified<Head>, index: &Index, now: Timestamp) -> Self {
        Self {
            node: head.node.clone(),
            feed: head.feed,
            seq: head.seq,
            head: head.bytes().to_vec(),
            index: index.to_bytes(),
            expires: head.expires,
            applied_at: now,
            row: 0,
        }
    }

    /// Makes the row of a feed that nothing was published for; it is replaced in the same transaction.
    #[must_use]
    pub fn unpublished(node: NodeId, feed: Feed, now: Timestamp) -> Self {
        Self {
            node,
            feed,
            seq: 0,
            head: Vec::new(),
            index: Vec::new(),
            expires: now,
            applied_at: now,
            row: 0,
        }
    }
}

type Columns = (i64, String, String, i64, Vec<u8>, Vec<u8>, i64, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
    ))
}

fn state(
    (row, node, feed, seq, head, index, expires, applied_at): Columns,
) -> Result<FeedState, StoreError> {
    Ok(FeedState {
        row,
        node: parsed(&node, "eine Kennung")?,
        feed: parsed(&feed, "ein Feedname")?,
        seq: number(seq),
        head,
        index,
        expires: Timestamp::from_ms(number(expires)),
        applied_at: Timestamp::from_ms(number(applied_at)),
    })
}
