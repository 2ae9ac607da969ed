//! Copies of others' feeds: applied whole in one transaction, or not at all.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::replica::{Applied, Equivocation, TransferError};
use engagement_protocol::slice;
use engagement_protocol::time::Timestamp;
use rusqlite::named_params;

use super::audit::Actor;
use super::feed::FeedState;
use super::{HashColumn, ReadTx, StoreError, WriteTx, integer, number, parsed};

/// What applying a state did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Records that came or changed.
    pub put: u64,
    /// Records that went.
    pub removed: u64,
}

/// Why a complete state was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state breaks a rule that only the whole shows.
    #[error(transparent)]
    Rule(#[from] TransferError),
    /// Another state was applied since this one was compared.
    #[error("the copy moved on meanwhile")]
    Moved,
}

const IN_RANGE: &str =
    "SELECT place FROM record WHERE feed = :feed AND place BETWEEN :low AND :high";
const STAGE: &str = "INSERT OR IGNORE INTO staged (node, feed, hash, bytes)
  VALUES (:node, :feed, :hash, :bytes)";
const STAGED: &str =
    "SELECT bytes FROM staged WHERE node = :node AND feed = :feed AND hash = :hash";
const UNSTAGE: &str = "DELETE FROM staged WHERE node = :node AND feed = :feed";
const STAGED_HASHES: &str = "SELECT hash FROM staged WHERE node = :node AND feed = :feed";
const UNSTAGE_ONE: &str = "DELETE FROM staged WHERE node = :node AND feed = :feed AND hash = :hash";
const TRACES: &str = "SELECT node, feed FROM staged UNION SELECT node, feed FROM refused
  UNION SELECT node, feed FROM contact UNION SELECT node, feed FROM equivocation";
const REFUSE: &str = "INSERT OR IGNORE INTO refused (node, feed, seq, index_hash, reason, at)
  VALUES (:node, :feed, :seq, :index_hash, :reason, :now)";
const REFUSED: &str = "SELECT seq, index_hash FROM refused WHERE node = :node AND feed = :feed";
const FORGET_REFUSED: &str = "DELETE FROM refused WHERE node = :node AND feed = :feed";
const PROVE: &str = "INSERT OR IGNORE INTO equivocation (node, feed, seq, first, second, at)
  VALUES (:node, :feed, :seq, :first, :second, :now)";
const PROOFS: &str = "SELECT node, seq FROM equivocation
  WHERE seen_at IS NULL AND at > :since ORDER BY node, seq";
const NOTES: &str =
    "SELECT node, feed, seq, first, second FROM equivocation ORDER BY node, feed, seq";
const SEEN: &str = "UPDATE equivocation SET seen_at = :now WHERE node = :node AND seen_at IS NULL";
const FORGET_PROOFS: &str = "DELETE FROM equivocation WHERE node = :node AND feed = :feed";
/// How long an alarm stands that nobody has looked at; the proof file stays.
const ALARM: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

/// A proof as it is kept: two notes of one feed and number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caught {
    /// Who signed.
    pub node: NodeId,
    /// Which feed.
    pub feed: Feed,
    /// The number of both.
    pub seq: u64,
    /// The note held.
    pub first: Vec<u8>,
    /// The other.
    pub second: Vec<u8>,
}
const ROWS: &str = "SELECT r.place FROM record r WHERE r.feed = :feed";

