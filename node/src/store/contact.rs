//! What was learnt about each peer when it was last asked: for coverage and status, after a restart too.

use std::collections::BTreeMap;

use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::time::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StoreError, WriteTx, integer, number, parsed};

/// What is known about a peer's feed beside its state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The newest number that a verified head named.
    pub newest: Option<u64>,
    /// When it was last asked.
    pub asked_at: Option<Timestamp>,
    /// When a source last confirmed the state held.
    pub reached_at: Option<Timestamp>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// Whether only the operator can end that; known while the node runs.
    pub needs_operator: bool,
    /// The day that the next two count for, days since 1970.
    pub day: u32,
    /// Bytes moved that day.
    pub day_bytes: u64,
    /// Records changed that day.
    pub day_changes: u64,
}

const ALL: &str = "SELECT node, newest, asked_at, reached_at, error, day, day_bytes, day_changes
  FROM contact WHERE feed = :feed";
const SET: &str = "INSERT INTO contact (node, feed, newest, asked_at, reached_at, error, day, day_bytes, day_changes)
  VALUES (:node, :feed, :newest, :asked_at, :reached_at, :error, :day, :day_bytes, :day_changes)
  ON CONFLICT (node, feed) DO UPDATE SET newest = excluded.newest, asked_at = excluded.asked_at,
    reached_at = excluded.reached_at, error = excluded.error, day = excluded.day,
    day_bytes = excluded.day_bytes, day_changes = excluded.day_changes";
const DOCUMENT: &str = "SELECT note FROM document WHERE node = :node";
const DOCUMENTS: &str = "SELECT node, note FROM document ORDER BY node";
const DROP_DOCUMENT: &str = "DELETE FROM document WHERE node = :node";
const SET_DOCUMENT: &str =
    "INSERT INTO document (node, note, issued) VALUES (:node, :note, :issued)
  ON CONFLICT (node) DO UPDATE SET note = excluded.note, issued = excluded.issued
  WHERE excluded.issued > document.issued";

impl ReadTx<'_> {
    /// Returns what is known about all peers' feeds of this name.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn contacts(&self, feed: Feed) -> Result<BTreeMap<NodeId, Contact>, StoreError> {
        let time = |ms: Option<i64>| ms.map(|ms| Timestamp::from_ms(number(ms)));
        let mut statement = self.tx.prepare_cached(ALL)?;
        let rows = statement
            .query_map(named_params! {":feed": feed.as_str()}, |row| {
                let contact = Contact {
                    newest: row.get::<_, Option<i64>>(1)?.map(number),
                    asked_at: time(row.get(2)?),
                    reached_at: time(row.get(3)?),
                    error: row.get(4)?,
                    needs_operator: false,
                    day: row.get(5)?,
                    day_bytes: number(row.get(6)?),
                    day_changes: number(row.get(7)?),
                };
                Ok((row.get::<_, String>(0)?, contact))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|(node, contact)| Ok((parsed(&node, "eine Kennung")?, contact)))
            .collect()
    }

    /// Returns the newest node document of a node, as received.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn document(&self, node: &NodeId) -> Result<Option<Vec<u8>>, StoreError> {
        let mut statement = self.tx.prepare_cached(DOCUMENT)?;
        let key = named_params! {":node": node.as_str()};
        Ok(statement.query_row(key, |row| row.get(0)).optional()?)
    }

    /// Returns the node documents held, as received.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn documents(&self) -> Result<Vec<(NodeId, Vec<u8>)>, StoreError> {
        let mut statement = self.tx.prepare_cached(DOCUMENTS)?;
        let rows = statement
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(|(node, note)| Ok((parsed(&node, "eine Kennung")?, note))).collect()
    }
}

impl WriteTx<'_> {
    /// Writes down what was learnt.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn set_contact(
        &self,
        node: &NodeId,
        feed: Feed,
        contact: &Contact,
    ) -> Result<(), StoreError> {
        let time = |time: Option<Timestamp>| time.map(|time| integer(time.as_ms()));
        self.tx.prepare_cached(SET)?.execute(named_params! {
            ":node": node.as_str(), ":feed": feed.as_str(), ":newest": contact.newest.map(integer),
            ":asked_at": time(contact.asked_at), ":reached_at": time(contact.reached_at),
            ":error": contact.error, ":day": contact.day,
            ":day_bytes": integer(contact.day_bytes), ":day_changes": integer(contact.day_changes),
        })?;
        Ok(())
    }

    /// Forgets the node document of a node that is not followed, or whose key is another now.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn drop_document(&self, node: &NodeId) -> Result<(), StoreError> {
        self.tx.prepare_cached(DROP_DOCUMENT)?.execute(named_params! {":node": node.as_str()})?;
        Ok(())
    }

    /// Keeps a verified node document if it is newer than the one held.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn set_document(
        &self,
        node: &NodeId,
        note: &[u8],
        issued: Timestamp,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(SET_DOCUMENT)?.execute(named_params! {
            ":node": node.as_str(), ":note": note, ":issued": integer(issued.as_ms()),
        })?;
        Ok(())
    }
}
