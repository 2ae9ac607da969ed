//! What adopting the own published state changes: the drafts follow what is published, and what only the
//! backup had is withheld.
//!
//! After a restored backup the peers know better than the database what this node has published. Nothing is
//! deleted by what they say: the backup's version of every row that changes is kept for seven days, shown to
//! the operator, and comes back on request. Then it is erased, because it was withdrawn after the backup.

use std::collections::BTreeMap;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId, RecordId};
use engagement_protocol::opportunity::{Opportunity, Record};
use engagement_protocol::planted::{self, Bug};
use engagement_protocol::replica::Applied;
use engagement_protocol::signing::WITHHELD;
use engagement_protocol::slice::Line;
use engagement_protocol::time::Timestamp;
use rusqlite::named_params;

use super::audit::Actor;
use super::replica::ApplyError;
use super::{HashColumn, ReadTx, StoreError, WriteTx, integer, number, parsed};

/// How the backup and the published state differ in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Only the backup had it: it was withdrawn since.
    Withheld,
    /// Both had it; the published one is newer.
    Replaced,
    /// Only the published state had it.
    Added,
}

/// One row in which the backup and the published state differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which opportunity.
    pub id: RecordId,
    /// How they differ.
    pub what: What,
    /// What the backup said, as JSON.
    pub body: Option<String>,
    /// When that is erased.
    pub until: Timestamp,
}

/// What adopting did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adopted {
    /// Rows that came back or changed.
    pub returned: usize,
    /// Rows that are withheld.
    pub withheld: usize,
}

impl What {
    /// Returns the word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withheld => "withheld",
            Self::Replaced => "replaced",
            Self::Added => "added",
        }
    }
}

const DRAFTS: &str = "SELECT id, body, valid_until, created_at, updated_at FROM draft";
const ADD: &str = "INSERT INTO draft (id, status, body, valid_until, explicit_end, source_system,
    source_id, input, pending, created_at, updated_at)
  VALUES (:id, 'live', :body, :valid_until, 1, :system, :source_id, :input, 0, :now, :now)";
// What was imported since, under another id, is the same thing at its source: it goes on under the published id.
const MAKE_ROOM: &str = "DELETE FROM draft WHERE source_system = :system AND source_id = :source_id
  AND id <> :id AND created_at > :published";
const TAKEN: &str =
    "SELECT 1 FROM draft WHERE source_system = :system AND source_id = :source_id AND id <> :id";
const REPLACE: &str = "UPDATE draft SET status = 'live', body = :body, valid_until = :valid_until,
    input = :input, pending = 0, updated_at = :now WHERE id = :id";
const SETTLE: &str = "UPDATE draft SET pending = 0 WHERE id = :id";
const WITHHOLD: &str = "UPDATE draft SET status = 'withdrawn', body = NULL, pending = 0,
    updated_at = :now WHERE id = :id";
const KEEP: &str =
    "INSERT INTO difference (id, what, body, until) VALUES (:id, :what, :body, :until)
  ON CONFLICT (id) DO UPDATE SET what = excluded.what, until = excluded.until,
    body = coalesce(difference.body, excluded.body)";
const ALL: &str = "SELECT id, what, body, until FROM difference ORDER BY id";
const REVIVE: &str =
    "UPDATE draft SET status = 'live', body = :body, pending = 1, updated_at = :now
  WHERE id = :id";
const END: &str =
    "UPDATE draft SET status = 'withdrawn', body = NULL, pending = 1, updated_at = :now
  WHERE id = :id";
const FORGET: &str = "DELETE FROM difference WHERE id = :id";
const ERASE: &str = "DELETE FROM difference WHERE until <= :now";

/// A draft as far as it is compared.
struct Held {
    body: Option<String>,
    valid_until: String,
    created_at: u64,
    updated_at: u64,
}

impl ReadTx<'_> {
    /// Returns in which rows a restored backup and the adopted state differ.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn differences(&self) -> Result<Vec<Difference>, StoreError> {
        let mut statement = self.tx.prepare_cached(ALL)?;
        let rows = statement
            .query_map([], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, Option<String>>(2)?,
                    number(row.get(3)?),
                ))
            })?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .map(|(id, what, body, until)| {
                let what = match what.as_str() {
                    "withheld" => What::Withheld,
                    "replaced" => What::Replaced,
                    _ => What::Added,
                };
                let id = parsed(&id, "die Kennung eines Angebots")?;
                Ok(Difference { id, what, body, until: Timestamp::from_ms(until) })
            })
            .collect()
    }
}

