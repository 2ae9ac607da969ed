//! What a node's database says, read through a connection of the oracle's own and hashed anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::note::hash;

/// The length of the header of the file that all connections share: the format of SQLite's WAL index.
const HEADER_BYTES: usize = 48;

/// The oracle's view of one database.
#[derive(Debug)]
pub struct Rows {
    connection: Connection,
    /// What all connections share beside the log; it begins with a header that every commit changes.
    shared: Option<File>,
    header: [u8; HEADER_BYTES],
}

/// A feed as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    row: i64,
    /// Whose.
    pub node: String,
    /// Which.
    pub feed: String,
    /// The number of the state.
    pub seq: u64,
    /// The signed note.
    pub head: Vec<u8>,
    /// The index.
    pub index: Vec<u8>,
}

const FEEDS: &str = "SELECT row, node, feed, seq, head, index_bytes FROM feed ORDER BY node, feed";
const LINES: &str = "SELECT line FROM record WHERE feed = ?1";
const CHANGE: &str = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'change'";
const WITHHELD: &str = "SELECT id FROM difference WHERE body IS NOT NULL";
const DRAFTS: &str = "SELECT id, status FROM draft ORDER BY id";

impl Rows {
    /// Opens a database beside the node that uses it.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        // The file is made by the first look into the database.
        connection.query_row("PRAGMA data_version", [], |_| Ok(()))?;
        let shared = File::open(path.with_extension("db-shm")).ok();
        Ok(Self { connection, shared, header: [0; HEADER_BYTES] })
    }

    /// Returns whether somebody may have written since the last call. It is asked after every step, and takes no lock.
    pub fn moved(&mut self) -> bool {
        let mut header = [0; HEADER_BYTES];
        let read =
            self.shared.as_ref().is_some_and(|file| file.read_exact_at(&mut header, 0).is_ok());
        std::mem::replace(&mut self.header, header) != header || !read
    }

    /// Returns all feeds.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn feeds(&self) -> rusqlite::Result<Vec<Feed>> {
        let mut statement = self.connection.prepare_cached(FEEDS)?;
        let feeds = statement.query_map([], |row| {
            Ok(Feed {
                row: row.get(0)?,
                node: row.get(1)?,
                feed: row.get(2)?,
                seq: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                head: row.get(4)?,
                index: row.get(5)?,
            })
        })?;
        feeds.collect()
    }

    /// Returns the lines of a feed.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn lines(&self, feed: &Feed) -> rusqlite::Result<Vec<Vec<u8>>> {
        let mut statement = self.connection.prepare_cached(LINES)?;
        let lines = statement.query_map([feed.row], |row| row.get(0))?;
        lines.collect()
    }

    /// Returns own opportunities: id and status.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn drafts(&self) -> rusqlite::Result<BTreeMap<String, String>> {
        let mut statement = self.connection.prepare_cached(DRAFTS)?;
        let drafts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        drafts.collect()
    }

    /// Returns the ids of which the node keeps what a backup said, to show it to its operator.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn withheld(&self) -> rusqlite::Result<BTreeSet<String>> {
        let mut statement = self.connection.prepare_cached(WITHHELD)?;
        let ids = statement.query_map([], |row| row.get(0))?;
        ids.collect()
    }

    /// Returns the number of the last change.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn last_change(&self) -> rusqlite::Result<u64> {
        let mut statement = self.connection.prepare_cached(CHANGE)?;
        let change: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(change).unwrap_or(0))
    }

    /// Returns how many rows a table has.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn count(&self, table: &'static str) -> rusqlite::Result<u64> {
        let count: i64 =
            self.connection
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Returns the pairs of notes that are kept as proofs.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn proofs(&self) -> rusqlite::Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let mut statement =
            self.connection.prepare_cached("SELECT first, second FROM equivocation")?;
        let proofs = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        proofs.collect()
    }
}

/// Returns why the lines are not the state that the index describes, if they are not.
#[must_use]
pub fn differs(lines: &[Vec<u8>], index: &[u8]) -> Option<String> {
    let Ok(index) = std::str::from_utf8(index) else { return Some("the index is no text".into()) };
    let named: Vec<&str> = index.lines().collect();
    if !named.len().is_power_of_two() {
        return Some(format!("the index has {} lines", named.len()));
    }
    let k = named.len().trailing_zeros();
    let mut slices: BTreeMap<usize, BTreeMap<[u8; 32], &[u8]>> = BTreeMap::new();
    for line in lines {
        let Some(id) = id(line) else { return Some("a line has no id".to_owned()) };
        let place: [u8; 32] = Sha256::digest(id).into();
        let first = u32::from_be_bytes([place[0], place[1], place[2], place[3]]);
        let slice = first.checked_shr(32 - k).unwrap_or(0);
        let slice = slices.entry(usize::try_from(slice).unwrap_or(0)).or_default();
        if slice.insert(place, line).is_some() {
            return Some("a record stands twice".to_owned());
        }
    }
    for (at, named) in named.iter().enumerate() {
        let mut bytes = Vec::new();
        for line in slices.get(&at).into_iter().flat_map(BTreeMap::values) {
            bytes.extend_from_slice(line);
            bytes.push(b'\n');
        }
        let found = format!("{} {}", hash(&bytes), bytes.len());
        if found != *named {
            return Some(format!("slice {at} is {found}, signed is {named}"));
        }
    }
    None
}

/// Returns the ids of the lines that are opportunities anybody may see on `today` (YYYY-MM-DD).
#[must_use]
pub fn shown(lines: &[Vec<u8>], today: &str) -> BTreeSet<String> {
    let visible = |line: &Vec<u8>| {
        let record: Value = serde_json::from_slice(line).ok()?;
        let kind = record.get("kind").and_then(Value::as_str).unwrap_or("opportunity");
        let until = record.get("valid_until")?.as_str()?;
        let live = record.get("status")?.as_str()? == "live";
        let titled = record.get("title")?.is_string() && record.get("description")?.is_string();
        (kind == "opportunity" && live && titled && today <= until)
            .then(|| record.get("id")?.as_str().map(str::to_owned))?
    };
    lines.iter().filter_map(visible).collect()
}

/// Returns the id that a line begins with.
#[must_use]
pub fn id(line: &[u8]) -> Option<&str> {
    let rest = line.strip_prefix(br#"{"id":""#)?;
    let id = rest.get(..rest.iter().position(|byte| *byte == b'"')?)?;
    std::str::from_utf8(id).ok()
}
