//! Own opportunities before they federate.

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::Source;
use engagement_protocol::time::{Day, Timestamp};
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{HashColumn, ReadTx, StoreError, WriteTx, integer, parsed};

/// Whether an own opportunity is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It is, while it is valid.
    Live,
    /// Somebody here withdrew it: an import does not bring it back.
    Withdrawn,
    /// Its source does not list it any more: it comes back when the source lists it again.
    Gone,
}

impl Status {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Withdrawn => "withdrawn",
            Self::Gone => "gone",
        }
    }
}

/// An own opportunity as it is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id, for ever.
    pub id: RecordId,
    /// Whether it is to be seen.
    pub status: Status,
    /// The record as JSON; nothing unless it is live.
    pub body: Option<String>,
    /// The last day it is shown.
    pub valid_until: Day,
    /// Whether the source said when it ends.
    pub explicit_end: bool,
    /// Where it comes from.
    pub source: Source,
    /// SHA-256 of the imported input.
    pub input: Hash,
}

const COLUMNS: &str =
    "id, status, body, valid_until, explicit_end, source_system, source_id, input";
const ALL: &str =
    "SELECT id, status, body, valid_until, explicit_end, source_system, source_id, input FROM draft
  ORDER BY id";
const PENDING: &str =
    "SELECT id, status, body, valid_until, explicit_end, source_system, source_id, input
  FROM draft WHERE pending = 1 ORDER BY id";
const OF_SYSTEM: &str =
    "SELECT id, status, body, valid_until, explicit_end, source_system, source_id, input
  FROM draft WHERE source_system = :system ORDER BY id";
const ONE: &str =
    "SELECT id, status, body, valid_until, explicit_end, source_system, source_id, input
  FROM draft WHERE id = :id";
const PUT: &str = "INSERT INTO draft (id, status, body, valid_until, explicit_end, source_system,
    source_id, input, pending, created_at, updated_at)
  VALUES (:id, 'live', :body, :valid_until, :explicit_end, :system, :source_id, :input, 1, :now, :now)
  ON CONFLICT (id) DO UPDATE SET status = 'live', body = excluded.body,
    valid_until = excluded.valid_until, explicit_end = excluded.explicit_end,
    input = excluded.input, pending = 1, updated_at = excluded.updated_at";
const END: &str = "UPDATE draft SET status = :status, body = NULL, pending = 1, updated_at = :now
  WHERE id = :id AND (status = 'live' OR (status = 'gone' AND :status = 'withdrawn'))";
const PUBLISHED: &str = "UPDATE draft SET pending = 0 WHERE id = :id";
const LAPSE: &str = "UPDATE draft SET pending = 1 WHERE status = 'live' AND pending = 0
  AND (valid_until < :today) = EXISTS (SELECT 1 FROM record r JOIN feed f ON f.row = r.feed
    WHERE r.id = draft.id AND f.feed = 'offers'
      AND f.node = (SELECT value FROM meta WHERE name = 'node'))";
const ORGANISATION: &str = "SELECT id FROM organisation_key WHERE key = :key";
const SET_ORGANISATION: &str = "INSERT INTO organisation_key (key, id) VALUES (:key, :id)";

impl ReadTx<'_> {
    /// Returns all own opportunities, the withdrawn ones without their body.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        debug_assert!(ALL.contains(COLUMNS), "all are read in one order");
        self.draft_rows(ALL, &[])
    }

    /// Returns the own opportunities that the feed does not reflect yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn pending_drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.draft_rows(PENDING, &[])
    }

    /// Returns the own opportunities that came from `system`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn drafts_of(&self, system: &str) -> Result<Vec<Draft>, StoreError> {
        self.draft_rows(OF_SYSTEM, &[(":system", &system)])
    }

    /// Returns one own opportunity.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn draft(&self, id: &RecordId) -> Result<Option<Draft>, StoreError> {
        Ok(self.draft_rows(ONE, &[(":id", &id.as_str())])?.pop())
    }

    /// Returns the random id of the organisation that a source calls by `key`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn organisation(&self, key: Hash) -> Result<Option<RecordId>, StoreError> {
        let id: Option<String> = self
            .tx
            .prepare_cached(ORGANISATION)?
            .query_row(named_params! {":key": HashColumn(key)}, |row| row.get(0))
            .optional()?;
        id.map(|id| parsed(&id, "eine Organisation")).transpose()
    }

    fn draft_rows(
        &self,
        statement: &'static str,
        parameters: &[(&str, &dyn rusqlite::ToSql)],
    ) -> Result<Vec<Draft>, StoreError> {
        let mut statement = self.tx.prepare_cached(statement)?;
        let rows = statement.query_map(parameters, columns)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(draft).collect()
    }
}

impl WriteTx<'_> {
    /// Puts an own opportunity, live from the next publication on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn put_draft(&self, draft: &Draft, now: Timestamp) -> Result<(), StoreError> {
        self.tx.prepare_cached(PUT)?.execute(named_params! {
            ":id": draft.id.as_str(), ":body": draft.body,
            ":valid_until": draft.valid_until.to_string(), ":explicit_end": draft.explicit_end,
            ":system": draft.source.system, ":source_id": draft.source.id,
            ":input": HashColumn(draft.input), ":now": integer(now.as_ms()),
        })?;
        Ok(())
    }

    /// Ends an own opportunity: its text goes at once, its key stays to be recognised. Returns whether it
    /// was live.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn end_draft(
        &self,
        id: &RecordId,
        status: Status,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let key = named_params! {
            ":id": id.as_str(), ":status": status.as_str(), ":now": integer(now.as_ms()),
        };
        Ok(self.tx.prepare_cached(END)?.execute(key)? > 0)
    }

    /// Marks an own opportunity as said by the feed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn draft_published(&self, id: &RecordId) -> Result<(), StoreError> {
        self.tx.prepare_cached(PUBLISHED)?.execute(named_params! {":id": id.as_str()})?;
        Ok(())
    }

    /// Marks what has passed its last day and is in the feed, or has not and is missing there (a clock was
    /// wrong), so that the next publication puts it right. Returns how many.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn lapse_drafts(&self, today: Day) -> Result<usize, StoreError> {
        Ok(self.tx.prepare_cached(LAPSE)?.execute(named_params! {":today": today.to_string()})?)
    }

    /// Remembers the random id of an organisation.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn set_organisation(&self, key: Hash, id: &RecordId) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(SET_ORGANISATION)?
            .execute(named_params! {":key": HashColumn(key), ":id": id.as_str()})?;
        Ok(())
    }
}

type Columns = (String, String, Option<String>, String, bool, String, String, HashColumn);

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

fn draft(
    (id, status, body, valid_until, explicit_end, system, source_id, input): Columns,
) -> Result<Draft, StoreError> {
    Ok(Draft {
        id: parsed(&id, "die Kennung eines Angebots")?,
        status: match status.as_str() {
            "live" => Status::Live,
            "withdrawn" => Status::Withdrawn,
            "gone" => Status::Gone,
            _ => return Err(StoreError::Damaged("ein Entwurf".to_owned())),
        },
        body,
        valid_until: parsed(&valid_until, "ein Gültigkeitsdatum")?,
        explicit_end,
        source: Source { system, id: source_id },
        input: input.0,
    })
}