impl WriteTx<'_> {
    /// Makes the own published state, verified and complete, the state of this node, and lets the drafts
    /// follow it.
    ///
    /// What was made or edited here after that state was signed stays and is published next: it is younger.
    /// What is older and missing from it is withheld, whatever an import has said meanwhile.
    ///
    /// # Errors
    ///
    /// [`ApplyError`]; nothing has changed then.
    pub fn adopt(
        &self,
        applied: &Applied,
        based_on: Option<u64>,
        now: Timestamp,
    ) -> Result<Adopted, ApplyError> {
        let (node, feed) = (applied.head.node.clone(), applied.head.feed);
        let (seq, index) = (applied.head.seq, applied.head.index);
        self.apply(applied, based_on, now)?;
        self.remember_signed(feed, seq, index, now)?;
        let adopted = if feed == Feed::Offers {
            self.follow_published(&node, seq, now)?
        } else {
            Adopted::default()
        };
        let detail =
            format!("seq={seq} returned={} withheld={}", adopted.returned, adopted.withheld);
        self.audit(now, &Actor::Job("adopt"), "adopt", feed.as_str(), &detail)?;
        Ok(adopted)
    }

    /// Takes the records of a state that is published under a key of this node that is lost: they become
    /// drafts to be published anew.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn take_over(&self, lines: &[Line], now: Timestamp) -> Result<usize, StoreError> {
        let mut taken = 0;
        for line in lines {
            if let Some(record) = opportunity(line)
                && self.draft(line.id())?.is_none()
            {
                self.add_draft(line, &record, 0, now)?;
                self.tx
                    .execute("UPDATE draft SET pending = 1 WHERE id = ?1", [line.id().as_str()])?;
                taken += 1;
            }
        }
        Ok(taken)
    }

    fn follow_published(
        &self,
        node: &NodeId,
        published: u64,
        now: Timestamp,
    ) -> Result<Adopted, StoreError> {
        let mut drafts = self.held_drafts()?;
        let mut lines = Vec::new();
        self.each_record(node, Feed::Offers, |stored| {
            lines.push(stored.line);
            Ok::<_, StoreError>(())
        })?;
        let until = now.plus(WITHHELD);
        let mut adopted = Adopted::default();
        for line in lines {
            let Some(record) = opportunity(&line) else { continue };
            let (id, body) = (line.id().clone(), text(&line));
            match drafts.remove(id.as_str()) {
                Some(held) if held.body.as_deref() == Some(body.as_str()) => self.settle(&id)?,
                // Edited here since: that is published next, over what is out there.
                Some(held) if held.updated_at >= published => {}
                Some(held) => {
                    let what = if held.body.is_some() { What::Replaced } else { What::Added };
                    self.keep(&id, what, held.body.as_deref(), until)?;
                    self.tx.prepare_cached(REPLACE)?.execute(named_params! {
                        ":id": id.as_str(), ":body": body, ":input": HashColumn(Hash::of(line.bytes())),
                        ":valid_until": record.valid_until.to_string(), ":now": integer(now.as_ms()),
                    })?;
                    adopted.returned += 1;
                }
                None => {
                    self.keep(&id, What::Added, None, until)?;
                    self.add_draft(&line, &record, published, now)?;
                    adopted.returned += 1;
                }
            }
        }
        // What was over when that state was signed had left it by itself; what was not has been withdrawn.
        let signed_on = Timestamp::from_ms(published).day().to_string();
        for (id, held) in drafts {
            let id: RecordId = parsed(&id, "die Kennung eines Angebots")?;
            match &held.body {
                // Made here since: it has not been published yet.
                Some(_) if held.created_at >= published => {}
                Some(_) if held.valid_until < signed_on => self.settle(&id)?,
                Some(_) if planted::has(Bug::Withheld) => {}
                Some(body) => {
                    self.keep(&id, What::Withheld, Some(body), until)?;
                    let key = named_params! {":id": id.as_str(), ":now": integer(now.as_ms())};
                    self.tx.prepare_cached(WITHHOLD)?.execute(key)?;
                    adopted.withheld += 1;
                }
                None => self.settle(&id)?,
            }
        }
        Ok(adopted)
    }

    /// Brings back a row that the backup had, live from the next publication on. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn release(&self, id: &RecordId, now: Timestamp) -> Result<bool, StoreError> {
        let found = self.differences()?.into_iter().find(|one| one.id == *id);
        let Some(Difference { body: Some(body), .. }) = found else { return Ok(false) };
        let key = named_params! {
            ":id": id.as_str(), ":body": body, ":now": integer(now.as_ms()),
        };
        self.tx.prepare_cached(REVIVE)?.execute(key)?;
        self.forget_difference(id)?;
        Ok(true)
    }

    /// Undoes what was adopted: every row says again what the backup said. Returns how many changed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn discard_adoption(&self, now: Timestamp) -> Result<usize, StoreError> {
        let differences = self.differences()?;
        for one in &differences {
            match one.body {
                Some(_) => drop(self.release(&one.id, now)?),
                None => {
                    let key = named_params! {":id": one.id.as_str(), ":now": integer(now.as_ms())};
                    self.tx.prepare_cached(END)?.execute(key)?;
                    self.forget_difference(&one.id)?;
                }
            }
        }
        Ok(differences.len())
    }

    /// Erases what the backup said about this row, at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn forget_difference(&self, id: &RecordId) -> Result<bool, StoreError> {
        let key = named_params! {":id": id.as_str()};
        Ok(self.tx.prepare_cached(FORGET)?.execute(key)? > 0)
    }

    /// Erases what was withheld for seven days. Returns whether something went.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn erase_withheld(&self, now: Timestamp) -> Result<bool, StoreError> {
        let key = named_params! {":now": integer(now.as_ms())};
        Ok(self.tx.prepare_cached(ERASE)?.execute(key)? > 0)
    }

    fn held_drafts(&self) -> Result<BTreeMap<String, Held>, StoreError> {
        let mut statement = self.tx.prepare_cached(DRAFTS)?;
        let held = statement.query_map([], |row| {
            let held = Held {
                body: row.get(1)?,
                valid_until: row.get(2)?,
                created_at: number(row.get(3)?),
                updated_at: number(row.get(4)?),
            };
            Ok((row.get(0)?, held))
        })?;
        Ok(held.collect::<Result<_, _>>()?)
    }

    fn add_draft(
        &self,
        line: &Line,
        record: &Opportunity,
        published: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = line.id().as_str();
        let (mut system, mut source_id) = match &record.source {
            Some(source) => (source.system.as_str(), source.id.as_str()),
            None => ("", id),
        };
        self.tx.prepare_cached(MAKE_ROOM)?.execute(named_params! {
            ":id": id, ":system": system, ":source_id": source_id, ":published": integer(published),
        })?;
        let taken = self.tx.prepare_cached(TAKEN)?.exists(named_params! {
            ":id": id, ":system": system, ":source_id": source_id,
        })?;
        if taken {
            (system, source_id) = ("", id);
        }
        self.tx.prepare_cached(ADD)?.execute(named_params! {
            ":id": id, ":body": text(line), ":valid_until": record.valid_until.to_string(),
            ":system": system, ":source_id": source_id,
            ":input": HashColumn(Hash::of(line.bytes())), ":now": integer(now.as_ms()),
        })?;
        Ok(())
    }

    fn settle(&self, id: &RecordId) -> Result<(), StoreError> {
        self.tx.prepare_cached(SETTLE)?.execute(named_params! {":id": id.as_str()})?;
        Ok(())
    }

    fn keep(
        &self,
        id: &RecordId,
        what: What,
        body: Option<&str>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.tx.prepare_cached(KEEP)?.execute(named_params! {
            ":id": id.as_str(), ":what": what.as_str(), ":body": body,
            ":until": integer(until.as_ms()),
        })?;
        Ok(())
    }
}

fn opportunity(line: &Line) -> Option<Opportunity> {
    match Record::read(line) {
        Record::Opportunity(record) => Some(*record),
        _ => None,
    }
}

fn text(line: &Line) -> String {
    String::from_utf8_lossy(line.bytes()).into_owned()
}
