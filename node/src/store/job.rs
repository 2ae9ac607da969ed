//! When each job of the timetable runs next; survives a restart.

use std::collections::BTreeMap;

use engagement_protocol::time::Timestamp;
use rusqlite::named_params;

use super::{ReadTx, StoreError, WriteTx, integer, number};

const ALL: &str = "SELECT name, next_at FROM job";
const SET: &str = "INSERT INTO job (name, next_at) VALUES (:name, :next_at)
  ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at";

impl ReadTx<'_> {
    /// Returns when each job runs next.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn jobs(&self) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let mut statement = self.tx.prepare_cached(ALL)?;
        let jobs = statement
            .query_map([], |row| Ok((row.get(0)?, Timestamp::from_ms(number(row.get(1)?)))))?
            .collect::<Result<_, _>>()?;
        Ok(jobs)
    }
}

impl WriteTx<'_> {
    /// Sets when a job runs next.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub fn set_job(&self, name: &str, next_at: Timestamp) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(SET)?
            .execute(named_params! {":name": name, ":next_at": integer(next_at.as_ms())})?;
        Ok(())
    }
}
