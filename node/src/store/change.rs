//! The change sequence: what the search index follows.
//!
//! Every transaction that touches records takes one number. The index remembers the number it has
//! applied in its own commit, so after a crash it asks for what came later, and after its loss for everything.

use std::collections::BTreeSet;

use engagement_protocol::id::NodeId;
use rusqlite::named_params;

use super::{ReadTx, StoreError, WriteTx, integer, number, parsed};

/// A record as the index wants to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its row.
    pub row: u64,
    /// The row of its feed.
    pub origin: u64,
    /// Whether it is our own.
    pub local: bool,
    /// Its bytes.
    pub line: Vec<u8>,
    /// The change that wrote it.
    pub change: u64,
}

/// What happened after a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Records to put, in order of their change.
    pub put: Vec<Changed>,
    /// Rows to forget.
    pub removed: Vec<u64>,
    /// The number of the last change among them.
    pub up_to: u64,
}

const LAST: &str = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'change'";
const NEXT: &str = "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'change'
  RETURNING CAST(value AS INTEGER)";
// Whole changes only: the limit ends behind the last record of a change. CROSS JOIN: the few new records come first, then
// their feeds; never all records of all feeds.
pub(super) const PUT: &str =
    "SELECT r.row, r.feed, f.node = (SELECT value FROM meta WHERE name = 'node'), r.line, r.change
  FROM record r CROSS JOIN feed f ON f.row = r.feed
  WHERE r.change > :after AND r.change <= :up_to AND f.feed = 'offers'
    AND f.node NOT IN (SELECT node FROM hidden) ORDER BY r.change, r.row";
const UP_TO: &str = "SELECT max(change) FROM (SELECT change FROM record WHERE change > :after
  ORDER BY change LIMIT :limit)";
const REMOVED: &str =
    "SELECT row FROM removal WHERE change > :after AND change <= :up_to ORDER BY row";
pub(super) const UNSEARCHED: &str =
    "SELECT DISTINCT f.node FROM record r CROSS JOIN feed f ON f.row = r.feed
  WHERE r.change > :after AND f.feed = 'offers'";
const FORGET: &str = "DELETE FROM removal WHERE change <= :up_to";

impl ReadTx<'_> {
    /// Returns the number of the last change.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn last_change(&self) -> Result<u64, StoreError> {
        Ok(number(self.tx.prepare_cached(LAST)?.query_row([], |row| row.get(0))?))
    }

    /// Returns the next changes after `after`: whole ones, about `limit` records.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn changes(&self, after: u64, limit: u32) -> Result<Changes, StoreError> {
        let last = self.last_change()?;
        let full: Option<i64> = self
            .tx
            .prepare_cached(UP_TO)?
            .query_row(named_params! {":after": integer(after), ":limit": limit}, |row| {
                row.get(0)
            })?;
        // A page that reaches the end also takes the removals behind the last record.
        let remaining = |up_to: i64| -> Result<bool, StoreError> {
            let more = self
                .tx
                .prepare_cached("SELECT 1 FROM record WHERE change > :after LIMIT 1")?
                .exists(named_params! {":after": up_to})?;
            Ok(more)
        };
        let up_to = match full {
            Some(up_to) if remaining(up_to)? => number(up_to),
            _ => last,
        };
        let range = named_params! {":after": integer(after), ":up_to": integer(up_to)};
        let put = self
            .tx
            .prepare_cached(PUT)?
            .query_map(range, |row| {
                Ok(Changed {
                    row: number(row.get(0)?),
                    origin: number(row.get(1)?),
                    local: row.get(2)?,
                    line: row.get(3)?,
                    change: number(row.get(4)?),
                })
            })?
            .collect::<Result<_, _>>()?;
        let removed = self
            .tx
            .prepare_cached(REMOVED)?
            .query_map(range, |row| Ok(number(row.get(0)?)))?
            .collect::<Result<_, _>>()?;
        Ok(Changes { put, removed, up_to })
    }

    /// Returns the nodes with opportunities that an index at `applied` does not know yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn unsearched(&self, applied: u64) -> Result<BTreeSet<NodeId>, StoreError> {
        let nodes = self
            .tx
            .prepare_cached(UNSEARCHED)?
            .query_map(named_params! {":after": integer(applied)}, |row| row.get::<_, String>(0))?
            .collect::<Result<Vec<_>, _>>()?;
        nodes.iter().map(|node| parsed(node, "die Kennung eines Knotens")).collect()
    }

    /// Returns whether there are removals that were not forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn has_removals(&self) -> Result<bool, StoreError> {
        Ok(self.tx.prepare_cached("SELECT 1 FROM removal")?.exists([])?)
    }
}

impl WriteTx<'_> {
    /// Takes the number of a new change.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn next_change(&self) -> Result<u64, StoreError> {
        Ok(number(self.tx.prepare_cached(NEXT)?.query_row([], |row| row.get(0))?))
    }

    /// Forgets removals that the index has applied.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn forget_removals(&self, up_to: u64) -> Result<(), StoreError> {
        self.tx.prepare_cached(FORGET)?.execute(named_params! {":up_to": integer(up_to)})?;
        Ok(())
    }
}
