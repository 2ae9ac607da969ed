//! Receipts: which own state each peer says it holds.

use std::collections::BTreeMap;

use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::time::Timestamp;
use rusqlite::named_params;

use super::{ReadTx, StoreError, WriteTx, integer, number, parsed};

/// What a peer says it holds of an own feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The number of the state; nothing if its heads feed does not list ours.
    pub seq: Option<u64>,
    /// When it said so.
    pub at: Timestamp,
}

const ALL: &str = "SELECT node, seq, at FROM receipt WHERE feed = :feed";
const SET: &str = "INSERT INTO receipt (node, feed, seq, at) VALUES (:node, :feed, :seq, :at)
  ON CONFLICT (node, feed) DO UPDATE SET seq = excluded.seq, at = excluded.at";
const FORGET: &str = "DELETE FROM receipt WHERE node = :node";
const FORGET_ALL: &str = "DELETE FROM receipt";

impl ReadTx<'_> {
    /// Returns what the peers say they hold of an own feed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn receipts(&self, feed: Feed) -> Result<BTreeMap<NodeId, Receipt>, StoreError> {
        let mut statement = self.tx.prepare_cached(ALL)?;
        let rows = statement
            .query_map(named_params! {":feed": feed.as_str()}, |row| {
                Ok((row.get::<_, String>(0)?, number(row.get(1)?), number(row.get(2)?)))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|(node, seq, at)| {
                let seq = (seq > 0).then_some(seq);
                Ok((parsed(&node, "eine Kennung")?, Receipt { seq, at: Timestamp::from_ms(at) }))
            })
            .collect()
    }
}

impl WriteTx<'_> {
    /// Writes down what a peer says it holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn set_receipt(
        &self,
        node: &NodeId,
        feed: Feed,
        receipt: Receipt,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(SET)?.execute(named_params! {
            ":node": node.as_str(), ":feed": feed.as_str(),
            ":seq": integer(receipt.seq.unwrap_or(0)), ":at": integer(receipt.at.as_ms()),
        })?;
        Ok(())
    }

    /// Forgets what a node said that is not followed any more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn forget_receipts(&self, node: &NodeId) -> Result<(), StoreError> {
        self.tx.prepare_cached(FORGET)?.execute(named_params! {":node": node.as_str()})?;
        Ok(())
    }

    /// Forgets what everybody said: our feeds have another key now.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn forget_all_receipts(&self) -> Result<(), StoreError> {
        self.tx.prepare_cached(FORGET_ALL)?.execute([])?;
        Ok(())
    }
}
