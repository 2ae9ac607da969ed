//! Records as pages, answers and relays read them: always by the bytes that were signed.

use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId, RecordId};
use engagement_protocol::opportunity::Record;
use engagement_protocol::slice::{self, Line};
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{HashColumn, ReadTx, StoreError, WriteTx, integer, number, parsed};

/// A record of any feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its stable row.
    pub row: u64,
    /// Whose it is.
    pub node: NodeId,
    /// Its bytes, checked against the hash kept beside them.
    pub line: Line,
}

/// How many records of a feed this node holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Opportunities that can be shown.
    pub opportunities: u64,
    /// Records of kinds this version does not know: kept and relayed.
    pub unknown: u64,
    /// Records that break a rule: kept and relayed, not shown.
    pub unreadable: u64,
}

pub(super) const BY_ROW: &str =
    "SELECT r.row, f.node, r.line, r.hash FROM record r JOIN feed f ON f.row = r.feed
  WHERE r.row = :row AND f.node NOT IN (SELECT node FROM hidden)";
const BY_ID: &str =
    "SELECT r.row, f.node, r.line, r.hash FROM record r JOIN feed f ON f.row = r.feed
  WHERE f.node = :node AND f.feed = :feed AND r.place = :place
    AND f.node NOT IN (SELECT node FROM hidden)";
const OF_FEED: &str =
    "SELECT r.row, f.node, r.line, r.hash FROM record r JOIN feed f ON f.row = r.feed
  WHERE f.node = :node AND f.feed = :feed ORDER BY r.place";
const IN_RANGE: &str = "SELECT line FROM record
  WHERE feed = :feed AND place BETWEEN :low AND :high ORDER BY place";
const PLACES: &str = "SELECT place, line FROM record WHERE feed = :feed ORDER BY place";
const INDEX: &str = "SELECT index_bytes FROM feed WHERE index_hash = :hash
  AND node NOT IN (SELECT node FROM hidden)";
const SLICE: &str = "SELECT s.feed, s.k, s.position FROM slice s JOIN feed f ON f.row = s.feed
  WHERE s.hash = :hash AND f.node NOT IN (SELECT node FROM hidden) LIMIT 1";
const OBJECT: &str = "SELECT bytes FROM object WHERE hash = :hash";
const COUNT: &str = "SELECT r.kind, count(*) FROM record r JOIN feed f ON f.row = r.feed
  WHERE f.node = :node AND f.feed = :feed GROUP BY r.kind";
const TOTAL: &str = "SELECT count(*) FROM record WHERE feed = :feed";

const UPSERT: &str = "INSERT INTO record (feed, place, id, kind, line, hash, change)
  VALUES (:feed, :place, :id, :kind, :line, :hash, :change)
  ON CONFLICT (feed, place) DO UPDATE SET
    kind = excluded.kind, line = excluded.line, hash = excluded.hash, change = excluded.change
  WHERE record.hash <> excluded.hash";
const DELETE: &str = "DELETE FROM record WHERE feed = :feed AND place = :place RETURNING row";
const REMOVAL: &str = "INSERT OR REPLACE INTO removal (row, change) VALUES (:row, :change)";