impl ReadTx<'_> {
    /// Returns the hashes of our slices of a feed, cut by `k` bits.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn recut_feed(&self, state: &FeedState, k: u8) -> Result<Vec<Hash>, StoreError> {
        self.recut(state.row, k)
    }

    /// Returns a slice that an earlier attempt verified.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn staged(
        &self,
        node: &NodeId,
        feed: Feed,
        wanted: &BTreeSet<Hash>,
    ) -> Result<BTreeMap<Hash, Vec<u8>>, StoreError> {
        let mut statement = self.tx.prepare_cached(STAGED)?;
        let mut found = BTreeMap::new();
        for hash in wanted {
            let key = named_params! {
                ":node": node.as_str(), ":feed": feed.as_str(), ":hash": HashColumn(*hash),
            };
            let mut rows = statement.query(key)?;
            if let Some(row) = rows.next()? {
                found.insert(*hash, row.get(0)?);
            }
        }
        Ok(found)
    }

    /// Returns the states of a feed that broke a rule, as (seq, index).
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn refused(&self, node: &NodeId, feed: Feed) -> Result<Vec<(u64, Hash)>, StoreError> {
        let mut statement = self.tx.prepare_cached(REFUSED)?;
        let refused = statement
            .query_map(named_params! {":node": node.as_str(), ":feed": feed.as_str()}, |row| {
                Ok((number(row.get(0)?), row.get::<_, HashColumn>(1)?.0))
            })?
            .collect::<Result<_, _>>()?;
        Ok(refused)
    }

    /// Returns which nodes were caught signing two states with one number, as far as the alarm still stands
    /// at `now`: nobody has looked at it, and it is younger than 30 days.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn equivocations(&self, now: Timestamp) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self.tx.prepare_cached(PROOFS)?;
        let since = named_params! {":since": integer(now.minus(ALARM).as_ms())};
        let proofs = statement
            .query_map(since, |row| Ok((row.get(0)?, number(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        Ok(proofs)
    }

    /// Returns the notes of all proofs.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn caught(&self) -> Result<Vec<Caught>, StoreError> {
        let mut statement = self.tx.prepare_cached(NOTES)?;
        let rows = statement
            .query_map([], |row| {
                let named = (row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                Ok((named, number(row.get(2)?), row.get(3)?, row.get(4)?))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|((node, feed), seq, first, second)| {
                let (node, feed) = (parsed(&node, "eine Kennung")?, parsed(&feed, "ein Feedname")?);
                Ok(Caught { node, feed, seq, first, second })
            })
            .collect()
    }
}

impl WriteTx<'_> {
    /// Makes the copy equal to a complete, verified state.
    ///
    /// `based_on` is the number that the state was compared with: if the copy moved meanwhile, nothing is
    /// applied, because slices that were left out belong to another state.
    ///
    /// # Errors
    ///
    /// [`ApplyError`]; nothing has changed then.
    pub fn apply(
        &self,
        applied: &Applied,
        based_on: Option<u64>,
        now: Timestamp,
    ) -> Result<Outcome, ApplyError> {
        let (node, feed) = (&applied.head.node, applied.head.feed);
        let held = self.feed(node, feed)?;
        if held.as_ref().map(|held| held.seq) != based_on {
            return Err(ApplyError::Moved);
        }
        let row = self.set_feed(&FeedState::of(&applied.head, &applied.index, now))?;
        let change = self.next_change()?;
        let mut outcome = Outcome::default();
        for (position, lines) in &applied.slices {
            let mut gone = self.places(row, applied.index.k(), *position)?;
            for line in lines {
                gone.remove(&line.place());
                outcome.put += u64::from(self.put_line(row, line, change)?);
            }
            for place in gone {
                outcome.removed += u64::from(self.remove_line(row, place, change)?);
            }
        }
        Applied::admits(self.total(row)?)?;
        self.set_slices(row, &applied.index)?;
        let key = named_params! {":node": node.as_str(), ":feed": feed.as_str()};
        self.tx
            .prepare_cached(UNSTAGE)
            .and_then(|mut s| s.execute(key))
            .map_err(StoreError::from)?;
        let detail =
            format!("seq={} put={} removed={}", applied.head.seq, outcome.put, outcome.removed);
        self.audit(now, &Actor::Peer(node.clone()), "apply", feed.as_str(), &detail)?;
        Ok(outcome)
    }

    /// Deletes a copy with everything that belongs to it: the node is not followed any more, or its key
    /// is another now.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn drop_replica(
        &self,
        node: &NodeId,
        feed: Feed,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Outcome, StoreError> {
        let mut outcome = Outcome::default();
        if let Some(held) = self.feed(node, feed)? {
            let change = self.next_change()?;
            let places = self
                .tx
                .prepare_cached(ROWS)?
                .query_map(named_params! {":feed": held.row}, |row| row.get::<_, HashColumn>(0))?
                .collect::<Result<Vec<_>, _>>()?;
            for place in places {
                outcome.removed += u64::from(self.remove_line(held.row, place.0, change)?);
            }
            for statement in
                ["DELETE FROM slice WHERE feed = :row", "DELETE FROM feed WHERE row = :row"]
            {
                self.tx.prepare_cached(statement)?.execute(named_params! {":row": held.row})?;
            }
            let detail = format!("seq={} removed={}", held.seq, outcome.removed);
            self.audit(now, actor, "drop_replica", node.as_str(), &detail)?;
        }
        let key = named_params! {":node": node.as_str(), ":feed": feed.as_str()};
        for statement in [
            UNSTAGE,
            FORGET_REFUSED,
            FORGET_PROOFS,
            "DELETE FROM contact WHERE node = :node AND feed = :feed",
        ] {
            self.tx.prepare_cached(statement)?.execute(key)?;
        }
        Ok(outcome)
    }

    /// Keeps verified slices for the next attempt.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn stage(
        &self,
        node: &NodeId,
        feed: Feed,
        slices: &BTreeMap<Hash, Vec<u8>>,
    ) -> Result<(), StoreError> {
        let mut statement = self.tx.prepare_cached(STAGE)?;
        for (hash, bytes) in slices {
            statement.execute(named_params! {
                ":node": node.as_str(), ":feed": feed.as_str(),
                ":hash": HashColumn(*hash), ":bytes": bytes,
            })?;
        }
        Ok(())
    }

    /// Forgets what is staged of a feed, but for what `wanted` names.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn prune_staged(
        &self,
        node: &NodeId,
        feed: Feed,
        wanted: &BTreeSet<Hash>,
    ) -> Result<usize, StoreError> {
        let key = named_params! {":node": node.as_str(), ":feed": feed.as_str()};
        let staged = self
            .tx
            .prepare_cached(STAGED_HASHES)?
            .query_map(key, |row| Ok(row.get::<_, HashColumn>(0)?.0))?
            .collect::<Result<Vec<_>, _>>()?;
        let mut pruned = 0;
        for hash in staged.into_iter().filter(|hash| !wanted.contains(hash)) {
            pruned += self.tx.prepare_cached(UNSTAGE_ONE)?.execute(named_params! {
                ":node": node.as_str(), ":feed": feed.as_str(), ":hash": HashColumn(hash),
            })?;
        }
        Ok(pruned)
    }

    /// Forgets what was staged, refused or learnt of feeds that `keep` does not know: a node can go before
    /// its first copy is complete. Returns whether something went.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn forget_strangers(
        &self,
        keep: impl Fn(&NodeId, Feed) -> bool,
    ) -> Result<bool, StoreError> {
        let mut forgot = false;
        let traces = self
            .tx
            .prepare_cached(TRACES)?
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        for (node, feed) in traces {
            let known = match (node.parse::<NodeId>(), feed.parse::<Feed>()) {
                (Ok(node), Ok(feed)) => keep(&node, feed),
                _ => false,
            };
            if known {
                continue;
            }
            let key = named_params! {":node": node, ":feed": feed};
            for statement in [
                UNSTAGE,
                FORGET_REFUSED,
                FORGET_PROOFS,
                "DELETE FROM contact WHERE node = :node AND feed = :feed",
            ] {
                self.tx.prepare_cached(statement)?.execute(key)?;
            }
            forgot = true;
        }
        Ok(forgot)
    }

    /// Remembers that a state broke a rule.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn refuse(
        &self,
        node: &NodeId,
        feed: Feed,
        (seq, index): (u64, Hash),
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(REFUSE)?.execute(named_params! {
            ":node": node.as_str(), ":feed": feed.as_str(), ":seq": integer(seq),
            ":index_hash": HashColumn(index), ":reason": reason, ":now": integer(now.as_ms()),
        })?;
        Ok(())
    }

    /// Ends the alarm about a node. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn equivocation_seen(&self, node: &NodeId, now: Timestamp) -> Result<bool, StoreError> {
        let key = named_params! {":node": node.as_str(), ":now": integer(now.as_ms())};
        Ok(self.tx.prepare_cached(SEEN)?.execute(key)? > 0)
    }

    /// Keeps the proof that a node signed two states with one number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn keep_equivocation(
        &self,
        node: &NodeId,
        feed: Feed,
        seq: u64,
        proof: &Equivocation,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(PROVE)?.execute(named_params! {
            ":node": node.as_str(), ":feed": feed.as_str(), ":seq": integer(seq),
            ":first": proof.first, ":second": proof.second, ":now": integer(now.as_ms()),
        })?;
        Ok(())
    }

    fn places(&self, feed: i64, k: u8, position: u16) -> Result<BTreeSet<Hash>, StoreError> {
        let range = slice::range(k, position);
        let mut statement = self.tx.prepare_cached(IN_RANGE)?;
        let places = statement
            .query_map(
                named_params! {
                    ":feed": feed,
                    ":low": HashColumn(*range.start()), ":high": HashColumn(*range.end()),
                },
                |row| Ok(row.get::<_, HashColumn>(0)?.0),
            )?
            .collect::<Result<_, _>>()?;
        Ok(places)
    }
}
