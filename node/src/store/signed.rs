//! What this node has signed, and what it was told about its own key.
//!
//! An own head that is not remembered here was signed before a backup was restored, or by somebody else. The
//! newest of each feed is never forgotten: peers tell it however long nothing was published.

use engagement_protocol::hash::Hash;
use engagement_protocol::id::Feed;
use engagement_protocol::signing::MEMORY;
use engagement_protocol::time::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::{HashColumn, ReadTx, StoreError, WriteTx, integer, parsed};

const REMEMBERED: &str =
    "SELECT 1 FROM signed WHERE feed = :feed AND seq = :seq AND index_hash = :index_hash";
const REMEMBER: &str = "INSERT OR IGNORE INTO signed (feed, seq, index_hash, at)
  VALUES (:feed, :seq, :index_hash, :now)";
const FORGET: &str = "DELETE FROM signed WHERE at <= :before
  AND seq < (SELECT max(seq) FROM signed newest WHERE newest.feed = signed.feed)";
const FACT: &str = "SELECT value FROM meta WHERE name = :name";
const SET_FACT: &str = "INSERT INTO meta (name, value) VALUES (:name, :value)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const CLEAR_FACT: &str = "DELETE FROM meta WHERE name = :name";

/// Names in `meta`.
const ELSEWHERE: &str = "elsewhere";
const DISOWNED: &str = "disowned";
const RENEWING: &str = "renewing";

impl ReadTx<'_> {
    /// Returns whether this node signed this state, as far as it remembers.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn has_signed(&self, feed: Feed, seq: u64, index: Hash) -> Result<bool, StoreError> {
        Ok(self.tx.prepare_cached(REMEMBERED)?.exists(named_params! {
            ":feed": feed.as_str(), ":seq": integer(seq), ":index_hash": HashColumn(index),
        })?)
    }

    /// Returns the state that somebody else signed with this node's key, if that was seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn elsewhere(&self) -> Result<Option<(Feed, u64)>, StoreError> {
        let Some(value) = self.fact(ELSEWHERE)? else { return Ok(None) };
        let damaged = || StoreError::Damaged("der Alarm zum eigenen Schlüssel".to_owned());
        let (feed, seq) = value.split_once(' ').ok_or_else(damaged)?;
        Ok(Some((parsed(feed, "ein Feedname")?, seq.parse().map_err(|_| damaged())?)))
    }

    /// Returns the key that the operator has given up, if there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn disowned(&self) -> Result<Option<String>, StoreError> {
        self.fact(DISOWNED)
    }

    /// Returns the key under which our last states have yet to be signed anew, if one took another's place.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn renewing(&self) -> Result<Option<String>, StoreError> {
        self.fact(RENEWING)
    }

    fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self.tx.prepare_cached(FACT)?;
        Ok(statement.query_row(named_params! {":name": name}, |row| row.get(0)).optional()?)
    }
}

impl WriteTx<'_> {
    /// Remembers a state that this node has signed, or has adopted as its own.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn remember_signed(
        &self,
        feed: Feed,
        seq: u64,
        index: Hash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(REMEMBER)?.execute(named_params! {
            ":feed": feed.as_str(), ":seq": integer(seq), ":index_hash": HashColumn(index),
            ":now": integer(now.as_ms()),
        })?;
        Ok(())
    }

    /// Forgets what was signed more than 30 days ago, but for the newest of each feed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn forget_signed(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = integer(now.minus(MEMORY).as_ms());
        self.tx.prepare_cached(FORGET)?.execute(named_params! {":before": before})?;
        Ok(())
    }

    /// Remembers that somebody else signs with this node's key, until the operator decides.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn set_elsewhere(&self, found: Option<(Feed, u64)>) -> Result<(), StoreError> {
        self.set_fact(ELSEWHERE, found.map(|(feed, seq)| format!("{feed} {seq}")).as_deref())
    }

    /// Remembers that the operator has given up a key, by its text; nothing more is signed by it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn set_disowned(&self, key: &str) -> Result<(), StoreError> {
        self.set_fact(DISOWNED, Some(key))
    }

    /// Remembers that our last states have yet to be signed by this key, or that they are.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn set_renewing(&self, key: Option<&str>) -> Result<(), StoreError> {
        self.set_fact(RENEWING, key)
    }

    fn set_fact(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        match value {
            Some(value) => self
                .tx
                .prepare_cached(SET_FACT)?
                .execute(named_params! {":name": name, ":value": value})?,
            None => self.tx.prepare_cached(CLEAR_FACT)?.execute(named_params! {":name": name})?,
        };
        Ok(())
    }
}