impl ReadTx<'_> {
    /// Returns the records of these rows that are still there and not hidden, in the order asked for.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; a damaged line is [`StoreError::Damaged`].
    pub fn records(&self, rows: &[u64]) -> Result<Vec<Stored>, StoreError> {
        let mut statement = self.tx.prepare_cached(BY_ROW)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let read =
                statement.query_row(named_params! {":row": integer(*row)}, columns).optional()?;
            if let Some(columns) = read {
                found.push(stored(columns)?);
            }
        }
        Ok(found)
    }

    /// Returns one record of a feed, unless its node is hidden.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn record(
        &self,
        node: &NodeId,
        feed: Feed,
        id: &RecordId,
    ) -> Result<Option<Stored>, StoreError> {
        let key = named_params! {
            ":node": node.as_str(), ":feed": feed.as_str(), ":place": HashColumn(id.hash()),
        };
        self.tx.prepare_cached(BY_ID)?.query_row(key, columns).optional()?.map(stored).transpose()
    }

    /// Calls `each` with every record of a feed, in the feed's order.
    ///
    /// # Errors
    ///
    /// [`StoreError`], or what `each` returns.
    pub fn each_record<E: From<StoreError>>(
        &self,
        node: &NodeId,
        feed: Feed,
        mut each: impl FnMut(Stored) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.tx.prepare_cached(OF_FEED).map_err(StoreError::from)?;
        let key = named_params! {":node": node.as_str(), ":feed": feed.as_str()};
        let mut rows = statement.query(key).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            each(stored(columns(row).map_err(StoreError::from)?)?)?;
        }
        Ok(())
    }

    /// Returns how many records of a feed are held.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn counts(&self, node: &NodeId, feed: Feed) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        let mut statement = self.tx.prepare_cached(COUNT)?;
        let mut rows =
            statement.query(named_params! {":node": node.as_str(), ":feed": feed.as_str()})?;
        while let Some(row) = rows.next()? {
            let (kind, count): (String, i64) = (row.get(0)?, row.get(1)?);
            match kind.as_str() {
                "opportunity" => counts.opportunities += number(count),
                "" => counts.unreadable += number(count),
                _ => counts.unknown += number(count),
            }
        }
        Ok(counts)
    }

    /// Returns an object of any feed held: an index, a slice rebuilt from rows, or an own one that was
    /// replaced less than ten minutes ago. What does not have its hash any more is not returned.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn object(&self, hash: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        let key = named_params! {":hash": HashColumn(hash)};
        let index: Option<Vec<u8>> =
            self.tx.prepare_cached(INDEX)?.query_row(key, |row| row.get(0)).optional()?;
        let found = match index {
            Some(bytes) => Some(bytes),
            None => match self.slice_object(hash)? {
                Some(bytes) => Some(bytes),
                None => {
                    self.tx.prepare_cached(OBJECT)?.query_row(key, |row| row.get(0)).optional()?
                }
            },
        };
        Ok(found.filter(|bytes| Hash::of(bytes) == hash))
    }

    fn slice_object(&self, hash: Hash) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self
            .tx
            .prepare_cached(SLICE)?
            .query_row(named_params! {":hash": HashColumn(hash)}, |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found.map(|(feed, k, position)| self.slice(feed, k, position)).transpose()
    }

    /// Returns the bytes of one slice as the rows give it.
    pub(super) fn slice(&self, feed: i64, k: u8, position: u16) -> Result<Vec<u8>, StoreError> {
        let range = slice::range(k, position);
        let mut statement = self.tx.prepare_cached(IN_RANGE)?;
        let lines = statement
            .query_map(
                named_params! {
                    ":feed": feed,
                    ":low": HashColumn(*range.start()), ":high": HashColumn(*range.end()),
                },
                |row| row.get::<_, Vec<u8>>(0),
            )?
            .collect::<Result<Vec<_>, _>>()?;
        Ok(slice::write(lines.iter().map(Vec::as_slice)))
    }

    /// Returns the hashes of all slices as the rows give them, cut by `k` bits.
    pub(super) fn recut(&self, feed: i64, k: u8) -> Result<Vec<Hash>, StoreError> {
        let mut slices = vec![Vec::new(); 1 << k];
        let mut statement = self.tx.prepare_cached(PLACES)?;
        let mut rows = statement.query(named_params! {":feed": feed})?;
        while let Some(row) = rows.next()? {
            let place: HashColumn = row.get(0)?;
            let line: Vec<u8> = row.get(1)?;
            if let Some(slice) = slices.get_mut(usize::from(place.0.prefix(k))) {
                slice.extend_from_slice(&line);
                slice.push(b'\n');
            }
        }
        Ok(slices.iter().map(|bytes| Hash::of(bytes)).collect())
    }

    /// Returns how many records a feed has, of all kinds.
    pub(super) fn total(&self, feed: i64) -> Result<u64, StoreError> {
        let count: i64 = self
            .tx
            .prepare_cached(TOTAL)?
            .query_row(named_params! {":feed": feed}, |row| row.get(0))?;
        Ok(number(count))
    }
}

impl WriteTx<'_> {
    /// Puts a line; returns whether that changed anything.
    pub(super) fn put_line(&self, feed: i64, line: &Line, change: u64) -> Result<bool, StoreError> {
        let kind = match Record::read(line) {
            Record::Opportunity(_) => "opportunity".to_owned(),
            Record::Unknown { kind } => kind,
            Record::Unreadable(_) => String::new(),
        };
        let changed = self.tx.prepare_cached(UPSERT)?.execute(named_params! {
            ":feed": feed, ":place": HashColumn(line.place()), ":id": line.id().as_str(),
            ":kind": kind, ":line": line.bytes(), ":hash": HashColumn(line.hash()),
            ":change": integer(change),
        })?;
        Ok(changed > 0)
    }

    /// Removes a record; returns whether there was one.
    pub(super) fn remove_line(
        &self,
        feed: i64,
        place: Hash,
        change: u64,
    ) -> Result<bool, StoreError> {
        let key = named_params! {":feed": feed, ":place": HashColumn(place)};
        let row: Option<i64> =
            self.tx.prepare_cached(DELETE)?.query_row(key, |row| row.get(0)).optional()?;
        if let Some(row) = row {
            self.tx
                .prepare_cached(REMOVAL)?
                .execute(named_params! {":row": row, ":change": integer(change)})?;
        }
        Ok(row.is_some())
    }
}

type Columns = (i64, String, Vec<u8>, HashColumn);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn stored((row, node, bytes, hash): Columns) -> Result<Stored, StoreError> {
    let damaged = || StoreError::Damaged(format!("der Datensatz in Zeile {row}"));
    if Hash::of(&bytes) != hash.0 {
        return Err(damaged());
    }
    let line = Line::read(&bytes).map_err(|_| damaged())?;
    Ok(Stored { row: number(row), node: parsed(&node, "eine Kennung")?, line })
}
