//! A backup is one file: a copy of the database with the files that belong to it inside.
//!
//! It is taken from one consistent state while the node serves. It holds what is unique to this node: drafts,
//! own published state, register, memory. Copies of others' opportunities are left out: they are fetched
//! again anyway, and a town that erases a record must not find it in its neighbours' backups. What is on its
//! way to be erased here is left out too.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use engagement_protocol::id::NodeId;
use engagement_protocol::time::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, named_params};
use zeroize::Zeroizing;

use super::{StoreError, integer, migrate, number, parsed};
use crate::config::directory::Kept;

/// What a database or a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Whose it is.
    pub node: NodeId,
    /// When the backup was taken; nothing for a database.
    pub taken_at: Option<Timestamp>,
    /// The number of the own published state; nothing before the first.
    pub seq: Option<u64>,
    /// Own opportunities that are live.
    pub live: u64,
}

const COPY: &str = "VACUUM INTO :target";
/// What is others', derived, or about to go.
const STRIP: &str =
    "PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON;
  PRAGMA synchronous = FULL;
  DELETE FROM slice WHERE feed IN (SELECT row FROM feed WHERE feed <> 'members'
    AND node <> (SELECT value FROM meta WHERE name = 'node'));
  DELETE FROM record WHERE feed IN (SELECT row FROM feed WHERE feed <> 'members'
    AND node <> (SELECT value FROM meta WHERE name = 'node'));
  DELETE FROM feed WHERE feed <> 'members' AND node <> (SELECT value FROM meta WHERE name = 'node');
  DELETE FROM object; DELETE FROM staged; DELETE FROM removal; DELETE FROM difference;
  DELETE FROM contact; DELETE FROM document; DELETE FROM receipt;
  CREATE TABLE kept (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  INSERT INTO meta (name, value) VALUES ('taken_at', '0')
    ON CONFLICT (name) DO UPDATE SET value = excluded.value;";
const SET_TAKEN: &str = "UPDATE meta SET value = CAST(:now AS TEXT) WHERE name = 'taken_at'";
const KEEP: &str = "INSERT INTO kept (name, bytes) VALUES (:name, :bytes)";
const KEPT: &str = "SELECT name, bytes FROM kept ORDER BY name";
const IS_BACKUP: &str = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'kept'";
const UNPACK: &str =
    "PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;
  DROP TABLE kept; DELETE FROM meta WHERE name = 'taken_at'; VACUUM;";
const NODE: &str = "SELECT value FROM meta WHERE name = 'node'";
const TAKEN: &str = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'taken_at'";
const SEQ: &str = "SELECT seq FROM feed WHERE feed = 'offers'
  AND node = (SELECT value FROM meta WHERE name = 'node')";
const LIVE: &str = "SELECT count(*) FROM draft WHERE status = 'live'";
const DECISIONS: &str =
    "SELECT name, value FROM meta WHERE name IN ('elsewhere', 'disowned', 'renewing')";
const SET_DECISION: &str = "INSERT INTO meta (name, value) VALUES (:name, :value)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value";

/// Writes a backup of the database at `database` to `target`, which is replaced only when it is complete.
///
/// # Errors
///
/// [`StoreError`]; what was at `target` is still there then.
pub fn write(
    database: &Path,
    target: &Path,
    files: &[Kept],
    now: Timestamp,
) -> Result<(), StoreError> {
    let next = sibling(target);
    create_private(&next)?;
    let made = fill(database, &next, files, now).and_then(|()| replace(&next, target));
    if made.is_err() {
        let _left_behind = std::fs::remove_file(&next);
    }
    made
}

fn fill(database: &Path, next: &Path, files: &[Kept], now: Timestamp) -> Result<(), StoreError> {
    let source = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    source.busy_timeout(std::time::Duration::from_secs(10))?;
    source.execute(COPY, named_params! {":target": next.display().to_string()})?;
    let copy = Connection::open(next)?;
    copy.execute_batch(STRIP)?;
    copy.execute(SET_TAKEN, named_params! {":now": integer(now.as_ms())})?;
    copy.execute_batch("VACUUM")?;
    // The keys come last, so that no copy of them is left in a page that a VACUUM moved.
    for file in files {
        let bytes: &[u8] = &file.bytes;
        copy.execute(KEEP, named_params! {":name": file.name, ":bytes": bytes})?;
    }
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Returns what a backup or a database holds.
///
/// # Errors
///
/// [`StoreError`]; a file that is no backup, is damaged or was written by a newer program is refused.
pub fn contents(path: &Path, is_backup: bool) -> Result<Contents, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let damaged = || StoreError::Damaged(format!("die Datei {}", path.display()));
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > migrate::known() {
        return Err(StoreError::Newer { found, known: migrate::known() });
    }
    if is_backup {
        let whole: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if whole != "ok" {
            return Err(damaged());
        }
        if !connection.prepare(IS_BACKUP)?.exists([])? {
            return Err(StoreError::NoBackup(path.display().to_string()));
        }
    }
    let node: String = connection.query_row(NODE, [], |row| row.get(0))?;
    let taken: Option<i64> = connection.query_row(TAKEN, [], |row| row.get(0)).optional()?;
    let seq: Option<i64> = connection.query_row(SEQ, [], |row| row.get(0)).optional()?;
    Ok(Contents {
        node: parsed(&node, "eine Kennung")?,
        taken_at: taken.map(|ms| Timestamp::from_ms(number(ms))),
        seq: seq.map(number),
        live: number(connection.query_row(LIVE, [], |row| row.get(0))?),
    })
}

/// Returns the files that a backup holds beside the database.
///
/// # Errors
///
/// [`StoreError`].
pub fn kept(backup: &Path) -> Result<Vec<Kept>, StoreError> {
    let connection = Connection::open_with_flags(backup, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare(KEPT)?;
    let kept = statement
        .query_map([], |row| Ok(Kept { name: row.get(0)?, bytes: Zeroizing::new(row.get(1)?) }))?
        .collect::<Result<_, _>>()?;
    Ok(kept)
}

/// Puts the database of a backup in the place of `database`.
///
/// What the operator has decided about the node's key since stays decided.
///
/// # Errors
///
/// [`StoreError`]; the database is what it was then.
pub fn put_back(backup: &Path, database: &Path) -> Result<(), StoreError> {
    let decisions = decisions(database).unwrap_or_default();
    let next = sibling(database);
    create_private(&next)?;
    let made = unpack(backup, &next, &decisions).and_then(|()| {
        // The log of the old database must not be played into the new one.
        for end in ["-wal", "-shm"] {
            let mut name = database.as_os_str().to_owned();
            name.push(end);
            match std::fs::remove_file(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io(Path::new(&name), error));
                }
                _ => {}
            }
        }
        replace(&next, database)
    });
    if made.is_err() {
        let _left_behind = std::fs::remove_file(&next);
    }
    made
}

fn unpack(backup: &Path, next: &Path, decisions: &[(String, String)]) -> Result<(), StoreError> {
    std::fs::copy(backup, next).map_err(|error| io(next, error))?;
    let connection = Connection::open(next)?;
    connection.execute_batch(UNPACK)?;
    for (name, value) in decisions {
        connection.execute(SET_DECISION, named_params! {":name": name, ":value": value})?;
    }
    connection.close().map_err(|(_, error)| error)?;
    Ok(())
}

fn decisions(database: &Path) -> Result<Vec<(String, String)>, StoreError> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare(DECISIONS)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn sibling(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Makes an empty file that its owner alone can read.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let _left_behind = std::fs::remove_file(path);
    let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    made.map(drop).map_err(|error| io(path, error))
}

fn replace(next: &Path, target: &Path) -> Result<(), StoreError> {
    let put = || {
        File::open(next)?.sync_all()?;
        std::fs::rename(next, target)?;
        match target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    };
    put().map_err(|error| io(target, error))
}

fn io(path: &Path, error: std::io::Error) -> StoreError {
    StoreError::Io { path: path.display().to_string(), error }
}
